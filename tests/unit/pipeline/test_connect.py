"""A platform is introduced before it is asked, and is told to forget only what is on disk."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from aof.clock import SteppedClock
from aof.domain.errors import AccountStopped, Backoff, PlatformError, SendDeferred, SendRefused, StoreBusy
from aof.pipeline.connect import NOTHING_SECONDS, STOPPED, Connector
from aof.pipeline.receive import Receiver
from aof.platforms.base import AnyPlatform

SOON = Backoff(first=timedelta(seconds=2), factor=2, longest=timedelta(seconds=60))
AWAY = SendDeferred("it can't be reached", backoff=SOON)


class Polled:
    """A platform with updates, which forgets what it is told to forget."""

    name = "polled"
    polls = True
    is_connected = False

    def __init__(self, *updates: bytes, refusals: Sequence[PlatformError] = ()) -> None:
        self.updates = dict(enumerate(updates, start=7))
        self.refusals = list(refusals)
        self.asked: list[int | None] = []
        self.empty = asyncio.Event()

    async def connect(self) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.is_connected = True

    async def poll(self, after: int | None) -> Sequence[tuple[int, bytes]]:
        assert self.is_connected
        if self.refusals:
            raise self.refusals.pop(0)
        self.asked.append(after)
        self.updates = {number: update for number, update in self.updates.items() if number > (after or 0)}
        if not self.updates:
            self.empty.set()
            await asyncio.Event().wait()
        return list(self.updates.items())[:2]


class Keeping:
    """A receiver that notes what it kept, after it refused so many times."""

    def __init__(self, busy: int = 0) -> None:
        self.busy = busy
        self.kept: list[bytes] = []

    async def receive(self, platform: AnyPlatform, payload: bytes, headers: Mapping[str, str]) -> None:
        if self.busy:
            self.busy -= 1
            raise StoreBusy("the disk is full")
        self.kept.append(payload)


class Sleeps(SteppedClock):
    """A clock on which nobody waits, and which knows how long they would have."""

    def __init__(self, told: Callable[[float], None] = lambda _: None) -> None:
        super().__init__()
        self.slept: list[float] = []
        self.told = told

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.told(seconds)
        await asyncio.sleep(0)


async def until_empty(platform: Polled, receiver: Keeping, clock: Sleeps) -> Connector:
    connector = Connector(cast("AnyPlatform", platform), cast("Receiver", receiver), clock)
    running = asyncio.create_task(connector.run())
    await platform.empty.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return connector


async def test_what_the_platform_forgets_is_on_disk_and_in_its_order() -> None:
    platform, receiver = Polled(b"a", b"b", b"c"), Keeping()
    await until_empty(platform, receiver, Sleeps())
    assert receiver.kept == [b"a", b"b", b"c"]
    assert platform.asked == [None, 8, 9]


async def test_an_update_that_the_store_refuses_is_kept_later_and_none_overtakes_it() -> None:
    platform, receiver, clock = Polled(b"a", b"b"), Keeping(busy=3), Sleeps()
    seen: list[Any] = []
    clock.told = lambda _: seen.append((list(receiver.kept), list(platform.asked)))
    await until_empty(platform, receiver, clock)
    assert seen == [([], [None])] * 3
    assert receiver.kept == [b"a", b"b"]


async def test_what_was_forgotten_is_not_named_again_so_that_lower_numbers_may_follow() -> None:
    platform, receiver, clock = Polled(b"a"), Keeping(), Sleeps()
    waits = platform.poll

    async def nothing_once(after: int | None) -> Sequence[tuple[int, bytes]]:
        if after == 7:
            platform.asked.append(after)
            platform.updates = {3: b"low"}
            return []
        return await waits(after)

    platform.poll = nothing_once  # type: ignore[method-assign]
    await until_empty(platform, receiver, clock)
    assert platform.asked == [None, 7, None, 3]
    assert receiver.kept == [b"a", b"low"]
    # a platform that does not wait by itself is not asked without a pause
    assert clock.slept == [NOTHING_SECONDS]


async def test_nothing_is_asked_before_it_is_connected_and_the_trouble_is_told_until_then() -> None:
    platform, receiver, clock = Polled(refusals=[AWAY, AWAY]), Keeping(), Sleeps()
    connector = Connector(cast("AnyPlatform", platform), cast("Receiver", receiver), clock)
    told: list[str] = []
    clock.told = lambda _: told.append(connector.trouble)
    running = asyncio.create_task(connector.run())
    await platform.empty.wait()
    running.cancel()
    assert told == ["it can't be reached"] * 2
    assert connector.trouble == ""
    assert clock.slept[1] > clock.slept[0]


@pytest.mark.parametrize(
    ("refusal", "wait_seconds"),
    [
        (AccountStopped("the token is refused", code=401), STOPPED.total_seconds()),
        (SendDeferred("too many", backoff=SOON, wait=timedelta(seconds=35), code=429), 35),  # the platform's own word
        (SendRefused("another one polls", code=409), 5),
    ],
)
async def test_a_refusal_while_polling_is_waited_for_and_not_the_end(
    refusal: PlatformError, wait_seconds: float
) -> None:
    platform, receiver, clock = Polled(b"a"), Keeping(), Sleeps()
    platform.is_connected = True
    platform.refusals = []
    connector = Connector(cast("AnyPlatform", platform), cast("Receiver", receiver), clock)
    connect = platform.connect

    async def connects_and_then_refuses() -> None:
        await connect()
        platform.refusals = [refusal]

    platform.connect = connects_and_then_refuses  # type: ignore[method-assign]
    running = asyncio.create_task(connector.run())
    await platform.empty.wait()
    running.cancel()
    assert clock.slept == [pytest.approx(wait_seconds)]
    assert receiver.kept == [b"a"]
    assert connector.trouble == ""
