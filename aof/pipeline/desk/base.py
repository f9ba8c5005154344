"""Where an operator sits: the store, with what the configuration says of accounts and people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aof.clock import Clock
from aof.config.people import Person
from aof.domain.approval import Party
from aof.domain.errors import AofError
from aof.domain.message import Sender
from aof.pipeline.admit import Access
from aof.pipeline.cards import Cards
from aof.pipeline.closed_gates import closed_gates
from aof.pipeline.parties import aliases
from aof.platforms.base import AnyPlatform
from aof.store.base import About, Cause
from aof.store.operators import OperatorStore
from aof.texts import desk as texts
from aof.texts.language import Language

Closed = texts.Closed
Said = Callable[[Language], str]
"""A sentence, in the language that is asked for."""


class Refused(AofError):
    """What an operator asked for was not done.

    Attributes:
        said: Why, in a language; the text of the error is in English.
    """

    def __init__(self, said: Said) -> None:
        super().__init__(said(Language.ENGLISH))
        self.said = said


@dataclass(frozen=True, slots=True)
class Desk:
    """What operators work with."""

    store: OperatorStore
    platforms: Mapping[str, AnyPlatform]
    """By account; nothing is sent through them from here."""
    access: Mapping[str, Access]
    cards: Cards
    """Who is asked to decide, and what they read."""
    people: tuple[Person, ...]
    """Of the configuration."""
    by: str
    """Who sits here, for the audit chain."""
    clock: Clock

    def now(self) -> datetime:
        return self.clock.now()

    def gates(self) -> dict[str, str]:
        """Why nothing leaves, by account."""
        return closed_gates(self.platforms)

    @property
    def unseen(self) -> str:
        """Why it can't be seen from here what the daemon's gates are; empty where it can."""
        return ""

    async def may_talk(self, party: Party) -> bool:
        """Whether a person is admitted to an account now, by one of the numbers and ids that they go by."""
        for account, access in self.access.items():
            ids = aliases(party, self.platforms[account].name)
            senders = [Sender(number=one) if one.startswith("+") else Sender(user_id=one) for one in ids]
            # a pairing asks for all that a sender goes by, which stands where they wrote
            written = [await self.store.conversation_with(account, one) for one in ids]
            senders += [one.address.person for one in written if one is not None and not one.address.group]
            for sender in senders:
                if access.admits(sender, await self.store.standing(account, sender)):
                    return True
        return False

    async def names(self) -> dict[tuple[str, str], str]:
        """What those are called who were let in by a code, by account with user id or number."""
        return {
            (row.account, row.user_id or row.number): row.name
            for row in await self.store.paired(now=self.now())
            if row.name and row.state == "approved"
        }

    async def closed_by(
        self, account: str, recipient: Sender, cause: Cause, heard_at: datetime | None, *, about: About = ""
    ) -> Closed | None:
        """Which of the gates of access and consent would hold something for somebody now; None where none would."""
        standing = await self.store.standing(account, recipient)
        return self.access[account].closed(recipient, standing, cause, heard_at, about=about)

    async def closed(
        self, account: str, recipient: Sender, cause: Cause, heard_at: datetime | None, *, about: About = ""
    ) -> str | None:
        """The same in words."""
        closed = await self.closed_by(account, recipient, cause, heard_at, about=about)
        return texts.closed(Language.ENGLISH, closed) if closed is not None else None
