"""The audit chain by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.store.sqlite import audit, database

START = datetime(2026, 3, 1, tzinfo=UTC)
CHAIN = "SELECT seq, at, kind, subject, digest, prev, hash FROM audit ORDER BY seq"
Row = tuple[int, float, str, str, str, str, str]


def _chain(connection: sqlite3.Connection, facts: list[object]) -> list[Row]:
    for n, fact in enumerate(facts):
        audit.append(connection, "turn_answered", str(n), {"fact": fact}, START + timedelta(seconds=n))
    return connection.execute(CHAIN).fetchall()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(database.connect(tmp_path / "aof.db")) as opened:
        database.migrate(opened)
        yield opened


def test_an_empty_chain_is_whole(connection: sqlite3.Connection) -> None:
    assert audit.first_broken(connection) is None


def test_it_keeps_digests_and_not_what_was_said(connection: sqlite3.Connection) -> None:
    (row,) = _chain(connection, ["a secret +4915112345678"])
    assert "secret" not in str(row)
    assert "49151" not in str(row)


def test_other_facts_have_another_digest_and_the_same_facts_the_same(connection: sqlite3.Connection) -> None:
    digests = [row[4] for row in _chain(connection, ["a", "b", "a"])]
    assert digests[0] == digests[2] != digests[1]


def test_each_row_is_bound_to_the_one_before(connection: sqlite3.Connection) -> None:
    rows = _chain(connection, ["a", "b", "c"])
    assert [row[5] for row in rows] == ["0" * 64, rows[0][6], rows[1][6]]
    assert len({row[6] for row in rows}) == 3


@given(st.data())
def test_no_row_can_be_dropped_doubled_or_swapped_unseen(data: st.DataObject) -> None:
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.executescript(database.migrations()[0][1])
        rows = _chain(memory, list(range(6)))
    place = data.draw(st.integers(0, 5))
    other = data.draw(st.integers(0, 5).filter(lambda n: n != place))
    swapped = list(rows)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert audit.broken(rows, 6) is None
    assert audit.broken(rows[:place] + rows[place + 1 :], 6) == place + 1
    assert audit.broken(rows[: place + 1] + rows[place:], 6) is not None
    assert audit.broken(swapped, 6) == min(place, other) + 1
