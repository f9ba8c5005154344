"""A vendor's server: it answers in the vendor's words, and fails as it is told to."""

import asyncio
import json
import ssl
from collections import deque
from types import TracebackType
from typing import Literal, Self

from aiohttp import web

from aof.simulator.model.counts import Count
from tests.vendors.wire import Asked, Call, Said, Wire

KEY = "planted-key-0123456789abcdef"
VENDOR_WORDS = "planted words of the vendor"
LOOK = Call("kubectl", {"command": "get pods"})

Fault = Literal["hang", "drop", "cut"] | int
"""Never answer, break the connection before or within the answer, or refuse with this status."""


class VendorServer:
    """Says that all is well, or looks first where it is asked to."""

    def __init__(self, wire: Wire, tls: ssl.SSLContext | None = None) -> None:
        self._wire = wire
        self._tls = tls
        self.faults: deque[Fault] = deque()
        """Of the requests to come, one of each."""
        self.requests: list[Asked] = []
        self.statuses: list[int] = []
        """Of the answers; 0 for none."""
        self.wrong: list[str] = []
        """What no client of this vendor would send."""
        self.url = ""
        self._came = Count()
        self._gone = Count()
        self._closing = False

    async def came(self, count: int) -> None:
        """Wait until so many requests are here."""
        await self._came.reach(count)

    async def gone(self, count: int) -> None:
        """Wait until so many clients have closed the connection on their request."""
        await self._gone.reach(count)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls)
        await site.start()
        self.url = f"http{'s' if self._tls else ''}://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing = True
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if not self._wire.is_address(request):
            self.wrong.append(f"{request.method} {request.path_qs}")
            return web.Response(status=404)
        if not self._wire.is_allowed(request, KEY):
            return self._refused(401)
        try:
            asked = self._wire.asked(request, json.loads(body))
        except Exception as error:
            self.wrong.append(f"{type(error).__name__}: {error} in {body!r}")
            raise
        self.requests.append(asked)
        self._came.add()
        fault = self.faults.popleft() if self.faults else None
        if isinstance(fault, int):
            return self._refused(fault)
        kind, answer = self._wire.answer(asked, _said(asked))
        if fault is None:
            self.statuses.append(200)
            return self._closing_tls(web.Response(body=answer, headers={"Content-Type": kind}))
        self.statuses.append(0)
        if fault == "hang":
            await self._hang()
        response = web.StreamResponse(headers={"Content-Type": kind})
        if asked.streams:
            response.enable_chunked_encoding()
        else:
            response.content_length = len(answer)
        if fault == "cut":
            await response.prepare(request)
            await response.write(answer[: len(answer) // 2])
        assert request.transport is not None
        request.transport.abort()
        return response

    def _refused(self, status: int) -> web.Response:
        self.statuses.append(status)
        headers, answer = self._wire.error(status, f"{VENDOR_WORDS}, and the key {KEY}")
        headers = {"Retry-After-Ms": "1", **headers}
        return self._closing_tls(web.json_response(answer, status=status, headers=headers))

    def _closing_tls(self, response: web.Response) -> web.Response:
        # asyncio waits long for a peer that does not end TLS in good order, and the loop of a test is gone by then
        if self._tls:
            response.force_close()
        return response

    async def _hang(self) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            if not self._closing:
                self._gone.add()


def _said(asked: Asked) -> Said:
    if asked.results:
        return f"There is {asked.results[-1].count('Running')} pod."
    return LOOK if "look" in asked.text else "All is well."
