"""Leasing parts, and writing what became of them."""

import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from aof.domain.delivery import PartState, raised
from aof.domain.errors import LeaseLost
from aof.domain.message import Sender
from aof.domain.response import EditPart
from aof.store.base import PartLease, PartLeases, Standing
from aof.store.results import Closed, Dead, Deferred, Held, Moved, PartResult, Sent, Uncertain
from aof.store.sqlite import audit, contacts, operators, people, places, templates, windows
from aof.store.sqlite.outgoing import supersede
from aof.store.sqlite.receipts import raise_by_receipts
from aof.store.sqlite.rows import PART, Row, address, json_list, misfit, moment, stamp
from aof.store.statements import statements
from aof.texts.language import Language

SQL = statements("aof.store.sqlite", "parts")

SAME_CHAT_AGAIN = timedelta(minutes=1)
"""Before the next try where the platform names as a group's new id one that leads nowhere."""


def lease(
    connection: sqlite3.Connection,
    owner: str,
    now: datetime,
    lease_for: timedelta,
    most: int,
    open_wait: timedelta,
    paused: Collection[str],
) -> PartLeases:
    """Lease the oldest part of up to `most` conversations."""
    at = stamp(now)
    for row in connection.execute(SQL["abandoned_parts"], {"owner": owner, "now": at}).fetchall():
        if row["state"] == PartState.SENDING:
            doubt = {"not_before": stamp(now + open_wait), "reason": "its sender died while it was being sent"}
            connection.execute(SQL["doubt_part"], doubt | {"seq": row["seq"]})
        else:
            connection.execute(SQL["release_part"], {"seq": row["seq"], "now": at})
        connection.execute(SQL["set_out_ready"], {"conversation": row["conversation"]})
    accounts = json_list(paused)
    ready = connection.execute(SQL["ready_outboxes"], {"now": at, "most": most, "paused": accounts}).fetchall()
    leases = []
    suspended = frozenset(people.suspended(connection)) if ready else frozenset()
    for found in ready:
        leased = _lease_one(connection, found["conversation"], owner, now, lease_for, suspended)
        if leased is not None:
            leases.append(leased)
    (due,) = tuple(connection.execute(SQL["next_part_at"], {"paused": accounts}).fetchone())
    return PartLeases(tuple(leases), moment(due) if due is not None else None, operators.stopped(connection))


def _lease_one(
    connection: sqlite3.Connection,
    conversation: str,
    owner: str,
    now: datetime,
    lease_for: timedelta,
    suspended: frozenset[str],
) -> PartLease | None:
    named = {"conversation": conversation}
    row: Row | None = connection.execute(SQL["oldest_part"], named).fetchone()
    while row is not None and row["edits"] is not None and row["owner"] is None:
        # one that was in flight as the later one came, and whose sender died, is back
        if not supersede(connection, conversation, row["edits"], now):
            break
        row = connection.execute(SQL["oldest_part"], named).fetchone()
    if row is None or row["owner"] is not None:
        connection.execute(SQL["clear_out_ready"], named)
        return None
    if row["not_before"] > stamp(now):
        connection.execute(SQL["set_out_ready"], named)
        return None
    try:
        part = PART.validate_json(row["body"])
    except ValidationError as error:
        _bury(connection, conversation, row, misfit(error), now)
        return None
    if isinstance(part, EditPart) and not part.message_id:
        # it was on its way when it was decided that something else stands in its place
        (message_id,) = connection.execute(SQL["message_of"], {"part": part.of_part}).fetchone() or (None,)
        if message_id is None:
            connection.execute(SQL["drop_edit"], {"seq": row["seq"], "now": stamp(now)})
            connection.execute(SQL["set_out_ready"], {"conversation": conversation})
            audit.append(connection, "part_superseded", row["part"], {"edits": part.of_part}, now)
            return None
        part = part.model_copy(update={"message_id": message_id})
    connection.execute(SQL["lease_part"], {"seq": row["seq"], "owner": owner, "lease_until": stamp(now + lease_for)})
    connection.execute(SQL["clear_out_ready"], named)
    leased = PartLease(
        seq=row["seq"],
        attempt=row["attempts"] + 1,
        part_id=row["part"],
        part=part,
        account=row["account"],
        conversation=conversation,
        address=places.with_former(connection, row["account"], address(row)),
        reply_to=row["reply_to"],
        cause=row["cause"],
        about=row["about"],
        deferrals=row["deferrals"],
        uncertain=row["uncertain"],
        created_at=moment(row["created_at"]),
        asker=Sender.model_validate_json(row["asker"]) if row["asker"] else None,
        until=moment(row["until"]) if row["until"] is not None else None,
        heard_at=moment(row["heard_at"]) if row["heard_at"] is not None else None,
        question=row["question"] or "",
        window_from=moment(row["window_from"]) if row["window_from"] is not None else None,
        refused=row["refused"],
        language=Language(row["language"]) if row["language"] else None,
        template=templates.state_of(connection, row["account"], part),
    )
    return replace(leased, standing=people.standing(connection, leased.account, leased.recipient, suspended))


