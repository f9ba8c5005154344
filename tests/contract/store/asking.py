"""Short ways to say what the tests of approvals say."""

from datetime import timedelta

from aof.domain.approval import Approvers, Party, Proposal, Verdict
from aof.domain.message import ButtonPress, Decided, InboundMessage
from aof.domain.response import ButtonsPart, Choice, TextPart
from aof.domain.risk import Risk
from aof.store.approvals import ApprovalRow, Card, NewApproval, Pause, Step, Voted
from aof.store.base import EventLease, TurnResult
from tests.contract.store.home import (
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    leased,
    message,
    text,
)

ASKER = Party(key="ola", name="Ola")
ADA, BEN, CYD = (Party(key=name.lower(), name=name) for name in ("Ada", "Ben", "Cyd"))
RUN = "run-1"
RESTART = ("restart", "api")
EXPIRES, NUDGE, USABLE = 1_800, 1_200, timedelta(minutes=5)
APPROVER_CHAT = f"whatsapp:106540352242922/{OTHER_NUMBER}"


def proposal(
    call: str = "c1",
    *,
    run: str = RUN,
    needed: int = 1,
    argv: tuple[str, ...] = RESTART,
    requester: Party = ASKER,
) -> Proposal:
    return Proposal(
        tool="shell",
        arguments={"argv": list(argv)},
        argv=argv,
        risk=Risk.WRITE,
        agent="ops",
        digest="d1",
        target={"namespace": "prod"},
        requester=requester,
        approvers=Approvers(people=frozenset({"Ada", "Ben", "Cyd"}), needed=needed),
        run=run,
        call=call,
    )


def card(id_: str, conversation: str = APPROVER_CHAT) -> Card:
    shown = tuple(Choice(id=f"{word}:{id_}", title=word, action_id=f"appr:{word}:{id_}") for word in ("yes", "no"))
    return Card(conversation, (TextPart(text="restart api"), ButtonsPart(text="Let it run?", buttons=shown)))


def asks(
    id_: str = "a1", call: str = "c1", *, run: str = RUN, needed: int = 1, seconds: float = 0,
    argv: tuple[str, ...] = RESTART, cards: tuple[Card, ...] | None = None,
    requester: Party = ASKER,
) -> NewApproval:  # fmt: skip
    asked, expires_at = proposal(call, run=run, needed=needed, argv=argv, requester=requester), at(seconds + EXPIRES)
    return NewApproval(
        id=id_,
        proposal=asked,
        fingerprint=asked.fingerprint(expires_at),
        expires_at=expires_at,
        nudge_at=at(seconds + NUDGE),
        cards=(card(id_),) if cards is None else cards,
    )


def pausing(*asked: NewApproval, run: str = RUN, resumes: str = "") -> TurnResult:
    pause = Pause(run, "ops", "d1", ASKER, '{"messages": []}', asked, context="production")
    return TurnResult("done", "asked", (text("asked"),), asked="restart it", pause=pause, resumes=resumes)


def step_of(asked: NewApproval, seconds: float = 0) -> Step:
    bound = asked.proposal
    return Step(
        run=bound.run,
        call=bound.call,
        tool=bound.tool,
        risk=bound.risk,
        fingerprint=asked.fingerprint,
        admitted_by=asked.id,
        state="running",
        argv=bound.argv,
        result="",
        started_at=at(seconds),
        ended_at=None,
    )


async def one_of(store: AuditedStore, event_id: str, seconds: float = 0) -> EventLease:
    return next(lease for lease in await leased(store, seconds) if lease.event.event_id == event_id)


async def ask(
    store: AuditedStore, *asked: NewApproval, event: InboundMessage | ButtonPress | None = None, seconds: float = 0,
    run: str = RUN,
) -> EventLease:  # fmt: skip
    """Somebody who approves has written before; now a person asks and the run pauses."""
    if await store.reach("whatsapp", [OTHER_NUMBER]) is None:
        await answer(store, message("hello", number=OTHER_NUMBER), seconds=seconds)
    said = event or message("ask")
    await store.accept([said], now=at(seconds))
    lease = await one_of(store, said.event_id, seconds)
    await store.finish(lease, pausing(*asked, run=run), now=at(seconds))
    return lease


async def says(
    store: AuditedStore, party: Party = ADA, verdict: Verdict = "approve", *, id_: str = "a1", event: str = "",
    seconds: float = 1,
) -> Voted:  # fmt: skip
    now = at(seconds)
    event = event or f"tap-{party.key}-{id_}"
    return await store.vote(id_, party, verdict, event=event, note="", now=now, use_by=now + USABLE)


async def row_of(store: AuditedStore, id_: str = "a1") -> ApprovalRow:
    row = await store.approval(id_)
    assert row is not None
    return row


async def goes_on(store: AuditedStore, seconds: float = 10) -> list[Decided]:
    """The runs that come out of the inbox now; other events are left to their leases."""
    return [lease.event for lease in await leased(store, seconds) if isinstance(lease.event, Decided)]


async def in_inbox(home: Home) -> list[str]:
    """The events by which runs go on, whatever became of them."""
    rows = await home.rows("SELECT event_id FROM inbox WHERE kind = 'decided' ORDER BY seq")
    return [row["event_id"] for row in rows]


async def resumed(store: AuditedStore, seconds: float = 10, *, run: str = RUN) -> None:
    """The run goes on and ends."""
    (lease,) = [lease for lease in await leased(store, seconds) if isinstance(lease.event, Decided)]
    result = TurnResult("done", "answered", (text("restarted"),), answered="restarted", resumes=run)
    await store.finish(lease, result, now=at(seconds))


async def kinds(home: Home) -> list[str]:
    """What the audit chain says was done, but for turns and parts."""
    rows = await home.rows("SELECT kind FROM audit ORDER BY seq")
    return [row["kind"] for row in rows if not row["kind"].startswith(("turn_", "part_"))]


async def sent_cards(store: AuditedStore, seconds: float = 1) -> list[str]:
    return [part.part_id for part in await deliver(store, seconds) if ":appr:" in part.part_id]
