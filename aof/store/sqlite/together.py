"""Accepting at once what most webhooks are, in three statements for all of one transaction."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aof.domain.consent import said_by
from aof.domain.message import ButtonPress, Call, IdentityChanged, InboundEvent, InboundMessage, Preference, Reaction
from aof.store.results import Accepted
from aof.store.sqlite import windows
from aof.store.sqlite.accept import SQL, spoke_at
from aof.store.sqlite.rows import inbox_row, stamp

Webhook = tuple[Sequence[InboundEvent], datetime, int]
"""What `accept` takes of one webhook."""


def accept_all(connection: sqlite3.Connection, webhooks: Sequence[Webhook]) -> list[Accepted | None]:
    """Accept at once what most webhooks are: one new message of somebody who goes by what they went by before.

    None stands for each of the others; nothing of them was touched, and `accept` takes them one by one. Whatever comes
    after one of those and is of the same people is among them, so that everybody's messages keep their order.
    """
    settled = _settled(connection, webhooks)
    accepted: list[Accepted | None] = []
    rows: list[dict[str, Any]] = []
    open_: dict[str, int] = {}
    heard: dict[str, float] = {}
    left: set[str] = set()
    for place, (events, now, max_waiting) in enumerate(webhooks):
        people_of = {alias for event in events for alias in _people_of(event)}
        if place not in settled or not left.isdisjoint(people_of):
            left |= people_of
            accepted.append(None)
            continue
        event, conversation, waiting = settled[place]
        open_[conversation] = open_.get(conversation, waiting) + 1
        rows.append(inbox_row(event, conversation, now, overflow=open_[conversation] > max_waiting))
        accepted.append(Accepted(new=1, fresh=(event.event_id,)))
        heard[conversation] = max(heard.get(conversation, 0.0), spoke_at(event, now) or 0.0)
    if rows:
        latest = max(now for _, now, _ in webhooks)
        connection.execute(SQL["hear_all_again"], {"heard": json.dumps([*heard.items()]), "now": stamp(latest)})
        connection.executemany(SQL["keep_event"], rows)
        if taken_up := windows.reopen(connection, heard, latest):
            # whoever hears of one of these rings for all
            first = next(place for place, one in enumerate(accepted) if one is not None)
            accepted[first] = replace(accepted[first] or Accepted(), taken_up=taken_up)
    return accepted


def _settled(
    connection: sqlite3.Connection, webhooks: Sequence[Webhook]
) -> dict[int, tuple[InboundMessage | ButtonPress, str, int]]:
    """By its place, the event of each webhook that can be taken at once, its conversation, and how many wait there."""
    single: dict[tuple[str, str], tuple[int, InboundMessage | ButtonPress]] = {}
    for place, (events, _, _) in enumerate(webhooks):
        event = events[0] if len(events) == 1 else None
        if isinstance(event, InboundMessage | ButtonPress) and _is_plain(event):
            # a repeat within the same transaction is for whoever looks more closely
            single.setdefault((event.account, event.event_id), (place, event))
    by_place = dict(single.values())
    asked = [
        (place, event.account, event.event_id, event.sender.number, event.sender.user_id)
        for place, event in by_place.items()
    ]
    rows = connection.execute(SQL["settled_of"], {"events": json.dumps(asked)}).fetchall() if asked else []
    return {place: (by_place[place], conversation, waiting) for place, conversation, waiting in rows}


def _is_plain(event: InboundMessage | ButtonPress) -> bool:
    return not (event.group or event.thread) and said_by(event) is None


def _people_of(event: InboundEvent) -> set[str]:
    aliases: tuple[str | None, ...]
    match event:
        case InboundMessage() | ButtonPress() | Reaction() | Call():
            aliases = (event.chat_id, event.sender.number, event.sender.user_id)
        case IdentityChanged():
            aliases = (event.old_number, event.old_user_id, event.new_number, event.new_user_id)
        case Preference():
            aliases = (event.sender.number, event.sender.user_id)
        case _:
            return set()
    return {alias for alias in aliases if alias}
