"""Leasing events, and ending turns in one transaction."""

import json
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from aof.domain.errors import LeaseLost
from aof.domain.linked import Linked
from aof.domain.message import Decided
from aof.domain.response import Action, Part, Response
from aof.store.audit import digest_of
from aof.store.base import EventLease, EventLeases, OutgoingPart, Role, Shown, TurnResult
from aof.store.sqlite import approvals, audit, contacts, memory, parking, people, places
from aof.store.sqlite.cards import Cards
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.questions import run_named
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
    linked: Linked,
) -> EventLeases:
    """Lease the oldest event of up to `most` conversations."""
    caller = {"now": stamp(now), "owner": owner, "holding": json_list(holding)}
    ready = connection.execute(SQL["ready_conversations"], caller | {"most": most}).fetchall()
    leases = []
    suspended = frozenset(people.suspended(connection)) if ready else frozenset()
    for row in ready:
        leased = _lease_one(connection, row["conversation"], caller, now, lease_for, per_person, suspended, linked)
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
    linked: Linked,
) -> EventLease | None:
    named = {"conversation": conversation}
    row: Row | None = connection.execute(SQL["oldest_event"], named).fetchone()
    if row is None:
        connection.execute(SQL["put_off"], named | {"ready": None})
        return None
    try:
        event = SPOKEN.validate_json(row["payload"])
    except ValidationError as error:
        _bury(connection, conversation, row, error, now)
        return None
    who = linked.key(event.platform, event.sender)
    person = caller | named | {"sender": row["sender"], "seq": row["seq"], "platform": f"{event.platform}:"}
    (running,) = connection.execute(
        SQL["running_of"], person | {"ids": json_list(linked.ids.get(who, frozenset()))}
    ).fetchone()
    if row["sender"] and running >= per_person:
        connection.execute(SQL["put_off"], named | {"ready": stamp(now + _BUSY_PERSON)})
        return None
    connection.execute(
        SQL["lease_conversation"], named | {"owner": caller["owner"], "lease_until": stamp(now + lease_for)}
    )
    connection.execute(SQL["run_event"], {"seq": row["seq"]})
    known = memory.of_sender(connection, conversation, event, now, who)
    standing = people.standing(connection, event.account, event.sender, suspended, bind=True)
    return EventLease(
        seq=row["seq"],
        epoch=row["lease_epoch"] + 1,
        conversation=conversation,
        event=event,
        address=places.with_former(connection, event.account, address(row)),
        attempt=row["attempts"] + 1,
        overflow=bool(row["overflow"]),
        language=Language(row["language"]) if row["language"] else None,
        received_at=moment(row["received_at"]),
        standing=standing,
        interrupted=row["state"] == "running" or row["outcome"] == "returned",
        told_of_overflow=bool(row["overflow"])
        and connection.execute(SQL["overflowed_before"], person).fetchone() is not None,
        chosen=known.agent,
        context=known.context,
        expected=known.expected,
        wanted=bool(row["wanted"]),
        opted=None if isinstance(event, Decided) else contacts.opted(connection, event, standing.consent),
        opened=row["outcome"] == "opened",
    )


def _asker(leased: EventLease) -> str | None:
    """Who is answered, where the address does not say it."""
    return leased.event.sender.model_dump_json() if leased.event.group else None


