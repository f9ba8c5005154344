"""What operators look at and decide: held, failed and buried rows, stopped accounts, the file itself."""

import os
import secrets
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from aof.domain.errors import StoreError
from aof.domain.message import Address, InboundEvent
from aof.domain.response import Part
from aof.store.base import OutgoingPart
from aof.store.operators import Conversation, OutboxRow, Quarantined, Replayed
from aof.store.sqlite import audit
from aof.store.sqlite.accept import accept
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.rows import PART, Row, address, json_list, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "operators", "parts", "events")


def parts(
    connection: sqlite3.Connection, states: Collection[str], gate: str, seqs: Collection[int], most: int
) -> list[OutboxRow]:
    """The newest that fit, the oldest of them first."""
    sought = {
        "states": json_list(states),
        "any_state": not states,
        "seqs": f"[{','.join(str(int(seq)) for seq in seqs)}]",
        "any_seq": not seqs,
        "gate": gate,
        "most": most,
    }
    return [outbox_row(row) for row in reversed(connection.execute(SQL["outbox_rows"], sought).fetchall())]


def release(connection: sqlite3.Connection, seqs: Sequence[int], by: str, now: datetime) -> int:
    """Queue those of the parts again that are held."""
    return _queue_again(connection, "release_part_by_hand", "part_released", seqs, by, now)


def retry(connection: sqlite3.Connection, seqs: Sequence[int], by: str, now: datetime) -> int:
    """Queue those of the parts once more that are dead or failed."""
    return _queue_again(connection, "retry_part_by_hand", "part_retried", seqs, by, now)


def _queue_again(
    connection: sqlite3.Connection, statement: str, kind: str, seqs: Sequence[int], by: str, now: datetime
) -> int:
    moved = 0
    for seq in seqs:
        row = connection.execute(SQL[statement], {"seq": seq, "now": stamp(now)}).fetchone()
        if row is not None:
            moved += 1
            connection.execute(SQL["set_out_ready"], {"conversation": row["conversation"]})
            audit.append(connection, kind, row["part"], {"by": by}, now, in_words=True)
    return moved


def stop_account(connection: sqlite3.Connection, account: str, code: int, reason: str, now: datetime) -> None:
    connection.execute(SQL["stop_account"], {"account": account, "code": code, "reason": reason, "now": stamp(now)})
    audit.append(connection, "account_stopped", account, {"code": code, "reason": reason}, now)


def stopped(connection: sqlite3.Connection) -> dict[str, str]:
    return {row["account"]: row["reason"] for row in connection.execute(SQL["stopped"])}


def resume_account(connection: sqlite3.Connection, account: str, by: str, now: datetime) -> bool:
    was_stopped = connection.execute(SQL["resume_account"], {"account": account}).rowcount > 0
    if was_stopped:
        audit.append(connection, "account_resumed", account, {"by": by}, now, in_words=True)
    return was_stopped


def conversation_with(connection: sqlite3.Connection, account: str, alias: str) -> Conversation | None:
    row = connection.execute(SQL["where_to_write"], {"account": account, "alias": alias}).fetchone()
    if row is None:
        return None
    heard_at = moment(row["heard_at"]) if row["heard_at"] is not None else None
    window_from = moment(row["window_from"]) if row["window_from"] is not None else None
    return Conversation(row["conversation"], address(row), heard_at, window_from)


def send(
    connection: sqlite3.Connection, store_id: str, conversation: str, sent: Sequence[Part], by: str, now: datetime
) -> list[str]:
    """Queue an operator's parts. No inbox row numbers their ids, so a random word stands in its place."""
    word = secrets.token_hex(6)
    ids = [f"{store_id}:by-{word}:{n}" for n in range(len(sent))]
    for part_id, part in zip(ids, sent, strict=True):
        queue(connection, Slip(conversation, "operator"), part_id, OutgoingPart(part), now)
        facts = {"by": by, "part": PART.dump_python(part, mode="json")}
        audit.append(connection, "operator_wrote", part_id, facts, now)
    ready(connection, [conversation])
    return ids


