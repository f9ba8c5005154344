"""The clock that tests and demos move, and the machine's own."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from aof.clock import Clock, SteppedClock, SystemClock

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HANGS_SECONDS = 30
"""Only a broken clock lets anybody sleep so long."""


def _sleeper(clock: SteppedClock, seconds: float, woken: list[float]) -> "asyncio.Task[None]":
    async def sleep() -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    return asyncio.create_task(sleep())


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.parametrize("clock", [SystemClock(), SteppedClock(), SteppedClock(running=True)])
def test_times_are_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_a_stepped_clock_stands_still_and_moves_by_what_it_is_told() -> None:
    clock = SteppedClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(90)
    assert clock.now() == START + timedelta(seconds=90)


async def test_sleepers_wake_when_their_time_has_come_and_in_its_order() -> None:
    clock, woken = SteppedClock(START), list[float]()
    sleepers = [_sleeper(clock, seconds, woken) for seconds in (30, 10, 20, 3600)]
    await _settle()
    clock.advance(9.999)
    await _settle()
    assert woken == []
    clock.advance(20.001)
    await _settle()
    assert woken == [10, 20, 30]
    clock.advance(86400)
    await asyncio.gather(*sleepers)


async def test_a_sleep_counts_from_when_it_began() -> None:
    clock, woken = SteppedClock(START), list[float]()
    clock.advance(100)
    sleeper = _sleeper(clock, 10, woken)
    await _settle()
    clock.advance(9)
    await _settle()
    assert woken == []
    clock.advance(1)
    await sleeper


@pytest.mark.parametrize("seconds", [0, -1])
async def test_a_sleep_of_nothing_lets_others_run_and_returns(seconds: float) -> None:
    clock, woken = SteppedClock(START), list[float]()
    other = asyncio.create_task(_settle())
    await clock.sleep(seconds)
    assert not other.done()
    await other
    assert woken == []


async def test_a_sleeper_that_is_cancelled_disturbs_nobody() -> None:
    clock, woken = SteppedClock(START), list[float]()
    given_up, patient = _sleeper(clock, 5, woken), _sleeper(clock, 6, woken)
    await _settle()
    given_up.cancel()
    await _settle()
    clock.advance(10)
    await patient
    assert woken == [6]
    assert given_up.cancelled()


async def test_a_running_clock_follows_the_machine_and_can_still_be_moved() -> None:
    clock, woken = SteppedClock(START, running=True), list[float]()
    assert clock.now() >= START
    later = _sleeper(clock, 3600, woken)
    await _settle()
    clock.advance(3600)
    async with asyncio.timeout(HANGS_SECONDS):
        await later
        await clock.sleep(0.001)
    assert clock.now() >= START + timedelta(seconds=3600)


async def test_the_machines_clock_sleeps() -> None:
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0.001)
    assert clock.now() >= before
