"""The embedded store: one SQLite file, one thread that writes, one connection that reads."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from aof.domain.errors import StoreBusy, StoreError
from aof.domain.message import InboundEvent, Sender
from aof.domain.response import Part
from aof.store.audit import AuditRow, Head, Verified
from aof.store.base import Counts, EventLease, EventLeases, PartLease, PartLeases, Shown, Standing, TurnResult
from aof.store.operators import Conversation, Cut, OutboxRow, Paired, Quarantined, Replayed
from aof.store.parking import Waiting
from aof.store.results import Accepted, PartResult
from aof.store.sqlite import (
    accept,
    audit,
    database,
    events,
    memory,
    operators,
    parking,
    parts,
    people,
    together,
    upkeep,
)
from aof.store.sqlite.answers import SQLiteAnswers
from aof.store.sqlite.budgets import SQLiteBudgets
from aof.store.sqlite.consent import SQLiteConsent
from aof.store.sqlite.flow import SQLiteFlow
from aof.store.sqlite.invitations import SQLiteInvitations
from aof.store.sqlite.ledger import SQLiteLedger
from aof.store.sqlite.page import SQLitePage
from aof.store.sqlite.registry import SQLiteRegistry
from aof.store.sqlite.rows import stamp
from aof.store.sqlite.writer import Writer


class SQLiteStore(
    SQLiteLedger,
    SQLiteBudgets,
    SQLiteConsent,
    SQLiteRegistry,
    SQLiteFlow,
    SQLitePage,
    SQLiteAnswers,
    SQLiteInvitations,
):
    """Implements every protocol of `aof.store` on one file, in the event loop that opened it."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        reader: sqlite3.Connection,
        store_id: str,
        lock: IO[bytes] | None,
        *,
        on_news: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(writer, reader, store_id)
        self.path = path
        self._lock = lock
        # a new name for each opening: what an earlier owner holds is known to be abandoned, since the lock is ours
        self._owner = secrets.token_hex(8)
        self._on_news = on_news

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        on_death: Callable[[BaseException], None] = lambda _: None,
        on_commit: Callable[[float], None] = lambda _: None,
        on_news: Callable[[str], None] = lambda _: None,
    ) -> "SQLiteStore":
        """Open the file, make or migrate its tables.

        Args:
            path: Made if absent, readable for its owner alone.
            on_death: Called when the writing thread ends by a fault; the daemon has to stop then.
            on_commit: Called, in the writing thread, with the seconds that each transaction took.
            on_news: Called with a conversation whenever a turn of it has ended, or a part of it was settled.

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
        writer = Writer(connection, on_death=on_death, on_commit=on_commit)
        return cls(path, writer, reader, store_id, lock, on_news=on_news)

    def announce(self, text: str) -> None:
        """Let whoever stands beside this daemon know something of it."""
        if self._lock is not None:
            database.announce(self._lock, text)

    async def resume_all(self, *, now: datetime) -> None:
        """Try every stopped account again: whoever starts the daemon has acted."""
        for account in await self.stopped():
            await self.resume(account, by="a restart", now=now)

    @classmethod
    async def open_beside(cls, path: Path) -> "SQLiteStore":
        """Open the file of a daemon, running or not, for an operator. What it changes the daemon finds by itself.

        It must lease nothing: it has no lock, so nobody would know what it left behind.

        Raises:
            StoreError: There is no store yet, or it is of another version.
            StoreBusy: It can't be opened.
        """
        try:
            exists = await asyncio.to_thread(path.exists)
        except OSError as error:
            raise StoreBusy(f"{path} can't be opened: {error.strerror}; be the daemon's user") from error
        if not exists:
            raise StoreError(f"there is no store at {path} yet; aof serve makes it")
        connection = await asyncio.to_thread(database.connect, path)
        try:
            store_id = await asyncio.to_thread(database.id_of_current, path, connection)
            reader = await asyncio.to_thread(database.connect_read_only, path)
        except sqlite3.Error as error:
            connection.close()
            raise StoreBusy(f"{path} can't be used: {error}") from error
        except BaseException:  # of another version, or cancelled: no connection is left behind
            connection.close()
            raise
        connection.row_factory = reader.row_factory = sqlite3.Row
        return cls(path, Writer(connection, on_death=lambda _: None), reader, store_id, None)

    async def close(self) -> None:
        """Finish what was asked, then close the file."""
        await self._writer.close()
        async with self._reading:
            self._reader.close()
        if self._lock is not None:
            with suppress(ValueError):
                self._lock.close()

    async def accept(self, events_: Sequence[InboundEvent], *, now: datetime, max_waiting: int = 50) -> Accepted:
        webhook = (events_, now, max_waiting)
        return await self._writer.do(
            lambda connection: accept.accept(connection, *webhook), together=(together.accept_all, webhook)
        )

    async def quarantine(self, account: str, payload: bytes, reason: str, *, now: datetime) -> None:
        await self._writer.do(lambda connection: accept.quarantine(connection, account, "", reason, payload, now))

    async def lease_events(
        self, *, now: datetime, lease_for: timedelta, most: int, per_person: int, holding: Collection[str] = ()
    ) -> EventLeases:
        held = tuple(holding)
        return await self._writer.do(
            lambda connection: events.lease(
                connection, self._owner, now, lease_for, most, per_person, held, self._linked
            )
        )

    async def extend(self, lease: EventLease, *, now: datetime, lease_for: timedelta) -> None:
        await self._writer.do(lambda connection: events.extend(connection, self._owner, lease, now + lease_for))

    async def note(
        self, lease: EventLease, name: str, part: Part, *, now: datetime, until: datetime | None = None
    ) -> bool:
        return await self._writer.do(
            lambda connection: events.note(connection, self.store_id, self._owner, lease, name, part, now, until)
        )

    async def ask_pairing(self, lease: EventLease, code: str, *, now: datetime) -> bool:
        return await self._writer.do(lambda connection: people.ask(connection, self.store_id, lease, code, now))

    async def finish(self, lease: EventLease, result: TurnResult, *, now: datetime) -> tuple[str, ...]:
        ids = await self._writer.do(
            lambda connection: events.finish(connection, self._cards, self._linked, self._owner, lease, result, now)
        )
        self._on_news(lease.conversation)
        return ids

    async def lease_parts(
        self, *, now: datetime, lease_for: timedelta, most: int, open_wait: timedelta, paused: Collection[str] = ()
    ) -> PartLeases:
        return await self._writer.do(
            lambda connection: parts.lease(connection, self._owner, now, lease_for, most, open_wait, paused)
        )

    async def begin(self, lease: PartLease) -> Standing:
        return await self._writer.do(lambda connection: parts.begin(connection, self._owner, lease))

    async def settle(self, lease: PartLease, result: PartResult, *, now: datetime) -> None:
        await self._writer.do(lambda connection: parts.settle(connection, self.store_id, lease, result, now))
        self._on_news(lease.conversation)

    async def standing(self, account: str, sender: Sender) -> Standing:
        return await self._read(
            lambda reader: people.standing(reader, account, sender, frozenset(people.suspended(reader)))
        )

    async def was_written_to(self, conversation: str) -> bool:
        return await self._read(lambda reader: people.was_written_to(reader, conversation))

    async def stop_account(self, account: str, code: int, reason: str, *, now: datetime) -> None:
        await self._writer.do(lambda connection: operators.stop_account(connection, account, code, reason, now))

    async def pressed(self, conversation: str, shown_id: str) -> Shown | None:
        named = {"conversation": conversation, "shown": shown_id}
        return events.shown(await self._read(lambda reader: reader.execute(events.SQL["pressed"], named).fetchone()))

    async def numbered(self, conversation: str, number: int, sender: str, *, now: datetime) -> Shown | None:
        named = {"conversation": conversation, "number": number, "sender": sender, "now": stamp(now)}
        return events.shown(await self._read(lambda reader: reader.execute(events.SQL["numbered"], named).fetchone()))

    async def sweep(self, *, now: datetime, keep: timedelta, keep_ids: timedelta, batch: int = 500) -> int:
        return await self._writer.do(lambda connection: upkeep.sweep(connection, now, keep, keep_ids, batch))

    async def recall(
        self, conversation: str, sender: str, agent: str, *, since: datetime, most: int
    ) -> tuple[str, ...]:
        return await self._read(lambda reader: memory.recall(reader, conversation, sender, agent, since, most))

    async def waiting(self, conversation: str, sender: str) -> tuple[Waiting, ...]:
        return await self._read(lambda reader: parking.waiting(reader, conversation, sender))

    async def held_back(self, run: str) -> int:
        return await self._read(lambda reader: parking.held_back(reader, run))

    async def probe(self) -> None:
        await self._writer.do(upkeep.probe)

    async def counts(self) -> Counts:
        return await self._read(upkeep.counts)

    # -- for operators ------------------------------------------------------------------------------------------

    async def parts(
        self, *, states: Collection[str] = (), gate: str = "", seqs: Collection[int] = (), most: int = 100
    ) -> list[OutboxRow]:
        return await self._read(lambda reader: operators.parts(reader, states, gate, seqs, most))

    async def release(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        return await self._writer.do(lambda connection: operators.release(connection, seqs, by, now))

    async def retry(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        return await self._writer.do(lambda connection: operators.retry(connection, seqs, by, now))

    async def stopped(self) -> dict[str, str]:
        return await self._read(operators.stopped)

    async def resume(self, account: str, *, by: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: operators.resume_account(connection, account, by, now))

    async def conversation_with(self, account: str, alias: str) -> Conversation | None:
        return await self._read(lambda reader: operators.conversation_with(reader, account, alias))

    async def open_conversation(self, account: str, number: str, *, now: datetime) -> str:
        return await self._writer.do(
            lambda connection: accept.conversation_of(connection, account, Sender(number=number), now)
        )

    async def send(self, conversation: str, parts_: Sequence[Part], /, *, by: str, now: datetime) -> list[str]:
        return await self._writer.do(
            lambda connection: operators.send(connection, self.store_id, conversation, parts_, by, now)
        )

    async def quarantined(self, *, most: int = 100) -> list[Quarantined]:
        return await self._read(lambda reader: operators.quarantined(reader, "", most))

    async def quarantined_one(self, id_: str) -> Quarantined | None:
        # no id at all would be every row's
        found = await self._read(lambda reader: operators.quarantined(reader, id_, 1)) if id_ else []
        return found[0] if found else None

    async def replay(self, id_: str, events_: Sequence[InboundEvent], /, *, by: str, now: datetime) -> Replayed:
        return await self._writer.do(lambda connection: operators.replay(connection, id_, events_, by, now))

    async def paired(self, *, now: datetime) -> list[Paired]:
        return await self._read(lambda reader: people.paired(reader, now))

    async def approve(self, code: str, name: str, *, by: str, now: datetime) -> Paired | None:
        return await self._writer.do(lambda connection: people.approve(connection, self.store_id, code, name, by, now))

    async def readmit(self, who: str, name: str, *, by: str, now: datetime) -> list[Paired]:
        return await self._writer.do(lambda connection: people.readmit(connection, who, name, by, now))

    async def revoke(self, who: str, *, by: str, now: datetime) -> list[Paired]:
        return await self._writer.do(
            lambda connection: people.revoke(connection, self._cards, self._linked, who, by, now)
        )

    async def suspended(self) -> dict[str, datetime]:
        return await self._read(people.suspended)

    async def suspend(self, name: str, *, by: str, now: datetime) -> Cut | None:
        return await self._writer.do(lambda connection: people.suspend(connection, self._cards, name, by, now))

    async def resume_person(self, name: str, *, by: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: people.resume(connection, name, by, now))

    async def audit_verified(self, *, expected: Head | None = None) -> Verified:
        return await self._read(lambda reader: audit.verified(reader, expected))

    async def audit_last(self) -> int:
        return await self._read(audit.last)

    async def audit_rows(
        self,
        *,
        after: int,
        up_to: int,
        since: datetime | None = None,
        until: datetime | None = None,
        kind: str = "*",
        most: int = 500,
    ) -> list[AuditRow]:
        return await self._read(lambda reader: audit.rows(reader, after, up_to, since, until, kind, most))

    async def check(self) -> list[str]:
        return await self._read(operators.check)

    async def sizes(self) -> dict[str, int]:
        return await self._read(operators.sizes)

    async def backup(self, to: Path) -> None:
        await self._read(lambda reader: operators.backup(reader, to))
