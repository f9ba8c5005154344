"""Arguments of a call, as a model writes them, read strictly."""

from collections.abc import Mapping
from typing import Any

from aof.tools.base import CallRefused
from aof.tools.cleaning import clean

MOST_REASON = 300
"""Characters."""


def known(arguments: Mapping[str, Any], *names: str) -> None:
    """Refuse arguments of other names.

    Raises:
        CallRefused: There is one.
    """
    odd = [name for name in arguments if name not in names]
    if odd:
        raise CallRefused(f"there is no argument {clean(str(odd[0]))[:32]}; there are {', '.join(names)}")


def string(arguments: Mapping[str, Any], name: str, *, most: int, default: str | None = None) -> str:
    """A text of at most `most` characters.

    Raises:
        CallRefused: It is missing and has no default, is no text, or too long.
    """
    value = arguments.get(name, default)
    if not isinstance(value, str):
        raise CallRefused(f"{name} has to be a text")
    if len(value) > most:
        raise CallRefused(f"{name} is longer than {most:,} characters")
    return value


def reason_of(arguments: Mapping[str, Any]) -> str:
    """Why the call is made, on one line; empty where nothing is said."""
    said = arguments.get("reason") or ""
    if not isinstance(said, str):
        raise CallRefused("reason has to be a text")
    return " ".join(clean(said).split())[:MOST_REASON]
