"""The audit chain by itself."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.store.audit import AuditRow, Break, Head, NoRow, digest_of, hash_of, line_of, row_of, verify
from aof.store.sqlite import audit, database, operators

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
    assert audit.verified(connection).broken is None


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
    rows = CHAIN_OF_SIX
    place = data.draw(st.integers(0, 5))
    other = data.draw(st.integers(0, 5).filter(lambda n: n != place))
    swapped = list(rows)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert _broken_at(rows) is None
    assert _broken_at(rows[:place] + rows[place + 1 :]) == place + 1
    assert _broken_at(rows[: place + 1] + rows[place:]) == place + 1
    assert _broken_at(swapped) == min(place, other) + 1


@given(st.data())
def test_no_column_can_be_changed_unseen_even_with_a_hash_that_fits(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 4))
    column = data.draw(st.sampled_from(["kind", "subject", "digest", "prev", "at"]))
    was = CHAIN_OF_SIX[place]
    changed = replace(was, **{column: was.at + 1 if column == "at" else "f" * 64})
    rows = [*CHAIN_OF_SIX]
    rows[place] = changed
    assert _why(rows) == "changed"
    assert _broken_at(rows) == place + 1
    rehashed = replace(
        changed,
        hash=hash_of(changed.seq, changed.at, changed.kind, changed.subject, changed.digest, changed.prev),
    )
    rows[place] = rehashed
    assert _why(rows) == "unbound"
    assert _broken_at(rows) == (place + 1 if column == "prev" else place + 2)


@pytest.mark.parametrize("left", range(6))
def test_an_end_that_was_cut_off_is_told_with_when_it_still_was_there(left: int) -> None:
    found = verify(CHAIN_OF_SIX[:left], up_to=6, from_the_first=True)
    assert found.broken is not None
    assert (found.broken.seq, found.broken.why) == (left + 1, "cut")
    assert found.broken.at == (START + timedelta(seconds=left - 1) if left else None)
    assert ("row 6 is missing" if left == 5 else f"rows {left + 1} to 6 are missing") in found.broken.sentence


def test_a_piece_from_the_middle_is_whole_for_itself_and_a_gap_has_to_be_allowed() -> None:
    piece = CHAIN_OF_SIX[2:5]
    found = verify(piece)
    assert (found.broken, found.rows, found.gaps) == (None, 3, 0)
    assert found.head == Head(5, CHAIN_OF_SIX[4].hash)
    with_gap = [CHAIN_OF_SIX[1], *CHAIN_OF_SIX[3:]]
    assert verify(with_gap).broken == Break(
        3, START + timedelta(seconds=1), "missing", "row 3 is missing behind row 2 (2026-03-01T00:00:01+00:00)"
    )
    allowed = verify(with_gap, gaps=True)
    assert (allowed.broken, allowed.rows, allowed.gaps) == (None, 4, 1)


def test_row_one_is_bound_to_nothing() -> None:
    first = CHAIN_OF_SIX[0]
    forged = replace(first, prev="1" * 64, hash=hash_of(1, first.at, first.kind, first.subject, first.digest, "1" * 64))
    assert _why([forged]) == "unbound"


def test_a_chain_that_was_written_anew_is_whole_and_not_the_one_that_was_noted() -> None:
    noted = Head(3, CHAIN_OF_SIX[2].hash)
    anew = _rows_of([*range(2), "other", *range(3, 6)])
    assert verify(anew, up_to=6, from_the_first=True).broken is None
    found = verify(anew, up_to=6, from_the_first=True, expected=noted).broken
    assert found is not None
    assert (found.seq, found.why) == (3, "unexpected")
    assert verify(CHAIN_OF_SIX, expected=noted).broken is None
    shorter = verify(anew[:2], expected=noted).broken
    assert shorter is not None
    assert (shorter.seq, shorter.why) == (3, "cut")


def test_a_changed_word_is_found_by_its_digest(connection: sqlite3.Connection) -> None:
    for n in range(3):
        audit.append(connection, "part_released", str(n), {"by": f"ada {n}"}, START, in_words=n != 1)
    assert audit.verified(connection).words == 2
    connection.execute("UPDATE audit_words SET facts = replace(facts, 'ada', 'bob') WHERE seq = 3")
    found = audit.verified(connection)
    assert found.broken is not None
    assert (found.broken.seq, found.broken.why, found.rows) == (3, "words", 2)
    connection.execute("DELETE FROM audit_words WHERE seq = 3")
    assert audit.verified(connection).broken is None, "words may be erased"
    connection.execute("INSERT INTO audit_words VALUES (7, '{}')")
    stray = audit.verified(connection).broken
    assert stray is not None
    assert (stray.seq, stray.why) == (7, "words")
    assert operators.check(connection) == ["the facts beside row 7 of the audit chain were changed"]


FACTS = st.dictionaries(
    st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.floats(), st.lists)
)


@given(
    at=st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)),  # noqa: DTZ001 -- made aware below
    texts=st.tuples(*[st.text()] * 2),
    facts=st.none() | FACTS,
)
def test_a_line_of_an_export_is_the_row_again(
    at: datetime, texts: tuple[str, str], facts: dict[str, object] | None
) -> None:
    words = json.dumps(facts, sort_keys=True) if facts is not None else None
    fields = (1, at.replace(tzinfo=UTC).timestamp(), *texts, digest_of(words or ""), "0" * 64)
    row = AuditRow(*fields, hash=hash_of(*fields), words=words)
    line = line_of(row)
    assert line.isascii()
    assert line.isprintable()
    assert row_of(line) == row
    assert verify([row_of(line)]).broken is None


def test_words_that_are_no_json_are_exported_as_they_are_and_still_found() -> None:
    (row,) = _rows_of(["a"])
    for words in ("{", '{"b": 1, "a": 2}', '"by"', '{"by":"ada"}'):
        line = line_of(replace(row, words=words))
        assert json.loads(line)["facts"] == words
        assert _why([row_of(line)]) == "words"


@pytest.mark.parametrize("at", [1e300, float("inf"), float("nan")])
def test_a_time_that_is_none_is_told_as_a_changed_row(at: float) -> None:
    (row,) = _rows_of(["a"])
    forged = replace(row, at=at)
    assert forged.moment is None
    assert _why([forged]) == "changed"
    assert json.loads(line_of(forged))["at"] is None
    with pytest.raises(NoRow):
        row_of(line_of(forged))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", "1"), ("seq", True), ("seq", 1.0), ("at", "yesterday"), ("at", "2026-03-01T00:00:00"), ("at", 5),
        ("kind", None), ("subject", "\ud800"), ("prev", 0), ("facts", "\ud800"),
    ],
)  # fmt: skip
def test_a_line_with_anything_else_is_no_row(name: str, value: object) -> None:
    (row,) = _rows_of(["a"])
    written = json.loads(line_of(row)) | {name: value}
    if name == "subject":
        assert _why([row_of(json.dumps(written))]) == "changed"
        return
    with pytest.raises(NoRow):
        row_of(json.dumps(written))


@pytest.mark.parametrize("line", ["", "null", "[]", "{}", "1" * 5000, "[" * 200_000, '{"seq": 1'])
def test_no_row_is_read_from_what_is_none(line: str) -> None:
    with pytest.raises(NoRow):
        row_of(line)


def _rows_of(facts: list[object]) -> list[AuditRow]:
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.executescript(database.migrations()[0][1])
        memory.executescript(database.migrations()[1][1])
        return [AuditRow(*row) for row in _chain(memory, facts)]


def _broken_at(rows: list[AuditRow]) -> int | None:
    found = verify(rows, up_to=6, from_the_first=True).broken
    return found.seq if found is not None else None


def _why(rows: list[AuditRow]) -> str | None:
    found = verify(rows).broken
    return found.why if found is not None else None


CHAIN_OF_SIX = _rows_of(list(range(6)))
