"""The edge of the window: 24 hours less five minutes from when they last wrote."""

from datetime import UTC, datetime, timedelta

import pytest

from aof.domain.window import closes_at, is_open

HEARD = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
EDGE = HEARD + timedelta(hours=23, minutes=55)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (HEARD, True),
        (EDGE - SECOND, True),
        (EDGE - timedelta(microseconds=1), True),
        (EDGE, False),
        (EDGE + SECOND, False),
        (HEARD + DAY + SECOND, False),
    ],
)
def test_it_ends_five_minutes_before_24_hours(now: datetime, expected: bool) -> None:
    assert is_open(HEARD, DAY, now) is expected
    assert closes_at(HEARD, DAY) == EDGE


def test_to_whoever_never_wrote_it_is_closed() -> None:
    assert not is_open(None, DAY, HEARD)


def test_a_platform_without_a_window_is_open_always() -> None:
    assert is_open(None, None, HEARD)
    assert is_open(HEARD, None, HEARD + 100 * DAY)
