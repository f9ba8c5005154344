"""Putting parts into the outbox, with what they offer."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aof.domain.response import EditPart, choices_of
from aof.store.base import About, Cause, OutgoingPart
from aof.store.sqlite import audit
from aof.store.sqlite.rows import PART, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "events", "parts")


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes along with every part of one answer."""

    conversation: str
    cause: Cause
    until: datetime | None = None
    """After this moment the parts say nothing that is still true."""
    asker: str | None = None
    """Who is answered, as JSON, where the address does not say it."""
    chooser: str = ""
    """Whose bare numbers mean the choices, in a group."""
    choices_until: datetime | None = None
    offered_by: str = ""
    about: About = ""
    approval: str = ""
    """The question that the parts are; empty: they are none."""


def queue(connection: sqlite3.Connection, slip: Slip, part_id: str, outgoing: OutgoingPart, now: datetime) -> None:
    """Queue a part and keep its choices; `ready` has to follow."""
    at = stamp(now)
    edits = outgoing.part.changes if isinstance(outgoing.part, EditPart) else None
    connection.execute(
        SQL["queue_part"],
        {
            "conversation": slip.conversation,
            "part": part_id,
            "cause": slip.cause,
            "body": PART.dump_json(outgoing.part).decode(),
            "reply_to": outgoing.reply_to,
            "asker": slip.asker,
            "until": stamp(slip.until) if slip.until else None,
            "about": slip.about,
            "question": slip.approval or None,
            "edits": edits,
            "now": at,
        },
    )
    if edits is not None:
        supersede(connection, slip.conversation, edits, now)
    typed = outgoing.part.type == "text"
    for number, choice in enumerate(choices_of(outgoing.part), start=1):
        rest = outgoing.rest if choice.id == outgoing.more else None
        connection.execute(
            SQL["keep_choice"],
            {
                "part": part_id,
                "shown": choice.id,
                "conversation": slip.conversation,
                "number": number if typed else None,
                "action": choice.action_id,
                "title": choice.title,
                "sender": slip.chooser,
                "until": stamp(slip.choices_until) if typed and slip.choices_until else None,
                "rest": rest.model_dump_json() if rest else None,
                "agent": slip.offered_by,
                "now": at,
            },
        )


def supersede(connection: sqlite3.Connection, conversation: str, edits: str, now: datetime) -> int:
    """Drop what changes a message and was not begun, but for the last of it; return how many parts."""
    named = {"conversation": conversation, "edits": edits, "now": stamp(now)}
    dropped = connection.execute(SQL["supersede_edits"], named).fetchall()
    for row in dropped:
        audit.append(connection, "part_superseded", row["part"], {"edits": edits}, now)
    return len(dropped)


def ready(connection: sqlite3.Connection, conversations: Iterable[str]) -> None:
    """Let what was queued there leave."""
    for conversation in dict.fromkeys(conversations):
        connection.execute(SQL["set_out_ready"], {"conversation": conversation})
