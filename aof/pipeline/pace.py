"""Staying below a platform's rates by ourselves. Pure: every time is passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aof.platforms.base import Rates

FEW_PAIRS = 1_000
"""Buckets of recipients that are kept without a look at which of them are full again."""
_FASTEST = 6_400
"""Messages in a second; beyond that more at once would save nothing."""


@dataclass(slots=True)
class Bucket:
    """Tokens that refill; at most `capacity` of them."""

    capacity: float
    per_second: float
    tokens: float
    at: datetime

    def _fill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.at).total_seconds())
        self.tokens = min(self.capacity, self.tokens + passed * self.per_second)
        self.at = max(self.at, now)

    def wait(self, now: datetime) -> timedelta:
        """How long until a token is there."""
        self._fill(now)
        missing = 1 - self.tokens
        return timedelta(seconds=missing / self.per_second) if missing > 1e-9 else timedelta()

    def take(self, now: datetime, tokens: float = 1) -> None:
        """Use tokens; what was not asked for beforehand (messages that came in) may leave a debt.

        The debt is one capacity at most: the platform's own count forgets as fast, and a flood, or a day's backlog
        delivered at once, must not silence the number for minutes.
        """
        self._fill(now)
        self.tokens = max(self.tokens - tokens, -self.capacity)


class Pace:
    """The rates of one account: one bucket for the number, one for each recipient."""

    def __init__(self, rates: Rates, now: datetime) -> None:
        self._rates = rates
        # a second's worth at once, refilled evenly
        self._number = Bucket(rates.per_second, rates.per_second, rates.per_second, now)
        self._pairs: dict[str, Bucket] = {}
        self._look_at = FEW_PAIRS
        self._not_before: datetime | None = None

    @property
    def begun_at_once(self) -> int:
        """How many requests may be about to be written together: one for each hundred messages in a second.

        A commit takes well under ten milliseconds, so one at a time is enough for a hundred.
        """
        return max(1, int(min(self._rates.per_second, _FASTEST) / 100))

    def number_wait(self, now: datetime) -> timedelta:
        """How long the whole number has to wait."""
        asked = (self._not_before or now) - now
        return max(asked, self._number.wait(now))

    def room(self, now: datetime) -> int:
        """How many messages the number may send at once."""
        if self.number_wait(now) > timedelta():
            return 0
        return max(1, int(self._number.tokens))

    def pair_wait(self, recipient: str, now: datetime) -> timedelta:
        """How long this recipient has to wait."""
        return self._pair(recipient, now).wait(now)

    def sent(self, recipient: str, now: datetime) -> None:
        """A request left."""
        self._number.take(now)
        self._pair(recipient, now).take(now)

    def came_in(self, messages: int, now: datetime) -> None:
        """Messages arrived."""
        if self._rates.counts_what_comes_in:
            self._number.take(now, messages)

    def slow_down(self, wait: timedelta, now: datetime) -> None:
        """The platform asked the whole number to wait."""
        self._not_before = max(self._not_before or now, now + wait)

    def _pair(self, recipient: str, now: datetime) -> Bucket:
        found = self._pairs.get(recipient)
        if found is None:
            if len(self._pairs) >= self._look_at:
                self._forget_full(now)
            capacity = float(self._rates.pair_burst)
            found = Bucket(capacity, 1 / self._rates.pair_refill.total_seconds(), capacity, now)
            self._pairs[recipient] = found
        return found

    def _forget_full(self, now: datetime) -> None:
        """A full bucket is as good as none."""
        for bucket in self._pairs.values():
            bucket.take(now, 0)
        self._pairs = {who: bucket for who, bucket in self._pairs.items() if bucket.tokens < bucket.capacity}
        self._look_at = max(FEW_PAIRS, 2 * len(self._pairs))
