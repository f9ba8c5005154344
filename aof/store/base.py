"""What the pipeline asks of a store, and the values that travel between them.

Every write is one transaction: when a call returns, it is on disk; when it raises, nothing of it was kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from aof.domain import consent
from aof.domain.consent import ConsentState
from aof.domain.message import Address, ButtonPress, Decided, InboundEvent, InboundMessage, Sender
from aof.domain.response import Action, Part, Response
from aof.domain.template import TemplateState
from aof.store.approvals import Pause
from aof.store.invitations import Admission
from aof.store.parking import UNMOVED, Moves, Parking
from aof.store.results import Accepted, PartResult
from aof.texts.language import Language

EventState = Literal["new", "running", "done", "parked", "dead"]
OPEN_EVENTS: tuple[EventState, ...] = ("new", "running")
"""An event in one of these keeps the later events of its conversation waiting."""
TurnEnd = Literal["done", "dead", "new", "parked"]
"""done: answered. dead: buried after its attempts. new: to be tried again. parked: it waits for its sender's word or
for a run, and keeps nothing waiting."""
Role = Literal["person", "agent"]
"""Who said a line of the transcript."""
Cause = consent.Cause
About = Literal["", "consent"]
"""What a part is about that has rules of its own. consent: it answers a word on consent, or asks for one."""
PairingState = Literal["asked", "approved", "revoked"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What operators, and they themselves, have decided about a person, as it stood when the lease was given."""

    pairing: PairingState | None = None
    """Of exactly this user id, else number."""
    name: str = ""
    """What the pairing calls them."""
    suspended: frozenset[str] = frozenset()
    """The names of all people who may not talk for now."""
    consent: ConsentState | None = None
    """Their own word on being written to unasked; None: they never gave one."""


@dataclass(frozen=True, slots=True)
class Opted:
    """What an event said about its sender's consent."""

    state: ConsentState
    changed: bool
    """False: they stood so already."""
    is_first: bool
    """Nothing was known of them before."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Parts for another conversation than the one that the turn belongs to."""

    conversation: str
    parts: tuple[Part, ...]
    approval: str = ""
    """The question to people that they are; empty: they are none."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the sender's next message here is taken for."""

    kind: Literal["edit", "why", "draft"]
    subject: str
    """An approval's id; of a draft the draft's."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an agent wants to know again when it is asked here the next time."""

    agent: str
    body: str


@dataclass(frozen=True, slots=True)
class EventLease:
    """The right to answer one event, until it lapses or is finished."""

    seq: int
    epoch: int
    conversation: str
    event: InboundMessage | ButtonPress | Decided
    address: Address
    attempt: int
    """1 for the first time; a crash or a failure before counts."""
    overflow: bool
    """It came while the conversation had as many waiting as it may have: to be refused, not run."""
    language: Language | None
    """What was last spoken in the conversation."""
    received_at: datetime
    standing: Standing = Standing()
    """Of the event's sender."""
    interrupted: bool = False
    """An earlier attempt ended with the daemon, by a crash or a restart."""
    told_of_overflow: bool = False
    """The event before it was refused as overflow too."""
    chosen: str = ""
    """The agent that the sender chose here; empty: none."""
    context: str = ""
    """The context that the sender chose here; empty: none."""
    expected: Expected | None = None
    """What the sender's message here is taken for."""
    wanted: bool = False
    """Somebody asked for it again: however old it is, it is answered."""
    opted: Opted | None = None
    """It is a word on consent, which was taken as it came in."""
    opened: bool = False
    """With it went on their way what was parked until the person writes."""


