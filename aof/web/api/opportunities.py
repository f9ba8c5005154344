"""`/api/operator/opportunities`: what came up, brought by programs, and what became of it."""

import re

from aiohttp import web

from aof.operator.facts import standing, whole
from aof.operator.notifications import KEY
from aof.operator.opportunities import Intake, Wanted
from aof.store.opportunities import Opportunities
from aof.web.answers import error
from aof.web.api.requests import OFF, PREFIX, Refused, body_of, guarded

PATH = f"{PREFIX}operator/opportunities"
_KEY = re.compile(KEY)
_NO_OPERATORS = "there are no operators to decide; write spec.operator.operators and names of spec.people"


class OpportunityRoutes:
    """Takes opportunities in, and tells where they stand.

    Args:
        token: Of programs; None: the API is off.
        intake: None: the API is off.
    """

    def __init__(self, store: Opportunities, intake: Intake | None, token: str | None) -> None:
        self._store = store
        self._intake = intake
        self._token = token if intake is not None else None

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(PATH, guarded(self._token, "opportunities", self.add)),
            web.get(f"{PATH}/{{id}}", guarded(self._token, "opportunity", self.show), allow_head=False),
        ]

    async def add(self, request: web.Request) -> web.Response:
        """202 with the state, also where the very same came before; 409 where something else has its id or key."""
        if self._intake is None:
            return error(503, OFF)
        if not self._intake.operators.names:
            return error(503, _NO_OPERATORS)
        key = _key_of(request)
        wanted = await body_of(request, Wanted)
        kept, row = await self._intake.add(wanted, by="api", key=key)
        if kept == "different":
            return error(409, "another opportunity came under this id or this Idempotency-Key; nothing was kept")
        return web.json_response(standing(row), status=202)

    async def show(self, request: web.Request) -> web.Response:
        """One opportunity with its drafts, all that moved it, and what left because of it."""
        row = await self._store.opportunity(request.match_info["id"])
        if row is None:
            return error(404, "there is no opportunity of this id")
        return web.json_response(await whole(self._store, row))


def _key_of(request: web.Request) -> str:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if _KEY.fullmatch(key) is None:
        raise Refused(error(400, "Idempotency-Key wants 1 to 200 visible characters of ASCII"))
    return key
