"""What has to be true of a store, in plain dicts: the model that the state machine keeps beside the real one."""

from dataclasses import dataclass, field

from aof.domain.message import InboundMessage
from aof.store.base import EventLease, PartLease

PEOPLE = ("+4915100000001", "+4915100000002", "+4915100000003")
WAIT_SECONDS = 30
# written anew on purpose: the product's own table is what is tested
HEIGHT = {
    "queued": 0,
    "held": 0,
    "sending": 1,
    "uncertain": 1,
    "dead": 1,
    "sent": 2,
    "failed": 3,
    "delivered": 4,
    "read": 5,
}
OPEN = ("queued", "sending", "uncertain")


@dataclass
class Said:
    """An event as the model knows it."""

    message: InboundMessage
    person: str
    state: str = "new"
    attempts: int = 0
    not_before: float = 0


@dataclass
class Copy:
    """A part as the model knows it."""

    person: str
    not_before: float
    state: str = "queued"
    attempts: int = 0
    uncertain: int = 0
    repeated: int = 0
    message_id: str | None = None
    leased: bool = False
    sender_run: int = 0
    arrived: int = 0
    """How often it came to the phone."""
    edits: str | None = None
    """The message that it changes."""


@dataclass
class Holding:
    """A lease of an event, and when and in which run of the daemon it was taken."""

    lease: EventLease
    run: int
    until: float


@dataclass
class Sending:
    """A lease of a part, and what happened to its request."""

    lease: PartLease
    message_id: str
    begun: bool = False
    settled: bool = False


@dataclass
class Model:
    """What has to be true of the store."""

    now: float = 0
    run: int = 0
    """Which run of the daemon this is: a crash begins another."""
    said: dict[str, Said] = field(default_factory=dict)
    holds: dict[str, Holding] = field(default_factory=dict)
    """By person: who may answer."""
    parts: dict[str, Copy] = field(default_factory=dict)
    proofs: dict[str, list[tuple[str, str | None]]] = field(default_factory=dict)
    """Receipts by message id: what they prove, and the part they name."""

    def oldest(self, person: str) -> Said | None:
        return next(
            (each for each in self.said.values() if each.person == person and each.state in {"new", "running"}), None
        )

    def oldest_part(self, person: str) -> tuple[str, Copy] | None:
        """What leaves next: nothing while one is on its way, and changes of messages behind all else."""
        waiting = [(key, each) for key, each in self.parts.items() if each.person == person and each.state in OPEN]
        return min(waiting, key=lambda pair: (not pair[1].leased, pair[1].edits is not None), default=None)

    def supersede(self, changed: Copy) -> bool:
        """Of the changes of one message that were not begun only the last stays."""
        if changed.edits is None:
            return False
        same = [each for each in self.parts.values() if (each.person, each.edits) == (changed.person, changed.edits)]
        last = max((n for n, each in enumerate(same) if each.state != "dead"), default=0)
        aside = [each for each in same[:last] if each.state in {"queued", "held"} and not each.leased]
        for each in aside:
            each.state = "dead"
        return bool(aside)

    def alive(self, held: Holding) -> bool:
        return held.run == self.run and held.until > self.now

    def due(self, person: str) -> float | None:
        """When the person's oldest event may be leased; None: there is none."""
        held, said = self.holds.get(person), self.oldest(person)
        if held is not None:
            return held.until if held.run == self.run else self.now
        return said.not_before if said is not None else None

    def prove(self, part: Copy, proved: str, message_id: str) -> None:
        if HEIGHT[proved] > HEIGHT[part.state]:
            part.state = proved
            part.message_id = part.message_id or message_id
            part.leased = False
