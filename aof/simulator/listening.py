"""Hearing a request out, though whoever wrote it is gone."""

import asyncio
from typing import cast

from aiohttp import web

PATIENCE_SECONDS = 0.5
"""Real seconds between the end of what a client wrote and the end of its connection."""


class _Patient(web.RequestHandler):
    """Carries out what was written before its writer died, as a real server would; aiohttp drops what is not begun."""

    __slots__ = ()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio's protocol takes True: the other half stays open
        asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._let_go)
        return True

    def _let_go(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def listen(runner: web.AppRunner, host: str, port: int) -> tuple[asyncio.Server, int]:
    """Serve a runner that was set up; return what listens, and its port.

    Raises:
        OSError: It can't listen there.
    """
    served = cast("web.Server", runner.server)
    loop = asyncio.get_running_loop()

    def connection() -> _Patient:
        return _Patient(
            served,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # aiohttp itself hands on None
        )

    server = await loop.create_server(connection, host, port, backlog=128)
    bound: int = server.sockets[0].getsockname()[1]
    return server, bound


async def end(listening: asyncio.Server) -> None:
    """Stop listening. asyncio drops a connection, open as it is, if a server closes while it is being accepted."""
    loop = asyncio.get_running_loop()
    for socket in listening.sockets:
        loop.remove_reader(socket.fileno())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    listening.close()
