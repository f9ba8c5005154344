"""What a platform can show, as numbers with their sources."""

from dataclasses import dataclass
from enum import Enum

import regex

_GRAPHEME = regex.compile(r"\X")


class Unit(Enum):
    """What a platform counts when it measures a text."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"
    BYTES = "UTF-8 bytes"

    def size(self, text: str) -> int:
        match self:
            case Unit.CODE_POINTS:
                return len(text)
            case Unit.UTF16:
                return len(text) + sum(character > "\uffff" for character in text)
            case Unit.BYTES:
                return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a platform takes of something, and who says so."""

    most: int
    unit: Unit
    source: str

    def size(self, text: str) -> int:
        return self.unit.size(text)

    def allows(self, text: str) -> bool:
        return self.unit.size(text) <= self.most

    def cut(self, text: str, ending: str = "…") -> str:
        """The text, or its longest beginning of whole graphemes that fits together with `ending`.

        An ending that does not fit by itself is left out.
        """
        if self.allows(text):
            return text
        if not self.allows(ending):
            ending = ""
        room = self.most - self.unit.size(ending)
        kept: list[str] = []
        for match in _GRAPHEME.finditer(text):
            grapheme = match.group()
            room -= self.unit.size(grapheme)
            if room < 0:
                break
            kept.append(grapheme)
        return "".join(kept).rstrip() + ending


@dataclass(frozen=True, slots=True)
class ChoiceLimits:
    """How many choices of one form a message can carry, and how long their texts may be."""

    most: int
    """In one message, all sections together."""
    id: Limit
    """What comes back when it is tapped; nobody sees it."""
    title: Limit
    """What stands on it."""
    description: Limit | None = None
    """The smaller line under it. None where this form shows none."""


@dataclass(frozen=True, slots=True)
class PlatformLimits:
    """A platform's sizes, handed down to the renderer. None: the platform has no such form."""

    text: Limit
    """A message of text alone."""
    body: Limit
    """The text of a message with buttons or rows."""
    buttons: ChoiceLimits | None
    """Choices under the text."""
    rows: ChoiceLimits | None
    """Choices of a list that opens."""
    list_label: Limit | None
    """The button that opens the rows."""
    document: Limit | None = None
    """The content of a file. None: the platform takes none."""
