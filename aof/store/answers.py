"""What a store knows of one event for whoever posted it and asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from aof.domain.delivery import OPEN_PARTS, PartState
from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Part
from aof.store.base import OPEN_EVENTS, EventState

_PASSED = frozenset({PartState.SENT, PartState.DELIVERED, PartState.READ, PartState.FAILED})
_OVER: frozenset[EventState] = frozenset({"done", "dead"})


class Place(NamedTuple):
    """Behind a part, in the order in which parts left: one that was held leaves behind younger ones."""

    at: float = 0.0
    """Unix seconds."""
    seq: int = 0


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class PartOfAnswer:
    """One part of what an event was answered with."""

    part_id: str
    state: PartState
    part: Part | None
    """None where it was erased, or this version can't read it."""
    gate: str
    """What holds it; empty unless it is held."""
    reason: str
    created_at: datetime
    answers: str = ""
    """The event that it answers; empty where it answers none, or does not say which."""
    place: Place = NOWHERE
    """Among what was said in its conversation."""

    @property
    def has_passed(self) -> bool:
        """Whether every gate was open for it, so that whoever it is for may see it."""
        return self.state in _PASSED


@dataclass(frozen=True, slots=True)
class AnswerTo:
    """An event, and what it was answered with so far. Two that are equal tell nothing new."""

    conversation: str
    sender: str
    state: EventState
    outcome: str
    waits_for_people: bool
    """What it asked for waits until somebody has let it run."""
    event: InboundMessage | ButtonPress | None
    """None where it was erased."""
    parts: tuple[PartOfAnswer, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether nothing more happens by itself: it is answered, or waits for people, and no part is on its way."""
        return self.state not in OPEN_EVENTS and all(part.state not in OPEN_PARTS for part in self.parts)

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens at all."""
        return self.is_settled and self.state in _OVER and not self.waits_for_people


class Answers(Protocol):
    """The inbox and the outbox, by event."""

    async def answer_to(self, account: str, event_id: str) -> AnswerTo | None:
        """What became of an event that somebody posted; None where none came with this id."""
        ...

    async def said_in(self, conversation: str, *, behind: Place = NOWHERE, most: int) -> tuple[PartOfAnswer, ...]:
        """The first `most` parts that passed every gate behind a place."""
        ...