def _bury(connection: sqlite3.Connection, conversation: str, row: Row, error: ValidationError, now: datetime) -> None:
    """Bury an event that this version can't read, so that it stops neither its conversation nor the others."""
    reason = misfit(error)
    connection.execute(
        SQL["end_event"],
        {
            "seq": row["seq"],
            "state": "dead",
            "outcome": "unreadable",
            "error": reason,
            "not_before": stamp(now),
            "behind": None,
            "given_back": 0,
        },
    )
    if row["kind"] == "decided":
        parking.open_again(connection, run_named(row["event_id"]), now)
    connection.execute(SQL["ready_again"], {"conversation": conversation})
    audit.append(connection, "turn_unreadable", str(row["seq"]), {"error": reason}, now)


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
    connection: sqlite3.Connection,
    cards: Cards,
    linked: Linked,
    owner: str,
    leased: EventLease,
    result: TurnResult,
    now: datetime,
) -> tuple[str, ...]:
    """End a turn; return the ids of its parts."""
    if result.behind and not parking.is_awaited(connection, result.behind):
        # it has gone on meanwhile
        result = TurnResult("new", result.outcome, attempted=False)
    parking.move(connection, leased.conversation, result.moves, now)
    if isinstance(leased.event, Decided) and result.state != "new":
        parking.open_again(connection, leased.event.run, now)
    _end(connection, owner, leased, result, now)
    at = stamp(now)
    if not result.is_strangers:
        # the agent's line is left for the answer, if one comes
        answered = "" if result.state == "parked" else result.answered
        _keep_transcript(connection, leased, {"person": result.asked, "agent": answered}, at)
    memory.keep(connection, leased, result, now, linked.key(leased.event.platform, leased.event.sender))
    ids = _queue(connection, cards.store_id, leased, result, now)
    if result.state != "new" and not result.is_strangers:
        _audit(connection, leased, result, now)
    if result.resumes and (result.pause is None or result.pause.run != result.resumes):
        approvals.end_run(connection, cards, result.resumes, now)
    if result.pause is not None:
        approvals.pause(connection, cards.store_id, leased, result.pause, now)
    return ids


def _audit(connection: sqlite3.Connection, leased: EventLease, result: TurnResult, now: datetime) -> None:
    """Write the turn into the chain; in words only what is no speech."""
    parts: object = [PART.dump_python(outgoing.part, mode="json") for outgoing in result.parts]
    if result.facts:
        parts = digest_of(json.dumps(parts, sort_keys=True))
    facts = {"event": leased.event.event_id, "outcome": result.outcome, "agent": result.agent, "parts": parts}
    in_words = bool(result.facts)
    audit.append(
        connection, f"turn_{result.outcome}", str(leased.seq), facts | dict(result.facts), now, in_words=in_words
    )


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
            "behind": result.behind or None,
            "given_back": int(not result.attempted or result.state == "parked"),
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
    if connection.execute(SQL["known_part"], {"part": part_id}).fetchone() is not None:
        return False
    slip = Slip(leased.conversation, "reply", until=until, asker=_asker(leased))
    queue(connection, slip, part_id, OutgoingPart(part), now)
    ready(connection, [leased.conversation])
    return True


def _queue(
    connection: sqlite3.Connection, store_id: str, leased: EventLease, result: TurnResult, now: datetime
) -> tuple[str, ...]:
    """Queue what is said, here and elsewhere; return the ids of the parts of this conversation."""
    here = Slip(
        leased.conversation,
        result.cause,
        until=result.until,
        asker=_asker(leased),
        chooser=leased.event.sender.key,
        choices_until=result.choices_until,
        offered_by=result.offered_by,
        about=result.about,
    )
    ids = tuple(f"{store_id}:{leased.seq}:{_before_its_answer(leased, result)}{n}" for n in range(len(result.parts)))
    for part_id, outgoing in zip(ids, result.parts, strict=True):
        queue(connection, here, part_id, outgoing, now)
    there = [(other.conversation, part, other.approval) for other in result.elsewhere for part in other.parts]
    for n, (conversation, part, approval) in enumerate(there):
        is_here = conversation == leased.conversation
        slip = (
            replace(here, cause="reply", offered_by="")
            if is_here
            else Slip(conversation, "system", until=result.until, choices_until=result.choices_until)
        )
        slip = replace(slip, approval=approval)
        queue(connection, slip, f"{store_id}:{leased.seq}:to-{n}", OutgoingPart(part), now)
    ready(connection, [*(leased.conversation for _ in ids), *(conversation for conversation, _, _ in there)])
    return ids


def _before_its_answer(leased: EventLease, result: TurnResult) -> str:
    """What is said of an event that may still be answered: its answer is numbered then. It may be held back twice."""
    if result.state != "parked":
        return ""
    return f"behind-{leased.epoch}-" if result.behind else "late-"


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
