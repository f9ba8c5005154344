"""The ledger of consent as CSV: written so that no spreadsheet obeys it, read so that every bad row is told."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from aof.config.phones import number_or_id, phone_number
from aof.domain.consent import ConsentState
from aof.domain.message import Sender
from aof.store.consent import Contact, Entry, ToWrite

COLUMNS = ("account", "number", "user_id", "state", "at", "how", "evidence", "by")
"""Of an export."""
TAKEN = ("account", "number", "user_id", "state", "at", "evidence")
"""Of an import; `how` and `by` may stand there, as in an export, and say nothing: whoever imports answers for it."""
MOST_BYTES = 16 * 1024 * 1024
LONGEST = 500
"""Characters of a piece of evidence."""
_OBEYED = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula, in one spreadsheet or another."""
_QUOTE = "'"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file that can be written."""

    line: int
    to_write: ToWrite


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that can't, and why."""

    line: int
    why: str


def write(contacts: Iterable[Contact], out: IO[str]) -> int:
    """Write where everybody stands; return how many rows that were. Their evidence may hold what they wrote, or others
    about them: a cell that a spreadsheet would take for a formula has an apostrophe before it, which an import takes
    away."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for one in contacts:
        row = one.row
        at = row.at.isoformat(timespec="seconds")
        cells = (one.account, one.number, one.user_id, one.state or row.state, at, row.how, row.evidence, row.by)
        writer.writerow([_inert(cell) for cell in cells])
        count += 1
    return count


def _inert(cell: str) -> str:
    # one that begins with an apostrophe of its own would lose it at an import
    return f"{_QUOTE}{cell}" if cell.startswith((*_OBEYED, _QUOTE)) else cell


def _plain(cell: str | None) -> str:
    return (cell or "").strip().removeprefix(_QUOTE).strip()


def read(file: Path, accounts: Sequence[str], by: str, now: datetime) -> tuple[list[Row], list[Wrong]]:
    """The rows of a file, and what is wrong with the others.

    Args:
        accounts: Those that there are; where a row names none, it is of the only one.
        by: Who answers for them.

    Raises:
        ValueError: It is no table of this kind at all; the text says why.
        OSError: It can't be read.
    """
    with file.open("rb") as opened:
        raw = opened.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ValueError(f"has more than {MOST_BYTES // 1024**2} MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not text in UTF-8 (byte {error.start}); save it as CSV UTF-8") from None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[Row] = []
    wrong: list[Wrong] = []
    try:
        header = _header(next(reader, []))
        line = reader.line_num + 1
        for cells in reader:
            found = _row(line, header, cells, accounts, by, now) if any(cell.strip() for cell in cells) else None
            if isinstance(found, Wrong):
                wrong.append(found)
            elif found is not None:
                rows.append(found)
            line = reader.line_num + 1
    except csv.Error as error:
        wrong.append(Wrong(reader.line_num, f"is no CSV: {error}"))
    return rows, [*wrong, *_twice(rows)]


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    header = tuple(cell.strip().casefold() for cell in cells)
    if not header:
        raise ValueError(f"is empty; its first line names columns of {', '.join(TAKEN)}")
    unknown = [cell for cell in header if cell not in COLUMNS]
    if unknown:
        raise ValueError(f"has a column {unknown[0]!r}; known: {', '.join(COLUMNS)}")
    if len(set(header)) < len(header):
        raise ValueError("names a column twice")
    missing = [name for name in ("state", "evidence") if name not in header]
    if missing or not {"number", "user_id"}.intersection(header):
        raise ValueError(f"has no column {missing[0] if missing else 'number, and no user_id'}")
    return header


def _row(
    line: int, header: Sequence[str], cells: Sequence[str], accounts: Sequence[str], by: str, now: datetime
) -> Row | Wrong:
    if len(cells) != len(header):
        return Wrong(line, f"has {len(cells)} cells under {len(header)} columns")
    values = dict(zip(header, map(_plain, cells), strict=True))
    try:
        account = _account(values.get("account", ""), accounts)
        sender = _sender(values.get("number", ""), values.get("user_id", ""))
        state = _state(values["state"])
        at = _moment(values.get("at", ""), now)
        evidence = _evidence(values["evidence"])
    except ValueError as error:
        return Wrong(line, str(error))
    return Row(line, ToWrite(account, sender, Entry(state, "import", evidence, at=at, by=by)))


def _account(named: str, accounts: Sequence[str]) -> str:
    if named in accounts:
        return named
    if named:
        raise ValueError(f"account: there is no {named}; configured: {', '.join(accounts) or 'none'}")
    if len(accounts) != 1:
        raise ValueError(f"account: name one of {', '.join(accounts) or 'none, since none is configured'}")
    return accounts[0]


def _sender(number: str, user_id: str) -> Sender:
    if not number and not user_id:
        raise ValueError("names nobody: write a number or a user_id")
    try:
        written = phone_number(number) if number else None
    except ValueError as error:
        raise ValueError(f"number: {number} {error}") from None
    if user_id and number_or_id(user_id) != user_id:
        raise ValueError("user_id: that is a phone number; write it under number")
    return Sender(number=written, user_id=user_id or None)


def _state(written: str) -> ConsentState:
    match written.casefold():
        case "in":
            return "in"
        case "out":
            return "out"
        case _:
            raise ValueError(f"state: {written or 'it is empty'}; write in or out")


def _moment(written: str, now: datetime) -> datetime | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        moment.timestamp()
    except (ValueError, OverflowError):
        raise ValueError(f"at: {written} is no moment such as 2026-03-01T12:00") from None
    if moment > now:
        raise ValueError(f"at: {written} is still to come")
    return moment


def _evidence(written: str) -> str:
    if not written:
        raise ValueError("evidence: it is empty; write where the consent can be looked up")
    if len(written) > LONGEST:
        raise ValueError(f"evidence: it has more than {LONGEST} characters")
    return written


def _twice(rows: Iterable[Row]) -> Iterator[Wrong]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        who = (row.to_write.account, row.to_write.sender.key)
        if who in seen:
            yield Wrong(row.line, f"is about the same person as line {seen[who]}")
        seen.setdefault(who, row.line)
