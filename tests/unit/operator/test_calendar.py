"""A meeting draft, read back by the rules of RFC 5545."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.formatting.characters import clean
from aof.operator.calendar import meeting, proposed

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def properties(file: str) -> dict[str, str]:
    """The properties of a file, unfolded and unescaped."""
    assert file.endswith("\r\n")
    lines = file.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    found = dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))
    unescaped = {}
    for name, value in found.items():
        out, signs = "", iter(value)
        for sign in signs:
            if sign == "\\":
                follows = next(signs)
                out += "\n" if follows == "n" else follows
            else:
                out += sign
        unescaped[name] = out
    return unescaped


@given(name=st.text(), note=st.text())
def test_any_words_come_back_and_no_line_is_too_long(name, note):
    file = meeting("42@aof", name, note, at=AT, now=NOW)
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    found = properties(file)
    assert found["SUMMARY"] == clean(name)
    assert found["DESCRIPTION"] == clean(note)
    assert found["UID"] == "42@aof"
    assert (found["DTSTAMP"], found["DTSTART"], found["DTEND"]) == (
        "20260301T123000Z",
        "20260302T100000Z",
        "20260302T103000Z",
    )


def test_nobody_is_invited():
    file = meeting("42@aof", "x", "y", at=AT, now=NOW)
    assert "ATTENDEE" not in file
    assert "ORGANIZER" not in file
    assert "METHOD" not in file
    assert "STATUS:TENTATIVE" in file


@pytest.mark.parametrize("day", range(1, 29))
def test_it_is_proposed_for_a_working_day_that_is_still_to_come(day):
    now = datetime(2026, 3, day, 23, 59, tzinfo=UTC)
    at = proposed(now)
    assert at > now
    assert at.weekday() in range(4)
    assert (at.hour, at.minute) == (10, 0)
