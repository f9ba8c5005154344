"""The states that the pages draw are those of the code and of the database."""

import re
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from aof.domain.approval import OPEN_APPROVALS, ApprovalState, RunState, StepState
from aof.domain.delivery import RANK, PartState, raised
from aof.store.sqlite.approvals import SQL as LEDGER
from aof.store.sqlite.operators import SQL
from aof.store.sqlite.parking import SQL as PARKING
from tests.docs.pages.source import ROOT
from tests.docs.reading import PAGES, blocks, name

PAGE = ROOT / "docs" / "concepts" / "how-a-message-travels.md"
APPROVALS = ROOT / "docs" / "concepts" / "approvals.md"


class Step(NamedTuple):
    """An arrow of a diagram."""

    before: str
    after: str
    why: str


def _drawn(page: Path) -> list[tuple[list[Step], set[str]]]:
    """The diagrams of a page, each as its arrows and its states."""
    found = []
    for block in blocks(page):
        if block.language == "mermaid" and block.text.startswith("stateDiagram-v2\n"):
            lines = block.text.splitlines()[1:]
            steps = [
                Step(*match.groups()) for line in lines if (match := re.fullmatch(r"    (\S+) --> (\w+): (.+)", line))
            ]
            alone = {match[1] for line in lines if (match := re.fullmatch(r"    (\w+) : .+", line))}
            assert len(steps) + len(alone) == len(lines), "a line of the diagram is not understood"
            states = {state for step in steps for state in step[:2]} | alone
            found.append((steps, states - {"[*]"}))
    return found


(EVENT_STEPS, EVENT_STATES), (PART_STEPS, PART_STATES), (RUN_STEPS, RUN_STATES) = _drawn(PAGE)
(APPROVAL_STEPS, APPROVAL_STATES), (HELD_STEPS, HELD_STATES) = _drawn(APPROVALS)


def _checked(table: str) -> set[str]:
    """What the CHECK of a table's state lets in, after all migrations."""
    sql = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((ROOT / "aof/store/sqlite/migrations").glob("*.sql"))
    )
    body = re.findall(rf"CREATE TABLE {table} \((.*?)\n\) STRICT", sql, re.DOTALL)[-1]
    (words,) = re.findall(r"CHECK \(state IN \(([^)]*)\)\)", body)
    return set(re.findall(r"'(\w+)'", words))


def test_the_states_of_an_event_are_those_of_the_database() -> None:
    assert _checked("inbox") == EVENT_STATES


def test_the_states_of_a_part_are_those_of_the_code_and_of_the_database() -> None:
    assert {str(state) for state in PartState} == PART_STATES == _checked("outbox")


def test_the_states_of_an_approval_are_those_of_the_code_and_of_the_database() -> None:
    assert set(get_args(ApprovalState)) == APPROVAL_STATES == _checked("approval")


def test_the_states_of_a_run_are_those_of_the_code_and_of_the_database() -> None:
    assert set(get_args(RunState)) == RUN_STATES == _checked("run")


def test_the_states_of_a_step_are_those_of_an_approved_call() -> None:
    ran = {step.after for step in APPROVAL_STEPS if step.before == "running"}
    assert {"running"} | ran == set(get_args(StepState)) == _checked("step")


@pytest.mark.parametrize("end", ["lapsed", "void"])
def test_only_what_is_open_can_be_ended_from_outside(end: str) -> None:
    assert {step.before for step in APPROVAL_STEPS if step.after == end} == set(OPEN_APPROVALS)


def test_a_question_that_is_closed_stays_so() -> None:
    closed = APPROVAL_STATES - {*OPEN_APPROVALS, "running"}
    assert {step.before for step in APPROVAL_STEPS}.isdisjoint(closed)


@pytest.mark.parametrize(
    ("statement", "after"),
    [("decide", "denied"), ("supersede", "superseded"), ("claim_approval", "running"), ("void", "void")],
)
def test_what_a_statement_moves_is_what_is_drawn(statement: str, after: str) -> None:
    (words,) = re.findall(r"state (?:= |IN )(\([^)]+\)|'\w+')", LEDGER[statement].split("WHERE", 1)[1])
    drawn = {step.before for step in APPROVAL_STEPS if step.after == after}
    assert drawn == set(re.findall(r"'(\w+)'", words))


def test_what_is_held_back_moves_as_any_event_does() -> None:
    assert HELD_STATES < EVENT_STATES
    sets, where = PARKING["open_again"].split("WHERE", 1)
    (after,), (before,) = (re.findall(r"state = '(\w+)'", words) for words in (sets, where))
    assert [step[:2] for step in HELD_STEPS if step.before == "parked"] == [(before, after)]


@pytest.mark.parametrize("step", [step for step in PART_STEPS if step.why == "receipt"], ids="-".join)
def test_a_receipt_that_is_drawn_moves_a_part_so(step: Step) -> None:
    assert raised(PartState(step.before), step.after) is PartState(step.after)


def test_every_state_that_a_receipt_can_lead_to_is_drawn_so() -> None:
    above = {state for state in PartState if RANK[state] >= RANK[PartState.SENT]}
    assert {step.after for step in PART_STEPS if step.why == "receipt"} == {str(state) for state in above}


@pytest.mark.parametrize(
    ("command", "statement"), [("release", "release_part_by_hand"), ("retry", "retry_part_by_hand")]
)
def test_what_an_operator_moves_is_what_the_statement_moves(command: str, statement: str) -> None:
    (words,) = re.findall(r"WHERE seq = :seq AND state (?:= |IN )(\([^)]+\)|'\w+')", SQL[statement])
    drawn = {step.before for step in PART_STEPS if step.why == f"aof outbox {command}"}
    assert drawn == set(re.findall(r"'(\w+)'", words))
    assert {step.after for step in PART_STEPS if step.why == f"aof outbox {command}"} == {"queued"}


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        (EVENT_STEPS, EVENT_STATES),
        (PART_STEPS, PART_STATES),
        (RUN_STEPS, RUN_STATES),
        (APPROVAL_STEPS, APPROVAL_STATES),
        (HELD_STEPS, HELD_STATES),
    ],
)
def test_every_state_can_be_reached(steps: list[Step], states: set[str]) -> None:
    reached = {"[*]"}
    while more := {step.after for step in steps if step.before in reached} - reached:
        reached |= more
    assert states <= reached


_FILE = re.compile(r"`((?:aof|tests|docs|config)/[\w./-]+|daemon\.yaml\.example|Makefile|pyproject\.toml)`")
_MODULE = re.compile(r"`(aof(?:\.\w+)+)`")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for named in _FILE.findall(text):
        assert (ROOT / named).exists(), named


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_module_that_a_page_names_is_there(page: Path) -> None:
    for named in _MODULE.findall(page.read_text(encoding="utf-8")):
        if named in {"aof.dev", "aof.sh", "aof.io", "aof.db", "aof.platforms", "aof.agents"}:
            continue
        path = ROOT / named.replace(".", "/")
        inner = path.parent, path.parent.parent
        assert any(place.with_suffix(".py").exists() or (place / "__init__.py").exists() for place in (path, *inner)), (
            named
        )


def test_the_walk_names_the_rooms_that_a_message_passes() -> None:
    named = {file.split("/")[1] for file in _FILE.findall(PAGE.read_text(encoding="utf-8")) if file.startswith("aof/")}
    assert named >= {"web", "platforms", "pipeline", "store", "agents", "tools", "formatting", "domain"}
