"""Lists for people: each goes on from a row, and looks up for the rows of one page alone what stands beside them."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from aof.store.reading import Delivery, Heard, HeldParts, Listed, Place, Tick, Trouble
from aof.store.sqlite import audit
from aof.store.sqlite.operators import numbered, outbox_row
from aof.store.sqlite.rows import Row, address, json_list, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "reading")

FOREVER = 1e18
"""Unix seconds after every moment."""
LAST = "\U0010ffff"
"""Stands behind every id."""
LARGEST = 2**63 - 1
LINES_SEARCHED = 20_000
"""The newest so many lines are looked through for words."""
SHORTEST_DIGITS = 4
"""Of a number, before it finds anybody."""


def conversations(connection: sqlite3.Connection, below: Place | None, most: int) -> list[Listed]:
    rows: list[Row] = []
    if below is None or below.heard is not None:
        heard = {"heard": below.heard if below else FOREVER, "conversation": below.conversation if below else LAST}
        rows = connection.execute(SQL["conversations_heard"], heard | {"most": most}).fetchall()
        below = None
    if len(rows) < most:
        silent = {"conversation": below.conversation if below else LAST, "most": most - len(rows)}
        rows += connection.execute(SQL["conversations_silent"], silent).fetchall()
    return [_listed(connection, row) for row in rows]


def found(connection: sqlite3.Connection, words: str, aliases: Collection[str], most: int) -> list[Listed]:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sought = {"like": f"%{escaped}%", "aliases": json_list(aliases), "lines": LINES_SEARCHED, "most": most}
    digits = "".join(sign for sign in words if sign.isdecimal())
    by_number = sought | {"like": f"%{digits}%"} if len(digits) >= SHORTEST_DIGITS else None
    ways = [("found_by_person", sought), ("found_by_pairing", sought), ("found_by_line", sought)]
    ways += [("found_by_alias", by_number)] if by_number else []
    named = {row["conversation"] for way, values in ways for row in connection.execute(SQL[way], values)}
    return _named(connection, named, most)


def conversation(connection: sqlite3.Connection, name: str) -> Listed | None:
    return next(iter(_named(connection, [name], 1)), None)


def _named(connection: sqlite3.Connection, named: Collection[str], most: int) -> list[Listed]:
    rows = connection.execute(SQL["conversations_named"], {"named": json_list(named), "most": most})
    return [_listed(connection, row) for row in rows.fetchall()]


def _listed(connection: sqlite3.Connection, row: Row) -> Listed:
    of = {"conversation": row["conversation"]}
    line = connection.execute(SQL["newest_line"], of).fetchone()
    called = connection.execute(SQL["called"], of).fetchone()
    (trouble,) = connection.execute(SQL["trouble_of"], of).fetchone()
    return Listed(
        conversation=row["conversation"],
        account=row["account"],
        address=address(row),
        heard_at=moment(row["heard_at"]) if row["heard_at"] is not None else None,
        called=(called["name"] or "") if called else "",
        line=line["body"] if line else "",
        by_person=bool(line) and line["role"] == "person",
        trouble=trouble,
        place=Place(row["heard_at"], row["conversation"]),
    )


def transcript(connection: sqlite3.Connection, name: str, before: datetime | None, most: int) -> list[Heard | Delivery]:
    of = {"conversation": name, "before": stamp(before) if before else FOREVER, "most": most}
    lines: list[Heard | Delivery] = [
        _heard(row) for way in ("lines_heard", "lines_waiting") for row in connection.execute(SQL[way], of)
    ]
    lines += [_delivery(connection, row) for row in connection.execute(SQL["parts_of_conversation"], of).fetchall()]
    # what was said comes before the answer to it, also where a clock could not tell them apart
    lines.sort(key=lambda line: (line.at, 0, line.seq) if isinstance(line, Heard) else (made(line), 1, line.row.seq))
    return lines[-most:]


def made(line: Delivery) -> datetime:
    return line.row.created_at


def deliveries(
    connection: sqlite3.Connection, state: str, gate: str, account: str, before: int | None, most: int
) -> list[Delivery]:
    ways = {"": "deliveries", "trouble": "deliveries_in_trouble", "deferred": "deliveries_deferred"}
    sought = {"state": state, "gate": gate, "account": account, "most": most}
    statement = SQL[ways.get(state, "deliveries_in_state")]
    rows = connection.execute(statement, sought | {"before": LARGEST if before is None else before}).fetchall()
    return [_delivery(connection, row) for row in rows]


def delivery(connection: sqlite3.Connection, seq: int) -> Delivery | None:
    row = connection.execute(SQL["delivery"], {"seq": seq}).fetchone()
    return _delivery(connection, row) if row is not None else None


def held_by_gate(connection: sqlite3.Connection) -> list[HeldParts]:
    return [
        HeldParts(row["gate"], row["account"], row["parts"], moment(row["since"]))
        for row in connection.execute(SQL["held_by_gate"])
    ]


def troubled(connection: sqlite3.Connection, most: int) -> list[Delivery]:
    return [_delivery(connection, row) for row in connection.execute(SQL["oldest_trouble"], {"most": most}).fetchall()]


def trouble(connection: sqlite3.Connection) -> Trouble:
    counts = {row[0]: row[1] for row in connection.execute(SQL["count_trouble"])}
    (unanswered,) = connection.execute(SQL["count_unanswered"]).fetchone()
    (newest,) = connection.execute(SQL["newest_part"]).fetchone()
    return Trouble(counts.get("held", 0), counts.get("dead", 0) + counts.get("failed", 0), unanswered, newest)


def stopped_since(connection: sqlite3.Connection) -> dict[str, datetime]:
    return {row["account"]: moment(row["at"]) for row in connection.execute(SQL["stopped_since"])}


def every_conversation(connection: sqlite3.Connection) -> list[str]:
    return [row["conversation"] for row in connection.execute(SQL["every_conversation"])]


def newer(connection: sqlite3.Connection, part: int, heard: float, most: int) -> int:
    way = "newer_parts" if part else "newer_conversations"
    (count,) = connection.execute(SQL[way], {"part": part, "heard": heard, "most": most}).fetchone()
    return int(count)


def moved(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


def bury_parts(connection: sqlite3.Connection, seqs: Sequence[int], by: str, now: datetime) -> int:
    buried = 0
    for seq in seqs:
        named = {"seq": seq, "now": stamp(now), "reason": f"{by} gave it up"}
        row = connection.execute(SQL["bury_part"], named).fetchone()
        if row is not None:
            buried += 1
            audit.append(connection, "part_buried", row["part"], {"by": by}, now, in_words=True)
    return buried


def bury_event(connection: sqlite3.Connection, id_: str, by: str, now: datetime) -> bool:
    kind, seq = numbered(id_)
    statement = SQL["bury_event" if kind == "e" else "bury_unreadable"]
    buried = connection.execute(statement, {"seq": seq}).rowcount > 0
    if buried:
        audit.append(connection, "event_buried", id_, {"by": by}, now, in_words=True)
    return buried


def _heard(row: Row) -> Heard:
    return Heard(
        seq=row["seq"],
        text=row["body"],
        at=moment(row["at"]),
        state=row["state"] or "",
        outcome=row["outcome"] or "",
        kind=row["kind"] or "",
        sender=row["sender"] or "",
    )


def _delivery(connection: sqlite3.Connection, row: Row) -> Delivery:
    ticks: tuple[Tick, ...] = ()
    if row["message_id"]:
        of = {"message_id": row["message_id"], "account": row["account"]}
        ticks = tuple(
            Tick(tick["state"], moment(tick["at"]), tick["code"], tick["reason"])
            for tick in connection.execute(SQL["ticks"], of)
        )
    return Delivery(
        row=outbox_row(row),
        conversation=row["conversation"],
        waits_until=moment(row["not_before"]),
        deferrals=row["deferrals"],
        is_buried=bool(row["buried"]),
        ticks=ticks,
    )
