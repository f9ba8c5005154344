"""Is it alive, and can it do its work."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from aof import __version__
from aof.clock import Clock

Reasons = Callable[[], Awaitable[dict[str, str]]]


class Health:
    """Answers for load balancers and people.

    Args:
        broken: What keeps the daemon from its work, by name; empty when nothing does.
        noted: What an operator should know though everything works.
    """

    def __init__(self, clock: Clock, broken: Reasons, noted: Reasons) -> None:
        self._clock = clock
        self.broken = broken
        self._noted = noted

    def routes(self, *, for_operators: bool) -> list[web.RouteDef]:
        """Only operators are told why: the reasons name accounts and hold the platform's words."""
        ready = self.ready_and_why if for_operators else self.ready
        return [web.get("/", self.service), web.get("/health", self.health), web.get("/ready", ready)]

    async def service(self, _request: web.Request) -> web.Response:
        return web.json_response({"service": "aof", "version": __version__, "status": "running"})

    async def health(self, _request: web.Request) -> web.Response:
        """The process serves requests."""
        return web.json_response({"status": "healthy", "timestamp": self._clock.now().isoformat()})

    async def ready(self, _request: web.Request) -> web.Response:
        """503 while something keeps messages from being kept or sent."""
        return _ready(await self.broken())

    async def ready_and_why(self, _request: web.Request) -> web.Response:
        """The same with reasons, and with what an operator should know."""
        broken = await self.broken()
        return _ready(broken, reasons=broken, notes=await self._noted())


def _ready(broken: dict[str, str], **told: dict[str, str]) -> web.Response:
    body = {"status": "not ready" if broken else "ready", **told}
    return web.json_response(body, status=503 if broken else 200)