def quarantined(connection: sqlite3.Connection, id_: str, most: int) -> list[Quarantined]:
    """The newest, the oldest of them first; with an id that one alone."""
    kind, seq = numbered(id_)
    sought = {"any": not id_, "read": seq if kind == "q" else 0, "event": seq if kind == "e" else 0, "most": most}
    rows = connection.execute(SQL["quarantined"], sought).fetchall()
    return [
        Quarantined(
            id=row["id"],
            account=row["account"],
            event_id=row["event_id"],
            reason=row["reason"],
            received_at=moment(row["received_at"]),
            raw=row["raw"] if isinstance(row["raw"], bytes) else str(row["raw"]).encode(),
        )
        for row in reversed(rows)
    ]


def replay(
    connection: sqlite3.Connection, id_: str, events: Sequence[InboundEvent], by: str, now: datetime
) -> Replayed:
    """Take up again what was buried, or put `events` in the place of what could not be read."""
    kind, seq = numbered(id_)
    named = {"seq": seq, "now": stamp(now)}
    if kind == "e":
        row = connection.execute(SQL["answer_anew"], named).fetchone()
        if row is None:
            return "gone"
        connection.execute(SQL["answered_anew"], named)
        connection.execute(SQL["ready_unless_held"], named | {"conversation": row["conversation"]})
        is_new = True
    else:
        if not connection.execute(SQL["forget_quarantined"], named).rowcount:
            return "gone"
        # an operator's word overrules what a flood may leave waiting
        accepted = accept(connection, events, now, max_waiting=2**31)
        for event in events:
            if event.event_id in accepted.fresh:
                connection.execute(SQL["want"], {"account": event.account, "event_id": event.event_id})
        is_new = bool(accepted.new or accepted.kept or accepted.receipts)
    audit.append(connection, "event_replayed", id_, {"by": by}, now, in_words=True)
    return "anew" if is_new else "known"


def numbered(id_: str) -> tuple[str, int]:
    """`q12` as its kind and its number; what is no such id has the number of no row."""
    digits = id_[1:]
    return id_[:1], int(digits) if digits.isdecimal() and len(digits) < 19 else 0


def check(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the file or the chain."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
    broken = audit.verified(connection).broken
    if broken is not None and broken.why == "words":
        found.append(f"the facts beside row {broken.seq} of the audit chain were changed")
    elif broken is not None:
        found.append(f"the audit chain is broken at row {broken.seq}: it was changed or cut out")
    return found


def sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows by table, and the file's bytes."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    tables = [row[0] for row in connection.execute(SQL["tables"])]
    rows = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 -- names of the schema
        for table in tables
    }
    return {**rows, "bytes": pages * page_bytes}


def backup(connection: sqlite3.Connection, to: Path) -> None:
    """Copy what is committed into a new file.

    Raises:
        StoreError: The file exists or can't be written.
    """
    try:
        os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError as error:
        raise StoreError(f"{to} exists already; a backup overwrites nothing") from error
    except OSError as error:
        raise StoreError(f"{to} can't be written: {error.strerror}") from error
    try:
        with sqlite3.connect(to) as copy:
            connection.backup(copy)
        copy.close()
    except sqlite3.Error as error:
        to.unlink(missing_ok=True)
        raise StoreError(f"{to} can't be written: {error}") from error


def outbox_row(row: Row) -> OutboxRow:
    """A row of the outbox with the address of its conversation."""
    try:
        part = PART.validate_json(row["body"]) if row["body"] else None
    except ValidationError:
        part = None
    is_known = row["chat"] is not None
    return OutboxRow(
        seq=row["seq"],
        part_id=row["part"],
        account=row["account"],
        address=address(row) if is_known else Address(chat=""),
        cause=row["cause"],
        state=row["state"],
        gate=row["gate"] or "",
        code=row["code"],
        reason=row["error"] or "",
        attempts=row["attempts"],
        repeated=bool(row["repeated"]),
        message_id=row["message_id"] or "",
        created_at=moment(row["created_at"]),
        settled_at=moment(row["settled_at"]) if row["settled_at"] is not None else None,
        part=part,
        about=row["about"],
        heard_at=moment(row["heard_at"]) if row["heard_at"] is not None else None,
        shut_out=bool(row["shut_out"]),
    )
