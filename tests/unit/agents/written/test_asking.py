from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.agents.written.asking import action_id, pressed
from aof.agents.written.inputs import PATTERN, Input
from aof.domain.response import Status
from aof.texts.language import Language
from tests.unit.agents.written.house import House, response, waiting
from tests.unit.agents.written.shelf import NAMESPACE, RESTART, SCALE

ASKING = replace(RESTART, inputs=(replace(NAMESPACE, default=None),), actions=())


async def test_a_choice_is_asked_for_with_buttons() -> None:
    house = House(ASKING)
    said = response(await house.ask("restart the api"))
    assert said.text == "Which namespace? Write: `restart the api namespace=prod`"
    assert [(each.id, each.title) for each in said.actions] == [
        ("runbook:restart-api?namespace=prod", "prod"),
        ("runbook:restart-api?namespace=staging", "staging"),
    ]
    assert house.programs.ran == []
    waiting(await house.press(said.actions[1].id))
    assert house.programs.ran[0][2] == "staging"


async def test_another_input_is_asked_for_by_a_sentence_that_fills_it_when_typed() -> None:
    house = House(SCALE)
    said = response(await house.ask("scale the api"))
    assert said.text == "Which replicas? How many pods. Write: `scale the api replicas=…`"
    assert said.actions == ()
    waits = waiting(await house.ask("scale the api replicas=3"))
    assert waits.asks[0].proposal.argv == ("kubectl", "scale", "deploy/api", "--replicas=3")


async def test_what_was_given_already_is_kept_in_the_sentence_and_in_the_buttons() -> None:
    both = replace(SCALE, inputs=(*SCALE.inputs, Input("zone", kind="choice", choices=("eu", "us"))))
    said = response(await House(both).ask("scale web to 3"))
    assert "`scale the api deploy=web replicas=3 zone=eu`" in said.text
    assert [each.id for each in said.actions] == [
        "runbook:scale-api?deploy=web&replicas=3&zone=eu",
        "runbook:scale-api?deploy=web&replicas=3&zone=us",
    ]


async def test_a_value_that_does_not_fit_a_button_goes_by_the_sentence() -> None:
    long = Input("zone", kind="choice", choices=("x" * 250, "us"))
    said = response(await House(replace(SCALE, inputs=(*SCALE.inputs, long))).ask("scale the api replicas=3"))
    assert [each.title for each in said.actions] == ["us"]
    assert all(len(each.id.encode()) <= 256 for each in said.actions)


async def test_in_arabic_the_sentence_is_the_arabic_phrase() -> None:
    house = House(ASKING)
    house.language = Language.ARABIC
    said = response(await house.ask("أعد تشغيل الواجهة"))
    assert "أعد تشغيل الواجهة namespace=prod" in said.text
    assert waiting(await house.ask("أعد تشغيل الواجهة namespace=prod")).asks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("restart the api namespace=dev", "“dev” can't be the namespace. It is one of prod, staging."),
        ("restart the api namespace=", "“” can't be the namespace."),
        ("restart the api namespace=prod namespace=staging", "There are two values for namespace."),
        ("restart the api in prod namespace=staging", "There are two values for namespace."),
        ("scale the api replicas=21", "“21” can't be the replicas. It is a number from 1 to 20."),
        ("scale the api replicas=0", "“0” can't be the replicas."),
        ("scale the api replicas=-1", "“-1” can't be the replicas."),
        ("scale the api replicas=1e1", "“1e1” can't be the replicas."),
        ("scale the api replicas=3 deploy=--all", "“--all” can't be the deploy."),
        ("scale the api replicas=3 deploy=a;id", "“a;id” can't be the deploy."),
        ("scale the api replicas=3 deploy=$(id)", "can't be the deploy."),
        ("scale the api replicas=3 deploy=`id`", "can't be the deploy."),
        ("scale the api replicas=3 deploy=../../etc", "can't be the deploy."),
        ("scale the api replicas=3 deploy={replicas}", "can't be the deploy."),
        ("scale the api replicas=3 deploy=a\u202eb", "can't be the deploy."),
        ("scale the api replicas=3 deploy=" + "a" * 129, "can't be the deploy."),
    ],
)
async def test_a_value_that_can_not_be_is_told_and_nothing_runs(text: str, told: str) -> None:
    house = House(RESTART, SCALE)
    said = response(await house.ask(text))
    assert told in said.text
    assert said.status is Status.NOTE
    assert house.programs.calls == []


@pytest.mark.parametrize(
    "tap",
    [
        "runbook:nothing",
        "runbook:",
        "runbook:restart-api?nobody=1",
        "runbook:restart-api?namespace=--all",
        "runbook:restart-api?namespace=prod&namespace=staging",
        "runbook:restart-api?namespace=dev%00",
        "runbook:restart-api?&&&",
        "runbook:restart-api?" + "namespace=prod&" * 100,
    ],
)
async def test_a_tap_is_checked_as_what_is_typed(tap: str) -> None:
    house = House(RESTART, SCALE)
    assert response(await house.press(tap)).status is Status.NOTE
    assert house.programs.calls == []


def test_arabic_digits_are_digits() -> None:
    assert Input("n", kind="integer", least=1, most=20).value("١٢") == "12"


def test_a_choice_is_written_as_its_author_wrote_it() -> None:
    assert Input("n", kind="choice", choices=("EU-West", "us")).value("eu-west") == "EU-West"


def test_a_pattern_that_takes_forever_admits_nothing() -> None:
    assert Input("n", pattern="(a|aa)+b|(a*)*c").value("a" * 200 + "!") is None


VALUES = st.dictionaries(st.sampled_from(["deploy", "replicas"]), st.text(min_size=1, max_size=40), max_size=2)


@given(VALUES)
def test_a_button_gives_back_what_was_put_into_it(values: dict[str, str]) -> None:
    id_ = action_id(SCALE, values)
    assert len(id_.encode()) <= 256
    assert pressed(id_) == ("scale-api", list(values.items()) if "?" in id_ else [])


@given(st.text())
def test_nothing_pressed_breaks_it(text: str) -> None:
    pressed(f"runbook:{text}")


@given(st.text(max_size=300))
def test_a_value_of_a_text_is_one_word_that_fits(typed: str) -> None:
    import re

    value = Input("n").value(typed)
    assert value is None or (re.fullmatch(PATTERN, value) and not value.startswith("-") and value == typed)
