"""Answers that come late, cut short, or never."""

import asyncio
from typing import Any

from aiohttp import web

from aof.simulator.clock import Clock
from aof.simulator.wire import Exchange, Wire


class Late:
    """Writes what a fault spoils, and notes on the wire what became of it."""

    def __init__(self, wire: Wire, clock: Clock) -> None:
        self._wire = wire
        self._clock = clock
        self.closing = asyncio.Event()
        """Set when the simulator stops: requests that would never be answered then end."""

    async def write(
        self,
        request: web.Request,
        exchange: Exchange,
        response: web.Response,
        shown: Any,
        *,
        ending: str,
        slow_seconds: float,
    ) -> web.Response:
        """Let a request wait, or end its connection; return what is written to it if it is still there.

        Args:
            shown: The body as the wire shows it.
            ending: `cut` at once, `never`, or else after `slow_seconds` of the simulator's clock.
        """
        if ending == "cut":
            self._wire.close_exchange(exchange, "cut without an answer")
            if request.transport is not None:
                request.transport.abort()
            return response
        outcome = "answered late"
        try:
            if ending == "never":
                outcome = "never answered"
                await self.closing.wait()
            else:
                await self._clock.sleep(slow_seconds)
        except asyncio.CancelledError:
            outcome = "client gave up" if slow_seconds else "never answered"
            raise
        finally:
            is_late = outcome == "answered late"
            self._wire.close_exchange(
                exchange, outcome, response.status if is_late else None, shown if is_late else None
            )
        if outcome == "never answered" and request.transport is not None:
            request.transport.abort()
        return response