def _bury(connection: sqlite3.Connection, conversation: str, row: Row, reason: str, now: datetime) -> None:
    """Bury a part that nobody can send, so that it stops neither its conversation nor the others."""
    settled = _unsettled(row["seq"], now) | {"state": PartState.DEAD, "reason": reason}
    connection.execute(SQL["settle_open"], settled)
    connection.execute(SQL["set_out_ready"], {"conversation": conversation})
    audit.append(connection, "part_unreadable", row["part"], {"error": reason}, now)


def begin(connection: sqlite3.Connection, owner: str, leased: PartLease) -> Standing:
    """Write that the request is about to be written; return what was decided about whom it is for, as it stands now."""
    begun = {"seq": leased.seq, "attempt": leased.attempt, "owner": owner}
    if not connection.execute(SQL["begin_part"], begun).rowcount:
        raise LeaseLost(f"part {leased.part_id} was settled by a receipt, or is sent by somebody else")
    suspended = frozenset(people.suspended(connection))
    return people.standing(connection, leased.account, leased.recipient, suspended)


def settle(connection: sqlite3.Connection, store_id: str, leased: PartLease, result: PartResult, now: datetime) -> None:
    """Write what became of a part that was leased."""
    row: Row | None = connection.execute(SQL["part_in_flight"], {"seq": leased.seq}).fetchone()
    if row is None or row["attempts"] != leased.attempt:
        raise LeaseLost(f"part {leased.part_id} is sent by somebody else")
    state = PartState(row["state"])
    if isinstance(result, Sent):
        _sent(connection, leased, state, result, now)
    elif row["owner"] is not None:
        settled: Deferred | Uncertain | Held | Dead
        if isinstance(result, Held) and result.closed is not None:
            settled = _park(connection, store_id, leased, result, result.closed, now)
        elif isinstance(result, Moved):
            settled = _follow(connection, leased, result, now)
        else:
            settled = result
        _settle_open(connection, leased, settled, now)
        if isinstance(leased.part, EditPart):
            supersede(connection, leased.conversation, leased.part.changes, now)
    elif state is not PartState.UNCERTAIN:
        # a receipt moved the row while its answer was under way: what it proves stands
        return
    connection.execute(SQL["set_out_ready"], {"conversation": leased.conversation})
    facts = {"part": leased.part_id, "attempt": leased.attempt, "result": repr(result)}
    audit.append(connection, f"part_{type(result).__name__.lower()}", leased.part_id, facts, now)


def _park(
    connection: sqlite3.Connection, store_id: str, leased: PartLease, held: Held, closed: Closed, now: datetime
) -> Held | Deferred:
    """Hold a part until its person writes. Where they have written since it was leased, it goes to the gates again."""
    if windows.is_still_closed(connection, leased):
        windows.park(connection, store_id, leased, closed, now)
        return held
    if closed.refused:
        windows.count_refusal(connection, leased.seq)
    return Deferred(timedelta(), 0, held.reason, counts=False)


def _follow(connection: sqlite3.Connection, leased: PartLease, moved: Moved, now: datetime) -> Deferred:
    """Send a part where its group is now; later, where that is no other place: no word may send it for ever."""
    places.move_chat(connection, leased.account, leased.address.chat, moved.new_chat, now)
    if places.chat_now(connection, leased.account, leased.address.chat) != leased.address.chat:
        return Deferred(timedelta(), 0, moved.reason, counts=False)
    return Deferred(SAME_CHAT_AGAIN, 0, moved.reason)


def _sent(connection: sqlite3.Connection, leased: PartLease, state: PartState, result: Sent, now: datetime) -> None:
    state = raised(state, "sent")
    settled = {"seq": leased.seq, "state": state, "message_id": result.message_id, "now": stamp(now)}
    connection.execute(SQL["settle_sent"], settled)
    places.reached(connection, leased.conversation)
    part = {"seq": leased.seq, "part": leased.part_id, "conversation": leased.conversation, "state": state}
    raise_by_receipts(connection, part, leased.account, result.message_id, now)


def _unsettled(seq: int, now: datetime) -> dict[str, Any]:
    return {
        "seq": seq,
        "not_before": stamp(now),
        "gate": None,
        "code": 0,
        "reason": "",
        "deferred": 0,
        "doubted": 0,
        "now": stamp(now),
    }


def _settle_open(
    connection: sqlite3.Connection, leased: PartLease, result: Deferred | Uncertain | Held | Dead, now: datetime
) -> None:
    settled = _unsettled(leased.seq, now)
    match result:
        case Deferred():
            settled |= {
                "state": PartState.QUEUED,
                "not_before": stamp(now + result.wait),
                "code": result.code,
                "reason": result.reason,
                "deferred": int(result.counts),
            }
        case Uncertain():
            settled |= {
                "state": PartState.UNCERTAIN,
                "not_before": stamp(now + result.wait),
                "reason": result.reason,
                "doubted": 1,
            }
        case Held():
            settled |= {"state": PartState.HELD, "gate": result.gate, "reason": result.reason}
        case Dead():
            settled |= {"state": PartState.DEAD, "code": result.code, "reason": result.reason}
            if result.opted_out:
                part = {"part": leased.part_id, "account": leased.account, "conversation": leased.conversation}
                contacts.refused(connection, part, result.reason, now)
            if result.unreachable:
                places.refused(connection, leased.seq, leased.conversation)
    connection.execute(SQL["settle_open"], settled)
