"""A command line becomes an argument list. There is no shell, so nothing is expanded and nothing is joined."""

import unicodedata
from collections.abc import Sequence

from aof.tools.base import CallRefused

_BLANKS = " \t\n"
# The longest first: `&&` is one operator
_OPERATORS = ("&&", "||", ">>", "<<", "$(", ";", "|", "&", ">", "<", "`")
# Control characters, halves of surrogate pairs, and signs that end a line
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


def split(command: str) -> tuple[str, ...]:
    """By the quoting rules of POSIX; blank, tab and new line are alike.

    Raises:
        CallRefused: It is empty, a quote is open, it holds a control character, or an operator of a shell.
    """
    words: list[str] = []
    word: str | None = None
    at = 0
    while at < len(command):
        char = command[at]
        if char in _BLANKS:
            if word is not None:
                words.append(word)
            word = None
            at += 1
            continue
        if operator := next((operator for operator in _OPERATORS if command.startswith(operator, at)), ""):
            raise CallRefused(
                f"{operator} is an operator of a shell, and there is no shell here: ask for one command at a time, or "
                "put it in quotes where the sign itself is meant"
            )
        piece: str | None
        if char in "'\"":
            piece, at = _quoted(command, at)
        elif char == "\\":
            piece, at = _escaped(command, at)
        else:
            piece, at = char, at + 1
        # A line that is continued is no word yet
        word = word if piece is None else (word or "") + piece
    if word is not None:
        words.append(word)
    if not words:
        raise CallRefused("the command is empty")
    if (found := control(words)) is not None:
        raise CallRefused(f"the command holds the control character {found}: leave it out")
    return tuple(words)


def control(words: Sequence[str]) -> str | None:
    """The first character that no argument may hold, as `U+0007`; None where all are plain."""
    for word in words:
        for char in word:
            if unicodedata.category(char) in _REFUSED_CATEGORIES:
                return f"U+{ord(char):04X}"
    return None


def _quoted(command: str, at: int) -> tuple[str, int]:
    quote, at, piece = command[at], at + 1, ""
    while at < len(command):
        char = command[at]
        if char == quote:
            return piece, at + 1
        if char == "\\" and quote == '"' and command[at + 1 : at + 2] in ('"', "\\", "$", "`"):
            at += 1
            char = command[at]
        piece += char
        at += 1
    raise CallRefused(f"a quote is open: {quote} has no end")


def _escaped(command: str, at: int) -> tuple[str | None, int]:
    if at + 1 == len(command):
        raise CallRefused("it ends in a backslash, which has nothing to stand before")
    following = command[at + 1]
    return (None if following == "\n" else following), at + 2
