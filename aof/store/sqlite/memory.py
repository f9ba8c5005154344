"""What is known of a sender here when they speak again: choices, what is expected of them, what agents remember."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from aof.domain.message import Decided, Spoken
from aof.store.base import EventLease, Expected, TurnResult
from aof.store.sqlite.rows import moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "memory")


class Known(NamedTuple):
    """What a lease says of its sender."""

    agent: str = ""
    context: str = ""
    expected: Expected | None = None


def chooser(event: Spoken) -> str:
    """In a chat of two there is one person, who may go on under another number or user id."""
    return event.sender.key if event.group else ""


def _follows(event: Spoken, person: str) -> str:
    """Whose choices hold in every chat of two that they have; what is chosen in a group is for that group."""
    return "" if event.group else person


def of_sender(connection: sqlite3.Connection, conversation: str, event: Spoken, now: datetime, person: str) -> Known:
    """
    Args:
        person: The key of whoever the configuration says it is; empty: nobody that it names.
    """
    named = {
        "conversation": conversation,
        "sender": chooser(event),
        "person": _follows(event, person),
        "now": stamp(now),
    }
    row = connection.execute(SQL["remembered_of"], named).fetchone()
    # what people decided is no message of the sender's
    is_expected = row["kind"] is not None and not isinstance(event, Decided)
    expected = Expected(row["kind"], row["subject"], moment(row["until"])) if is_expected else None
    # a topic is where somebody may have another choice than everywhere else
    last, first = ("persons_", "") if event.thread else ("", "persons_")
    agent, context = (row[f"{first}{what}"] or row[f"{last}{what}"] or "" for what in ("agent", "context"))
    return Known(agent, context, expected)


def keep(connection: sqlite3.Connection, leased: EventLease, result: TurnResult, now: datetime, person: str) -> None:
    """Write what a turn changes of it; where it changes nothing, nothing is asked of the disk."""
    named = {"conversation": leased.conversation, "sender": chooser(leased.event)}
    if result.choose or result.choose_context:
        theirs = "" if leased.event.thread else _follows(leased.event, person)
        where = {"conversation": theirs, "sender": ""} if theirs else named
        connection.execute(SQL["choose"], where | {"agent": result.choose, "context": result.choose_context})
    if result.is_strangers:
        return
    if result.expects is not None:
        expected = {"kind": result.expects.kind, "subject": result.expects.subject}
        connection.execute(SQL["expect"], named | expected | {"until": stamp(result.expects.until)})
    elif leased.expected is not None and result.state != "new" and not leased.overflow:
        connection.execute(SQL["expect_nothing"], named)
    if result.forgets:
        connection.execute(SQL["forget"], named)
    if result.remembered is not None:
        remembered = {"agent": result.remembered.agent, "body": result.remembered.body}
        connection.execute(SQL["remember"], named | remembered | {"seq": leased.seq, "now": stamp(now)})


def recall(
    connection: sqlite3.Connection, conversation: str, sender: str, agent: str, since: datetime, most: int
) -> tuple[str, ...]:
    """The newest, the oldest of them first."""
    sought = {"conversation": conversation, "sender": sender, "agent": agent, "since": stamp(since), "most": most}
    return tuple(row["body"] for row in reversed(connection.execute(SQL["recall"], sought).fetchall()))
