import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.tools.cleaning import clean, decoded


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[31mred\x1b[0m text", "red text"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07ok", "ok"),
        ("\x9b1mbold", "bold"),
        ("\x1b(Bplain\x1bc", "plain"),
        ("50 %\r100 %\r\ndone", "50 %\n100 %\ndone"),
        ("a\x00b\x08c\x7f", "abc"),
        ("user \u202eexe.gnp\u202c \u2066x\u2069", "user exe.gnp x"),
        ("pass\u200bword\ufeff\u2060", "password"),
        ("a\u3164b\u115fc", "abc"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("عربي 日本 é 🚀", "عربي 日本 é 🚀"),
    ],
)
def test_only_what_can_be_seen_is_left(printed: str, shown: str) -> None:
    assert clean(printed) == shown


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert decoded(b"ok \xff\xfe", cut=False) == "ok \ufffd\ufffd"


def test_a_cut_output_loses_its_torn_last_line_which_could_hold_half_a_secret() -> None:
    assert decoded(b"whole\nhalf a sec", cut=True) == "whole\n"
    assert decoded(b"whole\nalso whole", cut=False) == "whole\nalso whole"


def test_a_cut_output_of_one_line_loses_as_much_as_a_secret_is_long() -> None:
    assert decoded(b"x" * 1000, cut=True) == "x" * 488


@given(st.text())
def test_nothing_with_a_control_or_direction_meaning_ever_survives(text: str) -> None:
    shown = clean(text)
    assert not set(shown) & {"\x1b", "\r", "\x00", "\u202e", "\u2066", "\u200f", "\ufeff"}
    assert clean(shown) == shown
