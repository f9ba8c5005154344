"""The audit chain: what was done, as ids and digests, each row bound to the one before."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from aof.store.sqlite.rows import stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "upkeep")

_START = "0" * 64


def append(
    connection: sqlite3.Connection,
    kind: str,
    subject: str,
    facts: Mapping[str, object],
    now: datetime,
    *,
    in_words: bool = False,
) -> None:
    """Add a row; of `facts` it holds only a digest, so that erasing what was said leaves the chain whole.

    `in_words` keeps the facts beside the chain too: who did what is worth reading.
    """
    seq, newest = connection.execute(SQL["last_audit"]).fetchone()
    prev = newest or _START
    written = json.dumps(facts, sort_keys=True, default=str)
    digest = hashlib.sha256(written.encode()).hexdigest()
    at = stamp(now)
    connection.execute(
        SQL["keep_audit"],
        {
            "seq": seq + 1,
            "at": at,
            "kind": kind,
            "subject": subject,
            "digest": digest,
            "prev": prev,
            "hash": _hash(seq + 1, at, kind, subject, digest, prev),
        },
    )
    if in_words:
        connection.execute(SQL["keep_words"], {"seq": seq + 1, "facts": written})


def first_broken(connection: sqlite3.Connection) -> int | None:
    """The number of the first row that was changed or is missing; None for a whole chain."""
    # the number is read first: rows that are appended in between only make the chain longer
    last, _ = connection.execute(SQL["last_audit"]).fetchone()
    return broken(connection.execute(SQL["audit_chain"]), last)


def broken(chain: Iterable[tuple[int, float, str, str, str, str, str]], last: int) -> int | None:
    """The number of the first row that was changed or is missing, up to the last number given."""
    expected_seq, expected_prev = 1, _START
    for seq, at, kind, subject, digest, prev, written in chain:
        if seq != expected_seq or prev != expected_prev or written != _hash(seq, at, kind, subject, digest, prev):
            return expected_seq
        expected_seq, expected_prev = seq + 1, written
    return expected_seq if expected_seq <= last else None


def _hash(seq: int, at: float, kind: str, subject: str, digest: str, prev: str) -> str:
    return hashlib.sha256(json.dumps([seq, at, kind, subject, digest, prev]).encode()).hexdigest()
