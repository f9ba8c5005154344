"""The two ports: one for platforms, one for operators."""

from collections.abc import Sequence

from aiohttp import web

from aof.web.answers import errors_as_json
from aof.web.webhooks import MOST_BYTES


class Server:
    """One listening port."""

    def __init__(self, routes: Sequence[web.RouteDef]) -> None:
        app = web.Application(middlewares=[errors_as_json], client_max_size=MOST_BYTES)
        app.add_routes(routes)
        # signatures are over the bytes as sent: nothing may be unpacked on the way in
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False, shutdown_timeout=5.0)

    async def start(self, host: str, port: int) -> int:
        """Listen; port 0 takes a free one. Return the port.

        Raises:
            OSError: It can't listen there.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound: int = self._runner.addresses[0][1]
        return bound

    async def stop(self) -> None:
        """Take no new requests and let those under way end."""
        await self._runner.cleanup()
