"""How often somebody may try to sign in."""

from collections import deque
from datetime import datetime, timedelta

MOST_OF_ONE = 5
"""Wrong tokens or links from one address within `LASTS`."""
MOST_OF_ALL = 100
"""From everywhere: a token has 16 characters or more, so this is far from a guess."""
LASTS = timedelta(minutes=10)
MOST_REMEMBERED = 1000


class Attempts:
    """Counts what failed."""

    def __init__(self) -> None:
        self._failed: deque[tuple[datetime, str]] = deque(maxlen=MOST_REMEMBERED)

    def wait(self, origin: str, now: datetime) -> timedelta | None:
        """How long this address has to wait; None where it may try."""
        while self._failed and self._failed[0][0] <= now - LASTS:
            self._failed.popleft()
        own = [at for at, one in self._failed if one == origin]
        if len(own) >= MOST_OF_ONE:
            return own[-MOST_OF_ONE] + LASTS - now
        if len(self._failed) >= MOST_OF_ALL:
            return self._failed[-MOST_OF_ALL][0] + LASTS - now
        return None

    def failed(self, origin: str, now: datetime) -> None:
        self._failed.append((now, origin))
