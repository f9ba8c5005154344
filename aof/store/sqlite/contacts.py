"""Who is who in the ledger of consent, and where somebody stands by it. A word follows its person to another number or
user id; whoever gets their former number starts anew."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aof.config.phones import spellings
from aof.domain.consent import ConsentState, How, Word, said_by, state_of
from aof.domain.message import ButtonPress, InboundMessage, Preference, Sender
from aof.store.base import Opted
from aof.store.consent import Entry
from aof.store.sqlite import audit
from aof.store.sqlite.rows import Row, moment, stamp
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "consent")

MOST_CHANGES = 4
"""Of mind within a day, by messages; beyond it STOP is still taken, START is not."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger says of somebody now."""

    contacts: tuple[int, ...] = ()
    state: ConsentState | None = None
    how: How | None = None
    """Of the word that decides."""
    at: datetime | None = None


NOTHING = Known()


def known(connection: sqlite3.Connection, account: str, sender: Sender) -> Known:
    """Where a sender stands.

    A number alone may be somebody else's by now: what its last known owner agreed to counts for nobody then, and what
    they declined still counts.
    """
    rows = _like(connection, account, sender)
    if not rows:
        return NOTHING
    own = [row["contact"] for row in rows if sender.user_id or row["user_id"] is None]
    remembered = [row["contact"] for row in rows if row["contact"] not in own]
    theirs = _decided(connection, own)
    if remembered and theirs.state != "out":
        former = _decided(connection, remembered)
        if former.state == "out":
            return Known((*theirs.contacts, *former.contacts), former.state, former.how, former.at)
    return Known((*own, *remembered), theirs.state, theirs.how, theirs.at)


def _like(connection: sqlite3.Connection, account: str, sender: Sender) -> list[Row]:
    like = {"account": account, "user_id": sender.user_id, "numbers": _spellings(sender)}
    rows = connection.execute(SQL["contacts_like"], like).fetchall()
    return [row for row in rows if not (sender.user_id and row["user_id"]) or sender.user_id == row["user_id"]]


def _decided(connection: sqlite3.Connection, contacts: Iterable[int]) -> Known:
    ids = tuple(contacts)
    rows = connection.execute(SQL["words_of"], {"contacts": json_ids(ids)}).fetchall() if ids else []
    state = state_of(Word(row["state"], row["how"]) for row in rows)
    deciding = next((row for row in reversed(rows) if row["state"] == state), None) if state else None
    if deciding is None:
        return Known(ids)
    return Known(ids, state, deciding["how"], moment(deciding["at"]))


def heard(connection: sqlite3.Connection, account: str, sender: Sender) -> None:
    """Somebody wrote: their number and their user id belong together from now on, and to nobody else."""
    if sender.number and sender.user_id:
        who = {
            "account": account,
            "number": sender.number,
            "numbers": _spellings(sender),
            "user_id": sender.user_id,
        }
        for statement in ("lose_number", "bind_contact", "renumber_contact"):
            connection.execute(SQL[statement], who)


def meet(connection: sqlite3.Connection, account: str, sender: Sender, now: datetime) -> None:
    """Keep whose number it is, where the platform tells it of somebody who never wrote."""
    if sender.number and sender.user_id:
        _contact(connection, account, sender, now)


def move(
    connection: sqlite3.Connection,
    account: str,
    former: Sender,
    number: str | None,
    user_id: str | None,
    changed_at: datetime,
) -> None:
    """Somebody goes on under another number or user id, and takes along what they said."""
    theirs = {row["contact"] for row in _like(connection, account, former)}
    if number:
        for row in _like(connection, account, Sender(number=number)):
            if row["contact"] not in theirs and _is_of_the_former_owner(connection, row, user_id, changed_at):
                connection.execute(SQL["take_number_off"], {"contact": row["contact"]})
    for contact in theirs:
        connection.execute(SQL["move_contact"], {"contact": contact, "number": number, "user_id": user_id})


def _is_of_the_former_owner(
    connection: sqlite3.Connection, row: Row, user_id: str | None, changed_at: datetime
) -> bool:
    """Whether a contact lost its number to somebody who moved to it. One that is known by number alone may be the same
    person, who said STOP before we heard of the move: that word is kept."""
    if row["user_id"] is not None:
        return bool(row["user_id"] != user_id)
    return row["created_at"] < stamp(changed_at) and _decided(connection, [row["contact"]]).state != "out"


def write(connection: sqlite3.Connection, account: str, sender: Sender, entry: Entry, now: datetime) -> bool:
    """Add a word to somebody's ledger; False where they stand so already."""
    if known(connection, account, sender).state == entry.state:
        return False
    add(connection, account, sender, entry, now)
    return True


def add(connection: sqlite3.Connection, account: str, sender: Sender, entry: Entry, now: datetime) -> None:
    """Add a row, wherever they stand."""
    row = {
        "contact": _contact(connection, account, sender, now),
        "state": entry.state,
        "how": entry.how,
        "evidence": entry.evidence,
        "by": entry.by,
        "event": entry.event,
        "at": stamp(min(entry.at or now, now)),
    }
    (seq,) = connection.execute(SQL["add_consent"], row).fetchone()
    facts = row | {"account": account, "number": sender.number, "user_id": sender.user_id}
    audit.append(connection, f"consent_{entry.state}", str(seq), facts, now, in_words=True)


