"""`/metrics`: what is counted, and how much is open at this moment."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from aof.domain.delivery import PartState
from aof.metrics import Metrics
from aof.store.base import Counts, EventState

EVENT_STATES: tuple[EventState, ...] = ("new", "running", "parked", "dead")


class Figures:
    """Answers for Prometheus.

    Args:
        counts: Of the store, asked at each scrape.
        platforms: Their names.
        stopped: Those whose platform takes nothing.
        gated: Those whose gate is closed.
    """

    def __init__(
        self,
        metrics: Metrics,
        counts: Callable[[], Awaitable[Counts]],
        *,
        platforms: Iterable[str],
        stopped: Callable[[], set[str]],
        gated: Callable[[], set[str]],
    ) -> None:
        self._metrics = metrics
        self._counts = counts
        self._platforms = tuple(platforms)
        self._stopped = stopped
        self._gated = gated

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/metrics", self.figures)]

    async def figures(self, _request: web.Request) -> web.Response:
        counts, metrics = await self._counts(), self._metrics
        for state in EVENT_STATES:
            metrics.events.labels(state).set(counts.events.get(state, 0))
        for part_state in PartState:
            metrics.parts.labels(part_state).set(counts.parts.get(part_state, 0))
        metrics.in_quarantine.set(counts.quarantined)
        stopped, gated = self._stopped(), self._gated()
        for platform in self._platforms:
            metrics.stopped.labels(platform).set(platform in stopped)
            metrics.gate.labels(platform).set(platform in gated)
        return web.Response(body=metrics.shown(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
