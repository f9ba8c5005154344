"""Asking people, counting what they say, and letting the run go on once all is decided."""

import secrets
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from aof.domain.approval import USABLE_FOR, Approvers, Party, Proposal, Verdict
from aof.store.approvals import ApprovalRow, Card, NewApproval, Pause, Voted
from aof.store.base import Elsewhere, EventLease, OutgoingPart
from aof.store.operators import Cut
from aof.store.sqlite import audit
from aof.store.sqlite.cards import Cards
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.questions import approval, asker_of, decided
from aof.store.sqlite.rows import inbox_row, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "approvals", "accept", "events")


def pause(connection: sqlite3.Connection, store_id: str, leased: EventLease, asked: Pause, now: datetime) -> None:
    """Keep a run until people have decided, and ask them."""
    row = connection.execute(
        SQL["pause_run"],
        {
            "run": asked.run,
            "conversation": leased.conversation,
            "account": leased.event.account,
            "asker": asker_of(leased.event),
            "agent": asked.agent,
            "digest": asked.digest,
            "context": asked.context,
            "requester": asked.requester.model_dump_json(),
            "history": asked.state,
            "now": stamp(now),
        },
    ).fetchone()
    for place, new in enumerate(asked.asks):
        where = {"run": asked.run, "call": new.proposal.call, "pause": row["pause"], "place": place}
        _ask(connection, store_id, new, where, now)
    _go_on(connection, [asked.run], now)


def end_run(connection: sqlite3.Connection, cards: Cards, run: str, now: datetime) -> None:
    """A run is over: what of it was not begun by now never begins."""
    connection.execute(SQL["finish_run"], {"run": run, "now": stamp(now)})
    left = [row["id"] for row in connection.execute(SQL["open_of_run"], {"run": run})]
    void(connection, cards, left, "ended", now)


def vote(
    connection: sqlite3.Connection,
    cards: Cards,
    id_: str,
    party: Party,
    verdict: Verdict,
    event: str,
    note: str,
    now: datetime,
    use_by: datetime,
    *,
    by: str = "",
) -> Voted:
    """Count a vote.

    Args:
        by: The system's user who gives it in this person's name; empty: they give it themselves.
    """
    known = connection.execute(SQL["vote_of_event"], {"approval": id_, "event": event}).fetchone()
    if known is not None:
        return Voted(approval(connection, id_), counted=True, decided=bool(known["decided"]))
    cast = {
        "approval": id_,
        "person": party.key,
        "name": party.name,
        "verdict": verdict,
        "event": event,
        "by": by,
        "note": note,
        "now": stamp(now),
    }
    is_counted = connection.execute(SQL["record_vote"], cast).rowcount > 0
    row = approval(connection, id_)
    if row is None or not is_counted:
        return Voted(row, counted=False, decided=False)
    voters = [each.who for each in row.votes if each.verdict == verdict]
    facts = _by(party, by) | {"verdict": verdict, "event": event, "run": row.run} | ({"note": note} if note else {})
    if verdict == "approve" and len(voters) < row.proposal.approvers.needed:
        audit.append(connection, "approval_voted", id_, facts, now, in_words=True)
        return Voted(row, counted=True, decided=False)
    state = "denied" if verdict == "deny" else "approved"
    ends = stamp(use_by) if verdict == "approve" else None
    connection.execute(
        SQL["decide"], {"id": id_, "state": state, "by": ", ".join(voters), "use_by": ends, "now": stamp(now)}
    )
    connection.execute(SQL["deciding_vote"], cast)
    audit.append(connection, f"approval_{state}", id_, facts | {"voters": voters}, now, in_words=True)
    _go_on(connection, [row.run], now)
    return Voted(cards.replace(connection, id_, now), counted=True, decided=True)


def decide(
    connection: sqlite3.Connection,
    cards: Cards,
    id_: str,
    party: Party,
    verdict: Verdict,
    by: str,
    note: str,
    told: Sequence[Elsewhere],
    now: datetime,
    use_by: datetime,
) -> Voted:
    """Count a vote that somebody at a terminal gives in a person's name, and where it decides, say so to others."""
    event = f"by-{secrets.token_hex(6)}"
    voted = vote(connection, cards, id_, party, verdict, event, note, now, use_by, by=by)
    there = [(one.conversation, part) for one in told for part in one.parts] if voted.decided else []
    for n, (conversation, part) in enumerate(there):
        queue(connection, Slip(conversation, "system"), f"{cards.store_id}:{event}:to-{n}", OutgoingPart(part), now)
    ready(connection, (conversation for conversation, _ in there))
    return voted


