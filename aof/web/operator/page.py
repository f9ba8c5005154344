"""The page for operators, put together."""

from aiohttp import web
from aiohttp.typedefs import Handler

from aof.clock import Clock
from aof.config.daemon import AdminConfig
from aof.config.page import PageConfig
from aof.operator.decisions import Decisions
from aof.pipeline.desk.base import Desk
from aof.web.guard import Origins
from aof.web.operator.approvals import Approvals
from aof.web.operator.assets import asset
from aof.web.operator.conversations import Conversations
from aof.web.operator.deliveries import Deliveries
from aof.web.operator.frame import Frame, PageStore, templates
from aof.web.operator.guard import guarded
from aof.web.operator.live import Live
from aof.web.operator.naming import Keys
from aof.web.operator.needs import Needs
from aof.web.operator.numbers import Numbers, Reasons
from aof.web.operator.outreach import Outreach
from aof.web.operator.people import People
from aof.web.operator.quarantine import Quarantine
from aof.web.operator.signing import Signing
from aof.web.operator.visit import PREFIX, VISIT

DOORS = frozenset({f"{PREFIX}/sign-in", f"{PREFIX}/enter"})
"""What whoever is not signed in may ask for, beside the page's own files."""


def page(
    store: PageStore,
    clock: Clock,
    desk: Desk,
    *,
    admin: AdminConfig,
    config: PageConfig,
    log_key: str,
    broken: Reasons,
    decisions: Decisions | None = None,
) -> web.Application:
    """The application, to be put below `PREFIX` on the admin port.

    Args:
        log_key: The key of the log's hashes: a conversation is called the same on both.
        broken: What keeps the daemon from its work, by name.
        decisions: About opportunities; None: nobody decides.
    """
    frame = Frame(store, clock, desk, admin, config)
    keys, live = Keys(store, log_key), Live(frame)

    @web.middleware
    async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path not in DOORS and not request.path.startswith(f"{PREFIX}/static/"):
            visit = await frame.visit(request)
            if visit is None:
                if request.method not in ("GET", "HEAD"):
                    raise web.HTTPForbidden
                raise web.HTTPSeeOther(f"{PREFIX}/sign-in")
            request[VISIT] = visit
        return await handler(request)

    app = web.Application(middlewares=[guarded(admin, frame.error), signed_in])
    templates(app)
    app.add_routes(
        [
            web.get("/static/{name}", asset),
            frame.get("/", Needs(frame, keys).view),
            *Signing(frame, Origins(admin.trusted_proxies)).routes(),
            *live.routes(),
            *Conversations(frame, keys).routes(),
            *Deliveries(frame, keys).routes(),
            *Approvals(frame).routes(),
            *People(frame, keys).routes(),
            *Quarantine(frame).routes(),
            *Outreach(frame, decisions).routes(),
            *Numbers(frame, broken).routes(),
        ]
    )
    app.on_shutdown.append(live.close)
    return app
