"""Waiting for work, for a deadline, and for a slot, on the daemon's clock."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from aof.clock import Clock

ResultT = TypeVar("ResultT")

POLL_SECONDS = 1.0
"""Another program may write to the store too: no loop looks away for longer."""


class Bell:
    """Rung when there may be work; whoever waits comes back at once, or at the given time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, until: datetime | None) -> None:
        """Return when rung, when `until` has come, or after `POLL_SECONDS`."""
        seconds = POLL_SECONDS
        if until is not None:
            seconds = min(seconds, max(0.0, (until - self._clock.now()).total_seconds()))
        if not self._rung.is_set() and seconds > 0:
            due = asyncio.ensure_future(self._clock.sleep(seconds))
            due.add_done_callback(self._ring_in_time)
            try:
                await self._rung.wait()
            finally:
                due.cancel()
        self._rung.clear()

    def _ring_in_time(self, due: asyncio.Future[None]) -> None:
        if not due.cancelled():
            self.ring()


async def within(clock: Clock, seconds: float, work: Awaitable[ResultT]) -> ResultT:
    """The result of `work`, which is cancelled when its time is over.

    Raises:
        TimeoutError: It took longer than `seconds` by the clock.
    """
    task = asyncio.ensure_future(work)
    due = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((task, due), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait((task,))
            if task.cancelled():
                raise TimeoutError(f"not done within {seconds:g} s")
        return task.result()
    finally:
        due.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait((task,))
