"""What the deliverer does about words that come while it works."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from aof.clock import SteppedClock
from aof.domain.errors import (
    AccountStopped,
    Backoff,
    ChatMovedAway,
    RecipientUnreachable,
    SendDeferred,
    WindowClosed,
)
from aof.domain.message import Address
from aof.domain.response import TemplatePart, TextPart
from aof.metrics import Metrics
from aof.pipeline.admit import Access, Mode, People, Person
from aof.pipeline.deliver import Deliverer
from aof.pipeline.gates import Delivery, Gates
from aof.pipeline.pace import Pace
from aof.pipeline.wait import Bell
from aof.platforms.base import AnyPlatform, Rates
from aof.store.base import PartLease, PartLeases, Standing, Store
from aof.store.results import Dead, Deferred, Held, Moved, PartResult, Sent
from aof.texts.language import Language

ACCOUNT, NUMBER = "line:1", "+4915112345678"
RATES = Rates(per_second=10, pair_burst=10, pair_refill=timedelta(seconds=1))
OLA = Access(Mode.EVERYONE, people=People([Person("Ola", numbers=frozenset({NUMBER}))]))
NOTHING = Standing()
SUSPENDED = Standing(suspended=frozenset({"Ola"}))


class Line:
    """A platform that takes everything, once it may write."""

    name = "line"
    window = None

    def __init__(self) -> None:
        self.written: list[str] = []

    def held_by(self) -> None:
        return None

    async def send_part(self, to: Address, part: TextPart, *, part_id: str, before_request: Any, **_: Any) -> str:
        await before_request()
        self.written.append(part_id)
        return f"id.{part_id}"


class Ledger:
    """A store with parts to send, and what became of them."""

    def __init__(self, *leases: PartLease, standing: Standing = NOTHING) -> None:
        self.leases = leases
        self.standing = standing
        self.settled: dict[str, PartResult] = {}
        self.done = asyncio.Event()

    async def lease_parts(self, **_: Any) -> PartLeases:
        leases, self.leases = self.leases, ()
        return PartLeases(leases, None)

    async def begin(self, lease: PartLease) -> Standing:
        return self.standing

    async def settle(self, lease: PartLease, result: PartResult, *, now: object) -> None:
        self.settled[lease.part_id] = result
        self.done.set()


def part(clock: SteppedClock, **more: Any) -> PartLease:
    given = {
        "until": None,
        "part": TextPart(text="x"),
        "address": Address(chat=NUMBER, number=NUMBER),
        "conversation": "c",
        **more,
    }
    return PartLease(
        seq=1,
        attempt=1,
        part_id="p1",
        account=ACCOUNT,
        reply_to=None,
        cause="reply",
        deferrals=0,
        uncertain=0,
        created_at=clock.now(),
        **given,
    )


async def run(
    ledger: Ledger, line: Line, clock: SteppedClock, *, stopped: bool = False, pace: Pace | None = None
) -> Deliverer:
    deliverer = Deliverer(
        cast("Store", ledger),
        clock,
        {ACCOUNT: cast("AnyPlatform", line)},
        {ACCOUNT: pace or Pace(RATES, clock.now())},
        Gates({ACCOUNT: cast("AnyPlatform", line)}, {ACCOUNT: OLA}, Delivery()),
        parts=Bell(clock),
        delivery=Delivery(),
        log_key="k",
        metrics=Metrics(),
    )
    if stopped:
        deliverer.stopped["line:2"] = AccountStopped("no", code=190)
        deliverer._written.add("line:2")
    running = asyncio.create_task(deliverer.run())
    async with asyncio.timeout(10):
        await ledger.done.wait()
    await deliverer.stop(1)
    running.cancel()
    return deliverer


async def test_whoever_is_suspended_while_the_connection_is_made_gets_nothing() -> None:
    clock, line = SteppedClock(), Line()
    ledger = Ledger(part(clock), standing=SUSPENDED)
    await run(ledger, line, clock)
    assert line.written == []
    assert ledger.settled == {"p1": Held("access", "whoever it is for may not talk here any more")}


async def test_the_news_that_an_account_sends_again_costs_no_other_account_its_part() -> None:
    clock, line = SteppedClock(), Line()
    ledger = Ledger(part(clock))
    deliverer = await run(ledger, line, clock, stopped=True)
    assert ledger.settled == {"p1": Sent("id.p1")}
    assert deliverer.stopped == {}


@pytest.mark.parametrize(("seconds", "result"), [(1, Sent), (0, Dead)])
async def test_what_was_true_for_a_while_is_not_said_afterwards(seconds: float, result: type[PartResult]) -> None:
    clock, line = SteppedClock(), Line()
    ledger = Ledger(part(clock, until=clock.now() + timedelta(seconds=seconds)))
    await run(ledger, line, clock)
    assert isinstance(ledger.settled["p1"], result)


HEARD = timedelta(hours=23, minutes=55)
"""How long ago somebody wrote whose window has just closed."""


class Windowed(Line):
    """A platform with a window, on which a connection takes its time."""

    name = "line"
    window = timedelta(hours=24)

    def __init__(self, clock: SteppedClock, seconds: float, refusal: Exception | None = None) -> None:
        super().__init__()
        self._clock = clock
        self._seconds = seconds
        self._refusal = refusal

    def nudge(self, language: Language) -> TemplatePart:
        return TemplatePart(name="waiting", language=language)

    async def send_part(self, to: Address, part: Any, *, part_id: str, before_request: Any, **_: Any) -> str:
        self._clock.advance(self._seconds)
        await before_request()
        if self._refusal is not None:
            raise self._refusal
        self.written.append(part_id)
        return f"id.{part_id}"


@pytest.mark.parametrize(
    ("ago", "connecting", "is_sent"),
    [(HEARD - timedelta(seconds=1), 0, True), (HEARD - timedelta(seconds=1), 1, False), (HEARD, 0, False)],
    ids=["just open", "closed while a connection was made", "just closed"],
)
async def test_the_window_counts_at_the_request(ago: timedelta, connecting: float, is_sent: bool) -> None:
    clock = SteppedClock()
    line = Windowed(clock, connecting)
    ledger = Ledger(part(clock, window_from=clock.now() - ago))
    await run(ledger, line, clock)
    assert line.written == (["p1"] if is_sent else [])
    result = ledger.settled["p1"]
    if not is_sent:
        assert isinstance(result, Held)
        assert result.gate == "window"
        assert result.closed is not None
        assert result.closed.nudge is not None
        assert (result.closed.nudge.name, result.closed.refused) == ("waiting", False)
        assert [choice.action_id for choice in result.closed.nudge.buttons] == ["menu:window:show"]


@pytest.mark.parametrize(("refused", "result"), [(0, Held), (1, Dead)])
async def test_a_second_refusal_by_the_platform_buries_a_part(refused: int, result: type[PartResult]) -> None:
    clock = SteppedClock()
    line = Windowed(clock, 0, WindowClosed("closed", code=131047))
    ledger = Ledger(part(clock, window_from=clock.now(), refused=refused))
    await run(ledger, line, clock)
    assert isinstance(ledger.settled["p1"], result)


@pytest.mark.parametrize("state", ["paused", "disabled", "rejected", "pending", "deleted"])
async def test_a_template_is_held_by_its_state_and_needs_no_window(state: str) -> None:
    clock = SteppedClock()
    for known, result in ((state, Held), ("approved", Sent), (None, Sent)):
        line = Windowed(clock, 0)
        ledger = Ledger(part(clock, part=TemplatePart(name="news", language="ar"), template=known))
        await run(ledger, line, clock)
        assert isinstance(ledger.settled["p1"], result)


async def test_a_group_has_no_window() -> None:
    clock = SteppedClock()
    line = Windowed(clock, 0)
    ledger = Ledger(part(clock, address=Address(chat="g", group=True)))
    await run(ledger, line, clock)
    assert isinstance(ledger.settled["p1"], Sent)


@pytest.mark.parametrize(
    ("refusal", "result"),
    [
        (ChatMovedAway("it moved", new_chat="-100", code=400), Moved("-100", "it moved (code 400)")),
        (RecipientUnreachable("shut out", code=403), Dead(403, "shut out (code 403)", unreachable=True)),
    ],
    ids=["moved", "unreachable"],
)
async def test_what_a_platform_says_of_a_chat_is_kept_with_the_part(refusal: Exception, result: PartResult) -> None:
    clock = SteppedClock()
    ledger = Ledger(part(clock, address=Address(chat="-4", group=True)))
    await run(ledger, Windowed(clock, 0, refusal), clock)
    assert ledger.settled == {"p1": result}


async def test_a_chat_that_has_to_wait_waits_in_all_its_topics_and_no_other_does() -> None:
    clock = SteppedClock()
    again = Backoff(timedelta(seconds=1), 2, timedelta(minutes=1))
    line = Windowed(clock, 0, SendDeferred("too fast", backoff=again, wait=timedelta(seconds=7)))
    pace = Pace(RATES, clock.now())
    for n, thread in enumerate(("1", "2")):
        here = Address(chat="-4", group=True, thread=thread)
        ledger = Ledger(part(clock, address=here, conversation=f"c{n}"))
        await run(ledger, line, clock, pace=pace)
        result = ledger.settled["p1"]
        assert isinstance(result, Deferred)
        assert (result.wait >= timedelta(seconds=7), result.counts) == (True, n == 0), "the second is not even tried"
    elsewhere = Ledger(part(clock, address=Address(chat="-5", group=True)))
    await run(elsewhere, Line(), clock, pace=pace)
    assert elsewhere.settled == {"p1": Sent("id.p1")}
