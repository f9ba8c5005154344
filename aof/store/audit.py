"""The audit chain as values: how a row is bound to the one before, and where a chain is broken."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from aof.domain.errors import AofError

START = "0" * 64
"""What the first row is bound to."""

Why = Literal["changed", "unbound", "missing", "cut", "repeated", "words", "unexpected"]
"""What is wrong at a row. unbound: it does not follow from the one before. words: its facts have another digest.
unexpected: it is whole, and not the row that was noted elsewhere."""

_TYPES = {"seq": int, "at": float, "kind": str, "subject": str, "digest": str, "prev": str, "hash": str}


class NoRow(AofError):
    """A line of a file is no row of an export."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One thing that was done."""

    seq: int
    at: float
    """Unix seconds, as they are hashed."""
    kind: str
    subject: str
    """The id of what it was done to."""
    digest: str
    """SHA-256 of the facts."""
    prev: str
    """The hash of the row before."""
    hash: str
    words: str | None = None
    """The facts as they were written; None where only their digest is kept."""

    @property
    def moment(self) -> datetime | None:
        """Aware, UTC; None where a changed row holds no moment."""
        try:
            return datetime.fromtimestamp(self.at, UTC)
        except (ValueError, OverflowError, OSError):
            return None


class Head(NamedTuple):
    """A row by its number and its hash, which stands for every row up to it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain is not what was once written."""

    seq: int
    at: datetime | None
    """When that row was written; where it is gone, when the last one before it was."""
    why: Why
    sentence: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look through a chain found, up to its first broken row."""

    rows: int = 0
    words: int = 0
    """Rows whose facts are kept in words, and are those of their digests."""
    gaps: int = 0
    first: AuditRow | None = None
    last: AuditRow | None = None
    broken: Break | None = None

    @property
    def head(self) -> Head | None:
        """What to note elsewhere."""
        return Head(self.last.seq, self.last.hash) if self.last is not None else None


def digest_of(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def hash_of(seq: int, at: float, kind: str, subject: str, digest: str, prev: str) -> str:
    return hashlib.sha256(json.dumps([seq, at, kind, subject, digest, prev]).encode()).hexdigest()


def verify(
    rows: Iterable[AuditRow],
    *,
    up_to: int | None = None,
    from_the_first: bool = False,
    gaps: bool = False,
    expected: Head | None = None,
) -> Verified:
    """Walk through rows, the oldest first, to the first broken one.

    Args:
        rows: Of a store or of a file.
        up_to: The last number that was given, where that is known: rows may be missing at the end.
        from_the_first: Row 1 has to be there.
        gaps: Rows may be missing between others; the binding over a gap can't be checked.
        expected: A row that has to be there.
    """
    count = words = gap_count = 0
    is_met = False
    first: AuditRow | None = None
    last: AuditRow | None = None
    broken: Break | None = None
    for row in rows:
        follows = last.seq + 1 if last is not None else 1 if from_the_first else row.seq
        if broken := _wrong(row, last, follows, gaps=gaps, expected=expected):
            break
        gap_count += row.seq > follows
        count += 1
        words += row.words is not None
        is_met |= expected is not None and row.seq == expected.seq
        first = first or row
        last = row
    if broken is None:
        broken = _cut(last, up_to, expected)
    if broken is None and expected is not None and not is_met:
        broken = Break(expected.seq, None, "unexpected", f"row {expected.seq} does not stand in it")
    return Verified(count, words, gap_count, first, last, broken)


def _wrong(row: AuditRow, last: AuditRow | None, follows: int, *, gaps: bool, expected: Head | None) -> Break | None:
    at = row.moment
    named = f"row {row.seq}{_dated(at)}"
    if row.seq < follows:
        said = f"{named} comes once more" if last is not None else f"{named} stands before the first"
        return Break(row.seq, at, "repeated", said)
    if row.seq > follows and not gaps:
        before = last.moment if last is not None else None
        return Break(follows, before, "missing", f"{_rows(follows, row.seq - 1)} missing{_behind(last)}")
    if row.hash != hash_of(row.seq, row.at, row.kind, row.subject, row.digest, row.prev):
        return Break(row.seq, at, "changed", f"{named} was changed: its hash is not that of what it says")
    bound_to = START if row.seq == 1 else last.hash if last is not None and row.seq == follows else row.prev
    if row.prev != bound_to:
        return Break(
            row.seq, at, "unbound", f"{named} does not follow from the row before: one of the two was written anew"
        )
    if row.words is not None and row.digest != digest_of(row.words):
        return Break(row.seq, at, "words", f"the facts of {named} were changed: their digest is another one")
    if expected is not None and row.seq == expected.seq and row.hash != expected.hash:
        return Break(row.seq, at, "unexpected", f"{named} is not the expected one: the chain was written anew")
    return None


def _cut(last: AuditRow | None, up_to: int | None, expected: Head | None) -> Break | None:
    newest = last.seq if last is not None else 0
    ends = max(up_to or 0, expected.seq if expected is not None else 0)
    if ends <= newest:
        return None
    before = last.moment if last is not None else None
    said = f"the end was cut off: {_rows(newest + 1, ends)} missing{_behind(last)}"
    return Break(newest + 1, before, "cut", said)


def _rows(first: int, last: int) -> str:
    return f"row {first} is" if first == last else f"rows {first} to {last} are"


def _behind(last: AuditRow | None) -> str:
    return f" behind row {last.seq}{_dated(last.moment)}" if last is not None else ""


def _dated(at: datetime | None) -> str:
    return f" ({at.isoformat(timespec='seconds')})" if at is not None else ""


def line_of(row: AuditRow) -> str:
    """A row as a line of an export: JSON in ASCII, so nothing in it is obeyed by a terminal."""
    at = row.moment
    written: dict[str, object] = {name: getattr(row, name) for name in _TYPES}
    written["at"] = at.isoformat(timespec="microseconds") if at is not None else None
    if row.words is not None:
        written["facts"] = _facts(row.words)
    return json.dumps(written)


def row_of(line: str) -> AuditRow:
    """The row that a line of an export is.

    Raises:
        NoRow: It is none.
    """
    try:
        read = json.loads(line)
        moment, facts = datetime.fromisoformat(read["at"]), read.get("facts")
        words = facts if facts is None or type(facts) is str else json.dumps(facts, sort_keys=True)
        # what is hashed has to be text, also where JSON lets half a character stand
        (words or "").encode()
        row = AuditRow(**{name: read[name] for name in _TYPES} | {"at": moment.timestamp()}, words=words)
        sound = moment.tzinfo is not None and all(type(getattr(row, name)) is kind for name, kind in _TYPES.items())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise NoRow("it is no row of an export") from error
    if not sound:
        raise NoRow("it is no row of an export")
    return row


def _facts(words: str) -> object:
    """As JSON where that can be turned back into the same text; the digest is of the text."""
    try:
        facts = json.loads(words)
        if type(facts) is dict and json.dumps(facts, sort_keys=True) == words:
            return facts
    except (ValueError, RecursionError):
        pass
    return words
