"""`aof audit verify --file`, and what `aof audit` takes for a moment; the rest needs a store, in tests/e2e."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from aof.cli import app
from aof.cli.audit import MOST_BYTES_OF_A_LINE, _when
from aof.store.audit import line_of
from aof.store.sqlite import audit, database

START = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def lines() -> Sequence[str]:
    """Four rows of an export; the last has its facts in words."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        database.migrate(memory)
        for n in range(4):
            facts = {"by": "ada", "name": "Зоя\x1b[31m"}
            audit.append(memory, "person_suspended", str(n), facts, START + timedelta(seconds=n), in_words=n == 3)
        last = audit.last(memory)
        return [line_of(row) for row in audit.rows(memory, 0, last, None, None, "*", 10)]


def verify(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", "--file", str(file), *words])


def test_a_line_can_be_verified_by_whoever_reads_the_guide(lines: Sequence[str]) -> None:
    prev = "0" * 64
    for line in lines:
        row = json.loads(line)
        seconds = datetime.fromisoformat(row["at"]).timestamp()
        hashed = [row["seq"], seconds, row["kind"], row["subject"], row["digest"], prev]
        assert row["prev"] == prev
        assert row["hash"] == hashlib.sha256(json.dumps(hashed).encode()).hexdigest()
        prev = row["hash"]
    facts = json.dumps(json.loads(lines[-1])["facts"], sort_keys=True)
    assert json.loads(lines[-1])["digest"] == hashlib.sha256(facts.encode()).hexdigest()


def test_a_whole_file_says_what_it_proves_and_what_not(lines: Sequence[str], tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    file.write_text("\n".join(lines[1:]) + "\n")
    head = f"4:{json.loads(lines[3])['hash']}"
    assert verify(file).stdout == (
        f"{file} is whole from row 2 (2026-03-01T12:00:01+00:00) to row 4 (2026-03-01T12:00:03+00:00): 3 rows, "
        "1 of them with their facts in words.\n"
        f"Its head, to note elsewhere for --expect: {head}\n"
        "It proves nothing of what came before row 2, nor of what came behind row 4.\n"
    )
    assert verify(file, "--expect", head).exit_code == 0
    gone = verify(file, "--expect", f"9:{'0' * 64}", "--json")
    assert gone.exit_code == 1
    assert json.loads(gone.stdout)["broken"] == {
        "row": 5,
        "at": "2026-03-01T12:00:03.250000+00:00",
        "why": "cut",
        "sentence": "the end was cut off: rows 5 to 9 are missing behind row 4 (2026-03-01T12:00:03+00:00)",
    }
    before = verify(file, "--expect", f"1:{json.loads(lines[0])['hash']}")
    assert before.exit_code == 1
    assert "row 1 does not stand in it" in before.stderr


def test_rows_that_come_twice_or_not_in_order_are_told(lines: Sequence[str], tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    file.write_text("\n".join([*lines[:2], *lines[1:]]))
    assert "row 2 (2026-03-01T12:00:01+00:00) comes once more" in verify(file).stderr
    file.write_text("\n".join([lines[0], lines[2], lines[3]]))
    assert "row 2 is missing behind row 1 (2026-03-01T12:00:00+00:00); an export with --kind" in verify(file).stderr


@pytest.mark.parametrize("line", ["", "{}", "null", "[" * 100_000, "a" * (MOST_BYTES_OF_A_LINE + 1)], ids=len)
def test_a_line_that_is_no_row_is_named(lines: Sequence[str], tmp_path: Path, line: str) -> None:
    file = tmp_path / "audit\x1b[31m.jsonl"
    file.write_text(f"{lines[0]}\n{line}\n{lines[1]}\n")
    said = verify(file)
    assert said.exit_code == 1
    assert "line 2 is no row of an export; it may be torn" in said.stderr
    assert "\x1b" not in said.stderr


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "can't be read: Is a directory" in verify(tmp_path).stderr


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", None),
        ("90s", START - timedelta(seconds=90)),
        ("2w", START - timedelta(days=14)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_moment_is_one_of_utc_or_so_long_ago(text: str, moment: datetime | None) -> None:
    assert _when(text, START, "--since") == moment


@pytest.mark.parametrize("text", ["7", "7 days", "-1d", "999999w", "yesterday", "2026-13-01"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        _when(text, START, "--since")
