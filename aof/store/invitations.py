"""What operators ask of a store about inviting people."""

from datetime import datetime
from typing import Protocol

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
