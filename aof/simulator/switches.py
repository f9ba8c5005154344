"""What the control APIs of all platforms share: the wire, faults, the clock, the stream of events, the page."""

from collections.abc import Callable

from aiohttp import web

from aof.simulator import page
from aof.simulator.clock import Clock
from aof.simulator.events import Events
from aof.simulator.faults import Faults, WrongFault
from aof.simulator.queries import body_of, newer
from aof.simulator.wire import Wire

PREFIX = "/_sim"
"""Where a control API is mounted."""
LONGEST_JUMP_SECONDS = 366 * 86_400


class Switches:
    """Routes; the contract of each is in the docstring of the platform's control API."""

    def __init__(
        self, wire: Wire, faults: Faults, clock: Clock, events: Events, advance: Callable[[float], None] | None
    ) -> None:
        self._wire = wire
        self._faults = faults
        self._time = clock
        self._events = events
        self._advance = advance

    def routes(self) -> list[web.RouteDef]:
        """To be added last: the page's files have any name."""
        return [
            web.get("/wire", self._exchanges),
            web.get("/faults", self._shown_faults),
            web.put("/faults", self._set_faults),
            web.get("/clock", self._clock),
            web.post("/clock/advance", self._move_clock),
            web.get("/events", self._events.stream),
            web.get("/", page.front),
            web.get("/{file}", page.file),
        ]

    async def _exchanges(self, request: web.Request) -> web.Response:
        found = await newer(request, self._wire)
        return web.json_response({"exchanges": [exchange.shown() for exchange in found], "latest": self._wire.latest})

    async def _shown_faults(self, request: web.Request) -> web.Response:
        return web.json_response(self._faults.shown())

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            self._faults.set(await body_of(request))
        except WrongFault as wrong:
            raise web.HTTPBadRequest(text=str(wrong)) from wrong
        return web.json_response(self._faults.shown())

    async def _clock(self, request: web.Request) -> web.Response:
        now = self._time.now()
        return web.json_response({"now": now.isoformat(), "can_advance": self._advance is not None})

    async def _move_clock(self, request: web.Request) -> web.Response:
        seconds = (await body_of(request)).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_JUMP_SECONDS:
            raise web.HTTPBadRequest(text=f"seconds is a number above 0, at most {LONGEST_JUMP_SECONDS}.")
        if self._advance is None:
            raise web.HTTPConflict(text="This simulator runs on a clock that it can't move.")
        self._advance(seconds)
        return await self._clock(request)
