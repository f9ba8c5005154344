"""Leasing events, and ending turns in one transaction."""

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from aof.domain.errors import LeaseLost
from aof.domain.message import Spoken
from aof.domain.response import Action, Part, Response, choices_of
from aof.store.base import EventLease, EventLeases, OutgoingPart, Role, Shown, TurnResult
from aof.store.sqlite import audit, people
from aof.store.sqlite.rows import PART, SPOKEN, Row, address, json_list, misfit, moment, stamp
from aof.store.statements import statements
from aof.texts.language import Language

SQL = statements("aof.store.sqlite", "events", "parts", "people")

_BUSY_PERSON = timedelta(seconds=1)
"""When to look again at a person who has as much running as they may have."""


def lease(
    connection: sqlite3.Connection,
    owner: str,
    now: datetime,
    lease_for: timedelta,
    most: int,
    per_person: int,
    holding: Collection[str],
) -> EventLeases:
    """Lease the oldest event of up to `most` conversations."""
    caller = {"now": stamp(now), "owner": owner, "holding": json_list(holding)}
    ready = connection.execute(SQL["ready_conversations"], caller | {"most": most}).fetchall()
    leases = []
    suspended = frozenset(people.suspended(connection)) if ready else frozenset()
    for row in ready:
        leased = _lease_one(connection, row["conversation"], caller, now, lease_for, per_person, suspended)
        if leased is not None:
            leases.append(leased)
    row = connection.execute(SQL["next_event_at"], caller).fetchone()
    return EventLeases(tuple(leases), moment(row[0]) if row[0] is not None else None)


def _lease_one(
    connection: sqlite3.Connection,
    conversation: str,
    caller: dict[str, Any],
    now: datetime,
    lease_for: timedelta,
    per_person: int,
    suspended: frozenset[str],
) -> EventLease | None:
    named = {"conversation": conversation}
    row: Row | None = connection.execute(SQL["oldest_event"], named).fetchone()
    if row is None:
        connection.execute(SQL["put_off"], named | {"ready": None})
        return None
    person = caller | named | {"sender": row["sender"], "seq": row["seq"]}
    (running,) = connection.execute(SQL["running_of"], person).fetchone()
    if row["sender"] and running >= per_person:
        connection.execute(SQL["put_off"], named | {"ready": stamp(now + _BUSY_PERSON)})
        return None
    try:
        event = SPOKEN.validate_json(row["payload"])
    except ValidationError as error:
        _bury(connection, conversation, row["seq"], error, now)
        return None
    connection.execute(
        SQL["lease_conversation"], named | {"owner": caller["owner"], "lease_until": stamp(now + lease_for)}
    )
    connection.execute(SQL["run_event"], {"seq": row["seq"]})
    return EventLease(
        seq=row["seq"],
        epoch=row["lease_epoch"] + 1,
        conversation=conversation,
        event=event,
        address=address(row),
        attempt=row["attempts"] + 1,
        overflow=bool(row["overflow"]),
        language=Language(row["language"]) if row["language"] else None,
        received_at=moment(row["received_at"]),
        standing=people.standing(connection, event.account, event.sender, suspended, bind=True),
        interrupted=row["state"] == "running" or row["outcome"] == "returned",
        told_of_overflow=bool(row["overflow"])
        and connection.execute(SQL["overflowed_before"], person).fetchone() is not None,
        chosen=_chosen(connection, conversation, event),
    )


def _chosen(connection: sqlite3.Connection, conversation: str, event: Spoken) -> str:
    named = {"conversation": conversation, "sender": _chooser(event)}
    row = connection.execute(SQL["chosen"], named).fetchone()
    return row["agent"] if row is not None else ""


def _chooser(event: Spoken) -> str:
    """In a chat of two there is one person, who may go on under another number or user id."""
    return event.sender.key if event.group else ""


def _asker(leased: EventLease) -> str | None:
    """Who is answered, where the address does not say it."""
    return leased.event.sender.model_dump_json() if leased.event.group else None


def _bury(connection: sqlite3.Connection, conversation: str, seq: int, error: ValidationError, now: datetime) -> None:
    """Bury an event that this version can't read, so that it stops neither its conversation nor the others."""
    reason = misfit(error)
    connection.execute(
        SQL["end_event"],
        {
            "seq": seq,
            "state": "dead",
            "outcome": "unreadable",
            "error": reason,
            "not_before": stamp(now),
            "given_back": 0,
        },
    )
    connection.execute(SQL["ready_again"], {"conversation": conversation})
    audit.append(connection, "turn_unreadable", str(seq), {"error": reason}, now)


def extend(connection: sqlite3.Connection, owner: str, leased: EventLease, until: datetime) -> None:
    kept = connection.execute(
        SQL["extend_lease"],
        {
            "conversation": leased.conversation,
            "owner": owner,
            "epoch": leased.epoch,
            "lease_until": stamp(until),
        },
    ).rowcount
    if not kept:
        raise LeaseLost(f"event {leased.seq} is leased to somebody else")


