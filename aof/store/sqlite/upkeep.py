"""Erasing what is older than its time, in small batches so that nobody waits behind it."""

import sqlite3
from datetime import datetime, timedelta

from aof.domain.errors import StoreBusy
from aof.domain.pairing import ONE_A_DAY
from aof.store.base import Counts
from aof.store.sqlite.rows import stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "upkeep")

_SWEEPS = (
    "end_parked",
    "blank_events",
    "erase_events",
    "erase_turns",
    "erase_parts",
    "erase_choices",
    "erase_memory",
    "erase_expectations",
    "give_up_runs",
    "erase_approvals",
    "erase_votes",
    "erase_steps",
    "erase_runs",
    "erase_receipts",
    "erase_notices",
    "erase_quarantine",
    "erase_conversations",
    "erase_closed_windows",
    "erase_addresses",
    "erase_preferences",
    "erase_pairings",
    "erase_invitations",
    "erase_budgets",
    "erase_opportunities",
    "erase_opportunity_keys",
    "erase_drafts",
    "erase_opportunity_moves",
    "erase_notifications",
    "erase_notification_presses",
)


def sweep(connection: sqlite3.Connection, now: datetime, keep: timedelta, keep_ids: timedelta, batch: int) -> int:
    """Erase at most `batch` rows of each table; return how many went."""
    before = {
        "before": stamp(now - keep),
        "before_ids": stamp(now - max(keep, keep_ids)),
        "day_ago": stamp(now - ONE_A_DAY),
        "batch": batch,
    }
    return sum(connection.execute(SQL[name], before).rowcount for name in _SWEEPS)


def probe(connection: sqlite3.Connection) -> None:
    """Write something, read it and take it back."""
    connection.execute(SQL["probe"])
    if connection.execute(SQL["probed"]).fetchone() is None:
        raise StoreBusy("what was written can't be read")
    connection.execute(SQL["unprobe"])


def counts(connection: sqlite3.Connection) -> Counts:
    return Counts(
        events={row[0]: row[1] for row in connection.execute(SQL["count_events"])},
        parts={row[0]: row[1] for row in connection.execute(SQL["count_parts"])},
        held_back=connection.execute(SQL["count_held_back"]).fetchone()[0],
        held={row[0]: row[1] for row in connection.execute(SQL["count_held"])},
        quarantined=connection.execute(SQL["count_quarantine"]).fetchone()[0],
    )
