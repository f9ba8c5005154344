"""The two connections of an open store: one that writes in its own thread, one that reads."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from aof.domain.errors import StoreBusy
from aof.domain.linked import Linked
from aof.store.approvals import Settled
from aof.store.sqlite.cards import Cards
from aof.store.sqlite.writer import Writer

ResultT = TypeVar("ResultT")


class Connections:
    """What every part of the store does its work with."""

    def __init__(self, writer: Writer, reader: sqlite3.Connection, store_id: str) -> None:
        self.store_id = store_id
        self._writer = writer
        self._reader = reader
        self._reading = asyncio.Lock()
        self._linked = Linked()
        self._cards = Cards(store_id, settled=lambda _row, _card: "")

    def learn(self, *, linked: Linked, settled: Settled) -> None:
        """What the configuration says: whose accounts are one person's, and what a card says once it is decided."""
        self._linked = linked
        self._cards = Cards(self.store_id, settled)

    async def _read(self, query: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        async with self._reading:
            asked = asyncio.ensure_future(asyncio.to_thread(query, self._reader))
            try:
                return await asyncio.shield(asked)
            except sqlite3.Error as error:
                raise StoreBusy(f"the store can't read: {error}") from error
            except asyncio.CancelledError:
                await _ended(asked)
                raise


async def _ended(asked: asyncio.Future[ResultT]) -> None:
    """Wait for a thread, which can't be cancelled: whoever reads next, or closes the connection, must not meet it."""
    while not asked.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait([asked])
    if not asked.cancelled():
        # what it found nobody wants any more, nor what it failed of
        asked.exception()
