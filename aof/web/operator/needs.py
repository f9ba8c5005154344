"""The first screen: what needs a person now, the oldest first, each row with the one step that helps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aof.pipeline.desk.outbox import masked
from aof.pipeline.parties import shown as shown_party
from aof.texts.calls import command, inert
from aof.web.operator.frame import Frame
from aof.web.operator.naming import Keys, Names
from aof.web.operator.outreach import WAITING
from aof.web.operator.remedies import reason_of, remedy, step_for
from aof.web.operator.shown import line
from aof.web.operator.visit import PREFIX, Asked, Shown, Visit

MOST_SINGLE = 50
"""Messages that did not arrive, each with a row; the others are one row."""


@dataclass(frozen=True, slots=True)
class Need:
    """One row."""

    since: datetime
    sign: str
    """What the row looks like: held, bad, ask, stop."""
    title: str
    what: str
    """What happened, in the platform's words or those of the command."""
    to_do: str
    href: str
    step: str
    """What stands on the button, or on the link where there is no form."""
    action: str = ""
    """The form's address; empty: a link."""
    fields: Mapping[str, str] = field(default_factory=dict)
    is_quiet: bool = False
    """The step gives something up."""
    key: str = ""
    """Keeps the focus where it is while the list is drawn anew."""


class Needs:
    """The list."""

    def __init__(self, frame: Frame, keys: Keys) -> None:
        self._frame = frame
        self._keys = keys

    async def view(self, visit: Visit, _asked: Asked) -> Shown:
        names = await Names.of(visit)
        rows = [
            *await self._stopped(visit),
            *await self._decisions(visit),
            *await self._opportunities(visit),
            *await self._held(visit),
            *await self._failed(visit, names),
            *await self._unanswered(visit),
            *await self._strangers(visit),
        ]
        return Shown("needs.html", {"rows": sorted(rows, key=lambda row: row.since)})

    async def _stopped(self, visit: Visit) -> list[Need]:
        words, store = visit.words, visit.desk.store
        rows = []
        since = await self._frame.store.stopped_since()
        for account, reason in (await store.stopped()).items():
            rows.append(
                Need(
                    since=since.get(account, visit.desk.now()),
                    sign="stop",
                    title=words.need_stopped(account),
                    what=reason,
                    to_do=words.resume_account_hint(),
                    href=f"{PREFIX}/numbers",
                    step=words.resume_account() if visit.may("admin") else words.show(),
                    action=f"{PREFIX}/numbers/resume" if visit.may("admin") else "",
                    fields={"account": account},
                    key=f"stop-{account}",
                )
            )
        thrown = await store.thrown("killswitch")
        if thrown is not None:
            rows.append(
                Need(
                    thrown.at,
                    "stop",
                    words.need_switch(line(thrown.by)),
                    "",
                    "",
                    f"{PREFIX}/status",
                    words.show(),
                    key="switch",
                )
            )
        return rows

    async def _decisions(self, visit: Visit) -> list[Need]:
        words, now = visit.words, visit.desk.now()
        return [
            Need(
                since=row.asked_at,
                sign="ask",
                title=words.need_decision(
                    line(row.proposal.requester.name) or masked(shown_party(row.proposal.requester))
                ),
                what=inert(command(row.proposal.argv)),
                to_do="",
                href=f"{PREFIX}/approvals/{row.id}",
                step=words.decide(),
                key=f"ask-{row.id}",
            )
            for row in await visit.desk.store.open_approvals()
            if row.expires_at > now
        ]

    async def _opportunities(self, visit: Visit) -> list[Need]:
        words = visit.words
        return [
            Need(
                since=row.created_at,
                sign="ask",
                title=words.need_opportunity(line(row.title)),
                what=row.summary,
                to_do="",
                href=f"{PREFIX}/drafts/{row.id}",
                step=words.decide(),
                key=f"draft-{row.id}",
            )
            for row in await visit.desk.store.opportunities(states=WAITING, most=MOST_SINGLE)
        ]

    async def _held(self, visit: Visit) -> list[Need]:
        words = visit.words
        closed = visit.desk.gates()
        rows = []
        for one in await self._frame.store.held_by_gate():
            is_open = one.gate == "live_send" and one.account not in closed
            to_do = str(getattr(words, f"do_{one.gate}")()) if one.gate in ("operator", "access", "window") else ""
            query = f"state=held&gate={one.gate}"
            rows.append(
                Need(
                    since=one.since,
                    sign="held",
                    title=words.need_held(one.count, one.gate),
                    what=closed.get(one.account, "") if one.gate == "live_send" else "",
                    to_do=to_do,
                    href=f"{PREFIX}/deliveries?{query}",
                    step=words.release_all() if is_open and visit.may("operator") else words.show(),
                    action=f"{PREFIX}/deliveries/release" if is_open and visit.may("operator") else "",
                    fields={"gate": one.gate},
                    key=f"held-{one.gate}-{one.account}",
                )
            )
        return rows

    async def _failed(self, visit: Visit, names: Names) -> list[Need]:
        words = visit.words
        found = await self._frame.store.troubled(most=MOST_SINGLE)
        rows = []
        for one in found:
            step = step_for(visit.desk.platforms, one) if visit.may("operator") else ""
            place = f"{PREFIX}/deliveries/{one.row.seq}"
            rows.append(
                Need(
                    since=one.row.created_at,
                    sign="bad",
                    title=words.need_failed(names.of_address(one.row.account, one.row.address)),
                    what=reason_of(one),
                    to_do=remedy(words, visit.desk.platforms, one),
                    href=place,
                    step=words.section(step or "show"),
                    action=f"{place}/{step}" if step else "",
                    is_quiet=step == "bury",
                    key=f"part-{one.row.seq}",
                )
            )
        left = (await self._frame.store.trouble()).failed - len(found)
        if found and left > 0:
            title, href = words.need_more(left), f"{PREFIX}/deliveries?state=trouble"
            rows.append(Need(found[-1].row.created_at, "bad", title, "", "", href, words.show(), key="more"))
        return rows

    async def _unanswered(self, visit: Visit) -> list[Need]:
        rows = await visit.desk.store.quarantined(most=MOST_SINGLE)
        if not rows:
            return []
        words = visit.words
        count = (await self._frame.store.trouble()).quarantined
        title, href = words.need_unanswered(count), f"{PREFIX}/quarantine"
        return [Need(rows[0].received_at, "bad", title, rows[0].reason, "", href, words.show(), key="unanswered")]

    async def _strangers(self, visit: Visit) -> list[Need]:
        words = visit.words
        return [
            Need(
                since=row.asked_at,
                sign="ask",
                title=words.need_pairing(line(row.called) or masked(row.number or row.user_id)),
                what="",
                to_do=words.nobody_asks_hint(),
                href=f"{PREFIX}/people",
                step=words.let_in() if visit.may("operator") else words.show(),
                key=f"pair-{self._keys.secret(row.number or row.user_id)}",
            )
            for row in await visit.desk.store.paired(now=visit.desk.now())
            if row.is_open
        ]
