"""Time for the simulator: anything with these two methods, or its own clock that can be moved forward."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the simulator asks of a clock."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class RunningClock:
    """Runs like the machine's and jumps when `advance` is called; sleepers whose time has come then wake."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC)
        self._began_monotonic = time.monotonic()
        self._jumped_seconds = 0.0
        self._jump = asyncio.Event()

    def _elapsed_seconds(self) -> float:
        return time.monotonic() - self._began_monotonic + self._jumped_seconds

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._elapsed_seconds())

    async def sleep(self, seconds: float) -> None:
        due = self._elapsed_seconds() + seconds
        while (left := due - self._elapsed_seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._jump.wait()
            except TimeoutError:
                return

    def advance(self, seconds: float) -> None:
        """Jump forward."""
        self._jumped_seconds += seconds
        self._jump.set()
        self._jump = asyncio.Event()
