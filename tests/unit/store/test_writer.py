"""The thread that writes: shared commits, lost transactions, deadlines, death."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

from aof.domain.errors import LeaseLost, StoreBusy, StoreError
from aof.store.sqlite.writer import MOST_PER_COMMIT, Writer

HANGS_SECONDS = 30
"""Only a broken writer lets anybody wait so long."""


class Fault(BaseException):
    """A fault that no operation is allowed to have."""


class Bench:
    """A writer on a file, with everything it says to the database, and a way to keep it busy."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[str] = []
        self.deaths: list[BaseException] = []
        # no busy time: a locked database answers at once
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE kept (name TEXT PRIMARY KEY, body BLOB)")
        connection.set_trace_callback(self.said.append)
        self.writer = Writer(connection, on_death=self.deaths.append)
        self._go = threading.Event()

    def rows(self) -> list[str]:
        with closing(sqlite3.connect(self.path)) as connection:
            return [name for (name,) in connection.execute("SELECT name FROM kept ORDER BY name")]

    def commits(self) -> int:
        return self.said.count("COMMIT")

    async def occupy(self) -> "asyncio.Task[None]":
        """Keep the thread in one operation until `release`, so that what is asked meanwhile stands in the queue."""
        begun = threading.Event()

        def wait(_: sqlite3.Connection) -> None:
            begun.set()
            self._go.wait(HANGS_SECONDS)

        task = asyncio.create_task(self.writer.do(wait))
        await asyncio.to_thread(begun.wait, HANGS_SECONDS)
        return task

    def release(self) -> None:
        self._go.set()

    async def together(self, *operations: Callable[[sqlite3.Connection], object]) -> list[object]:
        """Run operations as one batch; return what each returned or raised."""
        busy = await self.occupy()
        tasks = [asyncio.create_task(self.writer.do(operation)) for operation in operations]
        await asyncio.sleep(0)  # each task puts its request into the queue
        self.release()
        async with asyncio.timeout(HANGS_SECONDS):
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await busy
        return list(results)


def keep(name: str, size: int = 0) -> Callable[[sqlite3.Connection], str]:
    def operation(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO kept VALUES (?, zeroblob(?))", (name, size))
        return name

    return operation


def keep_and_raise(name: str, error: BaseException) -> Callable[[sqlite3.Connection], NoReturn]:
    def operation(connection: sqlite3.Connection) -> NoReturn:
        keep(name)(connection)
        raise error

    return operation


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path / "bench.db")
    yield made
    made.release()
    await made.writer.close()


async def test_what_stands_in_the_queue_shares_one_commit(bench: Bench) -> None:
    results = await bench.together(*(keep(f"{n:03}") for n in range(100)))
    assert results == bench.rows() == [f"{n:03}" for n in range(100)]
    assert bench.commits() == 2, "one for what kept the thread busy, one for the hundred"


async def test_a_commit_has_a_most(bench: Bench) -> None:
    await bench.together(*(keep(f"{n}") for n in range(MOST_PER_COMMIT + 1)))
    assert bench.commits() == 3


async def test_it_is_on_disk_when_the_caller_hears_of_it(bench: Bench) -> None:
    for name in ("a", "b", "c"):
        await bench.writer.do(keep(name))
        assert name in bench.rows()


@pytest.mark.parametrize(
    ("operation", "raised"),
    [
        (keep_and_raise("bad", LeaseLost("gone")), LeaseLost),
        (keep_and_raise("bad", ValueError("a fault of ours")), ValueError),
        (keep_and_raise("bad", sqlite3.OperationalError("no such table: nowhere")), StoreBusy),
        (keep("good 1"), StoreError),
        (lambda connection: connection.execute("INSERT INTO kept VALUES (?, ?)", ("bad", object())), StoreError),
        (lambda connection: connection.execute("INSERT INTO kept VALUES (:a, :b)", {"a": "bad"}), StoreError),
    ],
    ids=["our error", "a fault", "operational", "integrity", "a type", "a missing value"],
)
async def test_an_operation_that_fails_leaves_nothing_and_its_neighbours_alone(
    bench: Bench, operation: Callable[[sqlite3.Connection], object], raised: type[Exception]
) -> None:
    first, error, last = await bench.together(keep("good 1"), operation, keep("good 2"))
    assert (first, last) == ("good 1", "good 2")
    assert isinstance(error, raised)
    assert bench.rows() == ["good 1", "good 2"]
    assert bench.commits() == 2