def refuse_decision(connection: sqlite3.Connection, id_: str, party: Party, why: str, by: str, now: datetime) -> None:
    audit.append(connection, "decision_refused", id_, _by(party, by) | {"refused": why}, now, in_words=True)


def _by(party: Party, by: str) -> dict[str, object]:
    person = party.name or party.key
    return {"by": by, "as": person} if by else {"by": person}


def supersede(
    connection: sqlite3.Connection,
    cards: Cards,
    id_: str,
    asked: NewApproval,
    editor: Party,
    event: str,
    now: datetime,
) -> ApprovalRow | None:
    by = editor.name or editor.key
    replaced = {"id": id_, "by": by, "new": asked.id, "now": stamp(now)}
    row = connection.execute(SQL["supersede"], replaced).fetchone()
    if row is None:
        known = connection.execute(SQL["superseded_by_event"], {"id": id_, "event": event}).fetchone()
        return approval(connection, known["id"]) if known is not None else None
    facts = {"by": by, "event": event, "superseded_by": asked.id, "run": row["run"]}
    audit.append(connection, "approval_superseded", id_, facts, now, in_words=True)
    where = {name: row[name] for name in ("run", "call", "pause", "place")}
    cards.replace(connection, id_, now)
    _ask(connection, cards.store_id, asked, where, now, editor=editor, event=event)
    return approval(connection, asked.id)


def nudge(
    connection: sqlite3.Connection,
    store_id: str,
    id_: str,
    cards: Sequence[Card],
    told: Sequence[Card],
    reached: int,
    next_at: datetime | None,
    now: datetime,
) -> bool:
    due = {"id": id_, "now": stamp(now), "reached": reached, "next_at": stamp(next_at) if next_at else None}
    if not connection.execute(SQL["nudge"], due).rowcount:
        return False
    row = approval(connection, id_)
    if row is not None:
        _send(connection, store_id, id_, cards, row.expires_at, now)
        for n, (conversation, part) in enumerate((one.conversation, part) for one in told for part in one.parts):
            slip = Slip(conversation, "system", until=row.expires_at, approval=id_)
            queue(connection, slip, f"{store_id}:next:{id_}:{reached}-{n}", OutgoingPart(part), now)
        ready(connection, (one.conversation for one in told))
    facts = {"cards": len(cards), "reached": reached} if reached else {"cards": len(cards)}
    audit.append(connection, "approval_nudged", id_, facts, now, in_words=True)
    return True


def lapse(connection: sqlite3.Connection, cards: Cards, now: datetime) -> list[ApprovalRow]:
    lapsed = connection.execute(SQL["lapse"], {"now": stamp(now)}).fetchall()
    rows = [found for row in lapsed if (found := cards.replace(connection, row["id"], now)) is not None]
    for row in rows:
        audit.append(connection, "approval_lapsed", row.id, {"by": row.decided_by, "run": row.run}, now, in_words=True)
    _go_on(connection, [row.run for row in rows], now)
    return rows


def void(connection: sqlite3.Connection, cards: Cards, ids: Collection[str], by: str, now: datetime) -> list[str]:
    """End those that are open; return which were."""
    ended, runs = [], []
    for id_ in dict.fromkeys(ids):
        row = connection.execute(SQL["void"], {"id": id_, "by": by, "now": stamp(now)}).fetchone()
        if row is not None:
            ended.append(id_)
            runs.append(row["run"])
            audit.append(connection, "approval_void", id_, {"by": by, "run": row["run"]}, now, in_words=True)
            cards.replace(connection, id_, now)
    _go_on(connection, runs, now)
    return ended


def void_all(
    connection: sqlite3.Connection, cards: Cards, by: str, now: datetime, *, conversation: str = "", requester: str = ""
) -> list[str]:
    """The same for all, or for those of one conversation, or of a requester's name or key."""
    sought = {"conversation": conversation, "requester": requester}
    return void(connection, cards, [row["id"] for row in connection.execute(SQL["open_of"], sought)], by, now)


