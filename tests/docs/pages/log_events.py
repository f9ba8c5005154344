"""`docs/reference/log-events.md`: every log event, read out of the code."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tests.docs.pages.log_words import WORDS
from tests.docs.pages.markdown import GENERATED, code, joined, listed, table
from tests.docs.pages.source import constant, modules

HEAD = """\
# Log events

Logs go to standard error: one JSON object a line, or a readable line on a terminal. Every line has `timestamp`, `level`
and `event`. A field that an event does not need is left out. A line with a traceback has it in `exception`.

Texts, phone numbers and tokens are never fields. `conversation` is a keyed hash: the same within one store, and no way
back to a number. Secrets of the configuration are taken out of every value.

Lines of libraries have the same shape; their `event` is a sentence and is not listed here.
"""

FIELDS = {
    "agent": "The agent's name; empty where no agent was asked.",
    "attempt": "1 for the first time.",
    "code": "The platform's number of a refusal; 0 where it gave none.",
    "conversation": "The keyed hash of a conversation.",
    "part": "The part id, as `aof outbox show` prints it.",
    "reason": "Why, in a few words.",
    "route": "Why this agent was chosen.",
    "seconds": "How long it took.",
    "seq": "The event's number in the inbox. Once it is buried, `aof inbox show e` and this number shows it.",
    "waited_seconds": "How long the event or the part had been there.",
}
"""Fields that several events share, or that need a word."""

EXPANDED: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "part_{outcome}": {
        "part_sent": ("info", ("repeated",)),
        "part_deferred": ("warning", ("wait_seconds", "code", "reason")),
        "part_uncertain": ("warning", ("wait_seconds", "reason")),
        "part_held": ("warning", ("gate", "reason")),
        "part_dead": ("warning", ("code", "reason")),
        "part_moved": ("warning", ("reason",)),
    },
}
"""Events whose name is put together while the daemon runs: each name, its level, and its fields beyond the shared ones.
Tests compare them with the code."""

LEVELS = {
    "debug": "debug",
    "info": "info",
    "warning": "warning",
    "error": "error",
    "exception": "error",
    "critical": "critical",
}
"""The method of a logger, and the level it writes."""

_LOGGERS = frozenset({"get", "logs.get", "logging.getLogger", "structlog.get_logger", "structlog.stdlib.get_logger"})
_OF_THE_LOGGER = {"exc_info": "exception", "stack_info": "stack"}


@dataclass(frozen=True, slots=True)
class Line:
    """One place that logs."""

    event: str
    """With `{…}` where a part of the name is made at run time."""
    levels: frozenset[str]
    fields: tuple[str, ...]
    module: str
    values: Mapping[str, ast.expr]
    """The expressions of the fields that are written out."""


@dataclass(frozen=True, slots=True)
class Event:
    """A log event, from all places that log it."""

    name: str
    levels: tuple[str, ...]
    fields: tuple[str, ...]
    modules: tuple[str, ...]


@cache
def lines() -> list[Line]:
    """Every place in the package that logs."""
    return [line for name, tree in modules().items() for line in read(name, tree)]


def events() -> list[Event]:
    """By name; names made at run time are expanded."""
    found: dict[str, list[tuple[Iterable[str], Iterable[str], str]]] = {}
    for line in lines():
        expanded = EXPANDED.get(line.event)
        if expanded is None:
            found.setdefault(line.event, []).append((line.levels, line.fields, line.module))
            continue
        own = {field for _, fields in expanded.values() for field in fields}
        shared = [field for field in line.fields if field not in own]
        for name, (level, more) in expanded.items():
            found.setdefault(name, []).append(([level], [*shared, *more], line.module))
    return [
        Event(
            name,
            tuple(level for level in dict.fromkeys(LEVELS.values()) if any(level in levels for levels, _, _ in places)),
            tuple(dict.fromkeys(field for _, fields, _ in places for field in fields)),
            tuple(dict.fromkeys(module for _, _, module in places)),
        )
        for name, places in sorted(found.items())
    ]


def page() -> str:
    rows = [
        (code(e.name), ", ".join(e.levels), WORDS.get(e.name, ""), listed(e.fields), listed(e.modules))
        for e in events()
    ]
    return joined(
        GENERATED,
        HEAD,
        "## Events",
        table(("Event", "Level", "What happened", "Fields", "Module"), rows),
        "## Fields",
        table(("Field", ""), [(code(field), meaning) for field, meaning in FIELDS.items()]),
    )


def read(module: str, tree: ast.Module) -> Iterator[Line]:
    """Every place in one module that logs."""
    loggers = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_logger(node.value, frozenset())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    scopes = [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))]
    for function in scopes:
        methods = _methods_by_name(function, frozenset(loggers))
        for call in (node for node in _own(function) if isinstance(node, ast.Call)):
            levels = _levels(call.func, frozenset(loggers)) or methods.get(ast.unparse(call.func), frozenset())
            if not levels:
                continue
            values = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
            fields = [_OF_THE_LOGGER.get(name, name) for name in values]
            for keyword in call.keywords:
                if keyword.arg is None:
                    fields += _spread(keyword.value, function, tree)
            if ast.unparse(call.func).endswith(".exception"):
                fields.append("exception")
            yield Line(_name(call.args[0]), levels, tuple(dict.fromkeys(fields)), module, values)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a module or a function, without what stands in a function inside it."""
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _own(node)


