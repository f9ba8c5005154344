"""Token buckets for Meta's two rates of sending."""

from dataclasses import dataclass, field
from datetime import datetime

PAIR_BURST = 45
"""Messages that one user may get at once, borrowed from the future (Meta, Messaging limits: up to 45 in 6 s)."""
PAIR_SECONDS = 6.0
"""One message to the same user every 6 s in the long run."""


@dataclass(slots=True)
class Bucket:
    """Full at first; refills evenly."""

    capacity: float
    per_second: float
    _tokens: float = field(init=False)
    _at: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._tokens = self.capacity

    def level(self, now: datetime) -> float:
        """Tokens in it at that time."""
        if self._at is not None:
            self._tokens = min(self.capacity, self._tokens + (now - self._at).total_seconds() * self.per_second)
        self._at = now
        return self._tokens

    def has(self, now: datetime) -> bool:
        # A refill of sixths adds up to a little less than 1 in binary fractions.
        return self.level(now) >= 1 - 1e-6

    def take(self, now: datetime) -> None:
        """Take one, if need be on credit down to zero: what comes in counts but is never refused."""
        self._tokens = max(0.0, self.level(now) - 1)


def pair_bucket() -> Bucket:
    return Bucket(PAIR_BURST, 1 / PAIR_SECONDS)


def throughput_bucket(per_second: int) -> Bucket:
    return Bucket(per_second, per_second)
