"""`/api/operator/opportunities`: what came up, brought by programs, and what became of it."""

import re
from typing import Any

from aiohttp import web

from aof.operator.notifications import KEY
from aof.operator.opportunities import Intake, Wanted
from aof.store.opportunities import Opportunities, OpportunityRow
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
        return web.json_response(_standing(row), status=202)

    async def show(self, request: web.Request) -> web.Response:
        """One opportunity with its drafts, all that moved it, and what left because of it."""
        row = await self._store.opportunity(request.match_info["id"])
        if row is None:
            return error(404, "there is no opportunity of this id")
        return web.json_response(await whole(self._store, row))


async def whole(store: Opportunities, row: OpportunityRow) -> dict[str, Any]:
    """Everything that is known of an opportunity, for a program."""
    return {
        **_standing(row),
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "contact": {"name": row.contact, "phone": row.phone},
        "by": row.by,
        "history": [
            {"change": move.change, "by": move.by, "at": move.at.isoformat(), "draft": move.draft or None}
            for move in await store.moves_of_opportunity(row.id)
        ],
        "drafts": [
            {
                "id": draft.id,
                "state": draft.state,
                "text": draft.text,
                "written_by": draft.written_by,
                "created_at": draft.created_at.isoformat(),
            }
            for draft in await store.drafts_of(row.id)
        ],
        "deliveries": [
            {"part": one.part, "state": one.state, "gate": one.gate or None, "reason": one.reason or None}
            for one in await store.departures_of(row.id)
        ],
    }


def _standing(row: OpportunityRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "scheduled": row.at.scheduled,
        "draft": row.draft or None,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
    }


def _key_of(request: web.Request) -> str:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if _KEY.fullmatch(key) is None:
        raise Refused(error(400, "Idempotency-Key wants 1 to 200 visible characters of ASCII"))
    return key