def cut(connection: sqlite3.Connection, cards: Cards, who: str, why: str, now: datetime) -> Cut:
    """Let nothing that is open rest on somebody any more.

    Args:
        who: Their name or key; not empty, which would be everybody's.
    """
    votes = connection.execute(SQL["take_back_votes"], {"who": who}).fetchall()
    for row in votes:
        facts = {"by": why, "of": who, "verdict": row["verdict"]}
        audit.append(connection, "vote_taken_back", row["approval"], facts, now, in_words=True)
    resting = [row["id"] for row in connection.execute(SQL["resting_on"], {"who": who})]
    ended = [*void_all(connection, cards, why, now, requester=who), *void(connection, cards, resting, why, now)]
    return Cut(ended=tuple(ended), votes=tuple(row["approval"] for row in votes if row["approval"] not in ended))


def switch(connection: sqlite3.Connection, name: str, *, on: bool, by: str, now: datetime) -> bool:
    thrown = {"name": name, "by": by, "now": stamp(now)}
    if not connection.execute(SQL["throw_switch" if on else "take_back_switch"], thrown).rowcount:
        return False
    audit.append(connection, f"{name}_{'on' if on else 'off'}", "", {"by": by}, now, in_words=True)
    return True


def _ask(
    connection: sqlite3.Connection,
    store_id: str,
    new: NewApproval,
    where: dict[str, object],
    now: datetime,
    *,
    editor: Party | None = None,
    event: str = "",
) -> None:
    asked = {
        "id": new.id,
        "proposal": new.proposal.model_dump_json(),
        "fingerprint": new.fingerprint,
        "needed": new.proposal.approvers.needed,
        "expires_at": stamp(new.expires_at),
        "nudge_at": stamp(new.nudge_at),
        "reached": new.reached,
        "editor": editor.model_dump_json() if editor is not None else None,
        "event": event,
        "now": stamp(now),
    }
    connection.execute(SQL["keep_approval"], where | asked)
    _send(connection, store_id, new.id, new.cards, new.expires_at, now)
    facts = _in_words(new.proposal) | {"fingerprint": new.fingerprint, "run": where["run"]}
    audit.append(connection, "approval_asked", new.id, facts, now, in_words=True)


def _in_words(proposal: Proposal) -> dict[str, object]:
    rule: Approvers = proposal.approvers
    return {
        "argv": list(proposal.argv),
        "risk": proposal.risk,
        "requester": proposal.requester.name or proposal.requester.key,
        "approvers": [*(["*"] if rule.everyone else []), *sorted([*rule.people, *rule.roles, *rule.ids])],
        "needed": rule.needed,
    }


def _send(
    connection: sqlite3.Connection, store_id: str, id_: str, cards: Sequence[Card], until: datetime, now: datetime
) -> None:
    """Queue cards. Their parts are numbered over all conversations: a part's id is one part's in the whole store."""
    parts = [(card.conversation, part) for card in cards for part in card.parts]
    if not parts:
        return
    (after,) = connection.execute(SQL["number_cards"], {"id": id_, "more": len(parts)}).fetchone()
    for number, (conversation, part) in enumerate(parts, start=after - len(parts)):
        slip = Slip(conversation, "system", until=until, choices_until=until, approval=id_)
        queue(connection, slip, f"{store_id}:appr:{id_}:{number}", OutgoingPart(part), now)
    ready(connection, (conversation for conversation, _ in parts))


def _go_on(connection: sqlite3.Connection, runs: Iterable[str], now: datetime) -> None:
    """Bring each run of which nothing is asked any more into the inbox, in the conversation it was asked from."""
    for run in dict.fromkeys(runs):
        row = connection.execute(SQL["resume_run"], {"run": run, "now": stamp(now)}).fetchone()
        if row is not None:
            usable = {"run": run, "pause": row["pause"], "use_by": stamp(now + USABLE_FOR)}
            connection.execute(SQL["use_from_now"], usable)
            conversation = {"conversation": row["conversation"], "now": stamp(now)}
            connection.execute(SQL["keep_event"], inbox_row(decided(row), row["conversation"], now, overflow=False))
            connection.execute(SQL["ready_unless_held"], conversation)