async def test_a_lost_transaction_fails_its_whole_batch_and_the_thread_goes_on(bench: Bench) -> None:
    def lose(connection: sqlite3.Connection) -> NoReturn:
        connection.execute("ROLLBACK")  # as SQLite does by itself on an I/O error
        raise sqlite3.OperationalError("disk I/O error")

    results = await bench.together(keep("before"), lose, keep("after"))
    assert [type(result) for result in results] == [StoreBusy] * 3
    assert bench.rows() == []
    assert await bench.writer.do(keep("later")) == "later"
    assert bench.rows() == ["later"]
    assert bench.deaths == []


async def test_a_broken_file_fails_the_whole_batch_and_the_thread_goes_on(bench: Bench) -> None:
    results = await bench.together(
        keep("before"), keep_and_raise("bad", sqlite3.DatabaseError("database disk image is malformed")), keep("after")
    )
    assert [type(result) for result in results] == [StoreBusy] * 3
    assert bench.rows() == []
    assert await bench.writer.do(keep("later")) == "later"


async def test_a_commit_that_fails_fails_its_whole_batch_and_the_thread_goes_on(bench: Bench) -> None:
    def owe(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO child VALUES (1)")

    await bench.writer.do(lambda c: c.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
    await bench.writer.do(
        lambda c: c.execute("CREATE TABLE child (id REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    )
    bench.writer._connection.execute("PRAGMA foreign_keys = ON")
    results = await bench.together(keep("before"), owe)
    assert [type(result) for result in results] == [StoreBusy] * 2
    assert bench.rows() == []
    assert await bench.writer.do(keep("later")) == "later"


async def test_a_full_disk_keeps_what_it_said_it_kept_and_nothing_else(bench: Bench) -> None:
    await bench.writer.do(lambda connection: connection.execute("PRAGMA max_page_count = 10"))
    names = ["a", "big", "z"]
    results = await bench.together(keep("a"), keep("big", 1_000_000), keep("z"))
    assert isinstance(results[1], StoreBusy)
    told = [name for name, result in zip(names, results, strict=True) if result == name]
    assert bench.rows() == told
    assert {type(result) for result in results} <= {str, StoreBusy}
    with pytest.raises(StoreBusy, match="full"):
        await bench.writer.do(keep("big", 1_000_000))
    await bench.writer.do(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
    assert await bench.writer.do(keep("big", 1_000_000)) == "big"
    assert bench.deaths == []


async def test_a_locked_database_is_busy_and_serves_again_afterwards(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asked = [bench.writer.do(keep(name)) for name in ("a", "b")]
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(result) for result in results] == [StoreBusy] * 2
        other.execute("ROLLBACK")
    assert await bench.writer.do(keep("c")) == "c"
    assert bench.rows() == ["c"]


async def test_who_gave_up_waiting_gets_nothing_done_later(bench: Bench) -> None:
    busy = await bench.occupy()
    with pytest.raises(StoreBusy, match="within 0 s"):
        await bench.writer.do(keep("late"), within_seconds=0)
    cancelled = asyncio.create_task(bench.writer.do(keep("cancelled")))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    waits = asyncio.create_task(bench.writer.do(keep("waits")))
    await asyncio.sleep(0)
    bench.release()
    await busy
    assert await waits == "waits"
    assert bench.rows() == ["waits"]


async def test_closing_finishes_what_was_asked_and_takes_nothing_new(bench: Bench) -> None:
    busy = await bench.occupy()
    waits = [asyncio.create_task(bench.writer.do(keep(f"{n:04}"))) for n in range(MOST_PER_COMMIT + 10)]
    await asyncio.sleep(0)
    closing_down = asyncio.create_task(bench.writer.close())
    await asyncio.sleep(0)
    with pytest.raises(StoreBusy, match="closed"):
        await bench.writer.do(keep("too late"))
    bench.release()
    await closing_down
    await busy
    assert await asyncio.gather(*waits) == bench.rows()
    await bench.writer.close()


async def test_the_death_of_the_thread_is_told_and_nobody_waits_for_it(bench: Bench) -> None:
    fault = Fault("of the writer's own")
    busy = await bench.occupy()
    tasks = [
        asyncio.create_task(bench.writer.do(operation, within_seconds=3600))
        for operation in [
            keep("a"),
            keep_and_raise("b", fault),
            *(keep(f"{n}") for n in range(MOST_PER_COMMIT)),
        ]
    ]
    await asyncio.sleep(0)
    bench.release()
    async with asyncio.timeout(HANGS_SECONDS):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    await busy
    assert {type(result) for result in results} == {StoreBusy}
    assert bench.deaths == [fault]
    assert bench.rows() == []
    with pytest.raises(StoreBusy):
        await bench.writer.do(keep("c"))
    await bench.writer.close()
