"""What answers a message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from aof.domain.message import ButtonPress
from aof.domain.response import Action, Response
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person said, for an agent to answer."""

    text: str
    """What was typed; for a press `button:<id>` or `list:<id>`. Typing those words leaves `press` None."""
    press: ButtonPress | None
    """The tap on a choice that was really shown here, with the action's own id."""
    language: Language
    now: datetime
    """Aware, UTC."""


class Agent(Protocol):
    """Answers one turn after another; keeps nothing of a person beyond a turn."""

    name: str

    async def answer(self, turn: Turn) -> Response:
        """What to say.

        Raises:
            AgentError: With the sentence for the person.
        """
        ...


@runtime_checkable
class OffersTopics(Protocol):
    """The agent can name what it knows about."""

    def topics(self, language: Language) -> tuple[Action, ...]:
        """One action a topic, `ask:<word>`: pressing it asks, and so does the command `/<word>`."""
        ...


@runtime_checkable
class Introduces(Protocol):
    """The agent says in its own words what it is."""

    def introduction(self, language: Language) -> str:
        """A sentence or two, to a greeting."""
        ...


@runtime_checkable
class Describes(Protocol):
    """The agent can be told apart from others in a menu."""

    def describe(self, language: Language) -> str:
        """A few words; empty where there are none."""
        ...
