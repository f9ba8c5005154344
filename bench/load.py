"""The load: signed webhooks over kept-alive connections, from one event loop on a core of its own.

Closed: each connection sends its next request when the answer to the last is there; what is measured is how many the
server takes. Open: requests are due at fixed instants whether or not the server keeps up, and a latency counts from the
instant at which its request was due, so that a server that stalls cannot slow down whoever measures it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from bench.wire import Broken, Framed

CONNECTIONS = 64


class _Line(Framed):
    """One connection to the server."""

    def __init__(self, answered: Callable[["_Line", int], None], lost: Callable[[], None]) -> None:
        super().__init__()
        self._answered = answered
        self._lost = lost
        self.due = 0.0

    def arrived(self, head: bytes, body: bytes) -> None:
        self._answered(self, int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()


@dataclass(slots=True)
class Outcome:
    """What became of a load."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds until the 200."""
    refused: int = 0
    """Answers other than 200."""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


class Load:
    """Opens connections to one port of this machine and sends over them; what finds no free one waits for the next."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lines: list[_Line] = []
        self._free: deque[_Line] = deque()
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._open = 0
        self._outcome = Outcome()
        self._began = 0.0
        self._then: Callable[[], None] = _nothing
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._closing = False

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int, connections: int = CONNECTIONS) -> AsyncIterator["Load"]:
        load, loop = cls(port), asyncio.get_running_loop()
        try:
            for _ in range(connections):
                _, line = await loop.create_connection(lambda: _Line(load._answered, load._lost), "127.0.0.1", port)
                load._lines.append(line)
            load._free.extend(load._lines)
            yield load
        finally:
            load._closing = True
            for line in load._lines:
                line.transport.abort()

    async def closed(self, requests: Iterator[bytes], *, most: int | None = None, seconds: float = 3600.0) -> Outcome:
        """Send as fast as answers come, for so long or so many."""
        self.begin()
        ends, left = perf_counter() + seconds, most if most is not None else 1 << 60

        def following() -> None:
            nonlocal left
            if left and perf_counter() < ends:
                left -= 1
                self.offer(next(requests))

        self._then = following
        for _ in range(len(self._lines)):
            following()
        return await self.end()

    async def open(self, source: Callable[[], bytes], *, per_second: float, seconds: float) -> Outcome:
        """Send so many each second, however long the answers take."""
        self.begin()
        for n in range(round(per_second * seconds)):
            due = self._began + n / per_second
            if (early := due - perf_counter()) > 0:
                # may wake late, and then the latency that counts from `due` is too long, never too short
                await asyncio.sleep(early)
            self.offer(source(), due)
            if n % 16 == 15:
                # answers are read in time even where the load itself is late
                await asyncio.sleep(0)
        return await self.end()

    def begin(self) -> None:
        """Count anew."""
        self._outcome = Outcome()
        self._then = _nothing
        self._began = perf_counter()

    def offer(self, request: bytes, due: float = 0.0) -> None:
        """Send over a free connection, or over the first that becomes free."""
        self._open += 1
        due = due or perf_counter()
        if self._free:
            self._send(self._free.popleft(), due, request)
        else:
            self._waiting.append((due, request))

    async def end(self) -> Outcome:
        """What became of all since `begin`, when every answer is there."""
        self._ended = asyncio.get_running_loop().create_future()
        if self._open:
            await self._ended
        self._outcome.seconds = perf_counter() - self._began
        return self._outcome

    @staticmethod
    def _send(line: _Line, due: float, request: bytes) -> None:
        line.due = due
        line.transport.write(request)

    def _answered(self, line: _Line, code: int) -> None:
        if code == 200:
            self._outcome.latencies.append(perf_counter() - line.due)
        else:
            self._outcome.refused += 1
        self._open -= 1
        if self._waiting:
            self._send(line, *self._waiting.popleft())
        else:
            self._free.append(line)
        self._then()
        if not self._open and not self._ended.done():
            self._ended.set_result(None)

    def _lost(self) -> None:
        if not self._closing and not self._ended.done():
            self._ended.set_exception(Broken("the server closed a connection under load"))


def _nothing() -> None:
    return
