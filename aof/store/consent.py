"""The ledger of consent: who agreed to be written to unasked, who does not want it, when, how, and by what evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from aof.domain.consent import ConsentState, How
from aof.domain.message import Sender
from aof.domain.response import Part
from aof.texts.language import Language

Written = Literal["in", "out", "asked"]
"""A row's state. asked: a request to opt in was queued."""
ASK_AGAIN = timedelta(days=30)
"""Nobody is asked to opt in more often than this."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is written down."""

    state: Written
    how: How
    evidence: str
    """The word itself, or where the consent can be looked up."""
    at: datetime | None = None
    """When it was said; None: now."""
    by: str = ""
    """Who wrote it down; empty: they said it themselves."""
    event: str = ""
    """The event or part that said it."""


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One row of the ledger."""

    seq: int
    account: str
    number: str
    user_id: str
    state: Written
    how: How
    evidence: str
    by: str
    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody stands now."""

    account: str
    number: str
    user_id: str
    """Empty: not known, as the number may be."""
    state: ConsentState | None
    """None: they were asked, and have not answered."""
    row: ConsentRow
    """The one that decides; where none does, the newest."""


@dataclass(frozen=True, slots=True)
class ToWrite:
    """An entry, and whom it is about."""

    account: str
    sender: Sender
    entry: Entry


Refusal = Literal["out", "in", "asked"]
"""Why something is not written. out: they opted out themselves, and only they lift it. in: they agreed already. asked:
they were asked within `ASK_AGAIN`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of entries: all were written, or none."""

    changed: int = 0
    """So many people stand elsewhere than before; the others stood so already."""
    refused: Mapping[int, Refusal] = field(default_factory=dict)
    """By the place of each entry that may not be written; then nothing was."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request to opt in."""

    part_id: str = ""
    refused: Refusal | None = None


class Consent(Protocol):
    """What operators read and write of it."""

    async def contacts(self, *, state: Written | Literal[""] = "", most: int = 1000) -> list[Contact]:
        """Where everybody stands of whom the ledger holds a row, the newest row first."""
        ...

    async def consent_history(self, account: str, sender: Sender) -> list[ConsentRow]:
        """All rows about a person, the oldest first."""
        ...

    async def write_consent(self, entries: Sequence[ToWrite], *, now: datetime) -> Outcome:
        """Write all entries of somebody else than the people themselves, or none."""
        ...

    async def ask_consent(
        self,
        account: str,
        sender: Sender,
        part: Part,
        *,
        language: Language,
        evidence: str,
        by: str,
        now: datetime,
    ) -> Asked:
        """Queue a request to opt in, where its recipient has said nothing and was not asked lately.

        Raises:
            StoreError: They never wrote, and no number of theirs is known.
        """
        ...
