"""Who was let in by a code, who was sent away, who may not talk for now."""

import sqlite3
from datetime import datetime

from aof.domain.pairing import CODE_LASTS, MOST_A_DAY, MOST_WRONG_TRIES, ONE_A_DAY, digest
from aof.store.base import EventLease, Standing
from aof.store.operators import Paired
from aof.store.sqlite import audit
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "people", "decisions")


def suspended(connection: sqlite3.Connection) -> dict[str, datetime]:
    return {row["name"]: moment(row["at"]) for row in connection.execute(SQL["suspended"])}


def standing(
    connection: sqlite3.Connection, account: str, user_id: str | None, number: str | None, absent: frozenset[str]
) -> Standing:
    """What was decided about a sender; `absent` are the suspended."""
    sought = {"account": account, "user_id": user_id or number, "number": number or user_id}
    row = connection.execute(SQL["pairing_of"], sought).fetchone()
    return Standing(row["state"], row["name"], absent) if row is not None else Standing(suspended=absent)


def ask(connection: sqlite3.Connection, store_id: str, leased: EventLease, code: str, now: datetime) -> bool:
    """Keep that a stranger was told a code."""
    event = leased.event
    asked = {
        "account": event.account,
        "sender": event.sender.key,
        "number": event.sender.number,
        "user_id": event.sender.user_id,
        "called": event.sender.name or "",
        "code": digest(code, store_id),
        "event": leased.seq,
        "now": stamp(now),
        "expires_at": stamp(now + CODE_LASTS),
        "since": stamp(now - ONE_A_DAY),
    }
    (others,) = connection.execute(SQL["asked_lately"], asked).fetchone()
    return others < MOST_A_DAY and connection.execute(SQL["ask_pairing"], asked).rowcount > 0


def approve(
    connection: sqlite3.Connection, store_id: str, code: str, name: str, by: str, now: datetime
) -> Paired | None:
    """Let in whoever was told the code. A wrong code raises nothing, since a raise would take the count back."""
    tried = {"code": digest(code, store_id), "now": stamp(now), "most_tries": MOST_WRONG_TRIES}
    row = connection.execute(SQL["open_code"], tried).fetchone()
    if row is None:
        connection.execute(SQL["wrong_code"], tried)
        return None
    return _decide(connection, row, "approved", name, by, now)


def readmit(connection: sqlite3.Connection, who: str, by: str, now: datetime) -> list[Paired]:
    return [_decide(connection, row, "approved", "", by, now) for row in _called(connection, who, "revoked")]


def revoke(connection: sqlite3.Connection, who: str, by: str, now: datetime) -> list[Paired]:
    rows = [*_called(connection, who, "approved"), *_called(connection, who, "asked")]
    return [_decide(connection, row, "revoked", "", by, now) for row in rows]


def paired(connection: sqlite3.Connection, now: datetime) -> list[Paired]:
    return [_paired(row, now) for row in connection.execute(SQL["pairings"])]


def suspend(connection: sqlite3.Connection, name: str, by: str, now: datetime) -> bool:
    is_new = connection.execute(SQL["suspend"], {"name": name, "now": stamp(now)}).rowcount > 0
    if is_new:
        audit.append(connection, "person_suspended", "", {"name": name, "by": by}, now)
    return is_new


def resume(connection: sqlite3.Connection, name: str, by: str, now: datetime) -> bool:
    was_there = connection.execute(SQL["resume_person"], {"name": name}).rowcount > 0
    if was_there:
        audit.append(connection, "person_resumed", "", {"name": name, "by": by}, now)
    return was_there


def _called(connection: sqlite3.Connection, who: str, state: str) -> list[Row]:
    return connection.execute(SQL["pairings_called"], {"who": who, "state": state}).fetchall()


def _decide(connection: sqlite3.Connection, row: Row, state: str, name: str, by: str, now: datetime) -> Paired:
    connection.execute(SQL["decide_pairing"], {"seq": row["seq"], "state": state, "name": name, "now": stamp(now)})
    facts = {"account": row["account"], "sender": row["sender"], "name": name, "by": by}
    audit.append(connection, f"pairing_{state}", str(row["seq"]), facts, now)
    return _paired(connection.execute(SQL["pairing"], {"seq": row["seq"]}).fetchone(), now)


def _paired(row: Row, now: datetime) -> Paired:
    is_open = row["state"] == "asked" and row["expires_at"] > stamp(now) and row["tries"] < MOST_WRONG_TRIES
    return Paired(
        account=row["account"],
        number=row["number"] or "",
        user_id=row["user_id"] or "",
        called=row["called"],
        name=row["name"],
        state=row["state"],
        is_open=is_open,
        asked_at=moment(row["asked_at"]),
        expires_at=moment(row["expires_at"]),
        decided_at=moment(row["decided_at"]) if row["decided_at"] is not None else None,
    )
