"""Opportunities and their drafts: each move with all that comes of it, and what it is told by."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from aof.domain.message import Sender
from aof.domain.opportunity import ABOUT_DRAFT, MAKES_DRAFT, OpportunityState, Progress, after, draft_id, draft_state
from aof.domain.response import Part
from aof.store.base import Cause, Elsewhere, OutgoingPart
from aof.store.opportunities import (
    Departure,
    DraftRow,
    Kept,
    Move,
    Moved,
    NewMove,
    NewOpportunity,
    OpportunityRow,
)
from aof.store.sqlite import accept, audit
from aof.store.sqlite.cards import replace_offers
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.rows import Row, json_list, moment, stamp
from aof.store.statements import statements
from aof.texts.language import Language

SQL = statements("aof.store.sqlite", "opportunities", "operators")


def add(
    connection: sqlite3.Connection, store_id: str, new: NewOpportunity, cards: Sequence[Elsewhere], now: datetime
) -> tuple[Kept, OpportunityRow]:
    """Keep one, with its cards; what has its id or key already stays as it is."""
    asked = {"id": new.id, "key": new.key, "digest": new.digest}
    for name in ("under_key", "opportunity"):
        before = connection.execute(SQL[name], asked).fetchone()
        if before is not None and before["digest"] != new.digest:
            return "different", _row(before)
    if new.key:
        connection.execute(SQL["keep_key"], asked)
    if before is not None:
        return "known", _row(before)
    kept = {
        "title": new.title,
        "summary": new.summary,
        "language": new.language,
        "contact": new.contact,
        "phone": new.phone,
        "account": new.account,
        "by": new.by,
        "now": stamp(now),
    }
    connection.execute(SQL["keep_opportunity"], asked | kept)
    _tell(connection, store_id, new.id, cards, now)
    facts = {"by": new.by, "cards": len(cards), "digest": new.digest}
    audit.append(connection, "opportunity_added", new.id, facts, now, in_words=True)
    return "new", one(connection, new.id)


def move(connection: sqlite3.Connection, store_id: str, new: NewMove, now: datetime) -> Moved:
    """Move one by the rules of the domain, or change nothing."""
    known = move_of_event(connection, new.opportunity, new.event)
    if known is not None:
        return known
    before = find(connection, new.opportunity)
    at = after(before.at, new.change, new.draft) if before is not None else None
    if before is None or at is None or (new.change in MAKES_DRAFT and new.makes is None):
        return Moved(before, counted=False)
    moved = {"id": new.opportunity, "state": at.state, "draft": at.draft, "scheduled": int(at.scheduled)}
    connection.execute(SQL["move_opportunity"], moved | {"by": new.by, "now": stamp(now)})
    number = at.draft if new.change in MAKES_DRAFT else new.draft if new.change in ABOUT_DRAFT else 0
    if new.makes is not None and new.change in MAKES_DRAFT:
        made = {"id": draft_id(new.opportunity, number), "opportunity": new.opportunity, "number": number}
        written = {"text": new.makes.text, "written_by": new.makes.written_by, "now": stamp(now)}
        connection.execute(SQL["keep_draft"], made | written)
    kept = {"opportunity": new.opportunity, "event": new.event, "change": new.change, "draft": number, "by": new.by}
    connection.execute(SQL["keep_move"], kept | {"now": stamp(now)})
    if new.settled is not None:
        replace_offers(connection, new.offer, before.created_at, new.settled, new.change, now)
    _tell(connection, store_id, new.opportunity, new.told, now)
    if new.outbound:
        conversation = accept.conversation_of(
            connection, before.account, Sender(number=new.number or before.phone), now
        )
        prefix = f"{store_id}:msg:{draft_id(before.id, number)}:"
        send(connection, [(conversation, new.outbound)], "operator", prefix, now)
    _audit(connection, new, number, now)
    return _stepped(connection, new.opportunity, number)


def move_of_event(connection: sqlite3.Connection, opportunity: str, event: str) -> Moved | None:
    row = connection.execute(SQL["move_of_event"], {"opportunity": opportunity, "event": event}).fetchone()
    return _stepped(connection, opportunity, row["draft"]) if row is not None else None


def find(connection: sqlite3.Connection, id_: str) -> OpportunityRow | None:
    row = connection.execute(SQL["opportunity"], {"id": id_}).fetchone()
    return _row(row) if row is not None else None


def one(connection: sqlite3.Connection, id_: str) -> OpportunityRow:
    """The one that was written by this very transaction."""
    return _row(connection.execute(SQL["opportunity"], {"id": id_}).fetchone())


def listed(connection: sqlite3.Connection, states: Collection[OpportunityState], most: int) -> list[OpportunityRow]:
    sought = {"any_state": not states, "states": json_list(states), "most": most}
    return [_row(row) for row in reversed(connection.execute(SQL["opportunities"], sought).fetchall())]


def moves(connection: sqlite3.Connection, id_: str) -> list[Move]:
    rows = connection.execute(SQL["opportunity_moves"], {"opportunity": id_}).fetchall()
    return [
        Move(row["change"], row["by"], moment(row["at"]), draft_id(id_, row["draft"]) if row["draft"] else "")
        for row in rows
    ]


def draft(connection: sqlite3.Connection, id_: str) -> DraftRow | None:
    row = connection.execute(SQL["draft"], {"id": id_}).fetchone()
    if row is None:
        return None
    return DraftRow(
        id=row["id"],
        opportunity=row["opportunity"],
        number=row["number"],
        text=row["text"],
        written_by=row["written_by"],
        state=draft_state(_progress(row), row["number"]),
        created_at=moment(row["created_at"]),
    )


def drafts_of(connection: sqlite3.Connection, opportunity: str) -> list[DraftRow]:
    ids = [row["id"] for row in connection.execute(SQL["drafts_of"], {"opportunity": opportunity})]
    return [found for id_ in ids if (found := draft(connection, id_)) is not None]


def departures_of(connection: sqlite3.Connection, store_id: str, opportunity: str) -> list[Departure]:
    prefixes = [f"{store_id}:msg:{one.id}:" for one in drafts_of(connection, opportunity)]
    return [found for prefix in prefixes for found in departures(connection, prefix)]


def departures(connection: sqlite3.Connection, prefix: str) -> Iterable[Departure]:
    """The parts whose ids begin so; the prefix ends with a colon, and the sign after it ends them."""
    span = {"first": prefix, "after": f"{prefix[:-1]};"}
    for row in connection.execute(SQL["departures"], span).fetchall():
        yield Departure(row["part"], row["state"], row["gate"] or "", row["error"] or "")


def draft_shown(connection: sqlite3.Connection, conversation: str, message_id: str) -> str:
    sought = {"conversation": conversation, "message_id": message_id}
    for row in connection.execute(SQL["card_shown"], sought).fetchall():
        kind, _, rest = row["action"].partition(":")
        if kind == "msg":
            return str(rest.rpartition(":")[0])
    return ""


def send(
    connection: sqlite3.Connection,
    slips: Iterable[tuple[str, Sequence[Part]]],
    cause: Cause,
    prefix: str,
    now: datetime,
    *,
    first: int = 0,
) -> None:
    """Queue parts, numbered over all conversations: a part's id is one part's in the whole store."""
    there = [(conversation, part) for conversation, parts in slips for part in parts]
    for number, (conversation, part) in enumerate(there, start=first):
        queue(connection, Slip(conversation, cause), f"{prefix}{number}", OutgoingPart(part), now)
    ready(connection, (conversation for conversation, _ in there))


def _tell(connection: sqlite3.Connection, store_id: str, id_: str, told: Sequence[Elsewhere], now: datetime) -> None:
    more = sum(len(each.parts) for each in told)
    if more:
        (last,) = connection.execute(SQL["number_sent"], {"id": id_, "more": more}).fetchone()
        slips = [(each.conversation, each.parts) for each in told]
        send(connection, slips, "system", f"{store_id}:opp:{id_}:", now, first=last - more)


_PAST = {
    "accept": "opportunity_accepted",
    "skip": "opportunity_skipped",
    "draft": "opportunity_drafted",
    "schedule": "opportunity_scheduled",
    "approve": "draft_approved",
    "rewrite": "draft_rewritten",
    "cancel": "draft_cancelled",
}


def _audit(connection: sqlite3.Connection, new: NewMove, number: int, now: datetime) -> None:
    facts: dict[str, object] = {"by": new.by, "event": new.event}
    if number:
        facts |= {"draft": draft_id(new.opportunity, number)}
    if new.via:
        facts |= {"via": new.via}
    audit.append(connection, _PAST[new.change], new.opportunity, facts, now, in_words=True)


def _stepped(connection: sqlite3.Connection, opportunity: str, number: int) -> Moved:
    about = draft(connection, draft_id(opportunity, number)) if number else None
    return Moved(find(connection, opportunity), counted=True, draft=about)


def _progress(row: Row) -> Progress:
    return Progress(state=row["state"], draft=row["draft"], scheduled=bool(row["scheduled"]))


def _row(row: Row) -> OpportunityRow:
    return OpportunityRow(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        language=Language(row["language"]),
        contact=row["contact"],
        phone=row["phone"],
        account=row["account"],
        at=_progress(row),
        draft=draft_id(row["id"], row["draft"]) if row["draft"] else "",
        by=row["by"],
        created_at=moment(row["created_at"]),
        changed_at=moment(row["changed_at"]),
        changed_by=row["changed_by"],
    )
