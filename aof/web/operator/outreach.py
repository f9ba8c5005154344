"""Who agreed to be written to, and opportunities with their drafts, decided here by the same rules as on a phone."""

import secrets
from typing import cast, get_args

from aiohttp import web

from aof.domain.approval import Party
from aof.domain.message import Address
from aof.domain.opportunity import ABOUT_DRAFT, MOST_DRAFT, Change, OpportunityState, after
from aof.operator.decisions import Decisions
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import masked
from aof.store.opportunities import OpportunityRow
from aof.texts import desk as desk_texts
from aof.texts.page import opportunities as texts
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Names
from aof.web.operator.visit import Asked, Shown, Visit

ON_A_SCREEN = 50
WAITING: tuple[OpportunityState, ...] = ("open", "approval_required")
LONGEST_EVENT = 40
BUTTONS: tuple[Change, ...] = ("draft", "accept", "approve", "rewrite", "schedule", "skip", "cancel")
"""In the order of the screen."""
DONE = frozenset({"decided", "changed"})
"""Words of an outcome that moved something."""


class Outreach:
    """The screens.

    Args:
        decisions: None: nobody decides about opportunities here.
    """

    def __init__(self, frame: Frame, decisions: Decisions | None) -> None:
        self._frame = frame
        self._decisions = decisions

    def routes(self) -> list[web.RouteDef]:
        frame = self._frame
        return [
            frame.get("/consent", self.consents),
            frame.get("/drafts", self.list),
            frame.get("/drafts/{id}", self.one),
            frame.post("/drafts/{id}/decide", "operator", self.decide, self.one),
        ]

    async def consents(self, visit: Visit, _asked: Asked) -> Shown:
        names = await Names.of(visit)
        rows = []
        for one in await visit.desk.store.contacts(most=ON_A_SCREEN):
            address = Address(chat=one.user_id or one.number, number=one.number or None, user_id=one.user_id or None)
            rows.append((one, names.of_address(one.account, address)))
        return Shown("consent.html", {"rows": rows})

    async def list(self, visit: Visit, _asked: Asked) -> Shown:
        """What waits first, and then what was decided lately."""
        store = visit.desk.store
        waiting = await store.opportunities(states=WAITING, most=ON_A_SCREEN)
        others = [row for row in await store.opportunities(most=ON_A_SCREEN) if row.state not in WAITING]
        return Shown("drafts.html", {"rows": waiting, "lately": others[::-1], "masked": masked})

    async def one(self, visit: Visit, asked: Asked) -> Shown:
        row = await self._found(visit, asked)
        drafts = await visit.desk.store.drafts_of(row.id)
        newest = next((draft for draft in drafts if draft.id == row.draft), None)
        number = newest.number if newest is not None else 0
        barred = await self._barred(visit)
        values = {
            "row": row,
            "draft": newest,
            "moves": await visit.desk.store.moves_of_opportunity(row.id),
            "departures": await visit.desk.store.departures_of(row.id),
            "may": [] if barred else [one for one in BUTTONS if after(row.at, one, number) is not None],
            "barred": barred,
            "phone": masked(row.phone),
            "most": MOST_DRAFT,
            "event": secrets.token_hex(8),
            "typed": asked.typed,
        }
        return Shown("draft.html", values)

    async def decide(self, visit: Visit, asked: Asked) -> str:
        """By the person of the session; what they press counts only where the configuration names them."""
        change = asked.typed.get("change", "")
        if self._decisions is None or change not in get_args(Change):
            raise web.HTTPNotFound
        if barred := await self._barred(visit):
            raise Refused(lambda _language: barred)
        row = await self._found(visit, asked)
        # what is decided is the draft that was on the screen
        draft = await visit.desk.store.draft(asked.typed.get("draft", "")) if change in ABOUT_DRAFT else None
        if change in ABOUT_DRAFT and (draft is None or draft.opportunity != row.id):
            raise web.HTTPNotFound
        if change == "approve" and draft is not None and not _is_same(asked.typed.get("text", draft.text), draft.text):
            # who changed the text and presses Approve means the text that they see
            raise Refused(texts.keep_it_first)
        outcome = await self._decisions.decide(
            row,
            cast("Change", change),
            visit.person.name,
            event=f"page-{asked.typed.get('event', '')[:LONGEST_EVENT]}",
            draft=draft,
            text=asked.typed.get("text", ""),
            via="page",
        )
        if outcome.word not in DONE:
            raise Refused(lambda _language: outcome.response.text)
        return visit.words.named("moved", change)

    async def _barred(self, visit: Visit) -> str:
        """Why the person of the session decides nothing about opportunities; empty where they may."""
        name = visit.person.name
        if self._decisions is None or not self._decisions.operators.admits(Party(key=f"person:{name}", name=name)):
            return texts.no_operator(visit.language, name)
        if name in await visit.desk.store.suspended():
            return desk_texts.is_suspended(visit.language, name)
        return ""

    async def _found(self, visit: Visit, asked: Asked) -> OpportunityRow:
        row = await visit.desk.store.opportunity(asked.path["id"])
        if row is None:
            raise web.HTTPNotFound
        return row


def _is_same(typed: str, text: str) -> bool:
    """A form ends its lines in its own way."""
    return typed.split() == text.split()
