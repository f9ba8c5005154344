"""Where an operator sits: the store beside a daemon, with what the configuration says of accounts and people."""

import getpass
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp

from aof.daemon.access import access_of, people_of
from aof.daemon.assembly import Assembly
from aof.domain.errors import SendHeld
from aof.pipeline.admit import Access
from aof.platforms.base import AnyPlatform
from aof.platforms.http import open_session
from aof.store.sqlite import SQLiteStore
from aof.store.sqlite.database import is_locked

ASK_SECONDS = 2.0
"""For the daemon's own word; a daemon that is busy for longer is told from one that is down by its lock."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What operators' commands work with."""

    assembly: Assembly
    store: SQLiteStore
    platforms: Mapping[str, AnyPlatform]
    """By account; nothing is sent through them from here."""
    access: Mapping[str, Access]
    by: str
    """Who sits here, for the audit chain."""
    http: aiohttp.ClientSession

    def now(self) -> datetime:
        return datetime.now(UTC)

    def gates(self) -> dict[str, SendHeld]:
        """The gates that the configuration keeps closed, by account."""
        return {account: gate for account, platform in self.platforms.items() if (gate := platform.held_by())}

    async def aliases(self, account: str, who: str) -> list[str]:
        """What a name of the configuration or of a pairing goes by on an account; a number or user id is its own."""
        platform = self.platforms[account].name
        found = [
            alias
            for person in people_of(self.assembly, platform)
            if person.name == who
            for alias in (*sorted(person.user_ids), *sorted(person.numbers))
        ]
        found += [
            row.user_id or row.number
            for row in await self.store.paired(now=self.now())
            if row.account == account and row.name == who
        ]
        bare = "".join(sign for sign in who if sign.isdigit())
        is_number = bool(bare) and not set(who) - set("+0123456789 ()-./")
        return found or [f"+{bare}" if is_number else who]

    def is_daemon_running(self) -> bool:
        """Whether a daemon has the store open."""
        return is_locked(self.store.path)

    async def daemon_says(self) -> dict[str, Any] | None:
        """What `/ready` says on the operators' port of the running daemon; None where it does not answer."""
        admin = self.assembly.config.spec.server.admin
        headers = {"Authorization": f"Bearer {admin.token.get_secret_value()}"} if admin.token is not None else {}
        host = f"[{admin.host}]" if ":" in admin.host else admin.host
        with suppress(aiohttp.ClientError, TimeoutError, ValueError):
            timeout = aiohttp.ClientTimeout(total=ASK_SECONDS)
            async with self.http.get(f"http://{host}:{admin.port}/ready", headers=headers, timeout=timeout) as answer:
                said = await answer.json()
                return said if isinstance(said, dict) and "status" in said else None
        return None


@asynccontextmanager
async def sit_down(assembly: Assembly) -> AsyncIterator[Desk]:
    """A desk for as long as the body takes.

    Raises:
        StoreError: There is no store yet, or it is of another version.
        StoreBusy: It can't be opened.
    """
    spec = assembly.config.spec
    store = await SQLiteStore.open_beside(spec.store.file)
    try:
        async with open_session() as http:
            made = [kind(spec.platforms[name], http) for name, kind in assembly.platforms.items()]
            platforms = {platform.account: platform for platform in made}
            access = {account: access_of(assembly, platform) for account, platform in platforms.items()}
            yield Desk(assembly, store, platforms, access, getpass.getuser(), http)
    finally:
        await store.close()
