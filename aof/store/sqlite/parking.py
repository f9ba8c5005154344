"""What waits of a sender or for a run, and moving it: parked, run after all, or over."""

import sqlite3
from datetime import datetime

from pydantic import ValidationError

from aof.domain.message import Decided
from aof.store.parking import Moves, Waiting
from aof.store.sqlite.rows import SPOKEN, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "parking", "events")


def waiting(connection: sqlite3.Connection, conversation: str, sender: str) -> tuple[Waiting, ...]:
    """The oldest first."""
    found = []
    for row in connection.execute(SQL["waiting_of"], {"conversation": conversation, "sender": sender}):
        try:
            event = SPOKEN.validate_json(row["payload"])
        except ValidationError:
            # this version can't read it: it is buried when its turn comes, or ends in its time
            continue
        if not isinstance(event, Decided):
            found.append(Waiting(row["seq"], event, moment(row["received_at"]), bool(row["parked"])))
    return tuple(found)


def move(connection: sqlite3.Connection, conversation: str, moves: Moves, now: datetime) -> None:
    """Move events, before the turn's own conversation is given back: that looks for what is open then."""
    for seq in moves.parks:
        connection.execute(SQL["park"], {"seq": seq, "conversation": conversation})
    for seq in moves.skips:
        connection.execute(SQL["skip"], {"seq": seq})
    for seq in moves.runs:
        row = connection.execute(SQL["run_parked"], {"seq": seq, "now": stamp(now)}).fetchone()
        if row is not None and row["conversation"] != conversation:
            connection.execute(SQL["ready_unless_held"], {"conversation": row["conversation"], "now": stamp(now)})


def is_awaited(connection: sqlite3.Connection, run: str) -> bool:
    """Whether what is held back for a run would be opened again."""
    return connection.execute(SQL["awaited"], {"run": run}).fetchone() is not None


def held_back(connection: sqlite3.Connection, run: str) -> int:
    (count,) = connection.execute(SQL["held_back"], {"run": run}).fetchone()
    return int(count)


def open_again(connection: sqlite3.Connection, run: str, now: datetime) -> None:
    """Let what was held back for a run be answered; before its conversation is given back, as `move`."""
    opened = connection.execute(SQL["open_again"], {"run": run, "now": stamp(now)}).fetchall()
    for conversation in dict.fromkeys(row["conversation"] for row in opened):
        connection.execute(SQL["ready_unless_held"], {"conversation": conversation, "now": stamp(now)})
