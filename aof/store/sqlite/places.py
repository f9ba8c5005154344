"""Chats and their topics: which conversation each is, where it goes on, and who let the daemon in."""

import sqlite3
from datetime import datetime

from aof.domain.message import Address
from aof.store.sqlite import audit
from aof.store.sqlite.rows import stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "places")


def chat_now(connection: sqlite3.Connection, account: str, chat: str) -> str:
    """The id under which a group goes on that has, or had, this one."""
    row = connection.execute(SQL["current_chat"], {"account": account, "chat": chat}).fetchone()
    return str(row["new_chat"]) if row is not None else chat


def with_former(connection: sqlite3.Connection, account: str, to: Address) -> Address:
    """An address with the ids that its group had before."""
    if not to.group:
        return to
    rows = connection.execute(SQL["former_chats"], {"account": account, "chat": to.chat})
    former = tuple(row["old_chat"] for row in rows)
    return to.model_copy(update={"former": former}) if former else to


def of_group(connection: sqlite3.Connection, account: str, chat: str, thread: str) -> str:
    """The conversation of a topic of a group, or its main one."""
    place = {"account": account, "chat": chat, "thread": thread}
    row = connection.execute(SQL["group_conversation"], place).fetchone()
    if row is not None:
        return str(row["conversation"])
    return unused_name(connection, f"{account}/{chat}" + (f"#{thread}" if thread else ""))


def of_topic(connection: sqlite3.Connection, main: str, thread: str) -> str:
    """The conversation of a topic of a chat of two."""
    row = connection.execute(SQL["topic"], {"main": main, "thread": thread}).fetchone()
    return str(row["conversation"]) if row is not None else unused_name(connection, f"{main}#{thread}")


def unused_name(connection: sqlite3.Connection, name: str) -> str:
    """The name, or, where what was there before has it, one that nobody has."""
    unused, n = name, 1
    while connection.execute(SQL["named"], {"conversation": unused}).fetchone() is not None:
        n += 1
        unused = f"{name}~{n}"
    return unused


def join(connection: sqlite3.Connection, account: str, older: str, younger: str) -> None:
    """Two conversations are one from now on."""
    joined = {"account": account, "older": older, "younger": younger}
    for statement in (
        "join_windows",
        "join_closed_windows",
        "join_aliases",
        "join_conversation",
        "join_topics",
        "join_choices",
        "join_runs",
    ):
        connection.execute(SQL[statement], joined)


def move_chat(connection: sqlite3.Connection, account: str, old: str, new: str, now: datetime) -> bool:
    """Let a group's conversations go on under another id; False where nothing is new in that.

    What was said under the new id before we heard of the move is of the same group. A group that left an id does not
    come back to it, so that no two words can send parts in a circle.
    """
    new = chat_now(connection, account, new)
    if old == new or chat_now(connection, account, old) != old:
        return False
    moved = {"account": account, "old": old, "new": new}
    connection.execute(SQL["keep_moved_chat"], moved)
    connection.execute(SQL["redirect_moved_chats"], moved)
    for row in connection.execute(SQL["conversations_of_group"], {"account": account, "chat": old}).fetchall():
        place = {"account": account, "chat": new, "thread": row["thread"]}
        there = connection.execute(SQL["group_conversation"], place).fetchone()
        if there is not None:
            join(connection, account, row["conversation"], there["conversation"])
    connection.execute(SQL["move_conversations"], moved)
    audit.append(connection, "chat_moved", f"{account}/{old}", moved, now, in_words=True)
    return True


def told_reachable(connection: sqlite3.Connection, conversation: str, at: datetime, *, reachable: bool) -> None:
    """The platform says that a person let the daemon in, or shut it out, at that moment."""
    told = {"conversation": conversation, "at": stamp(at)}
    connection.execute(SQL["let_in" if reachable else "shut_out"], told)


def refused(connection: sqlite3.Connection, part: int, conversation: str) -> None:
    """Their platform lets nothing through to them: they count as shut out until they say something."""
    connection.execute(SQL["keep_out"], {"seq": part})
    connection.execute(SQL["refused_by_person"], {"conversation": conversation})


def reached(connection: sqlite3.Connection, conversation: str) -> None:
    """The platform took a part for them."""
    connection.execute(SQL["reached_person"], {"conversation": conversation})
