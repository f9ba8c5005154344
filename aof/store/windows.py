"""People whom the platform lets us write to only by a template, and what is parked for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aof.domain.message import Address


@dataclass(frozen=True, slots=True)
class Nudge:
    """The part that asks somebody to write, and where it is."""

    seq: int
    state: str
    gate: str
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClosedWindow:
    """Somebody to whom parts are parked until they write."""

    conversation: str
    account: str
    address: Address
    since: datetime
    """When the first of them was parked, or the last nudge queued."""
    parked: int
    nudge: Nudge | None
    """None: none was configured, or it was erased in its time."""


class Windows(Protocol):
    """The part of a store that knows who has to write first."""

    async def closed_windows(self) -> list[ClosedWindow]:
        """Who waits longest first."""
        ...