def finish(
    connection: sqlite3.Connection, store_id: str, owner: str, leased: EventLease, result: TurnResult, now: datetime
) -> tuple[str, ...]:
    """End a turn; return the ids of its parts."""
    _end(connection, owner, leased, result, now)
    at = stamp(now)
    if not result.is_strangers:
        _keep_transcript(connection, leased, {"person": result.asked, "agent": result.answered}, at)
    if result.choose:
        chosen = {"conversation": leased.conversation, "sender": _chooser(leased.event), "agent": result.choose}
        connection.execute(SQL["choose"], chosen)
    ids = tuple(f"{store_id}:{leased.seq}:{n}" for n in range(len(result.parts)))
    for part_id, outgoing in zip(ids, result.parts, strict=True):
        _queue(connection, leased, result, part_id, outgoing, at)
    if ids:
        connection.execute(SQL["set_out_ready"], {"conversation": leased.conversation})
    if result.state != "new" and not result.is_strangers:
        facts = {
            "event": leased.event.event_id,
            "outcome": result.outcome,
            "agent": result.agent,
            "parts": [PART.dump_python(outgoing.part, mode="json") for outgoing in result.parts],
        }
        audit.append(connection, f"turn_{result.outcome}", str(leased.seq), facts, now)
    return ids


def _end(connection: sqlite3.Connection, owner: str, leased: EventLease, result: TurnResult, now: datetime) -> None:
    """Write what became of the event, and give its conversation back."""
    connection.execute(
        SQL["end_event"],
        {
            "seq": leased.seq,
            "state": result.state,
            "outcome": result.outcome,
            "error": result.error or None,
            "not_before": stamp(now + result.again_in),
            "given_back": int(not result.attempted),
        },
    )
    held = connection.execute(
        SQL["release_conversation"],
        {
            "conversation": leased.conversation,
            "owner": owner,
            "epoch": leased.epoch,
            "language": result.language,
        },
    ).rowcount
    if not held:
        raise LeaseLost(f"event {leased.seq} is leased to somebody else")


def _keep_transcript(connection: sqlite3.Connection, leased: EventLease, said: dict[Role, str], at: float) -> None:
    line = {"conversation": leased.conversation, "seq": leased.seq, "now": at}
    for role, body in said.items():
        if body:
            connection.execute(SQL["keep_turn"], line | {"role": role, "body": body})


def note(
    connection: sqlite3.Connection,
    store_id: str,
    owner: str,
    leased: EventLease,
    name: str,
    part: Part,
    now: datetime,
    until: datetime | None,
) -> bool:
    """Queue a part while the turn goes on, once for each name."""
    holder = {"conversation": leased.conversation, "owner": owner, "epoch": leased.epoch}
    if connection.execute(SQL["holds"], holder).fetchone() is None:
        raise LeaseLost(f"event {leased.seq} is leased to somebody else")
    part_id = f"{store_id}:{leased.seq}:{name}"
    queued = {
        "conversation": leased.conversation,
        "part": part_id,
        "cause": "system",
        "body": PART.dump_json(part).decode(),
        "reply_to": None,
        "asker": _asker(leased),
        "until": stamp(until) if until else None,
        "now": stamp(now),
    }
    if connection.execute(SQL["known_part"], {"part": part_id}).fetchone() is not None:
        return False
    connection.execute(SQL["queue_part"], queued)
    connection.execute(SQL["set_out_ready"], {"conversation": leased.conversation})
    return True


def _queue(
    connection: sqlite3.Connection,
    leased: EventLease,
    result: TurnResult,
    part_id: str,
    outgoing: OutgoingPart,
    at: float,
) -> None:
    connection.execute(
        SQL["queue_part"],
        {
            "conversation": leased.conversation,
            "part": part_id,
            "cause": result.cause,
            "body": PART.dump_json(outgoing.part).decode(),
            "reply_to": outgoing.reply_to,
            "asker": _asker(leased),
            "until": stamp(result.until) if result.until else None,
            "now": at,
        },
    )
    typed = outgoing.part.type == "text"
    for number, choice in enumerate(choices_of(outgoing.part), start=1):
        rest = outgoing.rest if choice.id == outgoing.more else None
        connection.execute(
            SQL["keep_choice"],
            {
                "part": part_id,
                "shown": choice.id,
                "conversation": leased.conversation,
                "number": number if typed else None,
                "action": choice.action_id,
                "title": choice.title,
                "sender": leased.event.sender.key,
                "until": stamp(result.choices_until) if typed and result.choices_until else None,
                "rest": rest.model_dump_json() if rest else None,
                "agent": result.offered_by,
                "now": at,
            },
        )


def shown(row: Row | None) -> Shown | None:
    """A row of `pressed` or `numbered` as a value."""
    if row is None:
        return None
    return Shown(
        action=Action(id=row["action"], title=row["title"]),
        rest=Response.model_validate_json(row["rest"]) if row["rest"] else None,
        numbered=row["number"] is not None,
        agent=row["agent"],
    )
