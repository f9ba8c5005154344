"""Commands that wait for people: the card as the phone has it, and a vote in one's own name."""

from dataclasses import replace
from functools import partial
from typing import get_args

from aiohttp import web

from aof.domain.approval import Party, Verdict
from aof.pipeline.cards import rule_in_words
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import masked
from aof.pipeline.desk.questions import barred, decide, decider, state_of, who_may
from aof.pipeline.parties import shown
from aof.store.approvals import ON_PAGE, ApprovalRow
from aof.texts.calls import command, inert
from aof.web.operator.frame import Frame
from aof.web.operator.visit import Asked, Shown, Visit

DECIDED_SHOWN = 20
LONGEST_NOTE = 500


class Approvals:
    """The list, and one question."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        return [
            self._frame.get("/approvals", self.list),
            self._frame.get("/approvals/{id}", self.one),
            self._frame.post("/approvals/{id}/decide", "operator", self.decide, self.one),
        ]

    async def list(self, visit: Visit, _asked: Asked) -> Shown:
        now, store = visit.desk.now(), visit.desk.store
        open_ = [row for row in await store.open_approvals() if state_of(row, now) == "asked"]
        lately = [row for row in await store.approvals(most=DECIDED_SHOWN) if state_of(row, now) != "asked"]
        values = {"rows": open_, "lately": lately[::-1], "state_of": partial(_state, visit), **_shown()}
        return Shown("approvals.html", values)

    async def one(self, visit: Visit, asked: Asked) -> Shown:
        row = await self._found(visit, asked)
        try:
            _, why = await barred(visit.desk, row, visit.person.name)
        except Refused as refused:
            why = refused.said
        values = {
            "row": row,
            "state": state_of(row, visit.desk.now()),
            "state_of": partial(_state, visit),
            "deciders": [_called(party) for party in await who_may(visit.desk, row)]
            or rule_in_words(row.proposal.approvers),
            "barred": why(visit.language) if why is not None else "",
            "steps": [step for step in await visit.desk.store.steps_of(row.run) if step.call == row.call],
            "typed": asked.typed,
            **_shown(),
        }
        return Shown("approval.html", values)

    async def decide(self, visit: Visit, asked: Asked) -> str:
        """By the person of the session: what their role lets them press counts only where the rule names them."""
        verdict = asked.typed.get("verdict", "")
        if verdict not in get_args(Verdict):
            raise web.HTTPNotFound
        row = await self._found(visit, asked)
        desk = replace(visit.desk, by=ON_PAGE)
        party = await decider(desk, row, visit.person.name)
        note = asked.typed.get("note", "").strip()[:LONGEST_NOTE]
        voted = await decide(desk, row, party, "approve" if verdict == "approve" else "deny", note=note)
        row = voted.row or row
        given = sum(vote.verdict == "approve" for vote in row.votes)
        if verdict == "deny":
            return visit.words.denied()
        return (
            visit.words.approved() if voted.decided else visit.words.vote_counted(given, row.proposal.approvers.needed)
        )

    async def _found(self, visit: Visit, asked: Asked) -> ApprovalRow:
        for row in await visit.desk.store.approvals_like(asked.path["id"], most=1):
            if row.id == asked.path["id"]:
                return row
        raise web.HTTPNotFound


def _state(visit: Visit, row: ApprovalRow) -> str:
    return visit.words.question_state(state_of(row, visit.desk.now()))


def _called(party: Party) -> str:
    return party.name or masked(shown(party))


def _shown() -> dict[str, object]:
    return {
        "called": _called,
        "command": lambda argv: inert(command(argv)),
        "given": lambda row: sum(vote.verdict == "approve" for vote in row.votes),
    }
