"""Output that is not shown at all."""

from aof.domain.errors import AofError


class Withheld(AofError):
    """Values in it could not be told apart; the text is a sentence without a full stop."""


def unreadable(what: str) -> Withheld:
    """Of a document that is none."""
    return Withheld(f"not shown: {what} could not be read, so its secret values could not be masked")
