"""`aof audit`: whether what was done is still written down as it was, and a copy of it for another host."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from aof.cli.desk import NotDone, at_desk, print_json, refuse_nothing, say, tell
from aof.cli.exports import exported
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.cli.printing import json_text, plain, visible
from aof.store.audit import AuditRow, Head, NoRow, Verified, line_of, row_of
from aof.store.audit import verify as verify_rows

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

app = typer.Typer(name="audit", help="What was done, in a chain in which a change shows.", no_args_is_help=True)

AT_ONCE = 1000
"""Rows that are in memory together."""

MOST_BYTES_OF_A_LINE = 1024 * 1024

_LENGTH = re.compile(r"(\d{1,6})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")

_WHEN = "A moment in ISO 8601, UTC where it names no offset; or how long ago: 90s, 30m, 12h, 7d or 2w."


@app.command()
def verify(
    config: ConfigOption = DEFAULT_CONFIG,
    file: Annotated[
        Path | None, typer.Option("--file", help="An export in place of the store; no configuration is read.")
    ] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="With --file: rows may be missing, as --kind leaves out.")
    ] = False,
    expect: Annotated[
        str, typer.Option("--expect", metavar="HEAD", help="The head that was noted elsewhere; it has to be there.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Look through the audit chain. Ends with 1 and names the row where it was changed, or where rows are missing.

    An export proves that nothing was changed from its first row to its last. What stood before and what came after it
    can't show.
    """
    if gaps and file is None:
        raise typer.BadParameter("the store has no gaps: give it with --file", param_hint="--gaps")
    expected = _head(expect)
    if file is not None:
        _verify_file(file, expected, gaps=gaps, as_json=as_json)
        return

    async def work(desk: "Desk") -> None:
        found = await desk.store.audit_verified(expected=expected)
        if as_json:
            print_json(desk, _summary(found))
        if found.broken is not None:
            raise NotDone(f"the audit chain is broken: {found.broken.sentence}")
        if not as_json:
            say(desk, *_whole(found, "The audit chain"))

    at_desk(config, work)


@app.command()
def export(
    to: Annotated[str, typer.Argument(metavar="[FILE|-]", help="A file that does not exist yet; - prints.")] = "-",
    config: ConfigOption = DEFAULT_CONFIG,
    since: Annotated[str, typer.Option("--since", metavar="WHEN", help=f"Only from then on. {_WHEN}")] = "",
    until: Annotated[str, typer.Option("--until", metavar="WHEN", help="Only what is earlier, as --since.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", metavar="GLOB", help="Only these kinds, such as 'pairing_*'. It leaves gaps.")
    ] = "*",
    after: Annotated[int, typer.Option("--after", min=0, help="Only behind the row of this number.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write the audit chain as JSON, one row a line. It holds numbers of people who were let in.

    Into a file: --json prints how many rows went there. Printed rows are JSON by themselves.
    """
    refuse_nothing(to)
    refuse_nothing(kind)
    now = datetime.now(UTC)
    earliest, latest = _when(since, now, "--since"), _when(until, now, "--until")

    async def work(desk: "Desk") -> None:
        last = await desk.store.audit_last()
        if after > last:
            raise NotDone(f"the chain ends with row {last}: row {after} was never written, or was cut off")
        count, behind = 0, after
        with exported(to) as out:
            while True:
                rows = await desk.store.audit_rows(
                    after=behind, up_to=last, since=earliest, until=latest, kind=kind, most=AT_ONCE
                )
                out.writelines(f"{line_of(row)}\n" for row in rows)
                count += len(rows)
                if len(rows) < AT_ONCE:
                    break
                behind = rows[-1].seq
        if to != "-":
            said = f"Written to {to}, readable for you alone: {count} rows."
            tell(desk, {"file": to, "rows": count}, said, as_json=as_json)

    at_desk(config, work)


def _verify_file(file: Path, expected: Head | None, *, gaps: bool, as_json: bool) -> None:
    try:
        with file.open("rb") as lines:
            found = verify_rows(_rows(lines), gaps=gaps, expected=expected)
    except OSError as error:
        _end(f"{file} can't be read: {error.strerror}")
    except NoRow as error:
        _end(f"{file}: {error}")
    if as_json:
        print(json_text(_summary(found)))
    if found.broken is not None:
        hint = "; an export with --kind has gaps: --gaps" if found.broken.why == "missing" else ""
        _end(f"{file}: the chain is broken: {found.broken.sentence}{hint}")
    if not as_json:
        print(visible("\n".join([*_whole(found, str(file)), *_unproved(found)])))


def _rows(lines: IO[bytes]) -> Iterator[AuditRow]:
    number = 0
    while line := lines.readline(MOST_BYTES_OF_A_LINE):
        number += 1
        try:
            yield row_of(line.decode())
        except (NoRow, UnicodeDecodeError) as error:
            raise NoRow(f"line {number} is no row of an export; it may be torn") from error


def _whole(found: Verified, what: str) -> list[str]:
    if found.first is None or found.last is None:
        return [f"{what} holds no row."]
    beside = f", {found.words} of them with their facts in words" if found.words else ""
    first, last = (f"row {row.seq} ({_at(row)})" for row in (found.first, found.last))
    return [
        f"{what} is whole from {first} to {last}: {found.rows} rows{beside}.",
        f"Its head, to note elsewhere for --expect: {found.head}",
    ]


def _unproved(found: Verified) -> list[str]:
    """What an export does not prove."""
    if found.first is None or found.last is None:
        return []
    before = f"what came before row {found.first.seq}, nor of " if found.first.seq > 1 else ""
    between = f"what is missing in its {found.gaps} gaps, nor of " if found.gaps else ""
    return [f"It proves nothing of {before}{between}what came behind row {found.last.seq}."]


def _summary(found: Verified) -> dict[str, Any]:
    broken = found.broken
    return {
        "whole": broken is None,
        "rows": found.rows,
        "in_words": found.words,
        "gaps": found.gaps,
        "first": _short(found.first),
        "last": _short(found.last),
        "head": str(found.head) if found.head is not None else None,
        "broken": {"row": broken.seq, "at": plain(broken.at), "why": broken.why, "sentence": broken.sentence}
        if broken is not None
        else None,
    }


def _short(row: AuditRow | None) -> dict[str, object] | None:
    return {"seq": row.seq, "at": plain(row.moment), "hash": row.hash} if row is not None else None


def _at(row: AuditRow) -> str:
    return row.moment.isoformat(timespec="seconds") if row.moment is not None else "no time"


def _head(text: str) -> Head | None:
    if not text:
        return None
    match = _HEAD.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter(
            "a head is a number, a colon and 64 digits, as verify prints it", param_hint="--expect"
        )
    return Head(int(match[1]), match[2])


def _when(text: str, now: datetime, option: str) -> datetime | None:
    if not text:
        return None
    try:
        if (match := _LENGTH.fullmatch(text.strip())) is not None:
            return now - timedelta(**{_UNITS[match[2]]: int(match[1])})
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        said = "neither a moment such as 2026-03-01T12:00 nor a length of time such as 7d"
        raise typer.BadParameter(said, param_hint=option) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _end(said: str) -> NoReturn:
    print(visible(f"aof: {said}"), file=sys.stderr)
    raise typer.Exit(1)
