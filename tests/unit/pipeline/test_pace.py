"""Our own rates: below the platform's, for the number and for each recipient."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aof.pipeline.pace import FEW_PAIRS, Bucket, Pace
from aof.platforms.base import Rates

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
RATES = Rates(per_second=10, pair_burst=3, pair_refill=timedelta(seconds=6), counts_what_comes_in=True)
NONE = timedelta()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.fixture
def pace() -> Pace:
    return Pace(RATES, START)


def test_a_recipient_gets_a_burst_and_then_one_more_each_refill(pace: Pace) -> None:
    for _ in range(3):
        assert pace.pair_wait("one", START) == NONE
        pace.sent("one", START)
    assert pace.pair_wait("one", START) == timedelta(seconds=6)
    assert pace.pair_wait("one", at(5)) == timedelta(seconds=1)
    assert pace.pair_wait("one", at(6)) == NONE
    pace.sent("one", at(6))
    assert pace.pair_wait("one", at(6)) == timedelta(seconds=6)


def test_a_group_has_a_burst_of_its_own_and_without_one_the_same_as_a_person(pace: Pace) -> None:
    wide = Pace(replace(RATES, group_burst=5, group_refill=timedelta(seconds=20)), START)
    for many, one in ((5, wide), (3, pace)):
        for _ in range(many):
            assert one.pair_wait("room", START, group=True) == NONE
            one.sent("room", START, group=True)
    assert wide.pair_wait("room", START, group=True) == timedelta(seconds=20)
    assert pace.pair_wait("room", START, group=True) == timedelta(seconds=6)
    assert wide.pair_wait("room", START) == NONE, "a person who is called like a group"


def test_one_recipients_burst_is_nobody_elses_wait(pace: Pace) -> None:
    for _ in range(3):
        pace.sent("one", START)
    assert pace.pair_wait("other", START) == NONE


def test_the_number_sends_a_seconds_worth_and_no_more(pace: Pace) -> None:
    assert pace.room(START) == 10
    for recipient in range(10):
        pace.sent(str(recipient), START)
    assert pace.room(START) == 0
    assert pace.number_wait(START) == timedelta(seconds=0.1)
    assert pace.room(at(0.5)) == 5


def test_what_comes_in_counts_and_a_flood_silences_the_number_for_a_second_only(pace: Pace) -> None:
    pace.came_in(4, START)
    assert pace.room(START) == 6
    pace.came_in(100_000, START)
    assert pace.room(START) == 0
    assert timedelta(seconds=1) <= pace.number_wait(START) <= timedelta(seconds=1.2)


def test_what_comes_in_does_not_count_where_the_platform_does_not_count_it() -> None:
    pace = Pace(replace(RATES, counts_what_comes_in=False), START)
    pace.came_in(100_000, START)
    assert pace.room(START) == 10


def test_the_platforms_own_word_to_slow_down_is_kept_and_never_shortened(pace: Pace) -> None:
    pace.slow_down(timedelta(seconds=30), START)
    pace.slow_down(timedelta(seconds=5), START)
    assert pace.number_wait(START) == timedelta(seconds=30)
    assert pace.room(at(29)) == 0
    assert pace.room(at(30)) == 10


def test_a_recipient_of_whom_the_platform_says_so_waits_exactly_so_long_and_nobody_else_does(pace: Pace) -> None:
    pace.slow_pair_down("room", timedelta(seconds=30), START, group=True)
    pace.slow_pair_down("room", timedelta(seconds=5), START, group=True)
    for n in range(2 * FEW_PAIRS):
        pace.pair_wait(str(n), START)
    assert pace.pair_wait("room", at(7), group=True) == timedelta(seconds=23)
    assert pace.pair_wait("room", at(30), group=True) == NONE
    assert pace.pair_wait("other", START, group=True) == NONE
    assert pace.number_wait(START) == NONE


def test_a_clock_that_goes_backwards_fills_nothing() -> None:
    bucket = Bucket(1, 1, 0, START)
    assert bucket.wait(at(-3600)) == timedelta(seconds=1)
    assert bucket.wait(at(0.5)) == timedelta(seconds=0.5)


def test_recipients_with_nothing_owed_are_forgotten_before_they_are_too_many(pace: Pace) -> None:
    pace.sent("recent", START)
    for n in range(10_000):
        pace.pair_wait(str(n), START)
    assert len(pace._pairs) <= FEW_PAIRS
    assert pace._pairs[False, "recent"].tokens == 2


def test_many_who_are_owed_something_are_not_gone_through_for_each_one_more(pace: Pace) -> None:
    for n in range(FEW_PAIRS + 1):
        pace.sent(str(n), START)
    assert pace._look_at == 2 * FEW_PAIRS
    assert pace.pair_wait("0", START) == timedelta()
    for n in range(2 * FEW_PAIRS):
        pace.pair_wait(f"later {n}", at(3600))
    assert len(pace._pairs) <= FEW_PAIRS
    assert pace._look_at == FEW_PAIRS


@pytest.mark.parametrize(
    ("per_second", "together"),
    [
        (0.5, 1),
        (70, 1),  # WhatsApp's: a crash leaves one part in doubt that had not been written yet
        (199, 1),
        (200, 2),
        (875, 8),
        (1e9, 64),
    ],
)
def test_requests_begin_one_at_a_time_unless_the_platform_takes_hundreds_a_second(
    per_second: float, together: int
) -> None:
    assert Pace(Rates(per_second, pair_burst=1, pair_refill=timedelta(seconds=6)), START).begun_at_once == together
