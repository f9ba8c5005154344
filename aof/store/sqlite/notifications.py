"""What programs wanted people to know, and what was pressed under it."""

import json
import sqlite3
from datetime import datetime

from aof.store.opportunities import Kept, NewNotification, NotificationPress, NotificationRow
from aof.store.sqlite import audit
from aof.store.sqlite.opportunities import departures, send
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "opportunities")


def notify(
    connection: sqlite3.Connection, store_id: str, new: NewNotification, now: datetime
) -> tuple[Kept, NotificationRow]:
    """Keep one and let it leave; what came with its key before stays as it is."""
    known = connection.execute(SQL["notification_of_key"], {"key": new.key}).fetchone()
    if known is not None:
        return ("known" if known["digest"] == new.digest else "different"), _row(connection, store_id, known)
    kept = {
        "id": new.id,
        "key": new.key,
        "digest": new.digest,
        "person": new.person,
        "text": new.text,
        "status": new.status,
        "actions": json.dumps(new.actions),
        "now": stamp(now),
    }
    connection.execute(SQL["keep_notification"], kept)
    send(connection, [(new.conversation, new.parts)], "alert", f"{store_id}:note:{new.id}:", now)
    facts = {"by": new.by, "to": new.person, "digest": new.digest}
    audit.append(connection, "notification_added", new.id, facts, now, in_words=True)
    row = connection.execute(SQL["notification"], {"id": new.id}).fetchone()
    return "new", _row(connection, store_id, row)


def find(connection: sqlite3.Connection, store_id: str, id_: str) -> NotificationRow | None:
    row = connection.execute(SQL["notification"], {"id": id_}).fetchone()
    return _row(connection, store_id, row) if row is not None else None


def press(
    connection: sqlite3.Connection, id_: str, action: str, by: str, event: str, now: datetime
) -> tuple[NotificationPress, bool] | None:
    """The first press of an action stands; None where there is no such action."""
    row = connection.execute(SQL["notification"], {"id": id_}).fetchone()
    if row is None or action not in {name for name, _ in json.loads(row["actions"])}:
        return None
    pressed = {"id": id_, "action": action, "by": by, "event": event, "now": stamp(now)}
    if connection.execute(SQL["press_notification"], pressed).rowcount:
        facts = {"by": by, "action": action, "event": event}
        audit.append(connection, "notification_pressed", id_, facts, now, in_words=True)
    (stands,) = [one for one in _presses(connection, id_) if one["action"] == action]
    return _press(stands), stands["event"] == event


def _presses(connection: sqlite3.Connection, id_: str) -> list[Row]:
    return connection.execute(SQL["notification_presses"], {"id": id_}).fetchall()


def _press(row: Row) -> NotificationPress:
    return NotificationPress(row["action"], row["by"], moment(row["at"]))


def _row(connection: sqlite3.Connection, store_id: str, row: Row) -> NotificationRow:
    return NotificationRow(
        id=row["id"],
        person=row["person"],
        text=row["text"],
        status=row["status"],
        actions=tuple((name, title) for name, title in json.loads(row["actions"])),
        created_at=moment(row["created_at"]),
        presses=tuple(map(_press, _presses(connection, row["id"]))),
        departures=tuple(departures(connection, f"{store_id}:note:{row['id']}:")),
    )
