"""What a store's contract suite needs of an implementation, and short ways to say what its tests say."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from aof.domain.budget import Amounts
from aof.domain.linked import Linked
from aof.domain.message import (
    ButtonPress,
    Call,
    IdentityChanged,
    InboundMessage,
    Reaction,
    Receipt,
    ReceiptState,
    Sender,
)
from aof.domain.response import ButtonsPart, Choice, Response, TextPart
from aof.store.approvals import Approvals, Ledger, Settled, Step
from aof.store.base import EventLease, OutgoingPart, PartLease, Store, TurnResult
from aof.store.budgets import Budgets
from aof.store.operators import OperatorStore
from aof.store.results import Sent

ACCOUNT = "whatsapp:106540352242922"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
OPEN_WAIT = timedelta(seconds=60)
NUMBER, OTHER_NUMBER = "+4915112345678", "+201001234567"
USER, OTHER_USER = "DE.1234", "EG.5678"


class AuditedStore(Store, OperatorStore, Ledger, Approvals, Budgets, Protocol):
    """A store as the suite sees it: a daemon's, a gate's, and an operator's."""

    store_id: str

    def learn(self, *, linked: Linked, settled: Settled) -> None: ...

    async def resume_all(self, *, now: datetime) -> None: ...

    async def settle_unknown(self, *, now: datetime) -> list[Step]: ...

    async def settle_in_full(self) -> list[Amounts]: ...


class Home(Protocol):
    """Where one store lives. It outlives each opening of the store, and is gone after the test."""

    async def open(self) -> AuditedStore: ...

    async def open_beside(self) -> AuditedStore:
        """As an operator does, while a daemon may have it open."""
        ...

    async def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """What is committed, read past the store; the tables' names are the same in all dialects."""
        ...

    async def change(self, statement: str, **values: object) -> None:
        """Write past the store, as an intruder or an operator with a shell would."""
        ...


def broken_at(seq: int) -> list[str]:
    """What `check` finds where the audit chain was changed or cut out first at this row."""
    return [f"the audit chain is broken at row {seq}: it was changed or cut out"]


def at(seconds: float = 0) -> datetime:
    return START + timedelta(seconds=seconds)


def message(
    event_id: str,
    text: str = "disk",
    *,
    number: str | None = NUMBER,
    user_id: str | None = None,
    group: str | None = None,
    thread: str = "",
    account: str = ACCOUNT,
) -> InboundMessage:
    return InboundMessage(
        platform="whatsapp",
        account=account,
        event_id=event_id,
        chat_id=group or user_id or number or "",
        group=group is not None,
        thread=thread,
        sender=Sender(number=number, user_id=user_id),
        text=text,
    )


def press(event_id: str, action_id: str, *, number: str = NUMBER) -> ButtonPress:
    return ButtonPress(
        platform="whatsapp",
        account=ACCOUNT,
        event_id=event_id,
        chat_id=number,
        sender=Sender(number=number),
        action_id=action_id,
        form="button",
    )


def reaction(event_id: str, *, number: str = NUMBER) -> Reaction:
    return Reaction(
        platform="whatsapp",
        account=ACCOUNT,
        event_id=event_id,
        chat_id=number,
        sender=Sender(number=number),
        message_id="wamid.shown",
        emoji="👍",
    )


def call(event_id: str, *, number: str = NUMBER) -> Call:
    return Call(platform="whatsapp", account=ACCOUNT, event_id=event_id, chat_id=number, sender=Sender(number=number))


def moved(
    event_id: str,
    *,
    old: tuple[str | None, str | None],
    new: tuple[str | None, str | None],
    sent: datetime | None = None,
) -> IdentityChanged:
    """Somebody's (number, user id) became another."""
    return IdentityChanged(
        platform="whatsapp",
        account=ACCOUNT,
        event_id=event_id,
        old_number=old[0],
        old_user_id=old[1],
        new_number=new[0],
        new_user_id=new[1],
        sent_at=sent,
    )


def receipt(
    state: ReceiptState,
    message_id: str,
    *,
    part_id: str | None = None,
    recipient: str = NUMBER,
    code: int = 0,
    reason: str = "",
    account: str = ACCOUNT,
) -> Receipt:
    return Receipt(
        platform="whatsapp",
        account=account,
        event_id=f"{message_id}:{state}:{recipient}",
        message_id=message_id,
        part_id=part_id,
        recipient=recipient,
        state=state,
        at=START,
        code=code,
        reason=reason,
    )


def text(body: str, *titles: str) -> OutgoingPart:
    """A part of text; the titles are its numbered choices."""
    numbered = tuple(Choice(id=title.lower(), title=title, action_id=f"act:{title.lower()}") for title in titles)
    return OutgoingPart(TextPart(text=body, numbered=numbered))


def buttons(body: str, *titles: str, rest: Response | None = None, more: str | None = None) -> OutgoingPart:
    shown = tuple(Choice(id=title.lower(), title=title, action_id=f"act:{title.lower()}") for title in titles)
    return OutgoingPart(ButtonsPart(text=body, buttons=shown), rest=rest, more=more)


def done(*parts: OutgoingPart, choices_until: datetime | None = None) -> TurnResult:
    return TurnResult("done", "answered", parts, asked="disk", answered="fine", choices_until=choices_until)


async def leased(store: Store, seconds: float = 0, *, most: int = 100, per_person: int = 100) -> tuple[EventLease, ...]:
    found = await store.lease_events(now=at(seconds), lease_for=LEASE, most=most, per_person=per_person)
    return found.leases


async def only(store: Store, seconds: float = 0) -> EventLease:
    (lease,) = await leased(store, seconds)
    return lease


async def leased_parts(
    store: Store, seconds: float = 0, *, most: int = 100, paused: Sequence[str] = (), begun: bool = True
) -> tuple[PartLease, ...]:
    """Lease parts and, unless told otherwise, begin their requests."""
    found = await store.lease_parts(
        now=at(seconds), lease_for=LEASE, most=most, open_wait=OPEN_WAIT, paused=frozenset(paused)
    )
    for lease in found.leases if begun else ():
        await store.begin(lease)
    return found.leases


async def only_part(store: Store, seconds: float = 0) -> PartLease:
    (lease,) = await leased_parts(store, seconds)
    return lease


async def answer(
    store: Store,
    event: InboundMessage | ButtonPress,
    *parts: OutgoingPart,
    seconds: float = 0,
    choices_until: datetime | None = None,
) -> tuple[str, ...]:
    """Let a person say something and be answered; return the ids of the parts, which are queued then."""
    await store.accept([event], now=at(seconds))
    lease = next(each for each in await leased(store, seconds) if each.event.event_id == event.event_id)
    return await store.finish(lease, done(*parts, choices_until=choices_until), now=at(seconds))


async def deliver(store: Store, seconds: float = 0, *, message_id: str = "") -> list[PartLease]:
    """Send everything that is ready until nothing is."""
    sent: list[PartLease] = []
    while found := await leased_parts(store, seconds):
        for lease in found:
            await store.settle(lease, Sent(message_id or f"wamid.{lease.part_id}"), now=at(seconds))
        sent += found
    return sent


async def states(home: Home) -> dict[str, str]:
    """The state of every part by its id."""
    return {row["part"]: row["state"] for row in await home.rows("SELECT part, state FROM outbox")}
