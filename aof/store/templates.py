"""Templates as the platform's notices tell of them. One that nobody told of is sent all the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aof.domain.template import TemplateState


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """What is known of one template in one language."""

    account: str
    name: str
    language: str
    state: TemplateState | None
    """None: no notice has told it."""
    word: str
    """The platform's own word for the state."""
    reason: str
    category: str
    former_category: str
    """What it was before the platform filed it anew; empty where it never did."""
    quality: str
    body: str | None
    """With its places as the platform writes them; None: no notice has told it."""
    places: tuple[str, ...]
    buttons: tuple[str, ...]
    told_at: datetime
    """When the last notice of it came."""


class Templates(Protocol):
    """The part of a store that knows templates."""

    async def templates(self, *, account: str = "", name: str = "") -> list[TemplateRow]:
        """All, or those of an account or of a name, in the order of their names."""
        ...
