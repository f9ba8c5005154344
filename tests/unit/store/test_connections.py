"""Reading: one query at a time on the one connection, also where whoever asked has gone."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from aof.store.sqlite import SQLiteStore


class Slow:
    """A query that stays in its thread until it is let go, and then asks the connection once more."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.found: object = None

    def __call__(self, connection: sqlite3.Connection) -> object:
        self.begun.set()
        self.let_go.wait(10)
        try:
            self.found = connection.execute("SELECT count(*) FROM audit").fetchone()[0]
        except sqlite3.Error as error:
            self.found = error
        return self.found


@pytest.mark.parametrize("times", [1, 2])
async def test_a_store_is_closed_behind_a_query_whose_caller_was_cancelled(tmp_path: Path, times: int) -> None:
    store = await SQLiteStore.open(tmp_path / "aof.db")
    slow = Slow()
    reading = asyncio.create_task(store._read(slow))
    await asyncio.to_thread(slow.begun.wait, 10)
    for _ in range(times):
        reading.cancel()
        await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    behind = asyncio.create_task(store._read(lambda connection: connection.execute("SELECT 1").fetchone()))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not reading.done()
    slow.let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert slow.found == 0
    await asyncio.gather(closing, behind, return_exceptions=True)
