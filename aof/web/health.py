"""Is it alive, and can it do its work."""

from collections.abc import Callable

from aiohttp import web

from aof import __version__
from aof.clock import Clock

Reasons = Callable[[], "dict[str, str]"]


class Health:
    """Answers for load balancers and people.

    Args:
        broken: What keeps the daemon from its work, by name; empty when nothing does.
        noted: What an operator should know though everything works.
    """

    def __init__(self, clock: Clock, broken: Reasons, noted: Reasons) -> None:
        self._clock = clock
        self._broken = broken
        self._noted = noted

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self.service), web.get("/health", self.health), web.get("/ready", self.ready)]

    async def service(self, _request: web.Request) -> web.Response:
        return web.json_response({"service": "aof", "version": __version__, "status": "running"})

    async def health(self, _request: web.Request) -> web.Response:
        """The process serves requests."""
        return web.json_response({"status": "healthy", "timestamp": self._clock.now().isoformat()})

    async def ready(self, _request: web.Request) -> web.Response:
        """503 with reasons while something keeps messages from being kept or sent."""
        broken = self._broken()
        body = {"status": "ready" if not broken else "not ready", "reasons": broken, "notes": self._noted()}
        return web.json_response(body, status=503 if broken else 200)
