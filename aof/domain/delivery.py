"""The states of a part on its way to a phone, and when to try again. Pure.

queued ──▶ sending ──▶ sent ──▶ delivered ──▶ read
  ▲ │         │  ╲       ╲
  │ ▼         ▼   ╲       ▼
 held ◀── uncertain ╲──▶ failed        (a later proof of delivery still moves a failed row up)
                      ╲
                       ▶ dead

A part that the gate `window` holds goes back to queued when its person writes; so does, once, one of which a receipt
says that the window was closed.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from aof.domain.errors import SendDeferred
from aof.domain.message import ReceiptState


class PartState(StrEnum):
    """Where a part is."""

    QUEUED = "queued"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    """The request was written and nobody knows whether it was carried out."""
    HELD = "held"
    """A gate is closed, or an operator has to decide."""
    DEAD = "dead"
    """The platform will never take it."""
    SENT = "sent"
    FAILED = "failed"
    """The platform took it and could not deliver it."""
    DELIVERED = "delivered"
    READ = "read"


OPEN_PARTS = frozenset({PartState.QUEUED, PartState.SENDING, PartState.UNCERTAIN})
"""A part in one of these keeps the later parts of its conversation waiting."""

Remedy = Literal[
    "account", "again", "marketing", "shut_out", "template", "test_number", "unreachable", "window", "unknown"
]
"""What helps a part that was refused or not delivered; unknown: somebody has to read the platform's words."""

RANK: dict[PartState, int] = {
    PartState.QUEUED: 0,
    PartState.HELD: 0,
    PartState.SENDING: 1,
    PartState.UNCERTAIN: 1,
    PartState.DEAD: 1,
    PartState.SENT: 2,
    PartState.FAILED: 3,
    PartState.DELIVERED: 4,
    PartState.READ: 5,
}
"""A receipt moves a row to a higher rank or not at all. Delivered stands above failed: with several devices, or a
second copy, the platform may report both, and what reached a phone was not lost."""

STATE_OF_RECEIPT: dict[ReceiptState, PartState] = {
    "sent": PartState.SENT,
    "delivered": PartState.DELIVERED,
    "read": PartState.READ,
    "played": PartState.READ,
    "failed": PartState.FAILED,
}


def raised(state: PartState, receipt: ReceiptState) -> PartState:
    """The state after a receipt, whatever the order and repetition of receipts."""
    reported = STATE_OF_RECEIPT[receipt]
    return reported if RANK[reported] > RANK[state] else state


def next_attempt(attempt: int, error: SendDeferred, *, spread: float = 0.0) -> timedelta:
    """How long to wait before the next attempt.

    Args:
        attempt: How many attempts were deferred before this one: 0 at the first refusal.
        error: What the platform answered; its own wait is never shortened.
        spread: 0 to 1, moves the wait up by at most a quarter so that many waits do not end at once.
    """
    backoff = error.backoff
    # 64 doublings pass every cap; a float would overflow long after
    grown = backoff.first.total_seconds() * backoff.factor ** min(attempt, 64)
    seconds = min(grown, backoff.longest.total_seconds()) * (1 + spread / 4)
    if error.wait is not None:
        seconds = max(seconds, error.wait.total_seconds())
    return timedelta(seconds=seconds)
