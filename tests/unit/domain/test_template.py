"""What may stand in a template's place."""

import pytest

from aof.domain.template import misfit


@pytest.mark.parametrize("text", ["Ola", "a  b   c", "عمر", "12:30, ±2 °C", "-"])
def test_a_line_of_text_fits(text: str) -> None:
    assert misfit(text) == ""


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\tb", "a    b", "a\u2028b", "a\x0bb", "a\x85b"])
def test_what_breaks_a_line_or_is_wide_does_not(text: str) -> None:
    assert misfit(text) == "has a line break, a tab, or four spaces in a row"


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_at_all_does_not(text: str) -> None:
    assert misfit(text) == "is empty"
