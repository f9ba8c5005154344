"""Parts that wait until their person writes again: parked with one nudge, and taken up when they do."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta

from aof.domain.delivery import PartState
from aof.domain.response import TemplatePart
from aof.store.base import Cause, OutgoingPart, PartLease
from aof.store.results import Closed
from aof.store.sqlite import audit
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.rows import Row, address, moment, stamp
from aof.store.statements import statements
from aof.store.windows import ClosedWindow, Nudge

SQL = statements("aof.store.sqlite", "windows")

NUDGE_AGAIN = timedelta(days=1)
"""After one that failed. Meta's word on a person who gets enough: wait at least 24 hours."""


def is_still_closed(connection: sqlite3.Connection, leased: PartLease) -> bool:
    """Whether the person has not written since the part was leased."""
    row = connection.execute(SQL["window_of"], {"conversation": leased.conversation}).fetchone()
    since = row["window_from"] if row is not None else None
    return since is None or (leased.window_from is not None and since <= stamp(leased.window_from))


def park(connection: sqlite3.Connection, store_id: str, leased: PartLease, closed: Closed, now: datetime) -> None:
    """Ask the person to write, unless they are asked already. The part itself is written as held before."""
    if closed.refused:
        count_refusal(connection, leased.seq)
        connection.execute(SQL["shut_window"], {"conversation": leased.conversation, "at": None})
    row = connection.execute(SQL["window_of"], {"conversation": leased.conversation}).fetchone()
    before: Row | None = connection.execute(SQL["closed_window"], {"conversation": row["conversation"]}).fetchone()
    if before is not None and _is_asked(before, closed.nudge, now):
        return
    nudge = f"{store_id}:nudge-{leased.seq}-{leased.attempt}" if closed.nudge else None
    asked = {"conversation": row["conversation"], "heard_at": row["window_from"], "nudge": nudge, "now": stamp(now)}
    connection.execute(SQL["close_window"], asked)
    if nudge is None or closed.nudge is None:
        return
    # whoever wants nothing any more is not asked to write, whatever the answer was to
    cause: Cause = "system" if leased.cause == "reply" else leased.cause
    queue(connection, Slip(row["conversation"], cause), nudge, OutgoingPart(closed.nudge), now)
    ready(connection, [row["conversation"]])
    audit.append(connection, "window_nudged", nudge, {"part": leased.part_id}, now)


def count_refusal(connection: sqlite3.Connection, seq: int) -> None:
    """The platform said that the window is closed to this part: a second time it is not sent again."""
    connection.execute(SQL["count_refusal"], {"seq": seq})


def _is_asked(before: Row, nudge: TemplatePart | None, now: datetime) -> bool:
    """Whether what asked the person before still does, or nothing can."""
    if nudge is None:
        return True
    if before["nudge"] is None or before["state"] is None:
        return False
    failed = before["state"] in (PartState.DEAD, PartState.FAILED)
    return not failed or before["at"] > stamp(now - NUDGE_AGAIN)


def put_back(
    connection: sqlite3.Connection, seq: int, failed_at: float | None, code: int, reason: str, now: datetime
) -> bool:
    """Send a part to the gates again that failed since the window was closed; False where it was sent so before."""
    row = connection.execute(
        SQL["put_back"], {"seq": seq, "code": code, "reason": reason, "now": stamp(now)}
    ).fetchone()
    if row is None:
        return False
    connection.execute(SQL["shut_window"], {"conversation": row["conversation"], "at": failed_at})
    ready(connection, [row["conversation"]])
    return True


def reopen(connection: sqlite3.Connection, conversations: Collection[str], now: datetime) -> int:
    """Take up what is parked for people who wrote; return how many parts."""
    taken_up = 0
    named = {"conversations": json.dumps([*conversations])}
    for row in connection.execute(SQL["reopened"], named).fetchall():
        conversation = row["conversation"]
        connection.execute(SQL["open_window"], {"conversation": conversation})
        parked = connection.execute(SQL["take_up_parked"], {"conversation": conversation, "now": stamp(now)}).fetchall()
        dropped = connection.execute(SQL["drop_nudge"], {"part": row["nudge"], "now": stamp(now)}).fetchall()
        ready(connection, [part["conversation"] for part in (*parked, *dropped)])
        taken_up += len(parked)
        if parked:
            connection.execute(SQL["opened_by"], {"conversation": conversation})
            facts = {"parts": [part["part"] for part in parked]}
            audit.append(connection, "window_reopened", conversation, facts, now)
    return taken_up


def closed(connection: sqlite3.Connection) -> list[ClosedWindow]:
    """Who waits longest first."""
    return [
        ClosedWindow(
            conversation=row["conversation"],
            account=row["account"],
            address=address(row),
            since=moment(row["at"]),
            parked=row["parked"],
            nudge=Nudge(row["seq"], row["state"], row["gate"] or "", row["code"], row["error"] or "")
            if row["seq"] is not None
            else None,
        )
        for row in connection.execute(SQL["closed_windows"])
        if row["parked"]
    ]
