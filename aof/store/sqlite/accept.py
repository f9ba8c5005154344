"""Accepting a webhook's events: repeats vanish, people find their conversation, receipts move their rows."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aof.domain.delivery import OPEN_PARTS, PartState, raised
from aof.domain.errors import StoreError
from aof.domain.message import (
    ButtonPress,
    IdentityChanged,
    InboundEvent,
    InboundMessage,
    Notice,
    Preference,
    Reaction,
    Receipt,
    ReceiptState,
    Sender,
    Unreadable,
)
from aof.store.base import Accepted
from aof.store.sqlite import contacts, people
from aof.store.sqlite.rows import Row, inbox_row, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "accept", "parts")


def accept(connection: sqlite3.Connection, events: Sequence[InboundEvent], now: datetime, max_waiting: int) -> Accepted:
    """Keep all events of one webhook."""
    kept = duplicates = receipts = quarantined = 0
    answerable: list[str] = []
    billed: list[str] = []
    for event in events:
        match event:
            case InboundMessage() | ButtonPress():
                fresh = _hear(connection, event, now, max_waiting)
                answerable += [event.event_id] if fresh else []
            case Reaction():
                fresh = _hear(connection, event, now, max_waiting)
                kept += fresh
            case IdentityChanged():
                fresh = _move(connection, event, now)
                kept += fresh
            case Receipt():
                is_first_bill = event.category is not None and not _billed(connection, event)
                fresh = _receive(connection, event, now)
                receipts += fresh
                billed += [event.category] if fresh and is_first_bill and event.category else []
            case Notice():
                fresh = _keep_notice(connection, event, now)
                kept += fresh
            case Preference():
                fresh = _prefer(connection, event, now)
                kept += fresh
            case Unreadable():
                fresh = quarantine(connection, event.account, event.event_id, event.reason, event.raw.encode(), now)
                kept += fresh
                quarantined += fresh
        duplicates += not fresh
    return Accepted(
        new=len(answerable),
        kept=kept,
        duplicates=duplicates,
        receipts=receipts,
        fresh=tuple(answerable),
        quarantined=quarantined,
        billed=tuple(billed),
    )


def _known(connection: sqlite3.Connection, account: str, event_id: str) -> bool:
    row = connection.execute(SQL["known_event"], {"account": account, "event_id": event_id}).fetchone()
    return row is not None


def _hear(
    connection: sqlite3.Connection, event: InboundMessage | ButtonPress | Reaction, now: datetime, max_waiting: int
) -> bool:
    if _known(connection, event.account, event.event_id):
        return False
    conversation = _conversation(connection, event)
    people.give_up_number(connection, event.account, event.sender)
    contacts.heard(connection, event.account, event.sender)
    answered = not isinstance(event, Reaction)
    (waiting,) = connection.execute(SQL["waiting"], {"conversation": conversation}).fetchone()
    at = stamp(now)
    connection.execute(
        SQL["hear"],
        {
            "conversation": conversation,
            "account": event.account,
            "chat": event.chat_id,
            # a group's address is the group; a sender's own number is no way to it
            "number": None if event.group else event.sender.number,
            "user_id": None if event.group else event.sender.user_id,
            "grouped": event.group,
            "ready": at if answered else None,
            "now": at,
        },
    )
    connection.execute(SQL["keep_event"], inbox_row(event, conversation, now, overflow=waiting >= max_waiting))
    if not isinstance(event, Reaction):
        contacts.take(connection, event, now)
    return True


def _conversation(connection: sqlite3.Connection, event: InboundMessage | ButtonPress | Reaction) -> str:
    """The conversation of an event's chat. A number and a user id of one sender are joined to the older one."""
    account = event.account
    if event.group:
        return f"{account}/{event.chat_id}"
    sender = event.sender
    aliases = [alias for alias in (sender.user_id, sender.number) if alias] or [event.chat_id]
    found = [row["conversation"] for row in _led_to(connection, account, aliases, sender.user_id)]
    conversation = found[0] if found else _unused_name(connection, f"{account}/{event.chat_id}")
    for younger in found[1:]:
        _join(connection, account, conversation, younger)
    _go_on_as(connection, account, conversation, sender.number, sender.user_id)
    if not sender.key:
        _point(connection, account, event.chat_id, conversation)
    return conversation


def conversation_of(connection: sqlite3.Connection, account: str, sender: Sender, now: datetime) -> str:
    """The conversation with a person, made for their number where they never wrote.

    Raises:
        StoreError: They never wrote, and no number is known.
    """
    aliases = [alias for alias in (sender.user_id, sender.number) if alias]
    found = _led_to(connection, account, aliases, sender.user_id)
    if found:
        return str(found[0]["conversation"])
    if sender.number is None:
        raise StoreError("they never wrote here, and no number of theirs is known")
    return open_conversation(connection, account, sender.number, now)


def open_conversation(connection: sqlite3.Connection, account: str, number: str, now: datetime) -> str:
    """The conversation with the person of a number, made where they never wrote."""
    found = _led_to(connection, account, [number], None)
    if found:
        return str(found[0]["conversation"])
    conversation = _unused_name(connection, f"{account}/{number}")
    opened = {"conversation": conversation, "account": account, "number": number, "now": stamp(now)}
    connection.execute(SQL["open_conversation"], opened)
    _point(connection, account, number, conversation)
    return conversation


