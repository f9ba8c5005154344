"""`docs/reference/cli.md`: the commands as they are, behind what holds for all of them."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, EnumType
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin

import typer
import typer.main

from aof.cli import app
from tests.docs.pages.markdown import GENERATED, code, joined, listed, table

HEAD = """\
# Command line

`--help` behind a command shows what this page says of it.

## Exit codes

| Code | |
| --- | --- |
| 0 | Done. A signal ends `aof serve`, `aof demo` and `aof simulate` with 0, too. |
| 1 | Not done, or something wrong was found. A sentence on standard error says why. |
| 2 | The command line or the configuration is wrong. A sentence on standard error says where. |
"""

JSON = """\
## JSON

`--json` prints JSON for programs in place of a table. Standard output then holds nothing else. Secrets are taken out,
and times are written with their offset from UTC.
"""

COMPLETION = """\
## Shell completion

`aof --install-completion` sets completion up for the shell it is run in: bash, zsh, fish or PowerShell. A new shell has
it. `aof --show-completion` only prints what would be set up.
"""

LOOKING = {
    "check": "aof check",
    "store check": "aof store check",
    "audit verify": "aof audit verify",
    "simulate": "aof simulate --check",
}
"""Commands that end with 1 where they find something wrong; those that do not exist are left out."""

MANY = 5
"""Commands with the same option, from which on it is told once for all of them."""

Row = tuple[str, str, str, str]
"""An argument or an option: as it is written, what it does, its default, its variable in the environment."""

_PLACEHOLDERS: dict[object, str] = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "PATH"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, and how it is called."""

    path: str
    """Without the program's name: `outbox list`; empty for the program itself."""
    command: Any

    @property
    def is_group(self) -> bool:
        return bool(getattr(self.command, "commands", None))

    @property
    def text(self) -> str:
        return str(self.command.help or "").partition("\f")[0].strip()

    @property
    def summary(self) -> str:
        """The first sentence, which ends its paragraph or stands before another one."""
        return " ".join(self.text.partition("\n\n")[0].split()).partition(". ")[0].rstrip(".") + "."

    def params(self, kind: str) -> list[Any]:
        return [
            param
            for param in self.command.params
            if param.param_type_name == kind and not getattr(param, "hidden", False) and not _completes(param)
        ]


def entries() -> list[Entry]:
    """The program, then every command in the order of the help, each group before its own commands."""
    return list(_walk("", typer.main.get_command(app)))


def page() -> str:
    everything = entries()
    commands = [entry for entry in everything if entry.path and not entry.is_group]
    common = _common(commands)
    return joined(
        GENERATED,
        HEAD,
        _looking(commands),
        JSON,
        "These have it: " + listed([f"aof {entry.path}" for entry in commands if _has(entry, "--json")]) + ".",
        COMPLETION,
        *(f"## Before a command\n\n{options}" for options in _tables(everything[0])),
        "## Options of many commands",
        _options(common),
        "## Commands",
        table(("Command", ""), [(_link(entry), entry.summary) for entry in commands]),
        *(block for entry in everything if entry.path for block in _section(entry, common)),
    )


def _walk(path: str, command: Any) -> Iterator[Entry]:
    yield Entry(path, command)
    for name in getattr(command, "commands", {}):
        _, inner, _ = command.resolve_command(typer.Context(command), [name])
        if not inner.hidden:
            yield from _walk(f"{path} {name}".strip(), inner)


def _completes(param: Any) -> bool:
    """What typer itself adds to the program, and the head of the page explains."""
    return {"--install-completion", "--show-completion"} & {*param.opts} != set()


def _has(entry: Entry, option: str) -> bool:
    return any(option in param.opts for param in entry.params("option"))


def _looking(commands: Sequence[Entry]) -> str:
    written = [LOOKING[entry.path] for entry in commands if entry.path in LOOKING]
    return f"These look for something wrong and end with 1 where they find it: {listed(written)}." if written else ""


def _link(entry: Entry) -> str:
    return f"[`aof {entry.path}`](#aof-{entry.path.replace(' ', '-')})"


