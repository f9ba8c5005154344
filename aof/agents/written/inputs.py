"""What a runbook is given by whoever asks for it: typed values, each checked before it stands in a command."""

from dataclasses import dataclass
from typing import Literal

import regex

Kind = Literal["text", "integer", "choice"]

PATTERN = r"[A-Za-z0-9][A-Za-z0-9@._:-]{0,127}"
"""Of a text where its file writes no pattern: one word that no program takes for an option or a path."""

MOST_CHARACTERS = 256
MOST_DIGITS = 18
_MOST_SECONDS = 0.05
"""For one value; a pattern that takes longer admits nothing."""


@dataclass(frozen=True, slots=True)
class Input:
    """One value."""

    name: str
    kind: Kind = "text"
    pattern: str = PATTERN
    """Of a text; the whole value has to fit."""
    choices: tuple[str, ...] = ()
    default: str | None = None
    """None: it has to be said."""
    least: int | None = None
    most: int | None = None
    description: str = ""

    def value(self, typed: str) -> str | None:
        """What stands in the command for what was typed; None where that can't be."""
        match self.kind:
            case "choice":
                folded = typed.casefold()
                near = (choice for choice in self.choices if choice.casefold() == folded)
                return typed if typed in self.choices else next(near, None)
            case "integer":
                return self._integer(typed)
            case _:
                return typed if is_word(typed) and self._fits(typed) else None

    def _integer(self, typed: str) -> str | None:
        # Arabic digits are decimal digits too
        if not typed.isdecimal() or len(typed) > MOST_DIGITS:
            return None
        number = int(typed)
        low = self.least is None or number >= self.least
        high = self.most is None or number <= self.most
        return str(number) if low and high else None

    def _fits(self, typed: str) -> bool:
        try:
            return regex.fullmatch(self.pattern, typed, timeout=_MOST_SECONDS) is not None
        except TimeoutError:
            return False


def is_word(value: str) -> bool:
    """Whether a value may become part of a command at all: shown as it is, and never an option."""
    return 0 < len(value) <= MOST_CHARACTERS and value.isprintable() and not value.startswith("-")
