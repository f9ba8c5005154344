"""The platforms that are switched on: made, and listened to."""

from collections.abc import Mapping

from aiohttp import ClientSession
from aiohttp.web import RouteDef

from aof.clock import Clock
from aof.daemon.assembly import Assembly
from aof.metrics import Metrics
from aof.pipeline.receive import Receiver
from aof.pipeline.watch import Watch
from aof.platforms.base import AnyPlatform, KeepsTime
from aof.store.answers import Answers
from aof.web.asking import Asking
from aof.web.guard import Origins
from aof.web.webhooks import Webhooks


def platforms_of(assembly: Assembly, http: ClientSession, clock: Clock) -> dict[str, AnyPlatform]:
    """Each of them, by name."""
    made = {name: platform(assembly.config.spec.platforms[name], http) for name, platform in assembly.platforms.items()}
    for platform in made.values():
        if isinstance(platform, KeepsTime):
            platform.keep_time(clock.now)
    return made


def routes_of(
    assembly: Assembly,
    platforms: Mapping[str, AnyPlatform],
    receiver: Receiver,
    store: Answers,
    watch: Watch,
    clock: Clock,
    metrics: Metrics,
) -> list[RouteDef]:
    """Where they deliver, and where programs ask."""
    origins = Origins(assembly.config.spec.server.trusted_proxies)
    asking = Asking(platforms, receiver, store, watch, clock, origins=origins, metrics=metrics)
    webhooks = Webhooks(platforms, receiver, origins=origins, metrics=metrics, takes=asking.takes)
    return [*webhooks.routes(), *asking.routes()]
