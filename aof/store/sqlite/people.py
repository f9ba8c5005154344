"""Who was let in by a code, who was sent away, who may not talk for now."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from aof.domain.errors import NameTaken
from aof.domain.linked import Linked
from aof.domain.message import Sender
from aof.domain.pairing import CODE_LASTS, MOST_A_DAY, MOST_WRONG_TRIES, ONE_A_DAY, digest
from aof.store.base import EventLease, Standing
from aof.store.operators import Cut, Paired
from aof.store.sqlite import approvals, audit, contacts
from aof.store.sqlite.cards import Cards
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "people", "decisions")


def suspended(connection: sqlite3.Connection) -> dict[str, datetime]:
    return {row["name"]: moment(row["at"]) for row in connection.execute(SQL["suspended"])}


def standing(
    connection: sqlite3.Connection, account: str, sender: Sender, suspended: frozenset[str], *, bind: bool = False
) -> Standing:
    """What was decided about a sender.

    Args:
        suspended: The names of all who are.
        bind: From now on a pairing by number alone is the sender's user id: the number's next owner has another.
    """
    decided = _paired_as(connection, account, sender, suspended, bind=bind)
    said = contacts.known(connection, account, sender).state if sender.key else None
    return replace(decided, consent=said) if said else decided


def _paired_as(
    connection: sqlite3.Connection, account: str, sender: Sender, suspended: frozenset[str], *, bind: bool
) -> Standing:
    row = _pairing_of(connection, account, sender)
    if row is None:
        return Standing(suspended=suspended)
    if row["state"] == "approved" and row["user_id"] is not None and sender.user_id is None:
        # the number is remembered and may be somebody else's by now: it lets nobody in, and keeps out who is suspended
        return Standing(name=row["name"], suspended=suspended)
    if bind and sender.user_id and row["user_id"] is None:
        connection.execute(SQL["bind_pairing"], {"seq": row["seq"], "user_id": sender.user_id})
    return Standing(row["state"], row["name"], suspended)


def _pairing_of(connection: sqlite3.Connection, account: str, sender: Sender) -> Row | None:
    """The pairing of a sender: of their user id, or of their number where no user id speaks against it."""
    like = {"account": account, "user_id": sender.user_id, "number": sender.number}
    rows = [
        row
        for row in connection.execute(SQL["pairings_like"], like)
        if not (sender.user_id and row["user_id"]) or sender.user_id == row["user_id"]
    ]
    # who was sent away is sent away, whatever else is known under the same number
    order = ("revoked", "approved", "asked")
    return min(rows, key=lambda row: order.index(row["state"]), default=None)


def was_written_to(connection: sqlite3.Connection, conversation: str) -> bool:
    return connection.execute(SQL["written_to"], {"conversation": conversation}).fetchone() is not None


def give_up_number(connection: sqlite3.Connection, account: str, sender: Sender) -> None:
    """Take a sender's number off the pairings of others: a later change of it is not theirs."""
    if sender.number and sender.user_id:
        given = {"account": account, "number": sender.number, "user_id": sender.user_id}
        connection.execute(SQL["give_up_number"], given)


def move(connection: sqlite3.Connection, account: str, former: Sender, number: str | None, user_id: str | None) -> None:
    """Let what was decided about a sender go along to their other number or user id."""
    row = _pairing_of(connection, account, former)
    if row is None or not (number or user_id):
        return
    there = _pairing_of(connection, account, Sender(number=number, user_id=user_id))
    if there is not None and there["seq"] != row["seq"] and there["state"] == "revoked":
        return
    connection.execute(SQL["move_pairing"], {"seq": row["seq"], "number": number, "user_id": user_id})


def ask(connection: sqlite3.Connection, store_id: str, leased: EventLease, code: str, now: datetime) -> bool:
    """Keep that a stranger was told a code."""
    event = leased.event
    row = _pairing_of(connection, event.account, event.sender)
    since = stamp(now - ONE_A_DAY)
    # the event that asked may do so again after a crash
    if row is not None and (row["state"] != "asked" or (row["asked_at"] > since and row["event"] != leased.seq)):
        return False
    asked = {
        "seq": row["seq"] if row is not None else None,
        "account": event.account,
        "sender": event.sender.key,
        "number": event.sender.number,
        "user_id": event.sender.user_id,
        "called": event.sender.name or "",
        "code": digest(code, store_id),
        "event": leased.seq,
        "now": stamp(now),
        "expires_at": stamp(now + CODE_LASTS),
        "since": since,
    }
    (others,) = connection.execute(SQL["asked_lately"], asked).fetchone()
    statement = SQL["ask_pairing" if row is None else "ask_again"]
    return others < MOST_A_DAY and connection.execute(statement, asked).rowcount > 0


