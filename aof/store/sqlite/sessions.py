"""Who is signed in on the page for operators."""

import sqlite3
from datetime import datetime

from aof.store.sessions import Session
from aof.store.sqlite import audit
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "sessions")


def sign_in(
    connection: sqlite3.Connection, person: str, digest: str, now: datetime, expires_at: datetime, *, way: str
) -> None:
    made = {"digest": digest, "person": person, "now": stamp(now), "expires_at": stamp(expires_at)}
    connection.execute(SQL["erase_old_sessions"], made)
    connection.execute(SQL["erase_old_links"], made)
    connection.execute(SQL["keep_session"], made)
    audit.append(connection, "page_signed_in", person, {"by": person, "with": way}, now, in_words=True)


def keep_link(
    connection: sqlite3.Connection, person: str, digest: str, by: str, now: datetime, expires_at: datetime
) -> None:
    connection.execute(SQL["erase_old_links"], {"now": stamp(now)})
    connection.execute(SQL["keep_link"], {"digest": digest, "person": person, "expires_at": stamp(expires_at)})
    audit.append(connection, "page_link_made", person, {"by": by, "until": expires_at.isoformat()}, now, in_words=True)


def link(connection: sqlite3.Connection, digest: str, now: datetime) -> str | None:
    row = connection.execute(SQL["link"], {"digest": digest, "now": stamp(now)}).fetchone()
    return str(row["person"]) if row is not None else None


def enter(connection: sqlite3.Connection, link: str, digest: str, now: datetime, expires_at: datetime) -> str | None:
    row = connection.execute(SQL["use_link"], {"digest": link, "now": stamp(now)}).fetchone()
    if row is None:
        return None
    sign_in(connection, row["person"], digest, now, expires_at, way="link")
    return str(row["person"])


def session(connection: sqlite3.Connection, digest: str, now: datetime) -> Session | None:
    row = connection.execute(SQL["session"], {"digest": digest, "now": stamp(now)}).fetchone()
    return _session(row) if row is not None else None


def sessions(connection: sqlite3.Connection, now: datetime) -> list[Session]:
    return [_session(row) for row in connection.execute(SQL["sessions"], {"now": stamp(now)})]


def prefer(connection: sqlite3.Connection, digest: str, language: str, theme: str) -> None:
    connection.execute(SQL["prefer"], {"digest": digest, "language": language, "theme": theme})


def sign_out(connection: sqlite3.Connection, digest: str, by: str, now: datetime) -> bool:
    row = connection.execute(SQL["end_session"], {"digest": digest}).fetchone()
    if row is not None:
        audit.append(connection, "page_signed_out", row["person"], {"by": by}, now, in_words=True)
    return row is not None


def end_sessions(connection: sqlite3.Connection, person: str, by: str, now: datetime) -> int:
    ended = connection.execute(SQL["end_sessions"], {"person": person}).rowcount
    links = connection.execute(SQL["end_links"], {"person": person}).rowcount
    if ended or links:
        facts = {"by": by, "sessions": ended, "links": links}
        audit.append(connection, "page_signed_out", person, facts, now, in_words=True)
    return ended


def opened(connection: sqlite3.Connection, what: str, subject: str, by: str, now: datetime) -> None:
    audit.append(connection, f"{what}_opened", subject, {"by": by}, now, in_words=True)


def _session(row: Row) -> Session:
    return Session(
        digest=row["digest"],
        person=row["person"],
        language=row["language"] or "",
        theme=row["theme"] or "",
        created_at=moment(row["created_at"]),
        expires_at=moment(row["expires_at"]),
    )
