"""What is shown of a command is that command and no other."""

import re
import shlex

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aof.cli.questions import command_line
from aof.texts.calls import block, exactly, quoted
from aof.texts.language import Language

SIGNS = st.sampled_from(
    [*"\\uU02eE'`\" \n\t-=x", "\u202e", "\u200b", "\ufe0f", "\u02cb", "\u3164", "\U000e0100", "\U0001d173"]
)
WORDS = st.lists(st.text(st.one_of(SIGNS, st.characters(codec="utf-8")), max_size=8), min_size=1, max_size=4)
_WRITTEN_OUT = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")


def meant(shown: str) -> tuple[str, ...]:
    """What somebody reads who knows how a command is written."""
    return tuple(shlex.split(_WRITTEN_OUT.sub(lambda match: chr(int(match[1] or match[2], 16)), shown)))


@given(WORDS.map(tuple))
@example(("echo", "\\u202e"))
@example(("echo", "\u202e"))
@example(("echo", "\\\u202e"))
@example(("echo", "\\", "u202e"))
@example(("echo", "'u202e"))
@example(("echo", "\U0001d173"))
@example(("echo", "\u1d173"))
def test_a_command_can_be_read_back_from_what_is_shown(argv: tuple[str, ...]) -> None:
    shown = exactly(argv)
    assert meant(shown) == argv
    assert command_line(argv) == shown
    fence, _, rest = block(argv).partition("\n")
    assert meant(rest.removesuffix(f"\n{fence}")) == argv
    inside = quoted(Language.ENGLISH, argv)[1:-1]
    assert "`" not in inside
    assert meant(inside.replace("\u02cb", "`")) == argv


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("\\u202e", r"'\u005cu202e'"),
        ("\u202e", r"'\u202e'"),
        (r"a\.b", r"'a\.b'"),
        ("C:\\Users", r"'C:\u005cUsers'"),
        ("\U000e0100", r"'\U000e0100'"),
    ],
)
def test_a_backslash_is_written_out_only_where_it_could_be_read_as_ours(word: str, shown: str) -> None:
    assert exactly([word]) == shown
