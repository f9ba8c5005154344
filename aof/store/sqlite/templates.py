"""What notices tell of templates, kept; and the state in which a part's template is."""

import json
import sqlite3
from datetime import datetime

from aof.domain.message import TemplateNews
from aof.domain.response import Part, TemplatePart
from aof.domain.template import TemplateState
from aof.store.sqlite.outgoing import ready
from aof.store.sqlite.rows import moment, stamp
from aof.store.statements import statements
from aof.store.templates import TemplateRow

SQL = statements("aof.store.sqlite", "templates")


def learn(connection: sqlite3.Connection, account: str, news: TemplateNews, now: datetime) -> None:
    """Keep what a notice tells. Of each fact the newest counts, whatever the order in which notices come."""
    named = {"account": account, "name": news.name, "language": spelled(news.language)}
    told = named | {"at": stamp(news.at or now), "now": stamp(now)}
    connection.execute(SQL["know_template"], told)
    if news.state is not None or news.word:
        connection.execute(SQL["learn_state"], told | {"state": news.state, "word": news.word, "reason": news.reason})
        if news.state == "approved":
            released = connection.execute(SQL["held_for_template"], named | {"now": stamp(now)}).fetchall()
            ready(connection, [row["conversation"] for row in released])
    if news.category:
        filed = {"category": news.category, "former": news.former_category}
        connection.execute(SQL["learn_category"], told | filed)
    if news.quality:
        connection.execute(SQL["learn_quality"], told | {"quality": news.quality})
    if news.body is not None:
        held = {"body": news.body, "places": json.dumps(news.places), "buttons": json.dumps(news.buttons)}
        connection.execute(SQL["learn_body"], told | held)


def spelled(language: str) -> str:
    """The platform writes one language as `en-US` in its notices and takes it as `en_US`."""
    return language.replace("-", "_")


def state_of(connection: sqlite3.Connection, account: str, part: Part) -> TemplateState | None:
    """The state of a part's template, where a notice told it."""
    if not isinstance(part, TemplatePart):
        return None
    named = {"account": account, "name": part.name, "language": spelled(part.language)}
    row = connection.execute(SQL["template_state"], named).fetchone()
    return row["state"] if row is not None else None


def templates(connection: sqlite3.Connection, account: str, name: str) -> list[TemplateRow]:
    """In the order of their names."""
    sought = {"account": account, "name": name}
    return [
        TemplateRow(
            account=row["account"],
            name=row["name"],
            language=row["language"],
            state=row["state"],
            word=row["word"],
            reason=row["reason"],
            category=row["category"],
            former_category=row["former_category"],
            quality=row["quality"],
            body=row["body"],
            places=tuple(json.loads(row["places"])),
            buttons=tuple(json.loads(row["buttons"])),
            told_at=moment(row["told_at"]),
        )
        for row in connection.execute(SQL["templates"], sought)
    ]
