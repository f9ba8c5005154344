"""Where platforms deliver: verified over the raw bytes, kept on disk, and only then acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from aiohttp import web

from aof.logs import get
from aof.metrics import Metrics
from aof.pipeline.receive import Receiver
from aof.platforms.base import AnyPlatform, Connects
from aof.web.answers import error
from aof.web.guard import Origins

log = get(__name__)

MOST_BYTES = 4 * 1024 * 1024
"""Of one webhook; Meta sends up to 3 MB."""
SMALL_BYTES = 256 * 1024
"""Most webhooks are far smaller. Of larger bodies `MOST_LARGE` are read at once: nobody has shown a signature yet, so
whoever opens connections could otherwise fill the memory."""
MOST_LARGE = 8
"""Bodies beyond `SMALL_BYTES` that are read at the same time."""
BODY_SECONDS = 30.0
"""A body that takes longer is not waited for."""
Taken = Callable[[bytes, web.Request], Awaitable[web.Response]]
"""Keeps a verified body, and answers for it."""
NOBODY: Mapping[str, Taken] = {}
_ACCEPTED = b'{"status": "accepted"}'


class Webhooks:
    """The routes of all platforms, by name.

    Args:
        takes: What answers for a platform's bodies in place of "accepted", by its name.
    """

    def __init__(
        self,
        platforms: Mapping[str, AnyPlatform],
        receiver: Receiver,
        *,
        origins: Origins,
        metrics: Metrics,
        takes: Mapping[str, Taken] = NOBODY,
    ) -> None:
        self._platforms = platforms
        self._receiver = receiver
        self._origins = origins
        self._metrics = metrics
        self._takes = takes
        self._large = asyncio.Semaphore(MOST_LARGE)

    def routes(self) -> list[web.RouteDef]:
        # a path for each, and not one with a variable: the router looks those up, and searches for these
        return [
            route
            for name, platform in self._platforms.items()
            for path in (f"/webhook/{name}", f"/webhooks/{name}")
            for route in (
                web.get(path, partial(self.verify, platform), allow_head=False),
                web.post(path, partial(self.deliver, platform)),
            )
        ]

    async def verify(self, platform: AnyPlatform, request: web.Request) -> web.Response:
        """The handshake by which a platform checks that this address is ours."""
        query = request.query
        challenge = platform.verify_webhook(
            query.get("hub.mode", ""), query.get("hub.verify_token", ""), query.get("hub.challenge", "")
        )
        if challenge is None:
            self._refuse(request, platform, "wrong verify token")
            return error(403, "the verify token is not the one of this platform's configuration")
        return web.Response(text=challenge, content_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    async def deliver(self, platform: AnyPlatform, request: web.Request) -> web.Response:
        """One webhook. 200 is said only after its events are on disk."""
        signature = request.headers.get(platform.signature_header, "")
        if not signature:
            self._refuse(request, platform, "no signature")
            return error(401, "the webhook is not signed")
        try:
            payload = await self._whole(request)
        except TimeoutError:
            self._refuse(request, platform, "a slow body")
            return error(408, "the body took too long")
        except (web.RequestPayloadError, ConnectionError):
            self._refuse(request, platform, "a broken body")
            return error(400, "the body ended early, or its chunks are broken")
        if not platform.verify_signature(payload, signature, request.headers):
            self._refuse(request, platform, "wrong signature", bytes=len(payload))
            return error(401, "the signature does not fit the body")
        if isinstance(platform, Connects) and not platform.is_connected:
            return error(503, "this platform is not connected yet; send it again", **{"Retry-After": "5"})
        if (take := self._takes.get(platform.name)) is not None:
            return await take(payload, request)
        await self._receiver.receive(platform, payload, request.headers)
        return web.Response(body=_ACCEPTED, content_type="application/json", charset="utf-8")

    def _refuse(self, request: web.Request, platform: AnyPlatform, reason: str, **more: int) -> None:
        self._metrics.refused.labels(reason).inc()
        log.warning("webhook_refused", platform=platform.name, reason=reason, remote=self._origins.of(request), **more)

    async def _whole(self, request: web.Request) -> bytes:
        if request.content.is_eof() and (request.content_length or MOST_BYTES) <= SMALL_BYTES:
            # most bodies come with their headers: nothing has to be waited for
            return await request.read()
        async with asyncio.timeout(BODY_SECONDS):
            return await self._read(request)

    async def _read(self, request: web.Request) -> bytes:
        length = request.content_length
        if length is not None and length <= SMALL_BYTES:
            return await request.read()
        async with self._large:
            return await request.read()