def _contact(connection: sqlite3.Connection, account: str, sender: Sender, now: datetime) -> int:
    """The contact that a row is written for, made where there is none."""
    whole = in_full(connection, account, sender)
    for row in _like(connection, account, whole):
        if row["user_id"] == whole.user_id:
            return int(row["contact"])
    made = {"account": account, "number": whole.number, "user_id": whole.user_id, "now": stamp(now)}
    return int(connection.execute(SQL["add_contact"], made).fetchone()[0])


def in_full(connection: sqlite3.Connection, account: str, sender: Sender) -> Sender:
    """Somebody whom an operator names by number, with the user id of whoever writes from it now."""
    if sender.user_id or not sender.number:
        return sender
    row = connection.execute(SQL["known_user_id"], {"account": account, "numbers": _spellings(sender)}).fetchone()
    return Sender(number=sender.number, user_id=row["user_id"] if row is not None else None)


def take(connection: sqlite3.Connection, event: InboundMessage | ButtonPress, now: datetime) -> None:
    """Write down what an event says about its sender's consent, if it says anything.

    STOP always counts. START does not where it is older than the STOP that it would lift, since webhooks come in any
    order, and not from somebody who changes their mind all day.
    """
    state = said_by(event)
    if state is None or not event.sender.key:
        return
    found = known(connection, event.account, event.sender)
    is_tap = isinstance(event, ButtonPress)
    if state == "in" and not _counts(connection, found, event.sent_at or now, now, is_tap=is_tap):
        return
    how: How = "button" if is_tap else "word"
    words = event.title if isinstance(event, ButtonPress) else event.text
    entry = Entry(state, how, words.strip(), at=event.sent_at, event=event.event_id)
    write(connection, event.account, event.sender, entry, now)


def _counts(connection: sqlite3.Connection, found: Known, sent_at: datetime, now: datetime, *, is_tap: bool) -> bool:
    contacts = {"contacts": json_ids(found.contacts)}
    if is_tap and asked_at(connection, found) is None:
        # nobody was asked, so there was nothing to tap on
        return False
    if found.state == "out" and _is_older(sent_at, found):
        return False
    (changes,) = connection.execute(SQL["words_lately"], contacts | {"since": stamp(now - _DAY)}).fetchone()
    return int(changes) < MOST_CHANGES


def _is_older(sent_at: datetime, found: Known) -> bool:
    # platforms tell whole seconds
    return found.at is not None and sent_at < found.at.replace(microsecond=0)


def asked_at(connection: sqlite3.Connection, found: Known) -> datetime | None:
    """When somebody was last asked to opt in; None: never."""
    (at,) = connection.execute(SQL["was_asked"], {"contacts": json_ids(found.contacts)}).fetchone()
    return moment(at) if at is not None else None


def prefer(connection: sqlite3.Connection, event: Preference, now: datetime) -> None:
    """Write down what somebody told the platform about marketing. Its end counts only after its beginning."""
    heard(connection, event.account, event.sender)
    meet(connection, event.account, event.sender, now)
    found = known(connection, event.account, event.sender)
    sent_at = event.sent_at or now
    if event.state == "in" and (found.state != "out" or _is_older(sent_at, found)):
        return
    if event.state == "out" and found.state == "out":
        return
    entry = Entry(event.state, "platform", event.words, at=event.sent_at, event=event.event_id)
    add(connection, event.account, event.sender, entry, now)


def refused(connection: sqlite3.Connection, part: Row, reason: str, now: datetime) -> None:
    """The platform refused a part, since its recipient told it that they want nothing of the kind."""
    row = connection.execute(SQL["recipient_of"], {"conversation": part["conversation"]}).fetchone()
    if row is not None:
        recipient = Sender(number=row["number"], user_id=row["user_id"])
        write(connection, part["account"], recipient, Entry("out", "refusal", reason, event=part["part"]), now)


def opted(
    connection: sqlite3.Connection, event: InboundMessage | ButtonPress, found: ConsentState | None
) -> Opted | None:
    """What an event said about consent, as it was taken; None where it said nothing, or nothing that counts."""
    state = said_by(event)
    if state is None:
        return None
    said = {"event": event.event_id, "account": event.account}
    row = connection.execute(SQL["said_by_event"], said).fetchone()
    if row is not None:
        return Opted(row["state"], changed=True, is_first=bool(row["is_first"]))
    return Opted("out", changed=False, is_first=False) if state == "out" and found == "out" else None


def _spellings(sender: Sender) -> str:
    """A sender's number for `json_each`, as WhatsApp may know it and as others may write it."""
    return json.dumps(spellings(sender.number) if sender.number else [])


def json_ids(contacts: Iterable[int]) -> str:
    """Contacts for `json_each`."""
    return json.dumps(list(contacts))
