"""What a run is doing is shown while it takes long, in the asker's language, and never at the cost of its answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from aof.clock import SteppedClock
from aof.domain.errors import Backoff, SendDeferred, SendHeld, SendRefused
from aof.domain.message import Address, InboundMessage, Sender
from aof.pipeline.pace import Pace
from aof.pipeline.progress import IN_FLIGHT_SECONDS, Progress, Shown
from aof.platforms.base import Rates
from aof.store.base import EventLease
from aof.texts.language import Language
from aof.tools.base import Record

ACCOUNT = "telegram:7"
CHAT = f"{ACCOUNT}/55501"
RATES = Rates(per_second=30, pair_burst=3, pair_refill=timedelta(seconds=1))


class Watched(SteppedClock):
    """Says when somebody goes to sleep on it, and for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeps: asyncio.Queue[float] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        self.sleeps.put_nowait(seconds)
        await super().sleep(seconds)


class Screen:
    """A platform that shows progress."""

    progress_every: ClassVar[timedelta] = timedelta(seconds=1.5)
    progress_every_in_groups: ClassVar[timedelta] = timedelta(seconds=4)

    def __init__(self) -> None:
        self.shown: list[tuple[int, str, str | None]] = []
        self.hidden: list[str] = []
        self.errors: list[Exception] = []
        self.began = asyncio.Event()
        self.may_end: asyncio.Event | None = None
        self.gate: SendHeld | None = None
        self.was_hidden, self.spent = asyncio.Event(), asyncio.Event()

    def held_by(self) -> SendHeld | None:
        return self.gate

    async def show_progress(self, to: Address, run: int, text: str, shown: str | None) -> str | None:
        self.began.set()
        if self.may_end is not None:
            await self.may_end.wait()
        if self.errors:
            error = self.errors.pop(0)
            if not self.errors:
                self.spent.set()
            raise error
        self.shown.append((run, text, shown))
        return "m1" if to.group else None

    async def hide_progress(self, to: Address, shown: str) -> None:
        self.hidden.append(shown)
        self.was_hidden.set()


def lease_of(*, group: bool = False) -> EventLease:
    chat = "-100" if group else "55501"
    event = InboundMessage(
        platform="telegram",
        account=ACCOUNT,
        event_id="e",
        chat_id=chat,
        group=group,
        sender=Sender(user_id="55501"),
        text="x",
    )
    return EventLease(
        seq=5, epoch=1, conversation=CHAT, event=event, address=Address(chat=chat, group=group), attempt=1,
        overflow=False, language=None, received_at=SteppedClock().now(),
    )  # fmt: skip


class Stage:
    """One run, its screen, and the time."""

    def __init__(self, screen: Screen, *, group: bool = False, language: Language = Language.ENGLISH) -> None:
        self.clock, self.screen = Watched(), screen
        self.pace = Pace(RATES, self.clock.now())
        self.stopped: set[str] = set()
        self.lease, self.language = lease_of(group=group), language
        platforms: Any = {ACCOUNT: screen}
        self.progress = Progress(
            self.clock,
            platforms,
            {ACCOUNT: self.pace},
            redact=lambda text: text.replace("hunter2", "***"),
            stopped=lambda: self.stopped,
        )
        self.record = Record()
        self.admitted = True

    async def still_admitted(self) -> bool:
        return self.admitted

    @asynccontextmanager
    async def working(self, *, thinks: bool = False) -> AsyncIterator[Shown]:
        async with self.progress.while_working(self.lease, self.language, self.still_admitted) as shown:
            self.progress.began(self.lease, self.record, thinks=thinks)
            yield shown

    async def after(self, seconds: float) -> float:
        """Let so much time pass; return how long it is slept then."""
        await self.clock.sleeps.get()
        self.clock.advance(seconds)
        return await asyncio.wait_for(self._next(), 5)

    async def _next(self) -> float:
        seconds = await self.clock.sleeps.get()
        self.clock.sleeps.put_nowait(seconds)
        return seconds

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.screen.shown]


async def test_a_long_run_says_what_it_does_and_for_how_long():
    stage = Stage(Screen())
    async with stage.working(thinks=True) as shown:
        assert not shown.is_shown
        await stage.after(3)
        assert shown.is_shown
        stage.record.doing.append(("kubectl", "get", "--token=hunter2", "pods"))
        await stage.after(1.5)
        stage.record.doing.clear()
        await stage.after(1.5)
    assert stage.texts == ["⏳ Thinking · 0 s", "⏳ Running: kubectl get --token=*** pods · 0 s", "⏳ Thinking · 5 s"]
    assert {run for run, _, _ in stage.screen.shown} == {5}
    assert stage.screen.hidden == [], "the platform takes it away by itself"


async def test_it_is_said_in_the_askers_language():
    stage = Stage(Screen(), language=Language.ARABIC)
    async with stage.working():
        await stage.after(3)
    assert stage.texts == ["⏳ قيد العمل · 0 ث"]


