"""Answers that are kept back until a test lets them go."""

import asyncio

from aof.simulator.model.asked import Asked


class Held:
    """One answer that is kept back."""

    def __init__(self, after: int | None) -> None:
        self.after = after
        """How many events of a stream go out first; `None`: nothing does, no header either."""
        self._asked: Asked | None = None
        self._reached = asyncio.Event()
        self._released = asyncio.Event()

    async def reached(self) -> Asked:
        """Wait until a request has come and its answer is kept back here; return the request."""
        await self._reached.wait()
        assert self._asked is not None  # noqa: S101 -- set before the event
        return self._asked

    def release(self) -> None:
        """Let the answer go on."""
        self._released.set()

    async def stay(self, asked: Asked) -> None:
        """The server's side: wait here until the answer may go on."""
        self._asked = asked
        self._reached.set()
        await self._released.wait()
