"""What operators ask of a store, beside a running daemon, and the values that they see.

A store is opened `beside` for them: it leases nothing, and the daemon finds what they change within a second.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from aof.domain.approval import Party, Verdict
from aof.domain.message import Address, InboundEvent, Sender
from aof.domain.response import Part
from aof.store.approvals import ApprovalRow, Step, Thrown, Voted
from aof.store.audit import AuditRow, Head, Verified
from aof.store.base import About, Cause, Counts, Elsewhere, PairingState, Standing
from aof.store.consent import Consent
from aof.store.invitations import Invitations
from aof.store.opportunities import Opportunities
from aof.store.sessions import Sessions
from aof.store.templates import Templates
from aof.store.windows import Windows

Replayed = Literal["anew", "known", "gone"]
"""anew: it is on its way. known: each of the events had come before, so nothing is done. gone: there is no such row."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A part, and where it is on its way."""

    seq: int
    part_id: str
    account: str
    address: Address
    cause: Cause
    state: str
    gate: str
    """What holds it; empty unless it is held."""
    code: int
    """The platform's number of a failure, 0 where there is none."""
    reason: str
    attempts: int
    repeated: bool
    """It was sent once more after a request that was never answered."""
    message_id: str
    created_at: datetime
    settled_at: datetime | None
    part: Part | None
    """None where this version can't read it."""
    about: About = ""
    heard_at: datetime | None = None
    """When somebody last wrote in its conversation; None: never."""
    shut_out: bool = False
    """It is dead since its recipient lets nothing of ours through."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What could not be read, or could not be answered."""

    id: str
    """`q<n>`: a webhook, or one item of it, that could not be read. `e<n>`: an event that was buried."""
    account: str
    event_id: str
    reason: str
    received_at: datetime
    raw: bytes
    """As the platform wrote it; of a buried event our own form of it."""


@dataclass(frozen=True, slots=True)
class Paired:
    """A sender who asked to be let in, or was."""

    account: str
    number: str
    user_id: str
    called: str
    """What they call themselves; nobody has checked it."""
    name: str
    """What an operator calls them."""
    state: PairingState
    is_open: bool
    """A code of theirs can still be approved."""
    tries_left: int
    """Wrong codes that theirs bears before it opens nothing any more."""
    asked_at: datetime
    expires_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a person can be written to."""

    conversation: str
    address: Address
    heard_at: datetime | None
    """When they last wrote."""
    window_from: datetime | None = None
    """When they last wrote or called, by the platform's clock: its window counts from here. None: never, or the
    platform said since that it is closed."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What a suspension took away of what was open."""

    ended: tuple[str, ...] = ()
    """Questions that ended: they had asked for it, changed the command, or let it and it was not begun."""
    votes: tuple[str, ...] = ()
    """Questions that stay open, and for which their vote does not count any more."""


