"""Webhooks accepted at once leave what they would have left one by one."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aof.domain.message import ButtonPress, IdentityChanged, InboundEvent, InboundMessage, Reaction, Receipt, Sender
from aof.store.sqlite import database
from aof.store.sqlite.accept import accept
from aof.store.sqlite.together import accept_all

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACCOUNT = "whatsapp:1"
ANNA, BEN, CARL = (Sender(number=f"+4915100000{n}", user_id=f"DE.{n}") for n in (100, 200, 300))
TABLES = ("inbox", "conversation", "address", "receipt", "pairing")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[], sqlite3.Connection]]:
    made: list[sqlite3.Connection] = []

    def make() -> sqlite3.Connection:
        connection = database.connect(tmp_path / f"{len(made)}.db")
        database.migrate(connection)
        connection.row_factory = sqlite3.Row
        made.append(connection)
        for n, sender in enumerate((ANNA, BEN)):
            assert accept(connection, [_said(f"before-{n}", sender)], NOW, 50).new == 1
        return connection

    yield make
    for connection in made:
        with closing(connection):
            pass


def _event(event_id: str) -> dict[str, Any]:
    return {"platform": "whatsapp", "account": ACCOUNT, "event_id": event_id}


def _said(event_id: str, sender: Sender, **more: Any) -> InboundMessage:
    return InboundMessage(
        **_event(event_id), chat_id=more.pop("chat_id", sender.key), sender=sender, text="disk", **more
    )


def _pressed(event_id: str, sender: Sender) -> ButtonPress:
    return ButtonPress(**_event(event_id), chat_id=sender.key, sender=sender, action_id="a", form="button")


def _left(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows; of the inbox without the number, since one taken at once precedes a stranger's that came before it."""
    rows = {}
    for table in TABLES:
        rows[table] = [tuple(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 -- our own names
    rows["inbox"] = [row[1:] for row in rows["inbox"]]
    return {table: sorted(of_table, key=repr) for table, of_table in rows.items()} | {"order": _order(connection)}


def _order(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """The events of each conversation in their order."""
    return [
        tuple(row) for row in connection.execute("SELECT conversation, event_id FROM inbox ORDER BY conversation, seq")
    ]


@pytest.mark.parametrize(
    ("webhooks", "at_once"),
    [
        ([[_said("1", ANNA)], [_said("2", BEN)], [_pressed("3", ANNA)]], [True, True, True]),
        ([[_said("1", CARL)], [_said("2", ANNA)]], [False, True]),  # nobody knows Carl yet
        ([[_said("1", ANNA)], [_said("1", ANNA)]], [True, False]),  # a repeat in the same transaction
        ([[_said("before-0", ANNA)], [_said("2", BEN)]], [False, True]),  # a repeat of an earlier one
        ([[_said("1", ANNA), _said("2", ANNA)], [_said("3", ANNA)]], [False, False]),  # keeps the order
        ([[_said("1", Sender(number=ANNA.number))], [_said("2", ANNA)]], [False, False]),  # without the user id
        (
            [[_said("1", Sender(number=ANNA.number, user_id="DE.9"))], [_said("2", ANNA)]],
            [False, False],
        ),  # another person
        ([[_said("1", Sender(), chat_id="nobody")]], [False]),
        ([[_said("1", ANNA, chat_id="group-1", group=True)], [_said("2", BEN)]], [False, True]),
        (
            [[Reaction(**_event("1"), chat_id=ANNA.key, sender=ANNA, message_id="m")], [_said("2", ANNA)]],
            [False, False],
        ),
        (
            [[IdentityChanged(**_event("1"), old_number=ANNA.number, new_number="+49151999")], [_said("2", ANNA)]],
            [False, False],
        ),
        (
            [[Receipt(**_event("1"), message_id="m", state="sent")], [_said("2", ANNA)], []],
            [False, True, False],
        ),
        ([[_said(f"many-{n}", ANNA)] for n in range(4)], [True] * 4),  # the last two are too many
    ],
)
def test_what_is_accepted_at_once_is_what_would_have_been_accepted_one_by_one(
    fresh: Callable[[], sqlite3.Connection], webhooks: list[list[InboundEvent]], at_once: list[bool]
) -> None:
    together, alone = fresh(), fresh()
    given = [(events, NOW, 3) for events in webhooks]
    first = accept_all(together, given)
    assert [accepted is not None for accepted in first] == at_once
    whole = [done or accept(together, *webhook) for done, webhook in zip(first, given, strict=True)]
    assert whole == [accept(alone, *webhook) for webhook in given]
    tables, expected = _left(together), _left(alone)
    assert tables == expected


def test_a_pairing_of_somebody_else_under_the_number_is_looked_at_closely(
    fresh: Callable[[], sqlite3.Connection],
) -> None:
    connection = fresh()
    connection.execute(
        "INSERT INTO pairing (account, sender, number, user_id, state, event, asked_at, expires_at)"
        " VALUES (?, 'DE.9', ?, 'DE.9', 'approved', 1, 0, 0)",
        (ACCOUNT, ANNA.number),
    )
    webhook = ([_said("1", ANNA)], NOW, 50)
    assert accept_all(connection, [webhook]) == [None]
    assert accept(connection, *webhook).new == 1
    assert connection.execute("SELECT number FROM pairing").fetchone()[0] is None
