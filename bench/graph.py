"""A stand-in for the Graph API that takes every message at once: the same one for every contestant.

It checks nothing: how Meta judges a request is the simulator's business, and would cost the load's core more than the
contestants cost theirs.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bench.wire import Framed

_IDS = itertools.count()

Call = Callable[[str, bytes], None]
"""Told of each message that was sent: the id that it was given, and the body that asked for it."""


class _Connection(Framed):
    def __init__(self, graph: "Graph") -> None:
        super().__init__()
        self._graph = graph

    def arrived(self, head: bytes, body: bytes) -> None:
        wamid = f"wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI{next(_IDS):012}"
        answer = (
            '{"messaging_product":"whatsapp","contacts":[{"input":"4915100000000","wa_id":"4915100000000"}],'
            f'"messages":[{{"id":"{wamid}"}}]}}'
        ).encode()
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )
        self._graph.took(wamid, body)


class Graph:
    """Counts what it takes."""

    def __init__(self) -> None:
        self.port = 0
        self.calls = 0
        self.told: Call = lambda _wamid, _body: None
        self._awaited = 0
        self._reached: asyncio.Future[None] | None = None

    @classmethod
    @asynccontextmanager
    async def listening(cls) -> AsyncIterator["Graph"]:
        graph = cls()
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(graph), "127.0.0.1", 0)
        graph.port = server.sockets[0].getsockname()[1]
        try:
            yield graph
        finally:
            server.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def took(self, wamid: str, body: bytes) -> None:
        self.calls += 1
        self.told(wamid, body)
        if self._reached is not None and self.calls >= self._awaited and not self._reached.done():
            self._reached.set_result(None)

    async def until(self, calls: int, *, within_seconds: float) -> None:
        """Wait until so many calls have come in all.

        Raises:
            TimeoutError: They have not.
        """
        self._awaited = calls
        self._reached = asyncio.get_running_loop().create_future()
        if self.calls < calls:
            async with asyncio.timeout(within_seconds):
                await self._reached
