"""Staying below a platform's rates by ourselves. Pure: every time is passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aof.platforms.base import Rates
from aof.store.base import EventLease, PartLease

FEW_PAIRS = 1_000
"""Buckets of recipients that are kept without a look at which of them are full again."""
_FASTEST = 6_400
"""Messages in a second; beyond that more at once would save nothing."""


def recipient(lease: EventLease | PartLease) -> str:
    """Whose share of a platform's rates something takes: it counts by chat, whatever topic of it that goes to."""
    return lease.address.chat or lease.conversation


@dataclass(slots=True)
class Bucket:
    """Tokens that refill; at most `capacity` of them."""

    capacity: float
    per_second: float
    tokens: float
    at: datetime
    not_before: datetime | None = None
    """Somebody else's word on when it opens again."""

    def _fill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.at).total_seconds())
        self.tokens = min(self.capacity, self.tokens + passed * self.per_second)
        self.at = max(self.at, now)

    def wait(self, now: datetime) -> timedelta:
        """How long until a token is there."""
        self._fill(now)
        missing = 1 - self.tokens
        refilled = timedelta(seconds=missing / self.per_second) if missing > 1e-9 else timedelta()
        return max(refilled, (self.not_before or now) - now)

    def hold(self, wait: timedelta, now: datetime) -> None:
        """Keep it closed; a wait is never shortened."""
        self.not_before = max(self.not_before or now, now + wait)

    def is_full(self, now: datetime) -> bool:
        """Whether it is as good as none."""
        self._fill(now)
        return self.tokens >= self.capacity and (self.not_before is None or self.not_before <= now)

    def take(self, now: datetime, tokens: float = 1) -> None:
        """Use tokens; what was not asked for beforehand (messages that came in) may leave a debt.

        The debt is one capacity at most: the platform's own count forgets as fast, and a flood, or a day's backlog
        delivered at once, must not silence the number for minutes.
        """
        self._fill(now)
        self.tokens = max(self.tokens - tokens, -self.capacity)


class Pace:
    """The rates of one account: one bucket for the number, one for each person and each group."""

    def __init__(self, rates: Rates, now: datetime) -> None:
        self._rates = rates
        # a second's worth at once, refilled evenly
        self._number = Bucket(rates.per_second, rates.per_second, rates.per_second, now)
        self._pairs: dict[tuple[bool, str], Bucket] = {}
        self._look_at = FEW_PAIRS

    @property
    def begun_at_once(self) -> int:
        """How many requests may be about to be written together: one for each hundred messages in a second.

        A commit takes well under ten milliseconds, so one at a time is enough for a hundred.
        """
        return max(1, int(min(self._rates.per_second, _FASTEST) / 100))

    def number_wait(self, now: datetime) -> timedelta:
        """How long the whole number has to wait."""
        return self._number.wait(now)

    def room(self, now: datetime) -> int:
        """How many messages the number may send at once."""
        if self.number_wait(now) > timedelta():
            return 0
        return max(1, int(self._number.tokens))

    def pair_wait(self, recipient: str, now: datetime, *, group: bool = False) -> timedelta:
        """How long this recipient has to wait: a person, or a group with all its topics."""
        return self._pair(recipient, now, group=group).wait(now)

    def spares(self, recipient: str, tokens: float, now: datetime, *, group: bool = False) -> bool:
        """Whether so many messages could leave to this recipient at once."""
        pair = self._pair(recipient, now, group=group)
        is_free = self.number_wait(now) == timedelta() == pair.wait(now)
        return is_free and min(self._number.tokens, pair.tokens) >= tokens

    def sent(self, recipient: str, now: datetime, *, group: bool = False) -> None:
        """A request left."""
        self._number.take(now)
        self._pair(recipient, now, group=group).take(now)

    def came_in(self, messages: int, now: datetime) -> None:
        """Messages arrived."""
        if self._rates.counts_what_comes_in:
            self._number.take(now, messages)

    def slow_down(self, wait: timedelta, now: datetime) -> None:
        """The platform asked the whole number to wait."""
        self._number.hold(wait, now)

    def slow_pair_down(self, recipient: str, wait: timedelta, now: datetime, *, group: bool = False) -> None:
        """The platform asked that nothing is sent to this recipient for so long."""
        self._pair(recipient, now, group=group).hold(wait, now)

    def _pair(self, recipient: str, now: datetime, *, group: bool) -> Bucket:
        found = self._pairs.get((group, recipient))
        if found is None:
            if len(self._pairs) >= self._look_at:
                self._forget_full(now)
            burst, refill = self._rates.pair_burst, self._rates.pair_refill
            if group:
                burst = burst if self._rates.group_burst is None else self._rates.group_burst
                refill = refill if self._rates.group_refill is None else self._rates.group_refill
            found = Bucket(burst, 1 / refill.total_seconds(), burst, now)
            self._pairs[group, recipient] = found
        return found

    def _forget_full(self, now: datetime) -> None:
        self._pairs = {who: bucket for who, bucket in self._pairs.items() if not bucket.is_full(now)}
        self._look_at = max(FEW_PAIRS, 2 * len(self._pairs))
