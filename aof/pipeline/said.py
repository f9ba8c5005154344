"""What is answered to one event, and what the answer does beside being said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from aof.domain.errors import AofError
from aof.domain.response import Response, Status
from aof.store.approvals import Pause
from aof.store.base import About, Cause, Elsewhere, Expected, Remembered, TurnEnd
from aof.store.parking import UNMOVED, Moves
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Effects:
    """All of it is written in the transaction that ends the turn; nothing, unless a field says otherwise."""

    choose: str = ""
    """The agent that the sender chose by it."""
    choose_context: str = ""
    """The context that the sender chose by it."""
    pause: Pause | None = None
    resumes: str = ""
    """The paused run that ends, or pauses anew, with it."""
    elsewhere: tuple[Elsewhere, ...] = ()
    expects: Expected | None = None
    remembered: Remembered | None = None
    forgets: bool = False
    moves: Moves = UNMOVED
    """Of other events that wait."""
    behind: str = ""
    """The paused run that the event waits for, where its state is parked."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """For the audit chain, in words: who was refused what, and why."""


NOTHING = Effects()


@dataclass(frozen=True, slots=True)
class Said:
    """The daemon answers itself."""

    response: Response
    effects: Effects = NOTHING


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one attempt at a turn."""

    outcome: str
    state: TurnEnd = "done"
    response: Response | None = None
    """What is said; None: nothing."""
    language: Language | None = None
    agent: str = ""
    route: str = ""
    error: str = ""
    again_in: timedelta = timedelta()
    attempted: bool = True
    cause: Cause = "reply"
    about: About = ""
    offered_by: str = ""
    """The agent that its choices lead to; empty: whoever answers here then."""
    until: datetime | None = None
    is_strangers: bool = False
    effects: Effects = NOTHING

    @classmethod
    def sentence(
        cls,
        outcome: str,
        text: str,
        language: Language,
        *,
        state: Literal["done", "dead"] = "done",
        status: Status | None = Status.FAILED,
        error: str = "",
        effects: Effects = NOTHING,
    ) -> "Answer":
        """One sentence of the daemon itself."""
        response = Response(text=text, status=status)
        return cls(outcome, state=state, response=response, language=language, error=error, effects=effects)


class AgentBroken(AofError):
    """An agent raised what no agent may; the cause is what it raised."""

    def __init__(self, agent: str) -> None:
        super().__init__(f"agent {agent} is broken")
        self.agent = agent