class Outbox(Protocol):
    """The ledger of parts."""

    async def parts(
        self, *, states: Collection[str] = (), gate: str = "", seqs: Collection[int] = (), most: int = 100
    ) -> list[OutboxRow]:
        """The newest `most` that fit everything given, the oldest of them first."""
        ...

    async def release(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        """Queue held parts again; return how many were held."""
        ...

    async def retry(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        """Queue dead and failed parts once more; return how many were. Receipts of the former message end none of them,
        unless they prove that it arrived."""
        ...

    async def stopped(self) -> dict[str, str]:
        """Accounts whose platform takes nothing until somebody acts, with the reason."""
        ...

    async def resume(self, account: str, *, by: str, now: datetime) -> bool:
        """Let a stopped account send again; False where it was not stopped."""
        ...

    async def conversation_with(self, account: str, alias: str) -> Conversation | None:
        """Where the person with this number or user id is written to; None where they never wrote."""
        ...

    async def open_conversation(self, account: str, number: str, *, now: datetime) -> str:
        """The conversation with the person of a number in E.164 with plus sign, made where they never wrote."""
        ...

    async def send(self, conversation: str, parts_: Sequence[Part], /, *, by: str, now: datetime) -> list[str]:
        """Queue parts of an operator; return their part ids."""
        ...


class Inbox(Protocol):
    """What came in and could not be answered."""

    async def quarantined(self, *, most: int = 100) -> list[Quarantined]: ...

    async def quarantined_one(self, id_: str) -> Quarantined | None: ...

    async def replay(self, id_: str, events: Sequence[InboundEvent], /, *, by: str, now: datetime) -> Replayed:
        """Take it up again: a buried event is answered anew, what was unreadable is accepted as `events`."""
        ...


class Pairing(Protocol):
    """Who is let in by a code."""

    async def paired(self, *, now: datetime) -> list[Paired]:
        """All that were ever told a code and are kept; `is_open` as of `now`."""
        ...

    async def approve(self, code: str, name: str, *, by: str, now: datetime) -> Paired | None:
        """Let in whoever was told this code; None, and a try less for every open code, where nobody was.

        Raises:
            NameTaken: Somebody else is called so.
        """
        ...

    async def readmit(self, who: str, name: str, *, by: str, now: datetime) -> list[Paired]:
        """Let in again those who were sent away, by name, number or user id, and call them `name` unless it is empty.

        Raises:
            NameTaken: Somebody else is called so now, or whoever is called so is suspended.
        """
        ...

    async def revoke(self, who: str, *, by: str, now: datetime) -> list[Paired]:
        """Send away, by name, number or user id; nothing more is taken from them or sent to them."""
        ...


class People(Protocol):
    """Who may not talk for now, by name."""

    async def standing(self, account: str, sender: Sender) -> Standing:
        """What was decided about a sender."""
        ...

    async def suspended(self) -> dict[str, datetime]: ...

    async def suspend(self, name: str, *, by: str, now: datetime) -> Cut | None:
        """Take nothing from somebody any more, and let nothing that is open rest on them; None where they were
        suspended already."""
        ...

    async def resume_person(self, name: str, *, by: str, now: datetime) -> bool:
        """False where they were not suspended."""
        ...


class Questions(Protocol):
    """What waits for people, decided from a terminal."""

    async def approvals(self, *, most: int) -> list[ApprovalRow]:
        """The newest `most`, the oldest of them first."""
        ...

    async def open_approvals(self) -> list[ApprovalRow]:
        """All that nobody has decided, the oldest first; while no daemon runs some of them may be over their time."""
        ...

    async def approvals_like(self, prefix: str, *, most: int = 2) -> list[ApprovalRow]:
        """Those whose ids begin so, the oldest first."""
        ...

    async def approvals_of_call(self, run: str, call: str) -> list[ApprovalRow]:
        """All questions about one call, the oldest first: each but the last was changed."""
        ...

    async def steps_of(self, run: str) -> list[Step]: ...

    async def decide(
        self,
        id_: str,
        party: Party,
        verdict: Verdict,
        *,
        by: str,
        note: str,
        told: Sequence[Elsewhere],
        now: datetime,
        use_by: datetime,
    ) -> Voted:
        """Count a vote that `by` gives in a person's name; `told` leaves where this very vote decides."""
        ...

    async def refuse_decision(self, id_: str, party: Party, why: str, *, by: str, now: datetime) -> None:
        """Write down that a vote was not taken."""
        ...

    async def switch(self, name: Literal["killswitch"], *, on: bool, by: str, now: datetime) -> bool:
        """Throw a switch for everybody; False where it stood so."""
        ...

    async def thrown(self, name: Literal["killswitch"]) -> Thrown | None:
        """Since when it is on; None where it is off."""
        ...

    async def void_all(self, *, by: str, now: datetime) -> int:
        """End all open questions; return how many."""
        ...


class Audit(Protocol):
    """What was done, row by row."""

    async def audit_verified(self, *, expected: Head | None = None) -> Verified:
        """The whole chain and the facts beside it, up to the first row that was changed or is missing."""
        ...

    async def audit_last(self) -> int:
        """The last number that was given to a row; 0 before the first."""
        ...

    async def audit_rows(
        self,
        *,
        after: int,
        up_to: int,
        since: datetime | None = None,
        until: datetime | None = None,
        kind: str = "*",
        most: int = 500,
    ) -> list[AuditRow]:
        """The first `most` rows behind `after`, up to and with `up_to`, that fit; `kind` is a GLOB."""
        ...


class Upkeep(Protocol):
    """The state of the store itself."""

    path: Path
    """The file."""

    async def counts(self) -> Counts: ...

    async def check(self) -> list[str]:
        """What is wrong with the file or the audit chain; nothing where all is well."""
        ...

    async def sizes(self) -> dict[str, int]:
        """Rows by table, and `bytes` of the file."""
        ...

    async def backup(self, to: Path) -> None:
        """Copy the store, as it is at one moment, into a new file for its owner alone.

        Raises:
            StoreError: The file exists or can't be written.
        """
        ...


class OperatorStore(
    Outbox,
    Inbox,
    Pairing,
    Invitations,
    People,
    Questions,
    Opportunities,
    Templates,
    Windows,
    Audit,
    Upkeep,
    Consent,
    Sessions,
    Protocol,
):
    """All of it."""

    async def close(self) -> None: ...
