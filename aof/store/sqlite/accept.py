"""Accepting a webhook's events: repeats vanish, people find their conversation, receipts move their rows."""

import hashlib
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from aof.domain.errors import StoreError
from aof.domain.message import (
    ButtonPress,
    Call,
    ChatMoved,
    IdentityChanged,
    InboundEvent,
    InboundMessage,
    Notice,
    Preference,
    Reachability,
    Reaction,
    Receipt,
    Sender,
    TemplateNews,
    Unreadable,
)
from aof.store.results import Accepted
from aof.store.sqlite import contacts, people, places, receipts, templates, windows
from aof.store.sqlite.rows import Row, inbox_row, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "accept", "parts")

_Heard = InboundMessage | ButtonPress | Reaction | Call
_Learned = IdentityChanged | ChatMoved | Reachability | Preference


def accept(connection: sqlite3.Connection, events: Sequence[InboundEvent], now: datetime, max_waiting: int) -> Accepted:
    """Keep all events of one webhook."""
    kept = duplicates = received = quarantined = 0
    answerable: list[str] = []
    billed: list[str] = []
    heard: list[str] = []
    news: list[TemplateNews] = []
    for event in events:
        match event:
            case InboundMessage() | ButtonPress():
                conversation = _hear(connection, event, now, max_waiting)
                fresh = bool(conversation)
                answerable += [event.event_id] if fresh else []
                heard += [conversation] if conversation else []
            case Reaction() | Call():
                conversation = _hear(connection, event, now, max_waiting)
                fresh = bool(conversation)
                kept += fresh
                heard += [conversation] if conversation else []
            case IdentityChanged() | ChatMoved() | Reachability() | Preference():
                fresh = _learn(connection, event, now)
                kept += fresh
            case Receipt():
                is_first_bill = event.category is not None and not receipts.is_billed(connection, event)
                fresh = receipts.receive(connection, event, now)
                received += fresh
                billed += [event.category] if fresh and is_first_bill and event.category else []
            case Notice():
                fresh = _keep_notice(connection, event, now)
                kept += fresh
                news += [event.template] if fresh and event.template else []
            case Unreadable():
                fresh = quarantine(connection, event.account, event.event_id, event.reason, event.raw.encode(), now)
                kept += fresh
                quarantined += fresh
        duplicates += not fresh
    return Accepted(
        new=len(answerable),
        kept=kept,
        duplicates=duplicates,
        receipts=received,
        fresh=tuple(answerable),
        quarantined=quarantined,
        billed=tuple(billed),
        taken_up=windows.reopen(connection, heard, now) if heard else 0,
        templates=tuple(news),
    )


def _known(connection: sqlite3.Connection, account: str, event_id: str) -> bool:
    row = connection.execute(SQL["known_event"], {"account": account, "event_id": event_id}).fetchone()
    return row is not None


def _hear(connection: sqlite3.Connection, event: _Heard, now: datetime, max_waiting: int) -> str:
    """The conversation of an event; empty where it came before."""
    if _known(connection, event.account, event.event_id):
        return ""
    conversation = _heard_in(connection, event, now)
    people.give_up_number(connection, event.account, event.sender)
    contacts.heard(connection, event.account, event.sender)
    (waiting,) = connection.execute(SQL["waiting"], {"conversation": conversation}).fetchone()
    connection.execute(SQL["keep_event"], inbox_row(event, conversation, now, overflow=waiting >= max_waiting))
    if isinstance(event, InboundMessage | ButtonPress):
        contacts.take(connection, event, now)
    return conversation


def _heard_in(connection: sqlite3.Connection, event: _Heard, now: datetime) -> str:
    """Write down that somebody was heard, and return where."""
    at = stamp(now)
    chat = places.chat_now(connection, event.account, event.chat_id) if event.group else event.chat_id
    main = None if event.group else _persons_of(connection, event)
    conversation = main or places.of_group(connection, event.account, chat, event.thread)
    heard = {
        "account": event.account,
        "chat": chat,
        # a group's address is the group; a sender's own number is no way to it
        "number": None if event.group else event.sender.number,
        "user_id": None if event.group else event.sender.user_id,
        "grouped": event.group,
        "spoke_at": spoke_at(event, now),
        "now": at,
    }
    topic_of = None
    if main is not None and event.thread:
        # where a person is reached when nobody answers them: whoever writes in a topic has written to us
        connection.execute(SQL["hear"], heard | {"conversation": main, "thread": "", "topic_of": None, "ready": None})
        conversation, topic_of = places.of_topic(connection, main, event.thread), main
    answered = isinstance(event, InboundMessage | ButtonPress)
    here = {"conversation": conversation, "thread": event.thread, "topic_of": topic_of}
    connection.execute(SQL["hear"], heard | here | {"ready": at if answered else None})
    return conversation


def spoke_at(event: _Heard, now: datetime) -> float | None:
    """From when the platform's window counts by an event: by the platform's clock, however late it came.

    A reaction opens none.
    """
    return None if isinstance(event, Reaction) else stamp(min(event.sent_at or now, now))


