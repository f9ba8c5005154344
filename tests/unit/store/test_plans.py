"""No statement of the hot path reads a whole table: a store of a year answers as quickly as a new one."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aof.store.sqlite import database
from aof.store.statements import statements

HOT = statements(
    "aof.store.sqlite", "accept", "events", "parts", "people", "memory", "approvals", "parking", "consent", "budgets",
    "opportunities", "sessions", "reading", "windows", "templates", "places", "answers",
    "invitations",
)  # fmt: skip
SMALL = re.compile(
    r"json_each|SCAN i VIRTUAL TABLE|SCAN (event|own)$|SCAN (suspension|reservation)$|CONSTANT ROW|\(subquery"
    r"|USING INDEX ((conversation|outbox)_leased|inbox_running)"
    r"|SCAN (session|sign_in_link|stopped|one|template|w|invitation|invite_link)\b"
    r"|SCAN quarantine|SCAN CONSTANT"
)
"""Lists of the caller's own, what is leased right now, who is signed in or invited,
templates, people to whom something is
parked, and what nobody could read."""
SEARCHES = frozenset({"found_by_alias", "found_by_line", "found_by_pairing", "every_conversation"})
"""What a person types may stand anywhere: all numbers and names are looked through, and the newest lines. A digest of a
conversation can only be tried on all of them."""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(database.connect(tmp_path / "aof.db")) as made:
        database.migrate(made)
        yield made


@pytest.mark.parametrize("name", sorted(HOT.keys() - SEARCHES))
def test_a_statement_of_the_hot_path_scans_no_table(connection: sqlite3.Connection, name: str) -> None:
    values = dict.fromkeys(re.findall(r":(\w+)", HOT[name]), "[]")
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {HOT[name]}", values)]
    assert [step for step in plan if step.startswith("SCAN") and not SMALL.search(step)] == []
