"""What the page for operators asks of the embedded store."""

from collections.abc import Collection, Sequence
from datetime import datetime

from aof.store.reading import Delivery, Heard, HeldParts, Listed, Place, Trouble
from aof.store.sessions import Session
from aof.store.sqlite import reading, sessions
from aof.store.sqlite.connections import Connections


class SQLitePage(Connections):
    """Implements `Sessions` and `Reading`."""

    # -- who is signed in -----------------------------------------------------------------------------------------

    async def sign_in(self, person: str, digest: str, *, now: datetime, expires_at: datetime) -> None:
        await self._writer.do(
            lambda connection: sessions.sign_in(connection, person, digest, now, expires_at, way="token")
        )

    async def keep_link(self, person: str, digest: str, *, by: str, now: datetime, expires_at: datetime) -> None:
        await self._writer.do(lambda connection: sessions.keep_link(connection, person, digest, by, now, expires_at))

    async def link(self, digest: str, *, now: datetime) -> str | None:
        return await self._read(lambda reader: sessions.link(reader, digest, now))

    async def enter(self, link: str, digest: str, *, now: datetime, expires_at: datetime) -> str | None:
        return await self._writer.do(lambda connection: sessions.enter(connection, link, digest, now, expires_at))

    async def session(self, digest: str, *, now: datetime) -> Session | None:
        return await self._read(lambda reader: sessions.session(reader, digest, now))

    async def sessions(self, *, now: datetime) -> list[Session]:
        return await self._read(lambda reader: sessions.sessions(reader, now))

    async def prefer(self, digest: str, *, language: str, theme: str) -> None:
        await self._writer.do(lambda connection: sessions.prefer(connection, digest, language, theme))

    async def sign_out(self, digest: str, *, by: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: sessions.sign_out(connection, digest, by, now))

    async def end_sessions(self, person: str, *, by: str, now: datetime) -> int:
        return await self._writer.do(lambda connection: sessions.end_sessions(connection, person, by, now))

    async def opened(self, what: str, subject: str, *, by: str, now: datetime) -> None:
        await self._writer.do(lambda connection: sessions.opened(connection, what, subject, by, now))

    # -- what they see --------------------------------------------------------------------------------------------

    async def conversations(self, *, below: Place | None = None, most: int = 50) -> list[Listed]:
        return await self._read(lambda reader: reading.conversations(reader, below, most))

    async def found(self, words: str, aliases: Collection[str], *, most: int = 50) -> list[Listed]:
        return await self._read(lambda reader: reading.found(reader, words, aliases, most))

    async def conversation(self, conversation: str) -> Listed | None:
        return await self._read(lambda reader: reading.conversation(reader, conversation))

    async def transcript(
        self, conversation: str, *, before: datetime | None = None, most: int = 50
    ) -> list[Heard | Delivery]:
        return await self._read(lambda reader: reading.transcript(reader, conversation, before, most))

    async def deliveries(
        self, *, state: str = "", gate: str = "", account: str = "", before: int | None = None, most: int = 50
    ) -> list[Delivery]:
        return await self._read(lambda reader: reading.deliveries(reader, state, gate, account, before, most))

    async def delivery(self, seq: int) -> Delivery | None:
        return await self._read(lambda reader: reading.delivery(reader, seq))

    async def held_by_gate(self) -> list[HeldParts]:
        return await self._read(reading.held_by_gate)

    async def troubled(self, *, most: int) -> list[Delivery]:
        return await self._read(lambda reader: reading.troubled(reader, most))

    async def trouble(self) -> Trouble:
        return await self._read(reading.trouble)

    async def stopped_since(self) -> dict[str, datetime]:
        return await self._read(reading.stopped_since)

    async def every_conversation(self) -> list[str]:
        return await self._read(reading.every_conversation)

    async def newer(self, *, part: int = 0, heard: float = 0.0, most: int = 100) -> int:
        return await self._read(lambda reader: reading.newer(reader, part, heard, most))

    async def moved(self) -> int:
        return await self._read(reading.moved)

    async def bury_parts(self, seqs: Sequence[int], *, by: str, now: datetime) -> int:
        return await self._writer.do(lambda connection: reading.bury_parts(connection, seqs, by, now))

    async def bury_event(self, id_: str, *, by: str, now: datetime) -> bool:
        return await self._writer.do(lambda connection: reading.bury_event(connection, id_, by, now))
