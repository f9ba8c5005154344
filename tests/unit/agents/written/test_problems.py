from dataclasses import replace

import pytest

from aof.agents.written.inputs import Input
from aof.agents.written.problems import problems
from aof.agents.written.runbook import Offer, Runbook, Step
from aof.domain.errors import ConfigError
from aof.texts.language import Language
from tests.unit.agents.written.house import House
from tests.unit.agents.written.shelf import RESTART, SCALE, TWICE

STEP = Step("one", ("kubectl", "get", "pods"))
PLAIN = Runbook("plain", steps=(STEP,))


def english(*phrases: str) -> Runbook:
    return replace(PLAIN, phrases={Language.ENGLISH: phrases}, inputs=(Input("n"),))


def test_good_ones_have_none() -> None:
    assert problems((RESTART, SCALE, TWICE)) == []


@pytest.mark.parametrize(
    ("runbook", "told"),
    [
        (replace(PLAIN, name="Plain Name"), "a name is small letters"),
        (replace(PLAIN, name="disk"), "the phrase “disk” is already answered by what is built in."),
        (replace(PLAIN, steps=()), "steps: there are none"),
        (replace(PLAIN, steps=(STEP, STEP)), "steps: one is there twice"),
        (replace(PLAIN, steps=(replace(STEP, id="a b"),)), "an id is letters"),
        (replace(PLAIN, steps=(Step("one", ()),)), "run: there is no command"),
        (replace(PLAIN, steps=(Step("one", ("{n}",)),), inputs=(Input("n"),)), "the program is written out"),
        (replace(PLAIN, steps=(Step("one", ("ls",), undo=("{n}",)),), inputs=(Input("n"),)), "the program is written"),
        (replace(PLAIN, steps=(Step("one", ("ls", "a\nb")),)), "holds a control character"),
        (replace(PLAIN, steps=(Step("one", ("ls", "{n}")),)), "run: there is no input n."),
        (replace(PLAIN, steps=(Step("one", ("ls",), undo=("ls", "{n}")),)), "run: there is no input n."),
        (replace(PLAIN, steps=(replace(STEP, say="for {n}"),)), "say: there is no input n."),
        (replace(PLAIN, steps=(replace(STEP, timeout_seconds=0),)), "timeout_seconds is more than 0."),
        (replace(PLAIN, response="{n} is done"), "response: there is no input n."),
        (replace(PLAIN, inputs=(Input("1n"),)), "inputs.1n: a name is letters"),
        (replace(PLAIN, inputs=(Input("n"), Input("N"))), "inputs: n is there twice."),
        (replace(PLAIN, actions=(Offer("A", text="logs of {n}"),)), "actions: there is no input n."),
        (replace(PLAIN, inputs=(Input("n", pattern="("),)), "inputs.n: the pattern can't be read"),
        (replace(PLAIN, inputs=(Input("n", default="-n"),)), "inputs.n: the default does not fit"),
        (replace(PLAIN, inputs=(Input("n", default=""),)), "inputs.n: the default does not fit"),
        (replace(PLAIN, inputs=(Input("n", kind="choice"),)), "inputs.n: a choice needs choices."),
        (replace(PLAIN, inputs=(Input("n", kind="choice", choices=("-a",)),)), "inputs.n: a choice is printable"),
        (replace(PLAIN, inputs=(Input("n", kind="integer", least=-1),)), "inputs.n: least is 0 or more"),
        (replace(PLAIN, inputs=(Input("n", kind="integer", least=2, most=1),)), "inputs.n: least is more than most."),
        (replace(PLAIN, actions=(Offer("A"),)), "actions: each has a title"),
        (replace(PLAIN, actions=(Offer("", text="pods"),)), "actions: each has a title"),
        (replace(PLAIN, actions=(Offer("A", runbook="b"),)), "actions: there is no runbook b."),
        (replace(PLAIN, actions=(Offer("A", text="é" * 130),)), "actions: the text of A is too long for a button."),
        (english("how full is the disk"), "the phrase “how full is the disk” is already answered"),
        (english("Hello!"), "the phrase “Hello!” is already answered"),
        (english("logs {n}"), "the phrase “logs {n}” is already answered"),
        (english("{n}"), "the phrase “{n}” holds no word of its own."),
        (english("do it for {m}"), "the phrase “do it for {m}”: there is no input m."),
        (english("do it in zone-{n}"), "a place stands alone"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(runbook: Runbook, told: str) -> None:
    found = problems((runbook,))
    assert len(found) == 1, found
    assert found[0].startswith(f"{runbook.name}: ")
    assert told in found[0]


def test_two_runbooks_want_the_same_words() -> None:
    one, two = english("do {n} now"), replace(english("DO {n} now!"), name="other")
    assert problems((one, two)) == ["other: the phrase “DO {n} now!” also starts plain."]
    assert problems((PLAIN, PLAIN)) == ["plain: there are two runbooks of this name."]


def test_they_are_told_all_at_once_and_nothing_is_built() -> None:
    with pytest.raises(ConfigError, match=r"(?s)steps: there are none.*\n.*is already answered"):
        House(replace(PLAIN, steps=()), replace(english("memory"), name="mine")).written()