@dataclass(frozen=True, slots=True)
class OutgoingPart:
    """A part that an answer wants sent to its own conversation."""

    part: Part
    reply_to: str | None = None
    rest: Response | None = None
    """What stands behind the part's More choice."""
    more: str | None = None
    """The wire id of the More choice."""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The end of one turn, or of one attempt at it."""

    state: TurnEnd
    outcome: str
    """One word for the log and the inbox; docs/reference/metrics.md lists them."""
    parts: tuple[OutgoingPart, ...] = ()
    cause: Cause = "reply"
    about: About = ""
    asked: str = ""
    """What the person said, as the transcript keeps it."""
    answered: str = ""
    language: Language | None = None
    agent: str = ""
    error: str = ""
    again_in: timedelta = timedelta()
    """Until the next attempt, where the state is new."""
    attempted: bool = True
    """False: the attempt is given back and does not count towards burying the event."""
    choices_until: datetime | None = None
    """Until when a bare number means one of the numbered choices."""
    choose: str = ""
    """The agent that the sender chooses here from now on; empty: no change."""
    choose_context: str = ""
    """The context that the sender chooses here from now on; empty: no change."""
    offered_by: str = ""
    """The agent that a tap on one of its choices goes to; empty: whoever answers here then."""
    until: datetime | None = None
    """After this moment its parts say nothing that is still true; None: they keep."""
    pause: Pause | None = None
    """The run waits for people: its questions leave with this turn."""
    resumes: str = ""
    """The paused run that this turn ended or paused again; empty: none."""
    elsewhere: tuple[Elsewhere, ...] = ()
    expects: Expected | None = None
    """Replaces whatever was expected of the sender here; None: nothing is expected any more."""
    remembered: Remembered | None = None
    forgets: bool = False
    """Everything that any agent remembers of the sender here is erased."""
    moves: Moves = UNMOVED
    """Of other events that wait."""
    behind: str = ""
    """The paused run that the event is parked for; once that has gone on, the event is open again. Empty: none."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """Goes into the audit chain in words."""
    is_strangers: bool = False
    """Nothing of it is kept for long: whoever was not let in must not be able to write into transcript and chain."""


@dataclass(frozen=True, slots=True)
class PartLease:
    """The right to send one part, until it lapses or is settled. Until `begin` it is certainly not sent."""

    seq: int
    attempt: int
    part_id: str
    part: Part
    account: str
    conversation: str
    address: Address
    reply_to: str | None
    cause: Cause
    deferrals: int
    uncertain: int
    """How many requests for it were written and never answered."""
    created_at: datetime
    standing: Standing = Standing()
    """Of the recipient."""
    asker: Sender | None = None
    """Whose question it answers, where it goes to a group."""
    until: datetime | None = None
    """After this moment it says nothing that is still true; None: it keeps."""
    heard_at: datetime | None = None
    """When somebody last wrote in the conversation. None: never."""
    about: About = ""
    question: str = ""
    """The state of the question to people that it is; empty: it is none."""
    window_from: datetime | None = None
    """When the person last wrote or called, by the platform's clock: its window counts from here. None: never, or the
    platform said since that it is closed."""
    refused: int = 0
    """How often the platform said that the window is closed to this part."""
    language: Language | None = None
    """What was last spoken in the conversation."""
    template: TemplateState | None = None
    """Of a template, where the platform has told its state."""

    @property
    def recipient(self) -> Sender:
        """Who may not have been sent away: the person it is for, in a group whoever asked."""
        return (self.asker or Sender()) if self.address.group else self.address.person


@dataclass(frozen=True, slots=True)
class Shown:
    """A choice that a part sent to the conversation carried."""

    action: Action
    rest: Response | None
    """For a More choice: what stands behind it."""
    numbered: bool
    agent: str = ""
    """Whose choice it is; empty: the daemon's own."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is open."""

    events: dict[EventState, int] = field(default_factory=dict)
    """By state of the inbox, without what is done."""
    parts: dict[str, int] = field(default_factory=dict)
    """By state of the outbox."""
    held_back: int = 0
    """Of the parked events, those that wait for a paused run."""
    quarantined: int = 0
    held: dict[str, int] = field(default_factory=dict)
    """Of the parts that are held, by gate."""


@dataclass(frozen=True, slots=True)
class EventLeases:
    """Leases, oldest first."""

    leases: tuple[EventLease, ...]
    next_at: datetime | None
    """When something not leased now becomes due; None: when something is accepted."""


@dataclass(frozen=True, slots=True)
class PartLeases:
    """Leases, oldest first."""

    leases: tuple[PartLease, ...]
    next_at: datetime | None
    stopped: Mapping[str, str] = field(default_factory=dict)
    """Accounts that are stopped and not resumed, with the reason."""


