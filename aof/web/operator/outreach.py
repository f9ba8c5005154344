"""Who agreed to be written to, and opportunities with their drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aiohttp import web

from aof.domain.message import Address
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Names
from aof.web.operator.visit import Asked, Shown, Visit

ON_A_SCREEN = 50


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity, and the newest draft of what would be written."""

    id: str
    title: str
    summary: str
    state: str
    at: datetime
    draft: str


class ReadsOpportunities(Protocol):
    """Where opportunities are kept."""

    async def opportunities(self, *, most: int) -> Sequence[OpportunityRow]: ...


class Outreach:
    """The two screens. Where nothing is kept they say how it would come to be."""

    def __init__(self, frame: Frame, opportunities: ReadsOpportunities | None) -> None:
        self._frame = frame
        self._opportunities = opportunities

    def routes(self) -> list[web.RouteDef]:
        return [self._frame.get("/consent", self.consents), self._frame.get("/drafts", self.drafts)]

    async def consents(self, visit: Visit, _asked: Asked) -> Shown:
        names = await Names.of(visit)
        rows = []
        for one in await visit.desk.store.contacts(most=ON_A_SCREEN):
            address = Address(chat=one.user_id or one.number, number=one.number or None, user_id=one.user_id or None)
            rows.append((one, names.of_address(one.account, address)))
        return Shown("consent.html", {"rows": rows})

    async def drafts(self, _visit: Visit, _asked: Asked) -> Shown:
        rows = await self._opportunities.opportunities(most=ON_A_SCREEN) if self._opportunities else ()
        return Shown("drafts.html", {"rows": rows})