def _join(connection: sqlite3.Connection, account: str, older: str, younger: str) -> None:
    joined = {"account": account, "older": older, "younger": younger}
    for statement in ("join_aliases", "join_conversation", "join_choices", "join_runs"):
        connection.execute(SQL[statement], joined)


def _go_on_as(
    connection: sqlite3.Connection, account: str, conversation: str, number: str | None, user_id: str | None
) -> None:
    """Let a person's number and user id lead to their conversation, and no longer what they had before."""
    former = {"account": account, "conversation": conversation, "number": number, "user_id": user_id}
    connection.execute(SQL["drop_former"], former)
    for alias in (number, user_id):
        if alias:
            _point(connection, account, alias, conversation)


def _led_to(connection: sqlite3.Connection, account: str, aliases: Sequence[str], user_id: str | None) -> list[Row]:
    """The conversations that these lead to, the oldest first, without those of people with another user id.

    A number that was given to somebody else must not open the former owner's conversation.
    """
    if not aliases:
        return []
    rows = connection.execute(
        SQL["conversations_of"], {"account": account, "first": aliases[0], "second": aliases[-1]}
    ).fetchall()
    return [row for row in rows if user_id is None or row["user_id"] in {None, user_id}]


def _unused_name(connection: sqlite3.Connection, name: str) -> str:
    """The name, or, where a former owner of the number has it, one that nobody has."""
    unused, n = name, 1
    while connection.execute(SQL["named"], {"conversation": unused}).fetchone() is not None:
        n += 1
        unused = f"{name}~{n}"
    return unused


def _point(connection: sqlite3.Connection, account: str, alias: str, conversation: str) -> None:
    pointed = {"account": account, "alias": alias, "conversation": conversation}
    connection.execute(SQL["forget_address"], pointed)
    connection.execute(SQL["point_alias"], pointed)


def _move(connection: sqlite3.Connection, event: IdentityChanged, now: datetime) -> bool:
    if _known(connection, event.account, event.event_id):
        return False
    account = event.account
    old = [alias for alias in (event.old_user_id, event.old_number) if alias]
    new = [alias for alias in (event.new_user_id, event.new_number) if alias]
    found = _led_to(connection, account, old, event.old_user_id)
    conversation = found[0]["conversation"] if found and new else ""
    if conversation:
        number, user_id = event.new_number, event.new_user_id
        for row in _led_to(connection, account, new, user_id):
            # what began after the change was written by the same person, before we heard of it
            ahead = event.sent_at is not None and row["created_at"] >= stamp(event.sent_at)
            if ahead and row["conversation"] != conversation:
                _join(connection, account, conversation, row["conversation"])
                user_id = user_id or row["user_id"]
        _go_on_as(connection, account, conversation, number, user_id)
        connection.execute(SQL["move_address"], {"number": number, "user_id": user_id, "conversation": conversation})
    former = Sender(number=event.old_number, user_id=event.old_user_id)
    people.move(connection, account, former, event.new_number, event.new_user_id)
    changed_at = event.sent_at or now
    contacts.move(connection, account, former, event.new_number, event.new_user_id, changed_at)
    _keep_done(connection, event, conversation, "moved" if conversation else "kept", now)
    return True


def _prefer(connection: sqlite3.Connection, event: Preference, now: datetime) -> bool:
    if _known(connection, event.account, event.event_id):
        return False
    contacts.prefer(connection, event, now)
    _keep_done(connection, event, "", "kept", now)
    return True


def _keep_done(
    connection: sqlite3.Connection, event: IdentityChanged | Preference, conversation: str, outcome: str, now: datetime
) -> None:
    """Keep an event that nobody answers."""
    kept = {
        "account": event.account,
        "event_id": event.event_id,
        "conversation": conversation,
        "kind": event.kind,
        "sender": "",
        "payload": event.model_dump_json(),
        "state": "done",
        "overflow": 0,
        "outcome": outcome,
        "now": stamp(now),
    }
    connection.execute(SQL["keep_event"], kept)


def _billed(connection: sqlite3.Connection, receipt: Receipt) -> bool:
    """Whether an earlier receipt of the message said already that it is billed."""
    about = {"account": receipt.account, "message_id": receipt.message_id}
    return connection.execute(SQL["billed"], about).fetchone() is not None


def _receive(connection: sqlite3.Connection, receipt: Receipt, now: datetime) -> bool:
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
    for row in connection.execute(SQL["receipts_of"], told).fetchall():
        proof = Proof(row["state"], message_id, row["code"], row["reason"])
        state = raise_part(connection, part["seq"], part["conversation"], state, proof, now)


def _keep_notice(connection: sqlite3.Connection, notice: Notice, now: datetime) -> bool:
    kept = connection.execute(
        SQL["keep_notice"],
        {
            "account": notice.account,
            "event_id": notice.event_id,
            "about": notice.about,
            "subject": notice.subject,
            "raw": notice.raw,
            "now": stamp(now),
        },
    )
    return kept.rowcount > 0


def quarantine(
    connection: sqlite3.Connection, account: str, event_id: str, reason: str, raw: bytes, now: datetime
) -> bool:
    """Keep what can't be read, once; the id of a whole body is its digest."""
    kept = connection.execute(
        SQL["keep_unreadable"],
        {
            "account": account,
            "event_id": event_id or hashlib.sha256(raw).hexdigest(),
            "reason": reason,
            "raw": raw,
            "now": stamp(now),
        },
    )
    return kept.rowcount > 0