def _persons_of(connection: sqlite3.Connection, event: _Heard) -> str:
    """The main conversation of an event's sender. A number and a user id of one are joined to the older one."""
    account, sender = event.account, event.sender
    aliases = [alias for alias in (sender.user_id, sender.number) if alias] or [event.chat_id]
    conversation = _persons(connection, account, sender, aliases, event.chat_id)
    if not sender.key:
        _point(connection, account, event.chat_id, conversation)
    return conversation


def _persons(connection: sqlite3.Connection, account: str, sender: Sender, aliases: Sequence[str], chat: str) -> str:
    found = [row["conversation"] for row in _led_to(connection, account, aliases, sender.user_id)]
    conversation = found[0] if found else places.unused_name(connection, f"{account}/{chat}")
    for younger in found[1:]:
        places.join(connection, account, conversation, younger)
    _go_on_as(connection, account, conversation, sender.number, sender.user_id)
    return str(conversation)


def conversation_of(connection: sqlite3.Connection, account: str, sender: Sender, now: datetime) -> str:
    """The conversation with a person, made for their number where they never wrote.

    Raises:
        StoreError: They never wrote, and no number is known.
    """
    # whose number it is by now the ledger of consent may know: what is meant for them must not go to its next owner
    sender = contacts.in_full(connection, account, sender)
    aliases = [alias for alias in (sender.user_id, sender.number) if alias]
    if sender.number is None and not _led_to(connection, account, aliases, sender.user_id):
        raise StoreError("they never wrote here, and no number of theirs is known")
    conversation = _persons(connection, account, sender, aliases, sender.key)
    known = {"chat": sender.number or sender.user_id, "number": sender.number, "user_id": sender.user_id}
    opened = {"conversation": conversation, "account": account, "now": stamp(now)}
    connection.execute(SQL["open_conversation"], opened | known)
    return conversation


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


def _point(connection: sqlite3.Connection, account: str, alias: str, conversation: str) -> None:
    pointed = {"account": account, "alias": alias, "conversation": conversation}
    connection.execute(SQL["forget_address"], pointed)
    connection.execute(SQL["point_alias"], pointed)


def _learn(connection: sqlite3.Connection, event: _Learned, now: datetime) -> bool:
    """Take what a platform tells of somebody, or of a chat; False where it came before."""
    if _known(connection, event.account, event.event_id):
        return False
    match event:
        case IdentityChanged():
            _move(connection, event, now)
        case ChatMoved():
            _move_chat(connection, event, now)
        case Reachability():
            _reachable(connection, event, now)
        case Preference():
            _prefer(connection, event, now)
    return True


def _move(connection: sqlite3.Connection, event: IdentityChanged, now: datetime) -> None:
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
                places.join(connection, account, conversation, row["conversation"])
                user_id = user_id or row["user_id"]
        _go_on_as(connection, account, conversation, number, user_id)
        connection.execute(SQL["move_address"], {"number": number, "user_id": user_id, "conversation": conversation})
    former = Sender(number=event.old_number, user_id=event.old_user_id)
    people.move(connection, account, former, event.new_number, event.new_user_id)
    changed_at = event.sent_at or now
    contacts.move(connection, account, former, event.new_number, event.new_user_id, changed_at)
    if not conversation:
        contacts.meet(connection, account, Sender(number=event.new_number, user_id=event.new_user_id), now)
    _keep_done(connection, event, conversation, "moved" if conversation else "kept", now)


def _move_chat(connection: sqlite3.Connection, event: ChatMoved, now: datetime) -> None:
    moved = places.move_chat(connection, event.account, event.old_chat, event.new_chat, now)
    _keep_done(connection, event, "", "moved" if moved else "kept", now)


def _reachable(connection: sqlite3.Connection, event: Reachability, now: datetime) -> None:
    sender = event.sender
    aliases = [alias for alias in (sender.user_id, sender.number) if alias]
    for row in _led_to(connection, event.account, aliases, sender.user_id):
        at = min(event.sent_at or now, now)
        places.told_reachable(connection, row["conversation"], at, reachable=event.reachable)
    _keep_done(connection, event, "", "kept", now)


def _prefer(connection: sqlite3.Connection, event: Preference, now: datetime) -> None:
    sender = event.sender
    if sender.number and sender.user_id:
        # the platform says that the two are one person's, who may have been written to by number alone
        for row in _led_to(connection, event.account, [sender.user_id, sender.number], sender.user_id)[:1]:
            _go_on_as(connection, event.account, row["conversation"], sender.number, sender.user_id)
            reached = {"conversation": row["conversation"], "number": sender.number, "user_id": sender.user_id}
            connection.execute(SQL["move_address"], reached)
    contacts.prefer(connection, event, now)
    _keep_done(connection, event, "", "kept", now)


def _keep_done(
    connection: sqlite3.Connection,
    event: _Learned,
    conversation: str,
    outcome: str,
    now: datetime,
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
    if kept.rowcount and notice.template:
        templates.learn(connection, notice.account, notice.template, now)
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
