"""The two ports: one for platforms, one for operators."""

import asyncio
import errno
import os
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Middleware

from aof.logs import get
from aof.web.answers import error, errors_as_json
from aof.web.webhooks import MOST_BYTES

log = get(__name__)

MOST_CONNECTIONS = 400
"""Connections to one port. Systems commonly give a program 1,024 open files; the rest is for the store, for sends, for
programs."""
IDLE_SECONDS = 75.0
"""A connection without a whole request for so long is closed; aiohttp's own hour lets anybody use up the sockets."""


NO_PAGES: Mapping[str, web.Application] = {}


class _Connection(web.RequestHandler):
    """Answers what is no HTTP in our own words; aiohttp's, in its answer and in the log, quote what was sent."""

    __slots__ = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._manager is not None and len(self._manager.connections) > MOST_CONNECTIONS:
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return super().handle_error(request, status, exc, message)
        log.warning("request_refused", status=status, reason=type(exc).__name__)
        refused = error(status, "this is no request in HTTP")
        refused.force_close()
        return refused


class Server:
    """One listening port."""

    def __init__(
        self,
        routes: Sequence[web.RouteDef],
        guards: Sequence[Middleware] = (),
        pages: Mapping[str, web.Application] = NO_PAGES,
    ) -> None:
        app = web.Application(middlewares=[errors_as_json, *guards], client_max_size=MOST_BYTES)
        app.add_routes(routes)
        for place, page in pages.items():
            app.add_subapp(place, page)
        self._runner = web.AppRunner(app, shutdown_timeout=2.0)
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; port 0 takes a free one. Return the port.

        Raises:
            OSError: Something else listens there, or it is no address of this machine; its text names the address.
        """
        await self._runner.setup()
        # there is one from `setup` to `cleanup`
        served = cast("web.Server", self._runner.server)
        loop = asyncio.get_running_loop()

        def connection() -> _Connection:
            # signatures are over the bytes as sent: nothing may be unpacked on the way in
            return _Connection(
                served,
                loop=loop,
                access_log=None,  # type: ignore[arg-type]  # -- aiohttp itself hands on None
                keepalive_timeout=IDLE_SECONDS,
                auto_decompress=False,
            )

        try:
            self._listening = await loop.create_server(connection, host, port, backlog=128)
        except OSError as error:
            # asyncio's own text begins with a number and ends with half of a sentence
            raise OSError(f"can't listen on {host}:{port}: {os.strerror(error.errno or errno.EIO)}") from error
        bound: int = self._listening.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Take no new requests and let those under way end."""
        if self._listening is not None:
            await _end(self._listening)
        await self._runner.cleanup()


async def _end(listening: asyncio.Server) -> None:
    """Stop listening. asyncio drops a connection, open as it is, if a server closes while it is being accepted."""
    loop = asyncio.get_running_loop()
    for socket in listening.sockets:
        loop.remove_reader(socket.fileno())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    listening.close()
