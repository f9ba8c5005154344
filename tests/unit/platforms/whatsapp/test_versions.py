"""Which Graph API version deserves a word to the operator, and when."""

from datetime import date

import pytest

from aof.platforms.whatsapp.versions import DEFAULT, LAST_DAYS, version_warning

TODAY = date(2026, 11, 15)


@pytest.mark.parametrize(
    ("version", "today", "words"),
    [
        ("v20.0", TODAY, "ended on 2026-09-24"),
        ("v20.0", date(2026, 9, 24), "ended on 2026-09-24"),  # the last day itself: Meta says "until"
        ("v21.0", TODAY, "ends on 2027-01-21, in 67 days"),
        ("v23.0", TODAY, "ends on 2027-10-08"),
        ("v24.0", date(2027, 2, 18), None),  # one year to the day
        ("v24.0", date(2027, 2, 19), "ends on 2028-02-18, in 364 days"),
        ("v26.0", date(2040, 1, 1), None),  # Meta has not said when
        ("v99.0", TODAY, "unknown here"),
    ],
)
def test_a_version_is_warned_about_in_its_last_year(version: str, today: date, words: str | None) -> None:
    said = version_warning(version, today)
    assert said is None if words is None else words in (said or "")


def test_the_default_version_is_silent_for_now() -> None:
    assert version_warning(DEFAULT, TODAY) is None


def test_versions_end_in_the_order_they_came() -> None:
    ends = [last for last in LAST_DAYS.values() if last is not None]
    assert ends == sorted(ends)
