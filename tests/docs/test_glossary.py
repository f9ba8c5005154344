"""The words of the house are in the glossary, and words that say nothing name nothing."""

import ast
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from typing import get_args

import pytest

from aof.domain.approval import OPEN_APPROVALS, ApprovalState, RunState, StepState, Verdict
from aof.domain.budget import BudgetScope
from aof.domain.consent import How
from aof.domain.delivery import OPEN_PARTS, PartState
from aof.domain.message import InboundEvent, ReceiptState
from aof.domain.opportunity import OpportunityState
from aof.domain.template import TemplateState
from aof.pipeline.admit import Mode
from aof.store.base import OPEN_EVENTS, Cause, EventState, PairingState, Role
from aof.store.consent import Written
from aof.store.sqlite.database import migrate
from tests.docs.pages.source import ROOT, constant, first_words, modules

PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")

FIXED = frozenset(
    {
        *("event", "message", "press", "receipt", "notice", "quarantine", "overflow", "inbox"),
        *("account", "conversation", "window", "admission", "pairing", "suspension", "standing", "operator", "desk"),
        *("trigger", "agent", "route", "turn", "run", "note", "lease"),
        *("approval", "proposal", "fingerprint", "card", "vote", "pause", "step", "claim", "memory", "kill switch"),
        *("opportunity", "draft", "contact", "move", "notification"),
        *("part", "outbox", "bury", "held", "gate", "uncertain", "audit chain"),
    }
)

CLOSED: dict[tuple[str, str], tuple[Iterable[str], str]] = {
    ("inbox", "state"): (get_args(EventState), "States of an event"),
    ("turn", "role"): (get_args(Role), "role"),
    ("outbox", "state"): (PartState, "States of a part"),
    ("outbox", "cause"): (get_args(Cause), "cause"),
    ("receipt", "state"): (get_args(ReceiptState), "receipt"),
    ("pairing", "state"): (get_args(PairingState), "States of a pairing"),
    ("run", "state"): (get_args(RunState), "run state"),
    ("approval", "state"): (get_args(ApprovalState), "States of an approval"),
    ("vote", "verdict"): (get_args(Verdict), "vote"),
    ("step", "state"): (get_args(StepState), "step state"),
    ("consent", "state"): (get_args(Written), "opt"),
    ("consent", "how"): (get_args(How), "how"),
    ("budget", "scope"): (get_args(BudgetScope), "budget scope"),
    ("reservation", "scope"): (get_args(BudgetScope), "budget scope"),
    ("template", "state"): (get_args(TemplateState), "States of a template"),
    ("opportunity", "state"): (get_args(OpportunityState), "States of an opportunity"),
}
"""For each column of the store that takes certain words alone: the type that names them, and the section or the line of
the page that explains them."""

BANNED = frozenset({"manager", "handler", "helper", "helpers", "util", "utils", "data", "info", "process"})


def _sections() -> dict[str, dict[str, str]]:
    return {
        title: dict(re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", body, re.MULTILINE))
        for title, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", PAGE, re.MULTILINE)
    }


SECTIONS = _sections()
WORDS = {word for section in SECTIONS.values() for word in section}


def _explained(place: str) -> set[str]:
    """The words of a section, or those that the line of one word sets apart."""
    if place in SECTIONS:
        return set(SECTIONS[place])
    (line,) = (section[place] for section in SECTIONS.values() if place in section)
    return set(re.findall(r"`(\w+)`", line))


def _constants(tree: ast.Module) -> set[str | None]:
    return {constant(node) for node in ast.walk(tree) if isinstance(node, ast.expr)}


@cache
def _schema(type_: str) -> dict[str, str]:
    """What a fresh store's tables or indexes are made by."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh)
        return dict(fresh.execute("SELECT name, sql FROM sqlite_schema WHERE type = ? AND sql IS NOT NULL", (type_,)))


def _listed(condition: str) -> tuple[str, set[str]] | None:
    """The column and the words of `column IN ('word', …)`; None for any other condition."""
    found = re.fullmatch(r"(\w+)\s+IN\s*\((.*)\)", condition, re.DOTALL | re.IGNORECASE)
    return (found[1], set(re.findall(r"'(\w+)'", found[2]))) if found else None


def _checks() -> tuple[dict[tuple[str, str], set[str]], set[str]]:
    """The words of every CHECK that lists some, by table and column, and the conditions of the others."""
    words, others = {}, set()
    for table, sql in _schema("table").items():
        conditions = re.findall(r"\bCHECK\s*\(((?:[^()]|\([^()]*\))*)\)", sql, re.IGNORECASE)
        assert len(conditions) == len(re.findall(r"\bCHECK\b", sql, re.IGNORECASE)), table
        for condition in conditions:
            if listed := _listed(condition):
                words[table, listed[0]] = listed[1]
            else:
                others.add(condition)
    return words, others


CHECKED, OTHERS = _checks()


def test_the_words_of_the_architecture_are_there() -> None:
    assert not FIXED - WORDS


def test_every_kind_of_event_has_a_line() -> None:
    union, *_ = get_args(InboundEvent)
    kinds = {kind.model_fields["kind"].default for kind in get_args(union)}
    assert not kinds - set(SECTIONS["What comes in"])


def test_a_column_that_takes_certain_words_has_a_type_that_names_them() -> None:
    """A new CHECK (… IN (…)) wants a line in CLOSED; of other kinds there is the one that keeps a table to one row."""
    assert set(CHECKED) == set(CLOSED)
    assert list(OTHERS) == ["only = 1"]


@pytest.mark.parametrize("column", CHECKED, ids=".".join)
def test_store_code_and_page_have_the_same_words(column: tuple[str, str]) -> None:
    named, place = CLOSED[column]
    assert CHECKED[column] == {str(word) for word in named} == _explained(place)


@pytest.mark.parametrize(
    ("index", "open_states"),
    [("inbox_open", OPEN_EVENTS), ("outbox_open", OPEN_PARTS), ("approval_open", OPEN_APPROVALS)],
)
def test_what_is_open_is_the_same_in_the_store_and_in_the_code(index: str, open_states: Iterable[str]) -> None:
    _, condition = _schema("index")[index].split(" WHERE ")
    assert _listed(condition) == ("state", {str(state) for state in open_states})


def test_the_gates_are_those_of_the_code() -> None:
    assert set(SECTIONS["Gates"]) == first_words("aof", "Held", "SendHeld")


@pytest.mark.parametrize("word", [*Mode])
def test_words_of_closed_sets_are_explained(word: str) -> None:
    admission = {"listed": "lists", "everyone": "everybody"}
    assert re.search(rf"\b{admission.get(word, word)}\b", PAGE)


def test_a_word_has_one_line_in_its_section() -> None:
    lines = re.findall(r"^\| \*\*(.+?)\*\*", PAGE, re.MULTILINE)
    assert sum(len(section) for section in SECTIONS.values()) == len(lines)
    # states of several things, gates that are called like what they ask, and words with two meanings
    several = {"dead", "running", "done", "failed", "asked", "approved", "parked"}
    several |= {"platform", "window", "template", "operator", "nudge", "call"}
    assert {word for word, times in Counter(lines).items() if times > 1} == several


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
