"""How people get in: by a code of theirs that an operator approves, or by one that an operator gave out."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aof.store.base import EventLease

CODE_PLACE = "{code}"
"""Where a kept link has its code."""


class Invitations(Protocol):
    """Codes by which whoever shows one first is let in under a name."""

    async def invite(self, code: str, name: str, *, by: str, expires_at: datetime, now: datetime) -> None:
        """Keep a code; an earlier one for the same name opens nothing any more.

        Raises:
            NameTaken: Somebody is called so, or whoever is called so is suspended.
        """
        ...

    async def invite_links(self) -> dict[str, str]:
        """By account, a link that opens a chat with it and shows a code, which stands in the place of `CODE_PLACE`; of
        accounts that have such links, and whose daemon has been connected once."""
        ...


class Admission(Protocol):
    """The part of a store that lets in whoever wrote."""

    async def ask_pairing(self, lease: "EventLease", code: str, *, now: datetime) -> bool:
        """Keep that the event's sender was told a code; False where they, or too many others, were told one lately."""
        ...

    async def use_invitation(self, lease: "EventLease", code: str, *, now: datetime) -> str:
        """Let in the event's sender, of whom nothing was decided, by an invitation that nobody used before; return the
        name that they have from now on, empty where it lets nobody in."""
        ...

    async def keep_invite_link(self, account: str, link: str) -> None:
        """Let operators know how a link of this account looks that shows a code."""
        ...
