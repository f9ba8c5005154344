"""Events that are parked: they keep their place and nothing else waiting.

What waited too long to be run unasked waits for a person's word. What came while a run waited for people may wait for
that run; `behind` names it:

new ─leased─▶ running ─the run waits for people─▶ parked, behind ─the run has gone on─▶ new (answered however old it is)
                 └─ meanwhile it has gone on ─▶ new
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aof.domain.message import ButtonPress, InboundMessage


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits: for its first attempt or the next one, or parked."""

    seq: int
    event: InboundMessage | ButtonPress
    received_at: datetime
    parked: bool


@dataclass(frozen=True, slots=True)
class Moves:
    """What a turn changes of events that wait, by their seqs. One that is not in its state any more stays as it is."""

    parks: tuple[int, ...] = ()
    """Events of the turn's own conversation that are parked together with the turn's own."""
    runs: tuple[int, ...] = ()
    """Parked ones that are answered after all, without being asked about again."""
    skips: tuple[int, ...] = ()
    """Parked ones that are over."""


UNMOVED = Moves()


class Parking(Protocol):
    """The part of a store that knows what waits."""

    async def waiting(self, conversation: str, sender: str) -> tuple[Waiting, ...]:
        """What waits of this sender here, the oldest first, but for overflow and what was asked for already.

        In a chat of two there is one person, whatever they go by.
        """
        ...

    async def held_back(self, run: str) -> int:
        """How many events wait for a run."""
        ...