async def test_a_quick_answer_has_none():
    stage = Stage(Screen())
    async with stage.working():
        await stage.clock.sleeps.get()
        stage.clock.advance(2.9)
    assert stage.screen.shown == []


async def test_what_stays_the_same_is_shown_again_before_it_goes_and_not_each_time():
    stage = Stage(Screen())
    async with stage.working():
        await stage.after(63)
        for _ in range(20):
            await stage.after(1.5)
    times = [text.partition(" · ")[2] for text in stage.texts]
    # at most 20 s apart, and no request for each second
    assert times == ["1 min", "1 min 15 s", "1 min 30 s"]


async def test_in_a_group_one_message_is_changed_and_taken_away():
    stage = Stage(Screen(), group=True)
    async with stage.working():
        await stage.after(10)
        await stage.after(8)
    await asyncio.wait_for(stage.screen.was_hidden.wait(), 5)
    assert [shown for _, _, shown in stage.screen.shown] == [None, "m1"]
    assert stage.screen.hidden == ["m1"]


async def test_the_last_two_messages_of_a_chat_are_the_answers():
    stage = Stage(Screen())
    async with stage.working() as shown:
        for _ in range(5):
            stage.pace.sent("55501", stage.clock.now() + timedelta(seconds=3))
        await stage.after(3)
        assert stage.screen.shown == []
        assert not shown.is_shown
        await stage.after(10)
        assert len(stage.screen.shown) == 1, "it took one itself"
        assert not stage.pace.spares("55501", 2.5, stage.clock.now())


@pytest.mark.parametrize("why", ["stopped", "gate", "sent away", "account waits"])
async def test_nothing_is_shown_while_nothing_may_be_sent(why):
    stage = Stage(Screen())
    if why == "stopped":
        stage.stopped.add(ACCOUNT)
    elif why == "gate":
        stage.screen.gate = SendHeld("live_send", "off")
    elif why == "sent away":
        stage.admitted = False
    else:
        stage.pace.slow_down(timedelta(seconds=60), stage.clock.now())
    async with stage.working():
        await stage.after(5)
        await stage.after(5)
    assert stage.screen.shown == []


@pytest.mark.parametrize("scope", ["number", "recipient"])
async def test_it_waits_as_long_as_the_platform_asks_and_so_does_the_answer(scope):
    stage, asked = Stage(Screen()), timedelta(seconds=45)
    backoff = Backoff(timedelta(seconds=1), 2, timedelta(seconds=8))
    stage.screen.errors = [SendDeferred("slow down", backoff=backoff, wait=asked, scope=scope)]
    async with stage.working() as shown:
        assert await stage.after(3) == 45
        assert not shown.is_shown
        now = stage.clock.now()
        assert max(stage.pace.number_wait(now), stage.pace.pair_wait("55501", now)) == asked
        await stage.after(45)
        assert shown.is_shown
    assert len(stage.screen.shown) == 1


async def test_a_refusal_or_a_fault_harms_nothing():
    for errors in ([SendRefused("no")] * 3, [RuntimeError("a fault")]):
        stage = Stage(Screen())
        stage.screen.errors = list(errors)
        async with stage.working() as shown:
            for _ in errors[:-1]:
                await stage.after(30)
            await stage.clock.sleeps.get()
            stage.clock.advance(60)
            await asyncio.wait_for(stage.screen.spent.wait(), 5)
        assert stage.screen.shown == []
        assert not shown.is_shown


async def test_what_is_under_way_comes_before_the_answer_and_is_taken_away_in_any_case():
    stage = Stage(Screen(), group=True)
    stage.screen.may_end = asyncio.Event()
    async with stage.working():
        await stage.clock.sleeps.get()
        stage.clock.advance(10)
        await stage.screen.began.wait()
        asyncio.get_running_loop().call_soon(stage.screen.may_end.set)
    assert len(stage.screen.shown) == 1, "it was there before the answer"
    await asyncio.wait_for(stage.screen.was_hidden.wait(), 5)
    assert stage.screen.hidden == ["m1"]


async def test_an_answer_does_not_wait_for_a_platform_that_hangs(monkeypatch):
    monkeypatch.setattr("aof.pipeline.progress.IN_FLIGHT_SECONDS", 0)
    stage = Stage(Screen(), group=True)
    stage.screen.may_end = asyncio.Event()
    async with stage.working():
        await stage.clock.sleeps.get()
        stage.clock.advance(10)
        await stage.screen.began.wait()
    assert stage.screen.shown == []
    stage.screen.may_end.set()
    await stage.progress.drain(5)
    assert stage.screen.hidden == ["m1"], "what came too late is taken away"
    assert IN_FLIGHT_SECONDS <= 1


async def test_a_run_of_a_platform_without_it_shows_none():
    class Mute:
        def held_by(self) -> None:
            return None

    mute: Any = Mute()
    stage = Stage(mute)
    async with stage.working() as shown:
        assert not shown.is_shown
    assert stage.clock.sleeps.empty()
