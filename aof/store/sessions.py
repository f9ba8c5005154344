"""What the page for operators asks of a store: who is signed in, and what is written down of what they look at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        digest: Of what their browser holds.
        language: The one they chose; empty: what the browser asks for.
        theme: The one they chose; empty: what the system asks for.
    """

    digest: str
    person: str
    language: str
    theme: str
    created_at: datetime
    expires_at: datetime


class Sessions(Protocol):
    """Who is signed in. Every secret is handed over as its digest."""

    async def sign_in(self, person: str, digest: str, *, now: datetime, expires_at: datetime) -> None:
        """Begin a session, with which those that are over are erased."""
        ...

    async def keep_link(self, person: str, digest: str, *, by: str, now: datetime, expires_at: datetime) -> None:
        """Let somebody sign in once by a link."""
        ...

    async def link(self, digest: str, *, now: datetime) -> str | None:
        """Whom a link would sign in; None where it is unknown, used or over."""
        ...

    async def enter(self, link: str, digest: str, *, now: datetime, expires_at: datetime) -> str | None:
        """Use a link up and begin a session; return whose. None: it is unknown, used or over."""
        ...

    async def session(self, digest: str, *, now: datetime) -> Session | None: ...

    async def sessions(self, *, now: datetime) -> list[Session]:
        """All that are not over, the newest first."""
        ...

    async def prefer(self, digest: str, *, language: str, theme: str) -> None:
        """Keep how somebody wants to see the page."""
        ...

    async def sign_out(self, digest: str, *, by: str, now: datetime) -> bool:
        """End one session; False where there is none."""
        ...

    async def end_sessions(self, person: str, *, by: str, now: datetime) -> int:
        """End all sessions of a person, and take back their links; return how many sessions."""
        ...

    async def opened(self, what: str, subject: str, *, by: str, now: datetime) -> None:
        """Write down that somebody looked at what is hidden otherwise."""
        ...
