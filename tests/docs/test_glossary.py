"""The words of the house are in the glossary, and words that say nothing name nothing."""

import ast
import re
from collections import Counter
from typing import get_args

import pytest

from aof.domain.delivery import PartState
from aof.domain.message import InboundEvent, ReceiptState
from aof.pipeline.admit import Mode
from aof.store.base import Cause
from tests.docs.pages.source import ROOT, first_words, modules

PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")

FIXED = frozenset(
    {
        *("event", "message", "press", "receipt", "notice", "quarantine", "overflow", "inbox"),
        *("account", "conversation", "window", "admission", "pairing", "suspension", "standing", "operator", "desk"),
        *("trigger", "agent", "route", "turn", "run", "note", "lease"),
        *("part", "outbox", "bury", "held", "gate", "uncertain", "audit chain"),
    }
)

BANNED = frozenset({"manager", "handler", "helper", "helpers", "util", "utils", "data", "info", "process"})


def _sections() -> dict[str, dict[str, str]]:
    return {
        title: dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", body, re.MULTILINE))
        for title, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE)
    }


SECTIONS = _sections()
WORDS = {word for section in SECTIONS.values() for word in section}


def _checked(column: str, table: str) -> set[str]:
    """The words that a table's CHECK lets into a column."""
    found: set[str] = set()
    for file in sorted((ROOT / "aof/store/sqlite/migrations").glob("*.sql")):
        sql = file.read_text(encoding="utf-8")
        for body in re.findall(rf"CREATE TABLE {table} \((.*?)\n\)", sql, re.DOTALL):
            for listed in re.findall(rf"CHECK \({column} IN \(([^)]*)\)", body):
                found |= set(re.findall(r"'(\w+)'", listed))
    return found


def test_the_words_of_the_architecture_are_there() -> None:
    assert not FIXED - WORDS


def test_every_kind_of_event_has_a_line() -> None:
    union, *_ = get_args(InboundEvent)
    kinds = {kind.model_fields["kind"].default for kind in get_args(union)}
    assert not kinds - set(SECTIONS["What comes in"])


def test_the_states_of_an_event_are_those_of_the_store() -> None:
    assert set(SECTIONS["States of an event"]) == _checked("state", "inbox")


def test_the_states_of_a_part_are_those_of_the_code_and_of_the_store() -> None:
    assert set(SECTIONS["States of a part"]) == {str(state) for state in PartState} == _checked("state", "outbox")


def test_the_gates_are_those_of_the_code() -> None:
    assert set(SECTIONS["Gates"]) == first_words("aof", "Held", "SendHeld")


@pytest.mark.parametrize("word", [*get_args(ReceiptState), *get_args(Cause), *Mode])
def test_words_of_closed_sets_are_explained(word: str) -> None:
    admission = {"listed": "lists", "everyone": "everybody"}
    assert re.search(rf"\b{admission.get(word, word)}\b", PAGE)


def test_a_word_has_one_line_in_its_section() -> None:
    lines = re.findall(r"^\| \*\*(.+?)\*\*", PAGE, re.MULTILINE)
    assert sum(len(section) for section in SECTIONS.values()) == len(lines)
    # a state of both, and a word with two meanings
    assert {word for word, times in Counter(lines).items() if times > 1} == {"dead", "operator"}


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_meaning_is_short(word: str) -> None:
    for section in SECTIONS.values():
        meaning = section.get(word, "Short.")
        assert meaning.endswith(".")
        assert len(meaning) <= 170


def test_banned_words_name_no_module_and_no_class() -> None:
    names = {piece: f"module {module}" for module in modules() for piece in module.split(".")}
    names |= {
        node.name: f"class {node.name} of {module}"
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    assert len(names) > 200
    for name, where in names.items():
        words = {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}
        assert not words & BANNED, where
