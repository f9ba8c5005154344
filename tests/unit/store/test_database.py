"""Opening the file: the lock, the pragmas, migrations forward and never back."""

import sqlite3
import stat
from contextlib import closing
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from aof.domain.errors import StoreBusy, StoreError, StoreFromFuture
from aof.store.sqlite import database

LANDED = {
    "0001_first.sql": "f9ecb38be8b02132",
    "0002_operators.sql": "4a7cd924e7737f14",
    "0003_approvals.sql": "1298677934525999",
    "0004_budgets.sql": "5b60f1827f4307f1",
    "0005_contact.sql": "1cd2732ea2d22c0e",
    "0006_opportunities.sql": "253abf512f917ea3",
    "0007_page.sql": "ed9e6c9b0c326607",
    "0008_window.sql": "87496b92cb471b5c",
    "0009_paused.sql": "17eb786217a6f968",
    "0010_topics.sql": "a45142131c9eedfa",
    "0011_invitations.sql": "895681c9b2fb1476",
}
"""Migrations that a file somewhere may have run, by the beginning of their SHA-256."""
TABLES = {
    "store", "conversation", "address", "inbox", "turn", "outbox", "receipt", "choice", "notice", "quarantine", "audit",
}  # fmt: skip


def _schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows if not name.startswith("sqlite_")}


def test_migrations_are_numbered_upwards_from_one() -> None:
    numbers = [number for number, _ in database.migrations()]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))


def test_a_migration_that_has_landed_is_never_changed() -> None:
    """What a file has run it does not run again: a change belongs into a new one, which is added here as it lands."""
    folder = files("aof.store.sqlite") / "migrations"
    found = {
        one.name: sha256(one.read_bytes()).hexdigest()[:16] for one in folder.iterdir() if one.name.endswith(".sql")
    }
    assert found == LANDED


def test_a_new_file_gets_every_table_and_an_id_that_stays(tmp_path: Path) -> None:
    path = tmp_path / "aof.db"
    ids = []
    for _ in range(2):
        with closing(database.connect(path)) as connection:
            ids.append(database.migrate(connection))
            assert connection.execute("PRAGMA user_version").fetchone() == (database.migrations()[-1][0],)
    assert ids[0] == ids[1]
    assert len(ids[0]) == 8
    assert _schema(path) >= TABLES


def test_two_files_have_two_ids(tmp_path: Path) -> None:
    ids = set()
    for name in ("a.db", "b.db"):
        with closing(database.connect(tmp_path / name)) as connection:
            ids.add(database.migrate(connection))
    assert len(ids) == 2


def test_each_missing_step_is_taken_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = database.migrations()[:1]
    monkeypatch.setattr(database, "migrations", lambda: first)
    with closing(database.connect(tmp_path / "aof.db")) as connection:
        store_id = database.migrate(connection)
        connection.execute("INSERT INTO address VALUES ('account', 'alias', 'conversation')")
        later = [
            *first,
            (2, "ALTER TABLE address ADD COLUMN seen INTEGER NOT NULL DEFAULT 2;"),
            (3, "UPDATE address SET seen = seen + 1;"),
        ]
        monkeypatch.setattr(database, "migrations", lambda: later)
        for _ in range(2):
            assert database.migrate(connection) == store_id
        assert connection.execute("SELECT alias, seen FROM address").fetchall() == [("alias", 3)]


def test_a_step_that_fails_leaves_the_file_as_it_was_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "aof.db"
    first = database.migrations()[:1]
    broken = [*first, (2, "CREATE TABLE half (x);\nINSERT INTO nowhere VALUES (1);")]
    monkeypatch.setattr(database, "migrations", lambda: broken)
    with closing(database.connect(path)) as connection, pytest.raises(sqlite3.OperationalError):
        database.migrate(connection)
    assert "half" not in _schema(path)
    monkeypatch.setattr(database, "migrations", lambda: first)
    with closing(database.connect(path)) as connection:
        assert database.migrate(connection)


def test_a_file_of_a_newer_daemon_is_refused(tmp_path: Path) -> None:
    with closing(database.connect(tmp_path / "aof.db")) as connection:
        database.migrate(connection)
        newer = database.migrations()[-1][0] + 1
        connection.execute(f"PRAGMA user_version = {newer}")
        with pytest.raises(StoreFromFuture, match=f"schema {newer}"):
            database.migrate(connection)


def test_a_commit_is_on_disk_and_readers_wait_for_nobody(tmp_path: Path) -> None:
    with closing(database.connect(tmp_path / "aof.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_reading_connection_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "aof.db"
    with closing(database.connect(path)) as connection:
        database.migrate(connection)
        with closing(database.connect_read_only(path)) as reader:
            assert reader.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.execute("DELETE FROM inbox")


def test_a_lock_is_taken_once_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "aof.db"
    held = database.lock(path)
    with pytest.raises(StoreError, match=r"aof\.db is open in another daemon"):
        database.lock(path)
    held.close()
    database.lock(path).close()
    assert stat.S_IMODE((tmp_path / "aof.db.lock").stat().st_mode) == 0o600


def test_a_folder_in_its_place_is_busy_and_named(tmp_path: Path) -> None:
    (tmp_path / "aof.db").mkdir()
    with pytest.raises(StoreBusy, match=r"aof\.db"):
        database.connect(tmp_path / "aof.db")


def test_people_who_wrote_before_the_window_was_known_keep_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = database.migrations()
    monkeypatch.setattr(database, "migrations", lambda: [step for step in every if step[0] < 8])
    with closing(database.connect(tmp_path / "aof.db")) as connection:
        database.migrate(connection)
        connection.execute(
            "INSERT INTO conversation (conversation, account, chat, grouped, heard_at, created_at)"
            " VALUES ('wrote', 'a', 'c', 0, 17.5, 1), ('silent', 'a', 'd', 0, NULL, 1)"
        )
        monkeypatch.setattr(database, "migrations", lambda: every)
        database.migrate(connection)
        rows = connection.execute("SELECT conversation, spoke_at, shut_at FROM conversation ORDER BY conversation")
        assert rows.fetchall() == [("silent", None, None), ("wrote", 17.5, None)]
