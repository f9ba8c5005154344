"""Time, handed in: the system's, or one that a test or a demo moves."""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the daemon knows of time."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class SteppedClock:
    """A clock that `advance` moves; it stands still otherwise, or with `running` also follows the machine's.

    Sleepers wake when their time has come, in order of their times.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        self._base = start or datetime.now(UTC)
        self._started = time.monotonic()
        self._running = running
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._started)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self.now() + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, next(self._order), woken))
        timer = asyncio.get_running_loop().call_later(seconds, self._wake) if self._running else None
        try:
            await woken
        finally:
            if timer is not None:
                timer.cancel()

    def advance(self, seconds: float) -> None:
        """Move the time forward and wake whoever's time has come."""
        self._base += timedelta(seconds=seconds)
        self._wake()

    def _wake(self) -> None:
        # A running clock and the loop's timer differ by less than a loop iteration's resolution.
        now = self.now() + timedelta(milliseconds=2 if self._running else 0)
        while self._sleepers and self._sleepers[0][0] <= now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
