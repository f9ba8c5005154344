"""The embedded store: one SQLite file, one thread that writes, one connection that reads."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TypeVar

from aof.domain.errors import StoreBusy
from aof.domain.message import InboundEvent
from aof.store.base import (
    Accepted,
    Counts,
    EventLease,
    EventLeases,
    PartLease,
    PartLeases,
    PartResult,
    Shown,
    TurnResult,
)
from aof.store.sqlite import accept, audit, database, events, parts, upkeep
from aof.store.sqlite.rows import stamp
from aof.store.sqlite.writer import Writer

ResultT = TypeVar("ResultT")


class SQLiteStore:
    """Implements `Store` on one file. `open` makes one; it belongs to the event loop that opened it."""

    def __init__(self, path: Path, writer: Writer, reader: sqlite3.Connection, store_id: str, lock: IO[bytes]) -> None:
        self.path = path
        self.store_id = store_id
        self._writer = writer
        self._reader = reader
        self._reading = asyncio.Lock()
        self._lock = lock
        # a new name for each opening: what an earlier owner holds is known to be abandoned, since the lock is ours
        self._owner = secrets.token_hex(8)

    @classmethod
    async def open(cls, path: Path, *, on_death: Callable[[BaseException], None] = lambda _: None) -> "SQLiteStore":
        """Open the file, make or migrate its tables.

        Args:
            path: Made if absent, readable for its owner alone.
            on_death: Called when the writing thread ends by a fault; the daemon has to stop then.

        Raises:
            StoreError: Another daemon has it open.
            StoreBusy: It can't be opened or written.
            StoreFromFuture: A newer daemon wrote it.
        """
        lock = await asyncio.to_thread(database.lock, path)
        try:
            connection = await asyncio.to_thread(database.connect, path)
            try:
                store_id = await asyncio.to_thread(database.migrate, connection)
                reader = await asyncio.to_thread(database.connect_read_only, path)
            except BaseException:  # a cancelled opening, too, leaves no connection behind
                connection.close()
                raise
        except sqlite3.Error as error:
            lock.close()
            raise StoreBusy(f"{path} can't be used: {error}") from error
        except BaseException:  # nor the lock
            lock.close()
            raise
        connection.row_factory = reader.row_factory = sqlite3.Row
        return cls(path, Writer(connection, on_death=on_death), reader, store_id, lock)

    async def close(self) -> None:
        """Finish what was asked, then close the file."""
        await self._writer.close()
        async with self._reading:
            self._reader.close()
        with suppress(ValueError):
            self._lock.close()

    async def accept(self, events_: Sequence[InboundEvent], *, now: datetime, max_waiting: int = 50) -> Accepted:
        return await self._writer.do(lambda connection: accept.accept(connection, events_, now, max_waiting))

    async def quarantine(self, account: str, payload: bytes, reason: str, *, now: datetime) -> None:
        await self._writer.do(lambda connection: accept.quarantine(connection, account, "", reason, payload, now))

    async def lease_events(
        self, *, now: datetime, lease_for: timedelta, most: int, per_person: int, holding: Collection[str] = ()
    ) -> EventLeases:
        held = tuple(holding)
        return await self._writer.do(
            lambda connection: events.lease(connection, self._owner, now, lease_for, most, per_person, held)
        )

    async def extend(self, lease: EventLease, *, now: datetime, lease_for: timedelta) -> None:
        await self._writer.do(lambda connection: events.extend(connection, self._owner, lease, now + lease_for))

    async def finish(self, lease: EventLease, result: TurnResult, *, now: datetime) -> tuple[str, ...]:
        return await self._writer.do(
            lambda connection: events.finish(connection, self.store_id, self._owner, lease, result, now)
        )

    async def lease_parts(
        self, *, now: datetime, lease_for: timedelta, most: int, open_wait: timedelta, paused: Collection[str] = ()
    ) -> PartLeases:
        return await self._writer.do(
            lambda connection: parts.lease(connection, self._owner, now, lease_for, most, open_wait, paused)
        )

    async def begin(self, lease: PartLease) -> None:
        await self._writer.do(lambda connection: parts.begin(connection, self._owner, lease))

    async def settle(self, lease: PartLease, result: PartResult, *, now: datetime) -> None:
        await self._writer.do(lambda connection: parts.settle(connection, lease, result, now))

    async def pressed(self, conversation: str, shown_id: str) -> Shown | None:
        named = {"conversation": conversation, "shown": shown_id}
        return events.shown(await self._read(lambda reader: reader.execute(events.SQL["pressed"], named).fetchone()))

    async def numbered(self, conversation: str, number: int, sender: str, *, now: datetime) -> Shown | None:
        named = {"conversation": conversation, "number": number, "sender": sender, "now": stamp(now)}
        return events.shown(await self._read(lambda reader: reader.execute(events.SQL["numbered"], named).fetchone()))

    async def sweep(self, *, now: datetime, keep: timedelta, keep_ids: timedelta, batch: int = 500) -> int:
        return await self._writer.do(lambda connection: upkeep.sweep(connection, now, keep, keep_ids, batch))

    async def probe(self) -> None:
        await self._writer.do(upkeep.probe)

    async def counts(self) -> Counts:
        return await self._read(upkeep.counts)

    async def first_broken_audit(self) -> int | None:
        """The first row of the audit chain that was changed or cut out; None where the chain is whole."""
        return await self._read(audit.first_broken)

    async def _read(self, query: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        async with self._reading:
            try:
                return await asyncio.to_thread(query, self._reader)
            except sqlite3.Error as error:
                raise StoreBusy(f"the store can't read: {error}") from error
