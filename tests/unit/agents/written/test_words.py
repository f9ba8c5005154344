"""What reaches a tool, whatever people type."""

import re
import shlex
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.agents.base import ApprovalNeeded
from aof.agents.written.asking import action_id
from aof.agents.written.inputs import PATTERN, Input
from aof.agents.written.runbook import Runbook, Step, filled
from aof.texts.language import Language
from tests.unit.agents.written.house import House, response

TEMPLATE = (
    "kubectl",
    "-n",
    "{a}",
    "rollout",
    "restart",
    "deploy/{b}",
    "--note={a}:{b}",
    "{{.Names}}",
    "{{a}}",
    "${a}",
    "a b",
)
VALUE = re.compile(PATTERN)

SUBJECT = Runbook(
    name="subject",
    phrases={Language.ENGLISH: ("do {a} with {b}",)},
    inputs=(Input("a"), Input("b")),
    steps=(Step("one", TEMPLATE, undo=TEMPLATE, dry_run=TEMPLATE),),
)

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="{}abAZ09 -;|&$`'\"\\\n=<>()*./:@_\u202e\x00é", max_size=30),
    st.from_regex(PATTERN, fullmatch=True),
)


async def reached(house: House, typed: str, tapped: str) -> None:
    for reply in (await house.ask(typed), await house.press(tapped)):
        assert isinstance(reply, ApprovalNeeded) or response(reply).text
        if isinstance(reply, ApprovalNeeded):
            (asked,) = reply.asks
            for argv in (asked.proposal.argv, asked.proposal.undo, asked.proposal.dry_run):
                _judge(argv)


def _judge(argv: tuple[str, ...]) -> Mapping[str, str]:
    assert len(argv) == len(TEMPLATE)
    a, b = argv[2], argv[5].removeprefix("deploy/")
    assert VALUE.fullmatch(a)
    assert VALUE.fullmatch(b)
    assert argv == (
        "kubectl", "-n", a, "rollout", "restart", f"deploy/{b}", f"--note={a}:{b}", "{{.Names}}", "{{a}}", "${a}",
        "a b",
    )  # fmt: skip
    return {"a": a, "b": b}


@given(a=HOSTILE, b=HOSTILE)
async def test_as_many_words_as_the_template_has_and_every_value_fits(a: str, b: str) -> None:
    house = House(SUBJECT)
    for typed in (f"do {a} with {b}", f"/subject a={a} b={b}", f"/subject b={b} {a}"):
        await reached(house, typed, action_id(SUBJECT, {"a": a, "b": b}))
    for call in house.programs.calls:
        values = _judge(call.argv)
        assert tuple(shlex.split(call.arguments()["command"])) == call.argv
        assert set(values.values()) <= {*re.split(r"\s+", f"{a} {b}"), *_parts(a), *_parts(b)}


def _parts(text: str) -> set[str]:
    """What a place may take of a text: its words, and those without the marks around a quotation."""
    words = {*text.split(), *(word.partition("=")[2] for word in text.split())}
    return {text} | words | {word.strip(".,!?؟،؛\"'“”") for word in words}


@pytest.mark.parametrize("name", ["a", "b"])
@given(value=st.from_regex(PATTERN, fullmatch=True))
async def test_a_value_that_fits_reaches_its_word_unchanged(name: str, value: str) -> None:
    house = House(SUBJECT)
    given_values = {"a": "x", "b": "y", name: value}
    await house.press(action_id(SUBJECT, given_values))
    (call,) = house.programs.calls
    assert _judge(call.argv) == given_values


def test_what_a_value_holds_is_not_looked_through_again() -> None:
    assert filled(("{a}", "{b}{a}"), {"a": "{b}", "b": "{a}"}) == ("{b}", "{a}{b}")
