"""Letting in whoever shows a code first: once, in its time, under the name that an operator gave it."""

import sqlite3
from datetime import datetime

from aof.domain.errors import NameTaken
from aof.domain.pairing import digest
from aof.store.base import EventLease
from aof.store.sqlite import audit, people
from aof.store.sqlite.connections import Connections
from aof.store.sqlite.rows import stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "invitations", "people", "decisions")


class SQLiteInvitations(Connections):
    """Implements `Invitations`, and what the pipeline asks of them."""

    async def invite(self, code: str, name: str, *, by: str, expires_at: datetime, now: datetime) -> None:
        await self._writer.do(lambda connection: _invite(connection, self.store_id, code, name, by, expires_at, now))

    async def use_invitation(self, lease: EventLease, code: str, *, now: datetime) -> str:
        return await self._writer.do(lambda connection: _use(connection, self.store_id, lease, code, now))

    async def keep_invite_link(self, account: str, link: str) -> None:
        await self._writer.do(lambda connection: _keep_link(connection, account, link))

    async def invite_links(self) -> dict[str, str]:
        return await self._read(
            lambda reader: {row["account"]: row["link"] for row in reader.execute(SQL["invite_links"])}
        )


def _invite(
    connection: sqlite3.Connection, store_id: str, code: str, name: str, by: str, expires_at: datetime, now: datetime
) -> None:
    if _is_taken(connection, name):
        raise NameTaken(f"somebody is called {name} already; choose another name")
    if name in people.suspended(connection):
        raise NameTaken(f"{name} is suspended; choose another name")
    invited = {"name": name, "by": by, "now": stamp(now), "expires_at": stamp(expires_at)}
    connection.execute(SQL["withdraw_invitation"], invited)
    connection.execute(SQL["keep_invitation"], invited | {"code": digest(code, store_id)})
    facts = {"name": name, "by": by, "until": expires_at.isoformat()}
    audit.append(connection, "person_invited", "", facts, now, in_words=True)


def _use(connection: sqlite3.Connection, store_id: str, leased: EventLease, code: str, now: datetime) -> str:
    """The name of whoever is let in by it; empty where nobody is. Why not is told to nobody: it would help to guess."""
    event = leased.event
    standing = people.standing(connection, event.account, event.sender, frozenset())
    if not event.sender.key or event.group or standing.pairing not in (None, "asked"):
        return ""
    shown = {"code": digest(code, store_id), "now": stamp(now)}
    row = connection.execute(SQL["use_invitation"], shown).fetchone()
    if row is None or _is_taken(connection, row["name"]) or row["name"] in people.suspended(connection):
        return ""
    asked = {
        "account": event.account,
        "sender": event.sender.key,
        "number": event.sender.number,
        "user_id": event.sender.user_id,
        "called": event.sender.name or "",
        "event": leased.seq,
        "now": stamp(now),
    }
    connection.execute(SQL["invite_pairing"], asked)
    people.let_in(connection, event.account, event.sender, row["name"], row["by"], now)
    return str(row["name"])


def _keep_link(connection: sqlite3.Connection, account: str, link: str) -> None:
    connection.execute(SQL["keep_invite_link"], {"account": account, "link": link})


def _is_taken(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute(SQL["name_taken"], {"name": name, "seq": None}).fetchone() is not None
