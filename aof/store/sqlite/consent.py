"""The ledger of consent, as operators read and write it."""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from aof.domain.consent import THEIR_OWN
from aof.domain.message import Sender
from aof.domain.response import Part
from aof.store.base import OutgoingPart
from aof.store.consent import ASK_AGAIN, Asked, ConsentRow, Contact, Entry, Outcome, Refusal, ToWrite, Written
from aof.store.sqlite import accept, contacts
from aof.store.sqlite.connections import Connections
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.rows import Row, moment
from aof.store.statements import statements
from aof.texts.language import Language

SQL = statements("aof.store.sqlite", "consent", "operators")


class SQLiteConsent(Connections):
    """Implements `Consent`."""

    async def contacts(self, *, state: Written | Literal[""] = "", most: int = 1000) -> list[Contact]:
        return await self._read(lambda reader: _contacts(reader, state, most))

    async def consent_history(self, account: str, sender: Sender) -> list[ConsentRow]:
        return await self._read(lambda reader: _history(reader, account, sender))

    async def write_consent(self, entries: Sequence[ToWrite], *, now: datetime) -> Outcome:
        return await self._writer.do(lambda connection: _write(connection, entries, now))

    async def ask_consent(
        self,
        account: str,
        sender: Sender,
        part: Part,
        *,
        language: Language,
        evidence: str,
        by: str,
        now: datetime,
    ) -> Asked:
        part_id = f"{self.store_id}:by-{secrets.token_hex(6)}:0"
        entry = Entry("asked", "operator", evidence, by=by, event=part_id)
        return await self._writer.do(
            lambda connection: _ask(connection, ToWrite(account, sender, entry), part, language, now)
        )


def _contacts(connection: sqlite3.Connection, state: str, most: int) -> list[Contact]:
    found: list[Contact] = []
    # people, not rows, are counted: one who goes by two contacts is shown once
    seen: set[tuple[str, str]] = set()
    for row in connection.execute(SQL["contacts"]):
        sender = Sender(number=row["number"], user_id=row["user_id"])
        if (row["account"], sender.key) in seen:
            continue
        seen.add((row["account"], sender.key))
        where = contacts.known(connection, row["account"], sender).state
        if state not in ("", where or "asked"):
            continue
        rows = _history(connection, row["account"], sender)
        deciding = next((one for one in reversed(rows) if one.state == where), rows[-1])
        found.append(Contact(row["account"], row["number"] or "", row["user_id"] or "", where, deciding))
        if len(found) == most:
            break
    return found


def _history(connection: sqlite3.Connection, account: str, sender: Sender) -> list[ConsentRow]:
    ids = contacts.known(connection, account, contacts.in_full(connection, account, sender)).contacts
    rows = connection.execute(SQL["consent_rows"], {"contacts": contacts.json_ids(ids)})
    return [_row(row) for row in rows]


def _row(row: Row) -> ConsentRow:
    return ConsentRow(
        seq=row["seq"],
        account=row["account"],
        number=row["number"] or "",
        user_id=row["user_id"] or "",
        state=row["state"],
        how=row["how"],
        evidence=row["evidence"],
        by=row["by"],
        event=row["event"],
        at=moment(row["at"]),
    )


def _write(connection: sqlite3.Connection, entries: Sequence[ToWrite], now: datetime) -> Outcome:
    refused: dict[int, Refusal] = {}
    whole = [replace(one, sender=contacts.in_full(connection, one.account, one.sender)) for one in entries]
    for place, one in enumerate(whole):
        found = contacts.known(connection, one.account, one.sender)
        if one.entry.state == "in" and found.state == "out" and found.how in THEIR_OWN:
            refused[place] = "out"
    if refused:
        return Outcome(refused=refused)
    return Outcome(sum(contacts.write(connection, one.account, one.sender, one.entry, now) for one in whole))


def _ask(connection: sqlite3.Connection, asked: ToWrite, part: Part, language: Language, now: datetime) -> Asked:
    sender = contacts.in_full(connection, asked.account, asked.sender)
    found = contacts.known(connection, asked.account, sender)
    if found.state is not None:
        return Asked(refused=found.state)
    asked_at = contacts.asked_at(connection, found)
    if asked_at is not None and now - asked_at < ASK_AGAIN:
        return Asked(refused="asked")
    conversation = accept.conversation_of(connection, asked.account, sender, now)
    connection.execute(SQL["speak_first"], {"conversation": conversation, "language": language})
    part_id = asked.entry.event
    queue(connection, Slip(conversation, "operator", about="consent"), part_id, OutgoingPart(part), now)
    ready(connection, [conversation])
    contacts.add(connection, asked.account, sender, asked.entry, now)
    return Asked(part_id)
