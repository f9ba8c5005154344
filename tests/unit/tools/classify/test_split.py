"""A command line becomes the words that a shell would make of it, and nothing that only a shell could do."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.errors import AofError
from aof.tools.base import CallRefused
from aof.tools.classify import split

PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))


@given(st.lists(PLAIN, min_size=1))
def test_what_is_quoted_comes_back_as_it_was(argv: list[str]) -> None:
    assert split(shlex.join(argv)) == tuple(argv)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a b", ["a", "b"]),
        ("  a\t\nb ", ["a", "b"]),
        ("a 'b c'", ["a", "b c"]),
        ('a "b c"', ["a", "b c"]),
        ("a ''", ["a", ""]),
        ("a'b'\"c\"", ["abc"]),
        (r"a\ b", ["a b"]),
        (r"a\;b", ["a;b"]),
        (r'"a\"b\\c\$d\n"', ['a"b\\c$d\\n']),
        (r"'a\b'", [r"a\b"]),
        ("a \\\n b", ["a", "b"]),
        ("a\\\nb", ["ab"]),
        ("a '|' \"&&\" ';' '$(id)'", ["a", "|", "&&", ";", "$(id)"]),
        ("a $HOME ~ * #x {b,c} (d)", ["a", "$HOME", "~", "*", "#x", "{b,c}", "(d)"]),
    ],
)
def test_the_quoting_rules(line: str, words: list[str]) -> None:
    assert split(line) == tuple(words)


@pytest.mark.parametrize("operator", [";", "|", "&", "&&", "||", ">", ">>", "<", "<<", "$(", "`"])
@pytest.mark.parametrize("form", ["a {} b", "a{}b", "{}a", "a 'x'{}b"])
def test_an_operator_is_named(operator: str, form: str) -> None:
    with pytest.raises(CallRefused) as refused:
        split(form.format(operator))
    assert str(refused.value).startswith(f"{operator} is an operator of a shell, and there is no shell here")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "the command is empty"),
        (" \t\n", "the command is empty"),
        ("a 'b", "a quote is open: ' has no end"),
        ('a "b\\"', 'a quote is open: " has no end'),
        ("a 'b\" c", "a quote is open: ' has no end"),
        ("a \\", "it ends in a backslash, which has nothing to stand before"),
        ("a \x00", "the command holds the control character U+0000: leave it out"),
        ("a \r b", "the command holds the control character U+000D: leave it out"),
        ("a\x0bb", "the command holds the control character U+000B: leave it out"),
        ("a \x1b[2J", "the command holds the control character U+001B: leave it out"),
        ("a 'b\nc'", "the command holds the control character U+000A: leave it out"),
        ("a 'b\tc'", "the command holds the control character U+0009: leave it out"),
        ("a \x85", "the command holds the control character U+0085: leave it out"),
        ("kubectl get pods ; rm -rf /", "; is an operator of a shell, and there is no shell here"),
    ],
)
def test_what_is_no_command_is_refused(line: str, sentence: str) -> None:
    with pytest.raises(CallRefused) as refused:
        split(line)
    assert str(refused.value).startswith(sentence)
    assert isinstance(refused.value, AofError)


@given(st.text(st.sampled_from("a '\"\\\n\t;|&<>$(`é")))
def test_any_line_is_split_or_refused(line: str) -> None:
    try:
        words = split(line)
    except CallRefused:
        return
    assert words
