"""What is asked of people, and the runs that wait for it: rows as values."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from datetime import datetime

from aof.domain.approval import Party, Proposal
from aof.domain.message import Decided, Spoken
from aof.store.approvals import ApprovalRow, Reachable, RunRow, ShownCard, Thrown, Vote
from aof.store.sqlite.rows import PART, Row, address, json_list, moment, stamp
from aof.store.statements import statements
from aof.texts.language import Language

SQL = statements("aof.store.sqlite", "approvals", "operators")


def approval(connection: sqlite3.Connection, id_: str) -> ApprovalRow | None:
    row = connection.execute(SQL["approval"], {"id": id_}).fetchone()
    if row is None:
        return None
    return ApprovalRow(
        id=row["id"],
        run=row["run"],
        call=row["call"],
        conversation=row["conversation"],
        proposal=Proposal.model_validate_json(row["proposal"]),
        fingerprint=row["fingerprint"],
        state=row["state"],
        asked_at=moment(row["asked_at"]),
        expires_at=moment(row["expires_at"]),
        use_by=_moment(row["use_by"]),
        decided_at=_moment(row["decided_at"]),
        decided_by=row["decided_by"],
        superseded_by=row["superseded_by"],
        editor=Party.model_validate_json(row["editor"]) if row["editor"] is not None else None,
        votes=tuple(map(_vote, connection.execute(SQL["votes"], {"approval": id_}))),
        nudged=bool(row["nudged"]),
        reached=row["reached"],
    )


def approvals(connection: sqlite3.Connection, name: str, sought: Mapping[str, object]) -> list[ApprovalRow]:
    """Those that a statement names."""
    ids = [row["id"] for row in connection.execute(SQL[name], sought)]
    return [found for id_ in ids if (found := approval(connection, id_)) is not None]


def approval_of(connection: sqlite3.Connection, run: str, call: str) -> ApprovalRow | None:
    return next(iter(approvals(connection, "approval_of", {"run": run, "call": call})), None)


def due(connection: sqlite3.Connection, now: datetime) -> tuple[list[ApprovalRow], datetime | None]:
    (next_at,) = connection.execute(SQL["next_due"], {"now": stamp(now)}).fetchone()
    return approvals(connection, "to_be_nudged", {"now": stamp(now)}), _moment(next_at)


def run_of(connection: sqlite3.Connection, run: str) -> RunRow | None:
    row = connection.execute(SQL["run"], {"run": run}).fetchone()
    return _run(connection, row) if row is not None else None


def paused_in(connection: sqlite3.Connection, conversation: str) -> list[RunRow]:
    rows = connection.execute(SQL["paused_in"], {"conversation": conversation}).fetchall()
    return [_run(connection, row) for row in rows]


def cards_of(connection: sqlite3.Connection, store_id: str, id_: str) -> list[Reachable]:
    # the sign after a colon: all ids that begin so lie between the two
    span = {"first": f"{store_id}:appr:{id_}:", "after": f"{store_id}:appr:{id_};"}
    return [_reachable(row) for row in connection.execute(SQL["cards_of"], span)]


def approval_shown(connection: sqlite3.Connection, store_id: str, conversation: str, message_id: str) -> str:
    """By the part's own id; a card that was shown once more with an answer is known by what it offers."""
    sought = {"conversation": conversation, "message_id": message_id}
    named: list[str] = []
    for row in connection.execute(SQL["part_shown"], sought).fetchall():
        of_store, _, rest = row["part"].partition(":appr:")
        named += [rest.partition(":")[0]] if of_store == store_id else (row["action"] or "").split(":")
    return next((id_ for id_ in named if connection.execute(SQL["approval"], {"id": id_}).fetchone()), "")


def thrown(connection: sqlite3.Connection, name: str) -> Thrown | None:
    row = connection.execute(SQL["is_on"], {"name": name}).fetchone()
    return Thrown(row["by"], moment(row["at"])) if row is not None else None


def reach(connection: sqlite3.Connection, platform: str, ids: Collection[str]) -> Reachable | None:
    row = connection.execute(SQL["reach"], {"platform": platform, "ids": json_list(ids)}).fetchone()
    if row is None:
        return None
    return _reachable(row)


def shown_cards(
    connection: sqlite3.Connection, since: datetime, *, question: str = "", action: str = ""
) -> list[tuple[str, str, ShownCard]]:
    """Cards about a question, or with an action, that are on phones or may be soon, each with its part's id and the
    message's, which may be empty yet.

    Args:
        since: Before that there was none.
    """
    sought = {"question": question, "action": action, "since": stamp(since)}
    return [
        (row["part"], row["message_id"] or "", ShownCard(PART.validate_json(row["body"]), _reachable(row)))
        for row in connection.execute(SQL["shown_cards"], sought)
    ]


def _reachable(row: Row) -> Reachable:
    language = Language(row["language"]) if row["language"] else None
    return Reachable(row["conversation"], row["account"], address(row), _moment(row["heard_at"]), language)


def asker_of(event: Spoken) -> str:
    """What of an event is kept for the run that it began: all but what was said."""
    return event.model_dump_json(include={"platform", "account", "chat_id", "group", "thread", "sender"})


def decided(row: Row) -> Decided:
    """The event by which a run goes on; each of its pauses has one of its own."""
    event_id = f"run:{row['run']}:{row['pause']}"
    return Decided.model_validate(json.loads(row["asker"]) | {"event_id": event_id, "run": row["run"]})


def run_named(event_id: str) -> str:
    """The run that such an event is about."""
    return event_id.removeprefix("run:").rpartition(":")[0]


def _run(connection: sqlite3.Connection, row: Row) -> RunRow:
    return RunRow(
        run=row["run"],
        agent=row["agent"],
        digest=row["digest"],
        conversation=row["conversation"],
        account=row["account"],
        requester=Party.model_validate_json(row["requester"]),
        state=row["state"],
        history=row["history"],
        context=row["context"],
        approvals=tuple(approvals(connection, "approvals_of_run", {"run": row["run"], "pause": row["pause"]})),
    )


def _vote(row: Row) -> Vote:
    return Vote(row["person"], row["name"], row["verdict"], moment(row["at"]), row["note"], row["by"])


def _moment(seconds: float | None) -> datetime | None:
    return moment(seconds) if seconds is not None else None
