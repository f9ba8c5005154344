"""The embedded store fulfils the contract, and keeps its file to itself."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aof.domain.errors import StoreBusy, StoreError, StoreFromFuture
from aof.store.sqlite import SQLiteStore, database
from tests.contract.store.home import at, leased, message
from tests.contract.store_suite import StoreSuite


class SQLiteHome:
    """Implements `Home` on one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: list[SQLiteStore] = []

    async def open(self) -> SQLiteStore:
        store = await SQLiteStore.open(self.path)
        self._opened.append(store)
        return store

    async def open_beside(self) -> SQLiteStore:
        store = await SQLiteStore.open_beside(self.path)
        self._opened.append(store)
        return store

    async def close(self) -> None:
        for store in self._opened:
            await store.close()

    async def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    async def change(self, statement: str, **values: object) -> None:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(statement, values)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[SQLiteHome]:
    made = SQLiteHome(tmp_path / "aof.db")
    yield made
    await made.close()


class TestSQLiteStore(StoreSuite):
    async def test_its_files_are_for_their_owner_alone(self, home: SQLiteHome) -> None:
        store = await home.open()
        await store.accept([message("a")], now=at())
        files = sorted(home.path.parent.iterdir())
        assert [file.name for file in files] == ["aof.db", "aof.db-shm", "aof.db-wal", "aof.db.lock"]
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}

    async def test_a_second_opener_is_refused_while_the_first_is_open(self, home: SQLiteHome) -> None:
        store = await home.open()
        with pytest.raises(StoreError, match="another daemon"):
            await home.open()
        await store.accept([message("a")], now=at())
        await store.close()
        assert len(await leased(await home.open())) == 1

    async def test_a_closed_store_refuses_and_closes_twice(self, home: SQLiteHome) -> None:
        store = await home.open()
        await store.close()
        await store.close()
        with pytest.raises(StoreBusy):
            await store.accept([message("a")], now=at())
        with pytest.raises(StoreBusy):
            await store.counts()

    async def test_closing_keeps_what_was_asked_before(self, home: SQLiteHome) -> None:
        store = await home.open()
        asked = [asyncio.ensure_future(store.accept([message(f"m{n}")], now=at())) for n in range(700)]
        await asyncio.sleep(0)
        await store.close()
        assert {accepted.new for accepted in await asyncio.gather(*asked)} == {1}
        assert (await (await home.open()).counts()).events == {"new": 700}

    async def test_a_full_disk_refuses_and_serves_again_once_there_is_room(self, home: SQLiteHome) -> None:
        store = await home.open()
        await store.accept([message("before")], now=at())
        await store._writer.do(lambda connection: connection.execute("PRAGMA max_page_count = 1"))
        big = message("big", "x" * 100_000)
        with pytest.raises(StoreBusy, match="full"):
            await store.accept([big], now=at())
        assert (await store.counts()).events == {"new": 1}, "reading goes on"
        await store._writer.do(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
        assert (await store.accept([big], now=at())).new == 1
        assert await store.check() == []

    async def test_a_store_from_the_future_is_refused_and_left_as_it_is(self, home: SQLiteHome) -> None:
        await (await home.open()).close()
        await home.change("PRAGMA user_version = 9999")
        before = home.path.read_bytes()
        with pytest.raises(StoreFromFuture, match="9999"):
            await home.open()
        assert home.path.read_bytes() == before
        await home.change(f"PRAGMA user_version = {database.migrations()[-1][0]}")
        await home.open()

    async def test_a_file_that_is_no_database_is_refused_and_not_overwritten(self, home: SQLiteHome) -> None:
        home.path.write_text("somebody's notes\n" * 300)
        for _ in range(2):
            with pytest.raises(StoreBusy):
                await home.open()
        assert home.path.read_text().startswith("somebody's notes")

    async def test_a_folder_that_is_not_there_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(StoreBusy, match="nowhere"):
            await SQLiteStore.open(tmp_path / "nowhere" / "aof.db")
