"""What receipts prove: rows move up, never down; and what the window refused goes to the gates again."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aof.domain.delivery import OPEN_PARTS, PartState, raised
from aof.domain.message import Receipt, ReceiptState
from aof.store.sqlite import contacts, windows
from aof.store.sqlite.rows import Row, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "accept", "parts")


def is_billed(connection: sqlite3.Connection, receipt: Receipt) -> bool:
    """Whether an earlier receipt of the message said already that it is billed."""
    about = {"account": receipt.account, "message_id": receipt.message_id}
    return connection.execute(SQL["billed"], about).fetchone() is not None


def receive(connection: sqlite3.Connection, receipt: Receipt, now: datetime) -> bool:
    about = {"account": receipt.account, "part": receipt.part_id, "message_id": receipt.message_id}
    fresh = connection.execute(
        SQL["keep_receipt"],
        about
        | {
            "event_id": receipt.event_id,
            "recipient": receipt.recipient,
            "state": receipt.state,
            "at": stamp(receipt.at) if receipt.at else None,
            "code": receipt.code,
            "reason": receipt.reason,
            "category": receipt.category,
            "outside": int(receipt.outside_window),
            "now": stamp(now),
        },
    ).rowcount
    if not fresh:
        return False
    row = connection.execute(SQL["part_by_id" if receipt.part_id else "part_by_message"], about).fetchone()
    if row is not None and receipt.opted_out:
        contacts.refused(connection, row, receipt.reason, now)
    if row is not None and not _is_of_a_former_send(connection, row, receipt):
        raise_by_receipts(connection, row, receipt.account, receipt.message_id, now)
    return True


def _is_of_a_former_send(connection: sqlite3.Connection, row: Row, receipt: Receipt) -> bool:
    """Whether a receipt says no more than that a message failed which was sent once more by hand since.

    A proof of delivery counts whatever message it is of.
    """
    if not row["retried"] or receipt.state not in ("sent", "failed") or row["message_id"] == receipt.message_id:
        return False
    about = {"account": receipt.account, "message_id": receipt.message_id, "event_id": receipt.event_id}
    return connection.execute(SQL["failed_before"], about).fetchone() is not None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a receipt says of a part."""

    state: ReceiptState
    message_id: str
    code: int
    reason: str


def raise_part(
    connection: sqlite3.Connection, seq: int, conversation: str, state: PartState, proof: Proof, now: datetime
) -> PartState:
    """Move a part's row up to what a receipt proves, never down; return the row's state after it."""
    proved = raised(state, proof.state)
    if proved is not state:
        moved = {
            "seq": seq,
            "state": proved,
            "message_id": proof.message_id,
            "code": proof.code,
            "reason": proof.reason,
            "now": stamp(now),
        }
        connection.execute(SQL["raise_part"], moved)
        if state in OPEN_PARTS:
            # what had left already keeps nothing waiting
            connection.execute(SQL["set_out_ready"], {"conversation": conversation})
    return proved


def raise_by_receipts(connection: sqlite3.Connection, part: Row, account: str, message_id: str, now: datetime) -> None:
    """Move a part's row up to what all receipts of one of its messages prove, however they came."""
    state = PartState(part["state"])
    told = {"account": account, "message_id": message_id, "part": part["part"]}
    rows = connection.execute(SQL["receipts_of"], told).fetchall()
    if _is_sent_back(connection, part["seq"], state, rows, now):
        return
    for row in rows:
        proof = Proof(row["state"], message_id, row["code"], row["reason"])
        state = raise_part(connection, part["seq"], part["conversation"], state, proof, now)


def _is_sent_back(
    connection: sqlite3.Connection, seq: int, state: PartState, receipts: Sequence[Row], now: datetime
) -> bool:
    """Whether a message failed since the person's window was closed, and its part goes to the gates again."""
    told: list[ReceiptState] = [row["state"] for row in receipts]
    failed = next((row for row in receipts if row["outside"]), None)
    arrived = any(raised(PartState.FAILED, one) is not PartState.FAILED for one in told)
    if failed is None or arrived or raised(state, "failed") is state:
        return False
    return windows.put_back(connection, seq, failed["at"], failed["code"], failed["reason"], now)