def _is_logger(value: ast.expr, loggers: frozenset[str]) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in _LOGGERS
    return isinstance(value, ast.Name) and value.id in loggers


def _levels(function: ast.expr, loggers: frozenset[str]) -> frozenset[str]:
    """The levels that `log.info`, or a choice between such methods, writes; none for anything else."""
    if isinstance(function, ast.Attribute) and function.attr in LEVELS and _is_logger(function.value, loggers):
        return frozenset({LEVELS[function.attr]})
    if isinstance(function, ast.IfExp):
        return _levels(function.body, loggers) | _levels(function.orelse, loggers)
    return frozenset()


def _methods_by_name(function: ast.AST, loggers: frozenset[str]) -> dict[str, frozenset[str]]:
    """Local names of a logger's methods: `logged = log.info if … else log.warning`."""
    return {
        target.id: levels
        for node in _own(function)
        if isinstance(node, ast.Assign) and (levels := _levels(node.value, loggers))
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _name(argument: ast.expr) -> str:
    if isinstance(argument, ast.JoinedStr):
        return "".join(
            constant(piece) or "" if isinstance(piece, ast.Constant) else f"{{{ast.unparse(piece.value)}}}"
            for piece in argument.values
            if isinstance(piece, ast.Constant | ast.FormattedValue)
        )
    return constant(argument) or f"{{{ast.unparse(argument)}}}"


def _spread(value: ast.expr, function: ast.AST, tree: ast.Module) -> list[str]:
    """The fields behind `**`: of dicts written there, of dicts a local name is given, of the callers' keywords."""
    if not isinstance(value, ast.Name):
        return _keys(value)
    if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        arguments = function.args
        if arguments.kwarg is not None and arguments.kwarg.arg == value.id:
            own = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
            called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
            return [
                keyword.arg
                for call in called
                if ast.unparse(call.func).rpartition(".")[2] == function.name
                for keyword in call.keywords
                if keyword.arg is not None and keyword.arg not in own
            ]
    given = [
        node.value
        for node in ast.walk(function)
        if (isinstance(node, ast.Assign) and value.id in map(ast.unparse, node.targets))
        or (isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == value.id)
    ]
    return [key for one in given if one is not None for key in _keys(one)]


def _keys(value: ast.expr) -> list[str]:
    dicts = [node for node in ast.walk(value) if isinstance(node, ast.Dict)]
    return [key for one in dicts for node in one.keys if (key := constant(node)) is not None]
