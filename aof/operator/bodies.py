"""What bodies of requests have in common: no field that is not known, and texts that show something."""

from pydantic import BaseModel, ConfigDict

from aof.formatting.characters import clean, one_line, shows_something


class Body(BaseModel):
    """A part of a request. Its errors do not quote what somebody wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def line(text: str) -> str:
    """A text on one line, as a title can show it."""
    shown = one_line(text)
    if not shown:
        raise ValueError("shows nothing; write a text")
    return shown


def lines(text: str) -> str:
    """A text of any lines; empty where it would show nothing."""
    text = clean(text).strip()
    return text if shows_something(text) else ""


def said(text: str) -> str:
    """A text of any lines that shows something."""
    text = lines(text)
    if not text:
        raise ValueError("shows nothing; write a text")
    return text