def approve(
    connection: sqlite3.Connection, store_id: str, code: str, name: str, by: str, now: datetime
) -> Paired | None:
    """Let in whoever was told the code. A wrong code raises nothing, since a raise would take the count back.

    Raises:
        NameTaken: Somebody else is called so.
    """
    tried = {"code": digest(code, store_id), "now": stamp(now), "most_tries": MOST_WRONG_TRIES}
    row = connection.execute(SQL["open_code"], tried).fetchone()
    if row is None:
        connection.execute(SQL["wrong_code"], tried)
        return None
    _refuse_taken(connection, row, name)
    if name in suspended(connection):
        raise NameTaken(f"{name} is suspended; choose another name")
    return _decide(connection, row, "approved", name, by, now)


def let_in(
    connection: sqlite3.Connection, account: str, sender: Sender, name: str, by: str, now: datetime
) -> Paired | None:
    """Let in a sender who asked, or is invited; None where nothing is known of them."""
    row = _pairing_of(connection, account, sender)
    return _decide(connection, row, "approved", name, by, now) if row is not None else None


def readmit(connection: sqlite3.Connection, who: str, name: str, by: str, now: datetime) -> list[Paired]:
    """Let in again.

    Raises:
        NameTaken: Somebody else is called so now.
    """
    rows = _called(connection, who, "revoked")
    for row in rows:
        called = name or row["name"]
        _refuse_taken(connection, row, called)
        if called in suspended(connection):
            raise NameTaken(f"{called} is suspended; first: aof people resume {called}")
    return [_decide(connection, row, "approved", name, by, now) for row in rows]


def _refuse_taken(connection: sqlite3.Connection, row: Row, name: str) -> None:
    if connection.execute(SQL["name_taken"], {"name": name, "seq": row["seq"]}).fetchone() is not None:
        raise NameTaken(f"somebody is called {name} already; choose another name")


def revoke(
    connection: sqlite3.Connection, cards: Cards, linked: Linked, who: str, by: str, now: datetime
) -> list[Paired]:
    rows = [*_called(connection, who, "approved"), *_called(connection, who, "asked")]
    revoked = [_decide(connection, row, "revoked", "", by, now) for row in rows]
    for person in revoked:
        platform = person.account.partition(":")[0]
        ids = frozenset(f"{platform}:{alias}" for alias in (person.user_id, person.number) if alias)
        # what somebody did who goes by one of these on another platform, too, was theirs
        for requester in (person.name, *sorted(ids), *sorted(linked.keys_of(ids))):
            # no name at all would be everybody's
            if requester:
                approvals.cut(connection, cards, requester, "revoked", now)
    return revoked


def paired(connection: sqlite3.Connection, now: datetime) -> list[Paired]:
    return [_paired(row, now) for row in connection.execute(SQL["pairings"])]


def suspend(connection: sqlite3.Connection, cards: Cards, name: str, by: str, now: datetime) -> Cut | None:
    if not connection.execute(SQL["suspend"], {"name": name, "now": stamp(now)}).rowcount:
        return None
    audit.append(connection, "person_suspended", "", {"name": name, "by": by}, now, in_words=True)
    return approvals.cut(connection, cards, name, "suspended", now) if name else Cut()


def resume(connection: sqlite3.Connection, name: str, by: str, now: datetime) -> bool:
    was_there = connection.execute(SQL["resume_person"], {"name": name}).rowcount > 0
    if was_there:
        audit.append(connection, "person_resumed", "", {"name": name, "by": by}, now, in_words=True)
    return was_there


def _called(connection: sqlite3.Connection, who: str, state: str) -> list[Row]:
    return connection.execute(SQL["pairings_called"], {"who": who, "state": state}).fetchall()


def _decide(connection: sqlite3.Connection, row: Row, state: str, name: str, by: str, now: datetime) -> Paired:
    connection.execute(SQL["decide_pairing"], {"seq": row["seq"], "state": state, "name": name, "now": stamp(now)})
    facts = {"account": row["account"], "sender": row["sender"], "name": name, "by": by}
    audit.append(connection, f"pairing_{state}", str(row["seq"]), facts, now, in_words=True)
    return _paired(connection.execute(SQL["pairing"], {"seq": row["seq"]}).fetchone(), now)


def _paired(row: Row, now: datetime) -> Paired:
    is_open = row["state"] == "asked" and row["expires_at"] > stamp(now) and row["tries"] < MOST_WRONG_TRIES
    return Paired(
        account=row["account"],
        number=row["number"] or "",
        user_id=row["user_id"] or "",
        called=row["called"],
        name=row["name"],
        state=row["state"],
        is_open=is_open,
        tries_left=max(0, MOST_WRONG_TRIES - row["tries"]),
        asked_at=moment(row["asked_at"]),
        expires_at=moment(row["expires_at"]),
        decided_at=moment(row["decided_at"]) if row["decided_at"] is not None else None,
    )
