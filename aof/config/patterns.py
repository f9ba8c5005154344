"""Texts that are looked for in messages and commands: regular expressions, globs and plain words."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

LONGEST_PATTERN = 500
"""Characters; a pattern is tried on every message or command."""


def checked_pattern(text: str) -> str:
    """A regular expression as it is.

    Raises:
        ValueError: The engine that will search does not take it.
    """
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"is longer than {LONGEST_PATTERN} characters; write a shorter pattern")
    import regex  # noqa: PLC0415 -- takes long, and hardly a command reads a pattern

    # by the engine that will search: `re` takes some that it refuses
    try:
        regex.compile(text)
    except regex.error as error:
        raise ValueError(f"is no regular expression ({error}); mend it") from None
    except RuntimeError:  # nested too deeply, or compiled into what it can't run itself
        raise ValueError("is no regular expression that can be used; write a simpler one") from None
    return text


def without_variables(text: str) -> str:
    """A text as it is.

    Raises:
        ValueError: A variable is left in it, with which a rule that forbids something would forbid nothing.
    """
    if "${" in text:
        raise ValueError("names a variable that is not set; export it")
    return text


Pattern = Annotated[str, Field(min_length=1), AfterValidator(checked_pattern)]
StrictPattern = Annotated[Pattern, AfterValidator(without_variables)]
"""Of a rule that forbids or asks, in which no variable may be left."""
StrictText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_PATTERN),
    AfterValidator(without_variables),
]
"""A word, a phrase or a glob of a rule that forbids or asks."""
