"""Deciding about a command away from the phone: by the same rules, in a person's name."""

from datetime import datetime
from functools import partial
from typing import NoReturn

from aof.domain.approval import USABLE_FOR, Party, Verdict, bar
from aof.pipeline.desk.base import Desk, Refused, Said
from aof.store.approvals import ApprovalRow, Voted, in_whose_name
from aof.texts import desk as texts
from aof.texts.language import Language

_BARRED = {"stranger": texts.not_asked, "requester": texts.asked_for_it, "editor": texts.changed_it}


def state_of(row: ApprovalRow, now: datetime) -> str:
    """As it is, also where no daemon runs to write down that its time is over."""
    return "lapsed" if row.state == "asked" and row.expires_at <= now else row.state


def how_it_ended(row: ApprovalRow, now: datetime) -> Said:
    by = row.decided_by if row.decided_by != "expired" else ""
    return partial(
        texts.question_ended, state=state_of(row, now), by=by, at=row.decided_at, superseded_by=row.superseded_by
    )


async def who_may(desk: Desk, row: ApprovalRow) -> list[Party]:
    """Whom the rule names by name and nothing bars."""
    suspended = await desk.store.suspended()
    editor = row.editor.key if row.editor else ""
    return [
        party
        for party in desk.cards.parties.who_may(row.proposal.approvers)
        if party.name not in suspended and bar(row.proposal, party, editor=editor) is None
    ]


async def barred(desk: Desk, row: ApprovalRow, name: str) -> tuple[Party, Said | None]:
    """A person of the configuration as a voter, and what keeps them from voting.

    Raises:
        Refused: The configuration has nobody of that name.
    """
    people = {known.name: known.party for known in desk.cards.parties.known}
    party, now = people.get(name), desk.now()
    if party is None:
        raise Refused(partial(texts.nobody_called, name=name, known=sorted(people)))
    why: Said | None = None
    if kept := bar(row.proposal, party, editor=row.editor.key if row.editor else ""):
        why = partial(_BARRED[kept], name=name)
    elif name in await desk.store.suspended():
        why = partial(texts.is_suspended, name=name)
    elif not await desk.may_talk(party):
        why = partial(texts.may_not_talk, name=name)
    elif state_of(row, now) != "asked":
        why = how_it_ended(row, now)
    elif any(vote.party == party.key for vote in row.votes):
        why = partial(texts.has_voted, name=name)
    return party, why


async def decider(desk: Desk, row: ApprovalRow, name: str) -> Party:
    """The person who is to have voted, if they may.

    Raises:
        Refused: They may not, or there is nothing to decide any more; that is written down.
    """
    party, why = await barred(desk, row, name)
    if why is not None:
        await _refuse(desk, row, party, why)
    return party


async def decide(desk: Desk, row: ApprovalRow, party: Party, verdict: Verdict, *, note: str) -> Voted:
    """Give a person's vote; where it decides, those who were asked are told.

    Raises:
        Refused: Somebody was faster; that is written down.
    """
    now, who = desk.now(), in_whose_name(party.name, desk.by)
    told = await desk.cards.outcome(row, "approved" if verdict == "approve" else "denied", who, now)
    voted = await desk.store.decide(
        row.id, party, verdict, by=desk.by, note=note, told=told, now=now, use_by=now + USABLE_FOR
    )
    if not voted.counted:
        row = voted.row or row
        still_open = state_of(row, now) == "asked"
        await _refuse(
            desk, row, party, partial(texts.has_voted, name=party.name) if still_open else how_it_ended(row, now)
        )
    return voted


async def _refuse(desk: Desk, row: ApprovalRow, party: Party, why: Said) -> NoReturn:
    await desk.store.refuse_decision(row.id, party, why(Language.ENGLISH), by=desk.by, now=desk.now())
    raise Refused(lambda language: texts.nothing_decided(language, why(language)))
