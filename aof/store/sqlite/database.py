"""Opening the database file: pragmas, migrations, and the lock that lets one daemon in."""

import fcntl
import os
import secrets
import sqlite3
import time
from importlib.resources import files
from pathlib import Path
from typing import IO

from aof.domain.errors import StoreBusy, StoreError, StoreFromFuture

LOCK_WAITS_SECONDS = (0.05, 0.1)
"""Whoever asks whether a daemon runs holds the lock for a moment, and must not keep one from starting."""
BUSY_SECONDS = 5.0
"""How long a statement waits for another process's transaction, such as the command line's."""


def lock(path: Path) -> IO[bytes]:
    """Take the file beside the database that says a daemon runs on it; closing the result gives it back.

    Raises:
        StoreError: Another daemon has this store open.
        StoreBusy: The file can't be made.
    """
    # one file may be reached by several names
    beside = Path(f"{os.path.realpath(path)}.lock")
    try:
        file = os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    except OSError as error:
        raise StoreBusy(f"{path} can't be opened: {error}") from error
    for wait_seconds in (*LOCK_WAITS_SECONDS, None):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if wait_seconds is None:
                file.close()
                raise StoreError(f"{path} is open in another daemon; one store serves one daemon") from error
            time.sleep(wait_seconds)
        else:
            break
    return file


def is_locked(path: Path) -> bool:
    """Whether a daemon has this store open."""
    beside = Path(f"{os.path.realpath(path)}.lock")
    if not beside.exists():
        return False
    with beside.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def announce(locked: IO[bytes], text: str) -> None:
    """Write beside the database what others may know of the daemon that holds it."""
    locked.seek(0)
    locked.truncate()
    locked.write(text.encode())
    locked.flush()


def announced(path: Path) -> str:
    """What the daemon that last held the database wrote; "" where it wrote nothing."""
    try:
        return Path(f"{os.path.realpath(path)}.lock").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def connect(path: Path) -> sqlite3.Connection:
    """A connection for the one thread that writes; the file is made for its owner alone.

    Raises:
        StoreBusy: The file can't be opened or is no database.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit is on disk before anybody hears of it
        connection.execute("PRAGMA synchronous = FULL")
    except (OSError, sqlite3.Error) as error:
        raise StoreBusy(f"{path} can't be opened: {error}") from error
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """A second connection that sees what is committed and changes nothing."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def migrations() -> list[tuple[int, str]]:
    """Number and text of each migration, in order."""
    folder = files("aof.store.sqlite") / "migrations"
    found = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name.partition("_")[0]), entry.read_text(encoding="utf-8")) for name, entry in found]


def id_of_current(path: Path, connection: sqlite3.Connection) -> str:
    """The id of a store that has the newest schema; whoever stands beside a daemon changes no schema.

    Raises:
        StoreError: The file is older.
        StoreFromFuture: A newer daemon wrote it.
    """
    newest = migrations()[-1][0]
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < newest:
        raise StoreError(f"{path} was written by an older version; start this version's daemon on it once")
    if version > newest:
        raise StoreFromFuture(f"{path} was written by a newer version; use that version's commands")
    (store_id,) = connection.execute("SELECT id FROM store").fetchone()
    return str(store_id)


def migrate(connection: sqlite3.Connection) -> str:
    """Bring the database to the newest schema, each step in its own transaction; return the store's id.

    Raises:
        StoreFromFuture: A newer daemon wrote it.
    """
    steps = migrations()
    newest = steps[-1][0]
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > newest:
        raise StoreFromFuture(
            f"the database has schema {version}, this daemon knows {newest}: run the newer version, or restore a backup"
        )
    for number, text in steps:
        if number > version:
            connection.executescript(f"BEGIN IMMEDIATE;\n{text}\nPRAGMA user_version = {number};\nCOMMIT;")
    connection.execute("INSERT INTO store (only, id) VALUES (1, ?) ON CONFLICT DO NOTHING", (secrets.token_hex(4),))
    (store_id,) = connection.execute("SELECT id FROM store").fetchone()
    return str(store_id)
