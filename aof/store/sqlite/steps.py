"""The journal of calls that were admitted to run: written before the effect, closed after it."""

import hashlib
import json
import sqlite3
from datetime import datetime

from aof.domain.approval import StepState
from aof.domain.risk import Risk
from aof.store.approvals import Step
from aof.store.sqlite import audit
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "approvals")


def claim(connection: sqlite3.Connection, begun: Step, approval: str, now: datetime) -> bool:
    """Begin a step; nothing is kept where it may not begin."""
    claimed = {
        "run": begun.run,
        "call": begun.call,
        "tool": begun.tool,
        "risk": begun.risk,
        "fingerprint": begun.fingerprint,
        "admitted_by": begun.admitted_by,
        "approval": approval,
        "argv": json.dumps(begun.argv),
        "now": stamp(now),
    }
    if approval and not connection.execute(SQL["claim_approval"], claimed).rowcount:
        return False
    if not connection.execute(SQL["begin_step"], claimed).rowcount:
        return False
    facts = {
        "argv": list(begun.argv),
        "tool": begun.tool,
        "risk": begun.risk,
        "admitted_by": begun.admitted_by,
        "fingerprint": begun.fingerprint,
    }
    audit.append(connection, "step_begun", _subject(begun.run, begun.call), facts, now, in_words=True)
    return True


def end(connection: sqlite3.Connection, run: str, call: str, state: StepState, result: str, now: datetime) -> None:
    """Write what became of a step that runs, and of its approval; one that has ended stays as it is."""
    ended = {"run": run, "call": call, "state": state, "result": result, "now": stamp(now)}
    row = connection.execute(SQL["end_step"], ended).fetchone()
    if row is None:
        return
    if row["approval"]:
        connection.execute(SQL["end_approval"], {"id": row["approval"], "state": state})
    digest = hashlib.sha256(result.encode()).hexdigest()
    facts = {"argv": json.loads(row["argv"]), "result": digest}
    audit.append(connection, f"step_{state}", _subject(run, call), facts, now, in_words=True)


def settle_unknown(connection: sqlite3.Connection, now: datetime) -> list[Step]:
    """Close what a daemon that died had begun: nobody can tell whether it took effect."""
    left = connection.execute(SQL["running_steps"]).fetchall()
    for row in left:
        end(connection, row["run"], row["call"], "unknown", "", now)
    return [found for row in left if (found := step(connection, row["run"], row["call"])) is not None]


def step(connection: sqlite3.Connection, run: str, call: str) -> Step | None:
    row = connection.execute(SQL["step"], {"run": run, "call": call}).fetchone()
    return _step(row) if row is not None else None


def steps_of(connection: sqlite3.Connection, run: str) -> list[Step]:
    return [_step(row) for row in connection.execute(SQL["steps_of"], {"run": run})]


def _subject(run: str, call: str) -> str:
    return f"{run}/{call}"


def _step(row: Row) -> Step:
    return Step(
        run=row["run"],
        call=row["call"],
        tool=row["tool"],
        risk=Risk(row["risk"]),
        fingerprint=row["fingerprint"],
        admitted_by=row["admitted_by"],
        state=row["state"],
        argv=tuple(json.loads(row["argv"])),
        result=row["result"],
        started_at=moment(row["started_at"]),
        ended_at=moment(row["ended_at"]) if row["ended_at"] is not None else None,
    )