def _section(entry: Entry, common: Collection[Row]) -> Iterator[str]:
    level = "#" * (2 + len(entry.path.split()))
    yield f"{level} `aof {entry.path}`"
    yield entry.text
    if entry.command.deprecated:
        yield "Deprecated: it goes away in a later version."
    if entry.is_group and not entry.command.params:
        return
    yield code(_usage(entry))
    yield from _tables(entry, common)


def _tables(entry: Entry, common: Collection[Row] = ()) -> Iterator[str]:
    arguments, options = entry.params("argument"), entry.params("option")
    # sorted() keeps the order within a panel, and what has none comes first
    own = sorted((param for param in (*arguments, *options) if _row(param) not in common), key=_panel)
    for panel, of_panel in groupby(own, _panel):
        if panel:
            yield f"{panel}:"
        yield _options([_row(param) for param in of_panel])
    if shared := [_row(param)[0] for param in options if _row(param) in common]:
        takes = "Also takes" if own else "Takes"
        yield f"{takes} {' and '.join(shared)}, as [above](#options-of-many-commands)."


def _options(rows: Sequence[Row]) -> str:
    width = 4 if any(row[3] for row in rows) else 3
    return table(("", "", "Default", "Environment")[:width], [row[:width] for row in rows])


def _row(param: Any) -> Row:
    written = _shown(param) if param.param_type_name == "argument" else _spelled(param)
    return code(written), _about(param), code(_default(param)), code(_variable(param))


def _common(commands: Sequence[Entry]) -> list[Row]:
    """What many commands take in exactly the same way; it is told once."""
    times = Counter(_row(param) for entry in commands for param in entry.params("option"))
    return [row for row, count in times.items() if count >= MANY]


def _panel(param: Any) -> str:
    return str(getattr(param, "rich_help_panel", None) or "")


def _usage(entry: Entry) -> str:
    options = entry.params("option")
    required = [_spelled(param, short=False) for param in options if param.required]
    optional = ["[OPTIONS]"] if len(required) < len(options) else []
    arguments = [_shown(p) if p.required or _shown(p)[0] == "[" else f"[{_shown(p)}]" for p in entry.params("argument")]
    return " ".join(["aof", entry.path, *required, *optional, *arguments])


def _spelled(param: Any, *, short: bool = True) -> str:
    names = sorted([*param.opts, *param.secondary_opts], key=len)
    names = names if short else names[-1:]
    return ", ".join(names) + ("" if param.is_flag else f" {_shown(param)}")


def _shown(param: Any) -> str:
    """What stands for its value."""
    if param.metavar:
        return str(param.metavar)
    named = str(param.name).strip("_").upper()
    return named if param.param_type_name == "argument" else _PLACEHOLDERS.get(_type(param), named)


def _about(param: Any) -> str:
    """Its help, and what the types say of it."""
    said = [str(param.help or "").strip()]
    if choices := _choices(param):
        said.append(f"One of {listed(choices)}.")
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    if low is not None and high is not None:
        said.append(f"{low} to {high}.")
    elif low is not None:
        said.append(f"{low} or more.")
    elif high is not None:
        said.append(f"At most {high}.")
    if param.multiple:
        said.append("May be given several times.")
    if param.required and param.param_type_name == "option":
        said.append("Required.")
    return " ".join(filter(None, said))


def _default(param: Any) -> str:
    """As it is written in the code; a variable of the environment never changes it."""
    value = param.default
    if value is None or value is False or value == "" or callable(value):
        return ""
    if value is True:
        return str(param.opts[0])
    return str(value.value if isinstance(value, Enum) else value)


def _variable(param: Any) -> str:
    return ", ".join([param.envvar] if isinstance(param.envvar, str) else param.envvar or ())


def _choices(param: Any) -> list[str]:
    """The only values it takes; none where it takes any."""
    kind = _type(param)
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [str(member.value) for member in cast("type[Enum]", kind)] if isinstance(kind, EnumType) else []


def _type(param: Any) -> Any:
    """The type of one value."""
    annotation = param.type_descriptor.annotation
    while get_origin(annotation) not in (None, Literal):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        annotation = inner[0] if inner else get_origin(annotation)
    return annotation