class Store(Parking, Admission, Protocol):
    """Durable inbox and outbox.

    Every method may raise StoreBusy: nothing was kept, ask again later.
    """

    async def accept(self, events: Sequence[InboundEvent], *, now: datetime, max_waiting: int = 50) -> Accepted:
        """Keep the events of one webhook in one transaction; repeats vanish, receipts move their rows.

        An event beyond `max_waiting` open ones of its conversation is kept and marked as overflow.
        """
        ...

    async def quarantine(self, account: str, payload: bytes, reason: str, *, now: datetime) -> None:
        """Keep a webhook's body that can't be read."""
        ...

    async def lease_events(
        self, *, now: datetime, lease_for: timedelta, most: int, per_person: int, holding: Collection[str] = ()
    ) -> EventLeases:
        """The oldest ready event of up to `most` conversations in which no earlier event is open.

        `holding` are the conversations the caller is still answering: its own leases on them do not lapse under it,
        not even when the machine slept.
        """
        ...

    async def extend(self, lease: EventLease, *, now: datetime, lease_for: timedelta) -> None:
        """Keep a lease from lapsing.

        Raises:
            LeaseLost: Somebody else holds the conversation now.
        """
        ...

    async def note(
        self, lease: EventLease, name: str, part: Part, *, now: datetime, until: datetime | None = None
    ) -> bool:
        """Send a part while the turn goes on; False where this turn has sent one of that name before.

        Raises:
            LeaseLost: Somebody else holds the conversation now; nothing was kept.
        """
        ...

    async def finish(self, lease: EventLease, result: TurnResult, *, now: datetime) -> tuple[str, ...]:
        """End the turn: event, parts, choices, transcript and audit in one transaction; return the part ids.

        Raises:
            LeaseLost: Somebody else holds the conversation now; nothing was kept.
        """
        ...

    async def lease_parts(
        self, *, now: datetime, lease_for: timedelta, most: int, open_wait: timedelta, paused: Collection[str] = ()
    ) -> PartLeases:
        """The next part of up to `most` conversations that have none in flight.

        A part whose request was begun by a sender that died, or whose lease lapsed, becomes uncertain and waits
        `open_wait` for a receipt; one that was only leased is simply leased again.
        Conversations of the `paused` accounts are passed over.
        """
        ...

    async def begin(self, lease: PartLease) -> Standing:
        """Keep that the part's request is about to be written: from here on it may be on the phone.

        Return what was decided about its recipient meanwhile.

        Raises:
            LeaseLost: A receipt settled the part meanwhile, or somebody else sends it; it must not be sent.
        """
        ...

    async def settle(self, lease: PartLease, result: PartResult, *, now: datetime) -> None:
        """Write what became of the part. A row that a receipt moved meanwhile is never moved down.

        Raises:
            LeaseLost: Somebody else sends the part now.
        """
        ...

    async def standing(self, account: str, sender: Sender) -> Standing:
        """What was decided about a sender, as leases carry it."""
        ...

    async def was_written_to(self, conversation: str) -> bool:
        """Whether an operator had something sent there: who answers it is no stranger."""
        ...

    async def stop_account(self, account: str, code: int, reason: str, *, now: datetime) -> None:
        """Keep that a platform takes nothing of this account, for operators to see and to end."""
        ...

    async def pressed(self, conversation: str, shown_id: str) -> Shown | None:
        """The newest choice with this wire id that a part sent to the conversation carried."""
        ...

    async def numbered(self, conversation: str, number: int, sender: str, *, now: datetime) -> Shown | None:
        """What a bare number means: a choice of the newest numbered message here, for its sender, in its time."""
        ...

    async def sweep(self, *, now: datetime, keep: timedelta, keep_ids: timedelta, batch: int = 500) -> int:
        """Erase one small batch of what is older than its time; return how many rows went."""
        ...

    async def recall(
        self, conversation: str, sender: str, agent: str, *, since: datetime, most: int
    ) -> tuple[str, ...]:
        """The newest `most` of what an agent wanted remembered of its turns with this sender here, the oldest first."""
        ...

    async def probe(self) -> None:
        """See whether something as large as a webhook could be kept now; StoreBusy if not."""
        ...

    async def counts(self) -> Counts: ...

    async def close(self) -> None: ...
