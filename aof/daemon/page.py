"""The page for operators on the admin port, where the configuration has one."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from aof.clock import Clock
from aof.daemon.access import access_of
from aof.daemon.assembly import Assembly
from aof.operator.decisions import Decisions
from aof.pipeline.cards import Cards
from aof.pipeline.desk.base import Desk
from aof.platforms.base import AnyPlatform
from aof.store.sqlite import SQLiteStore
from aof.web.health import Reasons

PLACE = "/operator"


def pages_of(
    assembly: Assembly,
    store: SQLiteStore,
    clock: Clock,
    platforms: Mapping[str, AnyPlatform],
    cards: Cards,
    *,
    log_key: str,
    broken: Reasons,
    decisions: Decisions | None = None,
) -> dict[str, web.Application]:
    """Applications by where they are put; none where the configuration has none."""
    spec = assembly.config.spec
    if spec.operator is None or spec.operator.page is None:
        return {}
    from aof.web.operator.page import page  # noqa: PLC0415 -- templates are loaded for nobody who has no page

    access = {account: access_of(assembly, platform) for account, platform in platforms.items()}
    desk = Desk(store, platforms, access, cards, spec.people, "the daemon", clock)
    made = page(
        store,
        clock,
        desk,
        admin=spec.server.admin,
        config=spec.operator.page,
        log_key=log_key,
        broken=broken,
        decisions=decisions,
    )
    return {PLACE: made}


def ways_in(pages: Sequence[str]) -> list[web.RouteDef]:
    """Addresses of pages without the slash lead to them."""

    async def there(request: web.Request) -> web.Response:
        raise web.HTTPSeeOther(f"{request.path}/")

    return [web.get(place, there) for place in pages]
