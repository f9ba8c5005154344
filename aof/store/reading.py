"""What the page for operators reads: lists that go on from a row, so that a large store costs no more than a small."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from aof.domain.message import Address, ReceiptState
from aof.store.operators import OutboxRow

TROUBLE = ("held", "dead", "failed")
"""States of parts that somebody has to look at, unless they were buried."""


class Place(NamedTuple):
    """A row of the list of conversations; the list goes on below it."""

    heard: float | None
    """Unix seconds; None: among those who never wrote."""
    conversation: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in a list."""

    conversation: str
    account: str
    address: Address
    heard_at: datetime | None
    called: str
    """What they call themselves; nobody has checked it."""
    line: str
    """The beginning of the newest line."""
    by_person: bool
    """Whether they said it."""
    trouble: int
    """Parts that are held or did not arrive, and that nobody has buried."""
    place: Place


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person said."""

    seq: int
    text: str
    at: datetime
    state: str
    outcome: str
    kind: str
    """`message`, `press`, or empty where it is erased."""
    sender: str
    """In a group: what they call themselves."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What a receipt says of a part."""

    state: ReceiptState
    at: datetime
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A part on its way, as the page shows it."""

    row: OutboxRow
    conversation: str
    waits_until: datetime
    deferrals: int
    is_buried: bool
    ticks: tuple[Tick, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldParts:
    """Parts that one gate of an account holds."""

    gate: str
    account: str
    count: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """How much needs somebody."""

    held: int = 0
    failed: int = 0
    """Dead ones too."""
    quarantined: int = 0
    """Buried events too."""
    newest: int = 0
    """The number of the newest part."""


class Reading(Protocol):
    """Lists for people."""

    async def conversations(self, *, below: Place | None = None, most: int = 50) -> list[Listed]:
        """Those who wrote last first, and then those who never wrote."""
        ...

    async def found(self, words: str, aliases: Collection[str], *, most: int = 50) -> list[Listed]:
        """Those whose number, id, name or recent line holds the words, and those that one of `aliases` leads to."""
        ...

    async def conversation(self, conversation: str) -> Listed | None: ...

    async def transcript(
        self, conversation: str, *, before: datetime | None = None, most: int = 50
    ) -> list[Heard | Delivery]:
        """The newest `most` of what was said to and fro, the oldest of them first."""
        ...

    async def deliveries(
        self, *, state: str = "", gate: str = "", account: str = "", before: int | None = None, most: int = 50
    ) -> list[Delivery]:
        """The newest first. `state` is one of the states, `trouble`, or `deferred`; empty: all."""
        ...

    async def delivery(self, seq: int) -> Delivery | None: ...

    async def held_by_gate(self) -> list[HeldParts]: ...

    async def troubled(self, *, most: int) -> list[Delivery]:
        """The oldest parts that did not arrive and that nobody has buried."""
        ...

    async def trouble(self) -> Trouble: ...

    async def stopped_since(self) -> dict[str, datetime]:
        """Since when accounts are stopped."""
        ...

    async def every_conversation(self) -> list[str]:
        """Their names, for who has but a digest of one."""
        ...

    async def newer(self, *, part: int = 0, heard: float = 0.0, most: int = 100) -> int:
        """How many parts came behind one, or how many conversations were heard later; at most `most` are counted."""
        ...

    async def moved(self) -> int:
        """A number that another one follows whenever anything was written."""
        ...

    async def bury_parts(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        """Leave parts at what became of them; what is held will never leave. Return how many."""
        ...

    async def bury_event(self, id_: str, *, by: str, now: datetime) -> bool:
        """Take what could not be read or answered off the list; False where it is gone."""
        ...
