"""What operators' commands have in common: the configuration, the store beside the daemon, tables and exit codes.

Exit codes of every command: 0 done, 1 not done (the sentence says why), 2 the command line or the configuration is
wrong.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aof.cli.printing import json_text, plain, redacted, visible
from aof.domain.errors import AofError, ConfigError

if TYPE_CHECKING:
    from aof.daemon.desk import Desk


class NotDone(AofError):
    """What was asked was not done; the text says why, and what to do."""


def at_desk(config: Path, work: Callable[["Desk"], Awaitable[None]]) -> None:
    """Do one thing at the desk of a configuration. Credentials may be missing: nothing is sent from here.

    Raises:
        typer.Exit: With 1 or 2, after the reason was printed.
    """
    from aof.daemon.assembly import read  # noqa: PLC0415 -- the help and the shell's TAB do without it

    try:
        assembly = read(config, os.environ, credentials="optional")
    except ConfigError as error:
        _end(str(error), 2)
    try:
        asyncio.run(_sitting(assembly, work))
    except AofError as error:
        _end(f"aof: {assembly.redact(str(error))}", 1)
    except UnicodeEncodeError:
        _end("aof: what was typed is not text in UTF-8", 2)


async def _sitting(assembly: Any, work: Callable[["Desk"], Awaitable[None]]) -> None:
    from aof.daemon.desk import sit_down  # noqa: PLC0415 -- for commands that work

    async with sit_down(assembly) as desk:
        await work(desk)


def _end(said: str, code: int) -> NoReturn:
    print(visible(said), file=sys.stderr)
    raise typer.Exit(code)


def refuse_nothing(word: str) -> None:
    """A word that came out empty names nobody, and must not name everybody.

    Raises:
        typer.BadParameter: It is empty.
    """
    if not word.strip():
        raise typer.BadParameter("it is empty; was a variable not set?")


def say(desk: "Desk", *lines: str) -> None:
    """Print lines, with nothing in them that is secret or that a terminal obeys."""
    for line in lines:
        print(visible(desk.assembly.redact(line)))


def tell(desk: "Desk", facts: Mapping[str, object], *lines: str, as_json: bool) -> None:
    """What was done: lines for a person, or facts for a program."""
    if as_json:
        print_json(desk, facts)
    else:
        say(desk, *lines)


def print_json(desk: "Desk", value: object) -> None:
    """As JSON, with secrets taken out of each text in it, and with nothing in it that a terminal obeys."""
    written = json.loads(json.dumps(value, default=plain))
    print(json_text(redacted(written, desk.assembly.redact)))


def print_table(desk: "Desk", headers: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Rows that fit the terminal; `empty` is said where there are none."""
    if not rows:
        print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(escape(visible(desk.assembly.redact(str(cell)))) for cell in row))
    Console(highlight=False, soft_wrap=False).print(table)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in one unit."""
    if moment is None:
        return ""
    seconds = max(0, int((now - moment).total_seconds()))
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def account_of(desk: "Desk", named: str) -> str:
    """The account that a command is about.

    Raises:
        NotDone: There is none of that name, or none is named where there are several.
    """
    if named and named not in desk.platforms:
        raise NotDone(f"there is no account {named}; configured: {', '.join(desk.platforms)}")
    if not named and len(desk.platforms) != 1:
        raise NotDone(f"name one of the accounts with --account: {', '.join(desk.platforms) or 'none is configured'}")
    return named or next(iter(desk.platforms))
