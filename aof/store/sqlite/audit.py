"""The audit chain: what was done, as ids and digests, each row bound to the one before."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from aof.store.audit import START, AuditRow, Break, Head, Verified, digest_of, hash_of, verify
from aof.store.sqlite.rows import stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "upkeep")


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
    prev = newest or START
    written = json.dumps(facts, sort_keys=True, default=str)
    digest = digest_of(written)
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
            "hash": hash_of(seq + 1, at, kind, subject, digest, prev),
        },
    )
    if in_words:
        connection.execute(SQL["keep_words"], {"seq": seq + 1, "facts": written})


def verified(connection: sqlite3.Connection, expected: Head | None = None) -> Verified:
    """The whole chain and the facts beside it, up to the first row that was changed or is missing."""
    # the number is read first: rows that are appended in between only make the chain longer
    given = last(connection)
    chain = (AuditRow(*row) for row in connection.execute(SQL["audit_chain"]))
    found = verify(chain, up_to=given, from_the_first=True, expected=expected)
    if found.broken is None and (stray := connection.execute(SQL["stray_words"]).fetchone()) is not None:
        said = f"facts are kept for row {stray[0]}, which was never written"
        return replace(found, broken=Break(stray[0], None, "words", said))
    return found


def last(connection: sqlite3.Connection) -> int:
    """The last number that was given."""
    return int(connection.execute(SQL["last_audit"]).fetchone()[0])


def rows(
    connection: sqlite3.Connection,
    after: int,
    up_to: int,
    since: datetime | None,
    until: datetime | None,
    kind: str,
    most: int,
) -> list[AuditRow]:
    """The first `most` behind row `after` that fit."""
    sought = {
        "after": after,
        "up_to": up_to,
        "since": stamp(since) if since is not None else None,
        "until": stamp(until) if until is not None else None,
        "kind": kind,
        "most": most,
    }
    return [AuditRow(*row) for row in connection.execute(SQL["audit_rows"], sought)]
