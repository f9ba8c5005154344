"""One thing that the runbook agent can be asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from aof.domain.response import Action
from aof.texts.language import Language
from aof.texts.machine_talk import topic


@dataclass(frozen=True, slots=True)
class Intent:
    """A question as data: what people write who ask it."""

    name: str
    """Also its command: `disk` is asked by `/disk`."""
    words: Mapping[Language, tuple[str, ...]]
    """Single words that mean this intent and no other: alone they ask it, in a sentence they count extra."""
    phrases: Mapping[Language, tuple[str, ...]]
    """Of two words or more: a short word lies inside too many others ("load" in "download")."""
    over: frozenset[str] = frozenset()
    """Intents that this one is the more exact question of: where its words are said, those don't come into question."""

    def action(self, language: Language) -> Action:
        """The choice that asks it."""
        return Action(id=f"ask:{self.name}", title=topic(language, self.name))
