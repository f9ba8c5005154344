"""What both platforms' simulators are as servers: they listen for as long as they are entered."""

import asyncio
from abc import ABC, abstractmethod
from types import TracebackType
from typing import ClassVar, Self

from aiohttp import web

from aof.simulator.guard import to_the_page
from aof.simulator.listening import end, listen

STOP_SECONDS = 1.0
"""Real seconds that open requests have to end when it stops."""


class Served(ABC):
    """A platform's API, its control API, and what goes on beside them. `start` and `stop`, or `async with`."""

    control_body_most: ClassVar[int]
    """Bytes of a control request; a file travels in base64."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self.url = ""
        """Where it listens, once started, e.g. `http://127.0.0.1:8090`."""

    @abstractmethod
    def _mount(self, app: web.Application) -> None:
        """Add the control API."""

    @abstractmethod
    async def _serve(self, request: web.Request) -> web.StreamResponse:
        """Answer whatever is not for the control API."""

    @abstractmethod
    async def _begin(self) -> None:
        """Start what goes on by itself."""

    @abstractmethod
    async def _finish(self) -> None:
        """End it."""

    @abstractmethod
    def _release(self) -> None:
        """Let go whoever waits for an answer."""

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: It can't listen there.
        """
        app = web.Application(client_max_size=self.control_body_most)
        self._mount(app)
        app.router.add_get("/", to_the_page)
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_shutdown.append(self._let_go)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        await self._begin()
        try:
            self._server, listening = await listen(self._runner, host, port)
        except OSError:
            await self.stop()
            raise
        self.url = f"http://[{host}]:{listening}" if ":" in host else f"http://{host}:{listening}"

    async def stop(self) -> None:
        """End every open request and webhook, and the server."""
        if self._server is not None:
            await end(self._server)
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._finish()

    async def _let_go(self, _app: web.Application) -> None:
        self._release()
        await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
