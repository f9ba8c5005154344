"""What the operator flow asks of a store, and the values that travel between them. Every method is one transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from aof.domain.opportunity import Change, DraftState, OpportunityState, Progress
from aof.domain.response import Part
from aof.store.approvals import ShownCard
from aof.store.base import Elsewhere
from aof.texts.language import Language

Kept = Literal["new", "known", "different"]
"""new: it is kept. known: the very same was kept before, and nothing is done. different: something else has this id or
this key already, and nothing is kept."""


@dataclass(frozen=True, slots=True)
class NewOpportunity:
    """Something that came up for the operators to decide about."""

    id: str
    title: str
    summary: str
    language: Language
    """Of what its contact is written in."""
    contact: str
    """Their name."""
    phone: str
    """Their number in E.164, with plus sign."""
    account: str
    """From which the contact would be written to."""
    digest: str
    """Of all that was asked: the same id with another one is refused."""
    key: str = ""
    """The caller's own key; empty: the id is all there is."""
    by: str = ""
    """Who or what brought it, for the audit chain."""


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """One opportunity, and where it stands."""

    id: str
    title: str
    summary: str
    language: Language
    contact: str
    phone: str
    account: str
    at: Progress
    draft: str
    """The id of the draft that was made last; empty: none was."""
    by: str
    created_at: datetime
    changed_at: datetime
    changed_by: str
    """Who moved it last; empty: nobody has."""

    @property
    def state(self) -> OpportunityState:
        return self.at.state


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A text for a contact."""

    id: str
    opportunity: str
    number: int
    """1 for the first of its opportunity."""
    text: str
    """As it leaves: no mark in it is read."""
    written_by: str
    """An agent's name, `template`, or the operator who typed it."""
    state: DraftState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """One move of an opportunity."""

    change: Change
    by: str
    at: datetime
    draft: str
    """The id of the draft that it made or was about; empty: neither."""


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A text that takes its place with a change."""

    text: str
    written_by: str


@dataclass(frozen=True, slots=True)
class NewMove:
    """What somebody wants done."""

    opportunity: str
    change: Change
    by: str
    """The person's name."""
    event: str
    """The press or message by which they want it: the same one moves nothing twice."""
    draft: int = 0
    """The number of the draft that it is about, of those that are about one."""
    makes: NewDraft | None = None
    outbound: tuple[Part, ...] = ()
    """What leaves for the contact with it."""
    number: str = ""
    """Where it goes: the contact's, in the spelling that the platform knows."""
    told: tuple[Elsewhere, ...] = ()
    """What others read of it."""
    via: str = ""
    """Where it was wanted, if not on a phone: `page`, `terminal`."""
    offer: str = ""
    """An action of the cards that offer nothing any more with it."""
    settled: Callable[[ShownCard], str] | None = None
    """What stands on each of them from then on; pure. Empty, or None: they stay as they are."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move."""

    row: OpportunityRow | None
    """As it is now; None where there is no such opportunity."""
    counted: bool
    """It stands, from this event or from an earlier attempt at it."""
    draft: DraftRow | None = None
    """The draft that it made or was about."""


@dataclass(frozen=True, slots=True)
class Departure:
    """A part that an approval sent on its way."""

    part: str
    state: str
    gate: str
    """What holds it; empty: nothing does."""
    reason: str


@dataclass(frozen=True, slots=True)
class NewNotification:
    """Something that a program wants a person to know."""

    id: str
    key: str
    digest: str
    person: str
    conversation: str
    text: str
    status: str
    actions: tuple[tuple[str, str], ...]
    """Ids and titles."""
    parts: tuple[Part, ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class NotificationPress:
    """Who pressed what, and when."""

    action: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """A notification, where it is on its way, and what was pressed."""

    id: str
    person: str
    text: str
    status: str
    actions: tuple[tuple[str, str], ...]
    created_at: datetime
    presses: tuple[NotificationPress, ...] = ()
    departures: tuple[Departure, ...] = ()


class Opportunities(Protocol):
    """Opportunities, their drafts, and what moved them."""

    async def add_opportunity(
        self, new: NewOpportunity, cards: Sequence[Elsewhere], *, now: datetime
    ) -> tuple[Kept, OpportunityRow]:
        """Keep an opportunity and let its cards leave with it. The row is whatever has the id or the key then."""
        ...

    async def opportunity(self, id_: str) -> OpportunityRow | None: ...

    async def opportunities(
        self, *, states: Collection[OpportunityState] = (), most: int = 100
    ) -> list[OpportunityRow]:
        """The newest `most` in any of the states, or in all, the oldest of them first."""
        ...

    async def moves_of_opportunity(self, id_: str) -> list[Move]:
        """What moved it, in the order done."""
        ...

    async def draft(self, id_: str) -> DraftRow | None: ...

    async def drafts_of(self, opportunity: str) -> list[DraftRow]:
        """In the order made."""
        ...

    async def departures_of(self, opportunity: str) -> list[Departure]:
        """What left, or waits to leave, for its contact."""
        ...

    async def move_of_event(self, opportunity: str, event: str) -> Moved | None:
        """What an earlier attempt at this event did; None where there was none, or it did nothing."""
        ...

    async def move_opportunity(self, new: NewMove, *, now: datetime) -> Moved:
        """Move an opportunity by `aof.domain.opportunity.after`, with all that comes of it, in one transaction; where
        that says no, nothing is kept. The same event moves nothing twice."""
        ...

    async def draft_shown(self, conversation: str, message_id: str) -> str:
        """The id of the draft whose card a message of a conversation was; empty where it was none."""
        ...

    async def notify(self, new: NewNotification, *, now: datetime) -> tuple[Kept, NotificationRow]:
        """Keep a notification and let it leave. The row is whatever has the key afterwards."""
        ...

    async def notification(self, id_: str) -> NotificationRow | None: ...

    async def press_notification(
        self, id_: str, action: str, by: str, *, event: str, now: datetime
    ) -> tuple[NotificationPress, bool] | None:
        """Keep that somebody pressed one of its actions: the press that stands, and whether this event brought it. None
        where there is no such notification or action."""
        ...
