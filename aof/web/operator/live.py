"""What arrives while somebody looks: a word that something moved, and lines of the log."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from aiohttp import web

from aof.domain.errors import StoreBusy
from aof.logs import RECENT
from aof.web.operator.frame import Frame
from aof.web.operator.visit import VISIT, Asked, Shown, Visit

LOOK_SECONDS = 1.0
"""Between two looks at whether the store was written."""
MURMUR_SECONDS = 15.0
"""A stream that says nothing for longer is cut by proxies."""
MOST_STREAMS = 64
"""Of the connections that the port takes, so many may be streams."""
LINES_SHOWN = 200
WARNINGS = frozenset({"warning", "error", "critical"})


class Live:
    """Streams of server-sent events, and the screen of the log."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._changed = asyncio.Condition()
        self._version = 0
        self._streams = 0
        self._watch: asyncio.Task[None] | None = None
        self._is_closing = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/live", self.moved),
            web.get("/log/lines", self.lines),
            web.get("/new", self.newer),
            self._frame.get("/log", self.log),
        ]

    async def close(self, _app: web.Application) -> None:
        """End every stream, so that the port can be closed at once."""
        self._is_closing = True
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        async with self._changed:
            self._changed.notify_all()

    async def moved(self, request: web.Request) -> web.StreamResponse:
        """`moved` whenever anything was written; who reads it asks for what they show."""
        async with self._stream(request) as answer:
            seen = self._version
            while await self._goes_on(request):
                await self._next()
                if self._version != seen:
                    seen = self._version
                    await answer.write(f"event: moved\ndata: {seen}\n\n".encode())
                else:
                    await answer.write(b": still here\n\n")
        return answer

    async def lines(self, request: web.Request) -> web.StreamResponse:
        """Lines of the log as they are written."""
        after = request.query.get("after", "")
        seen = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else RECENT.last
        async with self._stream(request) as answer:
            while await self._goes_on(request):
                for number, line in RECENT.after(seen):
                    seen = number
                    said = json.dumps(line, ensure_ascii=False, default=str)
                    await answer.write(f"id: {number}\nevent: line\ndata: {said}\n\n".encode())
                await asyncio.sleep(LOOK_SECONDS)
                await answer.write(b": still here\n\n")
        return answer

    async def newer(self, request: web.Request) -> web.Response:
        """How many rows came to a list since it was drawn, as a link that draws it anew."""
        visit = request[VISIT]
        part, heard = request.query.get("part", "0"), request.query.get("heard", "0")
        try:
            count = await self._frame.store.newer(part=int(part), heard=float(heard))
        except (ValueError, OverflowError):
            raise web.HTTPNotFound from None
        shown = Shown("newer.html", {"count": count, "to": "deliveries" if part != "0" else "conversations"})
        return await self._frame.screen(request, visit, shown)

    async def log(self, visit: Visit, asked: Asked) -> Shown:
        only = asked.query.get("only", "")
        lines = RECENT.after(RECENT.last - LINES_SHOWN)
        kept = [(number, line) for number, line in lines if only != "warnings" or line.get("level") in WARNINGS]
        return Shown("log.html", {"lines": kept[::-1], "last": RECENT.last, "only": only})

    @contextlib.asynccontextmanager
    async def _stream(self, request: web.Request) -> AsyncIterator[web.StreamResponse]:
        if self._streams >= MOST_STREAMS:
            raise web.HTTPServiceUnavailable
        self._streams += 1
        if self._watch is None:
            self._watch = asyncio.create_task(self._look(), name="page")
        answer = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        try:
            await answer.prepare(request)
            await answer.write(b"retry: 2000\n\n: here\n\n")
            # whoever looks has gone
            with contextlib.suppress(ConnectionError):
                yield answer
        finally:
            self._streams -= 1

    async def _goes_on(self, request: web.Request) -> bool:
        """Until the daemon stops, or who reads is signed out."""
        return not self._is_closing and await self._frame.visit(request) is not None

    async def _next(self) -> None:
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), MURMUR_SECONDS)

    async def _look(self) -> None:
        last = -1
        while True:
            with contextlib.suppress(StoreBusy):
                version = await self._frame.store.moved()
                if version != last:
                    last, self._version = version, self._version + 1
                    async with self._changed:
                        self._changed.notify_all()
            await asyncio.sleep(LOOK_SECONDS)
