"""Sizes as platforms count them, and cuts that leave characters whole."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.limits import Limit, Unit

FAMILY = "👨\u200d👩\u200d👧"
"""One character to a reader, five to Python, eight to a platform that counts UTF-16."""

UNITS = st.sampled_from(list(Unit))
GRAPHEMES = ["a", " ", "\n", "é", "e\u0301", "م", "\u064e", "👍🏽", FAMILY, "🇩🇪", "\u200f"]
TEXTS = st.lists(st.sampled_from(GRAPHEMES), max_size=30).map("".join)


def _limit(most: int, unit: Unit = Unit.CODE_POINTS) -> Limit:
    return Limit(most, unit, "a test")


@pytest.mark.parametrize(
    ("text", "code_points", "utf16", "octets"),
    [("", 0, 0, 0), ("abc", 3, 3, 3), ("قرص", 3, 3, 6), ("👍", 1, 2, 4), (FAMILY, 5, 8, 18), ("\ud800", 1, 1, 3)],
)
def test_each_unit_counts_in_its_own_way(text: str, code_points: int, utf16: int, octets: int) -> None:
    assert [unit.size(text) for unit in (Unit.CODE_POINTS, Unit.UTF16, Unit.BYTES)] == [code_points, utf16, octets]


def test_a_text_of_exactly_the_most_is_allowed_and_left_alone() -> None:
    assert _limit(3).allows("abc")
    assert not _limit(2).allows("abc")
    assert _limit(3).cut("abc") == "abc"


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        ("abcdef", 4, "abc…"),
        ("ab  cdef", 5, "ab…"),
        (f"ab{FAMILY}cd", 6, "ab…"),
        (f"ab{FAMILY}cdef", 8, f"ab{FAMILY}…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
    ],
)
def test_a_cut_ends_on_a_whole_character(text: str, most: int, cut: str) -> None:
    assert _limit(most).cut(text) == cut


def test_a_cut_can_end_otherwise() -> None:
    assert _limit(4).cut("abcdef", ending="") == "abcd"
    assert _limit(6).cut("abcdefgh", ending="...") == "abc..."


@given(TEXTS, st.integers(5, 40), UNITS)
def test_a_cut_fits_and_begins_as_the_text_does(text: str, most: int, unit: Unit) -> None:
    limit = _limit(most, unit)
    cut = limit.cut(text)
    assert limit.allows(cut)
    if cut != text:
        kept = cut.removesuffix("…")
        assert text.startswith(kept)
        whole = regex.findall(r"\X", text)
        assert kept in {"".join(whole[:n]).rstrip() for n in range(len(whole))}


@given(TEXTS, st.integers(0, 4), UNITS)
def test_a_cut_fits_even_where_its_ending_does_not(text: str, most: int, unit: Unit) -> None:
    limit = _limit(most, unit)
    assert limit.allows(limit.cut(text, ending="…"))
