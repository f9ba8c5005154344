"""What the pipeline and the gate ask of a store about approvals, and the values that travel between them.

A run that waits for people is *paused*; each of its calls that needs a decision is an *approval*; each call that was
admitted to run and is no mere look is a *step*. Every method is one transaction.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from aof.domain.approval import ApprovalState, Party, Proposal, RunState, StepState, Verdict
from aof.domain.message import Address
from aof.domain.response import Part
from aof.domain.risk import Risk
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Card:
    """What is sent to one conversation about an approval."""

    conversation: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class NewApproval:
    """One question to people."""

    id: str
    proposal: Proposal
    fingerprint: str
    expires_at: datetime
    nudge_at: datetime
    cards: tuple[Card, ...]
    reached: int = 0
    """How many steps of its order are asked at once."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A run stops here until people have decided."""

    run: str
    agent: str
    digest: str
    requester: Party
    state: str
    """The agent's own, as JSON: what it goes on from."""
    asks: tuple[NewApproval, ...]
    context: str = ""
    """The name of the context that it runs in."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one person said."""

    party: str
    name: str
    verdict: Verdict
    at: datetime
    note: str = ""
    by: str = ""
    """The system's user who gave it at a terminal in this person's name, or `ON_PAGE`; empty: on their phone."""

    @property
    def who(self) -> str:
        """As people read it."""
        return in_whose_name(self.name or self.party.partition(":")[2] or self.party, self.by)


ON_PAGE = "the page"
"""Stands in the place of a system's user where a person voted on the page for operators, signed in as themselves."""


def in_whose_name(person: str, by: str) -> str:
    """A person, and where they did it: on the page, or somebody for them at a terminal."""
    if by == ON_PAGE:
        return f"{person} (page)"
    return f"{person} (terminal: {by})" if by else person


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One question, and what became of it."""

    id: str
    run: str
    call: str
    conversation: str
    """Where it was asked from."""
    proposal: Proposal
    fingerprint: str
    state: ApprovalState
    asked_at: datetime
    expires_at: datetime
    use_by: datetime | None
    decided_at: datetime | None
    decided_by: str
    """The names of whoever decided, or a word of the daemon: `killswitch`, `cancel`, `expired`."""
    superseded_by: str
    editor: Party | None
    votes: tuple[Vote, ...] = ()
    nudged: bool = False
    reached: int = 0
    """How many steps of its order have been asked."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run that was paused at least once."""

    run: str
    agent: str
    digest: str
    conversation: str
    account: str
    requester: Party
    state: RunState
    history: str
    """The agent's own state, while it is paused or resuming; empty afterwards."""
    context: str
    approvals: tuple[ApprovalRow, ...] = ()
    """Of its present pause, in the order asked; of an edited one only the last."""


@dataclass(frozen=True, slots=True)
class Step:
    """A call that was admitted to run."""

    run: str
    call: str
    tool: str
    risk: Risk
    fingerprint: str
    admitted_by: str
    """An approval's id, or the rule of the policy."""
    state: StepState
    argv: tuple[str, ...]
    result: str
    """Redacted; empty while it runs."""
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voted:
    """What became of a vote."""

    row: ApprovalRow | None
    """As it is now; None where there is no such approval."""
    counted: bool
    """The vote stands, from this event or from an earlier attempt at it."""
    decided: bool
    """This very vote decided."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Where a person can be written to."""

    conversation: str
    account: str
    address: Address
    heard_at: datetime | None
    language: Language | None = None
    """What was last spoken there."""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """The part of a card that offers the decision, where it may be on somebody's phone."""

    part: Part
    at: Reachable


Settled = Callable[["ApprovalRow", ShownCard], str]
"""What stands on a card, as its platform writes it, once its question is over; empty: the card stays as it is. Pure."""


@dataclass(frozen=True, slots=True)
class Thrown:
    """A switch that is on."""

    by: str
    at: datetime


class Ledger(Protocol):
    """What the gate asks: may this call run, and what became of it."""

    async def approval_of(self, run: str, call: str) -> ApprovalRow | None:
        """The newest question about a call."""
        ...

    async def step(self, run: str, call: str) -> Step | None: ...

    async def steps_of(self, run: str) -> list[Step]:
        """In the order begun."""
        ...

    async def claim(self, step: Step, *, approval: str, now: datetime) -> bool:
        """Begin a step, once for each call of a run; with an approval's id, once for exactly its fingerprint and only
        while it is approved and usable. False: nothing was kept, and it must not run."""
        ...

    async def end_step(self, run: str, call: str, state: StepState, result: str, *, now: datetime) -> None:
        """Write what became of a step, and with it of its approval."""
        ...

    async def void(self, approvals: Collection[str], *, by: str, now: datetime) -> None:
        """End open questions that can't be answered any more; their runs go on without them."""
        ...


class Approvals(Protocol):
    """What the pipeline asks."""

    async def approval(self, id_: str) -> ApprovalRow | None: ...

    async def open_approvals(self) -> list[ApprovalRow]:
        """All that nobody has decided and whose time is not over, the oldest first."""
        ...

    async def vote(
        self, id_: str, party: Party, verdict: Verdict, *, event: str, note: str, now: datetime, use_by: datetime
    ) -> Voted:
        """Count a vote: one for each person, only while the question is open. Enough approvals approve it, one denial
        denies it. With the last decision of a pause its run comes into the inbox, to go on."""
        ...

    async def supersede(
        self, id_: str, asked: NewApproval, editor: Party, *, event: str, now: datetime
    ) -> ApprovalRow | None:
        """Ask again with another command, from no votes; None where the question is not open any more. The same event
        gets the same row."""
        ...

    async def nudge(
        self,
        id_: str,
        cards: Sequence[Card],
        *,
        now: datetime,
        told: Sequence[Card] = (),
        reached: int = 0,
        next_at: datetime | None = None,
    ) -> bool:
        """Bring an open question up once more; False where it was, or is not open.

        Args:
            told: What others read of it, and what is not sent once it is decided.
            reached: How many steps of its order have been asked with this.
            next_at: When it is brought up again; None: this was the last time.
        """
        ...

    async def due(self, *, now: datetime) -> tuple[list[ApprovalRow], datetime | None]:
        """Open questions to be nudged, and the next moment when one is to be nudged or lapses."""
        ...

    async def lapse(self, *, now: datetime) -> list[ApprovalRow]:
        """End every question whose time is over; return those that ended now."""
        ...

    async def void_all(self, *, by: str, now: datetime, conversation: str = "", requester: str = "") -> int:
        """End all open questions, or those of one conversation or requester; return how many."""
        ...

    async def run_of(self, run: str) -> RunRow | None: ...

    async def paused_in(self, conversation: str) -> list[RunRow]:
        """Runs of a conversation that wait for people."""
        ...

    async def switch(self, name: Literal["killswitch"], *, on: bool, by: str, now: datetime) -> bool:
        """Throw a switch for everybody; False where it stood so."""
        ...

    async def is_on(self, name: Literal["killswitch"]) -> bool: ...

    async def reach(self, platform: str, ids: Collection[str]) -> Reachable | None:
        """The conversation of two in which a person with one of these numbers or user ids was last heard."""
        ...

    async def approval_shown(self, conversation: str, message_id: str) -> str:
        """The approval whose card a message of a conversation was; empty where it was none."""
        ...

    async def cards_of(self, id_: str) -> list[Reachable]:
        """The conversations that were sent a card of it."""
        ...
