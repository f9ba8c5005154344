"""An event and all that it was answered with, found by its id."""

import sqlite3
from collections.abc import Iterator

from pydantic import ValidationError

from aof.domain.delivery import PartState
from aof.domain.message import ButtonPress, Decided, InboundMessage
from aof.domain.response import Part
from aof.store.answers import NOWHERE, AnswerTo, PartOfAnswer, Place
from aof.store.base import OPEN_EVENTS
from aof.store.sqlite.connections import Connections
from aof.store.sqlite.rows import PART, SPOKEN, Row, moment
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "answers")


class SQLiteAnswers(Connections):
    """Implements `Answers`."""

    async def answer_to(self, account: str, event_id: str) -> AnswerTo | None:
        return await self._read(lambda reader: answer_to(reader, self.store_id, account, event_id))

    async def said_in(self, conversation: str, *, behind: Place = NOWHERE, most: int) -> tuple[PartOfAnswer, ...]:
        sought = {"conversation": conversation, "at": behind.at, "seq": behind.seq, "most": most}
        return await self._read(
            lambda reader: tuple(_part_of_answer(row) for row in reader.execute(SQL["parts_behind"], sought))
        )


def answer_to(connection: sqlite3.Connection, store_id: str, account: str, event_id: str) -> AnswerTo | None:
    row = connection.execute(SQL["posted_event"], {"account": account, "event_id": event_id}).fetchone()
    if row is None:
        return None
    run = f"r{row['seq']}"
    span = {"account": account, "first": f"run:{run}:", "after": f"run:{run};"}
    goings_on = connection.execute(SQL["goings_on"], span).fetchall()
    asked = [one["id"] for one in connection.execute(SQL["asked_by_run"], {"run": run})]
    beginnings = [str(row["seq"]), *(str(one["seq"]) for one in goings_on), *(f"appr:{id_}" for id_ in asked)]
    # what goes on is what the event is about now, with its own parts on their way
    still_open = next((one["state"] for one in goings_on if one["state"] in OPEN_EVENTS), None)
    return AnswerTo(
        conversation=row["conversation"],
        sender=row["sender"],
        state=still_open or row["state"],
        outcome=row["outcome"] or "",
        waits_for_people=connection.execute(SQL["run_is_open"], {"run": run}).fetchone() is not None,
        event=_event(row),
        parts=tuple(_parts(connection, store_id, row["conversation"], beginnings)),
    )


def _parts(
    connection: sqlite3.Connection, store_id: str, conversation: str, beginnings: list[str]
) -> Iterator[PartOfAnswer]:
    found: list[Row] = []
    for beginning in beginnings:
        # the sign after a colon: all ids that begin so lie between the two
        first, after = f"{store_id}:{beginning}:", f"{store_id}:{beginning};"
        span = {"first": first, "after": after, "conversation": conversation}
        found += connection.execute(SQL["parts_between"], span).fetchall()
    yield from map(_part_of_answer, sorted(found, key=lambda row: row["seq"]))


def _part_of_answer(row: Row) -> PartOfAnswer:
    settled_at = row["settled_at"] if row["settled_at"] is not None else row["created_at"]
    return PartOfAnswer(
        part_id=row["part"],
        state=PartState(row["state"]),
        part=_part(row),
        gate=row["gate"] or "",
        reason=row["error"] or "",
        created_at=moment(row["created_at"]),
        answers=row["reply_to"] or "",
        place=Place(settled_at, row["seq"]),
    )


def _part(row: Row) -> Part | None:
    try:
        return PART.validate_json(row["body"]) if row["body"] else None
    except ValidationError:
        return None


def _event(row: Row) -> InboundMessage | ButtonPress | None:
    try:
        event = SPOKEN.validate_json(row["payload"]) if row["payload"] else None
    except ValidationError:
        return None
    return None if isinstance(event, Decided) else event
