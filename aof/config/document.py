"""The text of a YAML file as nodes that know their line; nothing is constructed and no type is guessed."""

import copy
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from aof.config.problem import Findings

LONGEST_FILE_BYTES = 1024 * 1024
DEEPEST_NESTING = 64
"""Levels. A configuration needs less than ten; the reader below calls itself once a level."""

MOST_BROKEN_DOCUMENTS = 20
"""Of one file, after which it is not read on: whoever has that many has a file that is no YAML."""
_SEPARATOR = re.compile(r"^---(?=\s|$)", re.MULTILINE)

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
)
_NULL = "tag:yaml.org,2002:null"
_NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})
_QUOTED = re.compile(r"""'(?!<)[^']*'|"[^"]*\"""")

_SYNTAX = (
    (r"'\\t' that cannot start|found a tab", "a tab stands where YAML wants spaces", "Indent with spaces."),
    ("undefined alias", "an alias has no anchor before it", "Quote the value if it is text that begins with *."),
    ("duplicate anchor", "an anchor is given twice", "Give each &anchor its own name."),
    ("mapping values are not allowed", "a second ': ' stands in one value", "Quote a value that holds ': '."),
    ("could not find expected ':'", "a line without ': ' stands among keys", "Write key: value."),
    ("cannot start any token", "a value begins with a character that YAML keeps for itself", "Quote the value."),
    ("quoted scalar", "a quote is opened and not closed as YAML wants", "Look for the quote that is missing."),
    ("too deeply nested", f"values are nested deeper than {DEEPEST_NESTING} levels", "Flatten them."),
)  # fmt: skip


def text_of(path: Path, findings: Findings) -> str | None:
    """The text of a file; None, with the reason among the findings, where it can't be read as text."""
    try:
        with path.open("rb") as file:
            written = file.read(LONGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        findings.refuse(0, "", "there is no such file", "Copy daemon.yaml.example and name it here.")
        return None
    except OSError as error:
        findings.refuse(0, "", f"the file can't be read: {error.strerror}", "Mend its path or its permissions.")
        return None
    if len(written) > LONGEST_FILE_BYTES:
        findings.refuse(0, "", f"the file is longer than {LONGEST_FILE_BYTES} bytes", "Is it the right one?")
        return None
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as error:
        line = written.count(b"\n", 0, error.start) + 1
        findings.refuse(line, "", "the file is not UTF-8", "Save it as UTF-8.")
        return None
    if odd := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        name = "a NUL" if odd.group() == "\0" else f"the control character U+{ord(odd.group()):04X}"
        findings.refuse(line, "", f"{name} stands in the file", "Remove it.")
        return None
    return text


def documents(text: str, findings: Findings) -> Iterator[Node]:
    """The root nodes of all documents that are not empty; one that is not YAML is refused and left out."""
    for _ in range(MOST_BROKEN_DOCUMENTS):
        line = yield from _until_broken(text, findings)
        if line is None:
            return
        # blank lines in the place of what was read keep the line numbers of the rest
        rest = _SEPARATOR.search(text, _start_of(text, line))
        if rest is None:
            return
        text = "\n" * text.count("\n", 0, rest.start()) + text[rest.start() :].replace("---", "   ", 1)


def _until_broken(text: str, findings: Findings) -> Generator[Node, None, int | None]:
    loader = _Loader(text)
    try:
        while loader.check_node():
            root = loader.get_node()
            if root is not None and not is_null(root):
                yield root
    except yaml.MarkedYAMLError as error:
        mark = _place_of(error)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problem, remedy = _syntax(error)
        findings.refuse(line, "", f"column {column}: {problem}", remedy)
        return line
    finally:
        loader.dispose()
    return None


_BEGAN_BEFORE = re.compile(r"could not find expected ':'|quoted scalar|flow (sequence|mapping)")
"""What is only noticed where something else ought to stand: the slip is where the value began."""


def _place_of(error: yaml.MarkedYAMLError) -> Any:
    began = _BEGAN_BEFORE.search(f"{error.context or ''} {error.problem or ''}")
    return (error.context_mark if began else None) or error.problem_mark or error.context_mark


def _start_of(text: str, line: int) -> int:
    position = 0
    for _ in range(line - 1):
        position = text.find("\n", position) + 1
    return position


def is_null(node: Node) -> bool:
    """Whether YAML's null was written, in one of its spellings."""
    return isinstance(node, ScalarNode) and node.tag == _NULL and node.value in _NULL_WORDS


def has_plain_tag(node: Node) -> bool:
    """False for `!!binary`, `!custom` and others that ask a program to build something."""
    return node.tag in _PLAIN_TAGS


def line_of(node: Node) -> int:
    """Counted from 1."""
    return int(node.start_mark.line) + 1


def _syntax(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    said = f"{error.context or ''} {error.problem or ''}"
    for words, problem, remedy in _SYNTAX:
        if re.search(words, said):
            return problem, remedy
    # PyYAML quotes the file in its sentences, and what it quotes may be a secret
    safe = _QUOTED.sub(lambda found: found.group() if len(found.group()) <= len("':'") else "…", error.problem or said)
    return f"this is not YAML: {safe}", "Look at the lines around it too."


class _Loader(yaml.SafeLoader):
    """Refuses deep nesting before Python's stack does, and gives an alias the line it stands on."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # -- the stubs leave it open
        if self.check_event(yaml.AliasEvent):
            node = super().compose_node(parent, index)
            alias = copy.copy(node)
            if alias is not None:
                alias.start_mark = mark
            return alias
        self._depth += 1
        if self._depth > DEEPEST_NESTING:
            raise yaml.MarkedYAMLError(problem="too deeply nested", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


__all__ = [
    "MappingNode", "Node", "ScalarNode", "SequenceNode", "documents", "has_plain_tag", "is_null", "line_of", "text_of",
]  # fmt: skip
