"""Answers that have to be JSON of a given form."""

from typing import Any

import pytest

from aof.agents.base import Answered
from aof.agents.llm import OutputForm
from aof.agents.llm.structured import Form, shown
from aof.domain.errors import AgentError
from aof.domain.response import Status
from tests.unit.agents.llm.world import Scripted, World, calls, said, words

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "summary": {"type": "string"},
        "pods": {"type": "integer"},
        "healthy": {"type": "boolean"},
        "load": {"type": "number"},
        "findings": {"type": "array", "items": {"type": "object", "properties": {"pod": {"type": "string"}}}},
    },
    "required": ["summary", "pods"],
}
GOOD = '{"summary": "One is down.", "pods": 3}'


def problems(text: str, **form: Any) -> list[str]:
    return Form(OutputForm(SCHEMA, **form)).read(text)[1]


@pytest.mark.parametrize("text", [GOOD, f"```json\n{GOOD}\n```", f"Here it is:\n{GOOD}\nThat is all.", f"\n {GOOD} "])
def test_json_is_found(text: str) -> None:
    assert Form(OutputForm(SCHEMA)).read(text) == ({"summary": "One is down.", "pods": 3}, [])


@pytest.mark.parametrize("text", ["", "no", "{", '{"summary": NaN, "pods": 3}', '{"pods": 3', "[1, 2"])
def test_what_is_no_json_is_a_problem(text: str) -> None:
    assert len(problems(text)) == 1


@pytest.mark.parametrize(
    ("text", "strict", "lenient", "coerce"),
    [
        (GOOD, True, True, True),
        ('{"summary": "a"}', False, False, False),
        ('{"summary": "a", "pods": 3, "more": 1}', False, True, True),
        ('{"summary": "a", "pods": "3"}', False, False, True),
        ('{"summary": 5, "pods": 3.0, "healthy": "True", "load": "2.5"}', False, False, True),
        ('{"summary": "a", "pods": "three"}', False, False, False),
        ('{"summary": "a", "pods": "3.5"}', False, False, False),
        ('{"summary": "a", "pods": 1, "findings": [{"pod": "x", "more": 1}]}', False, True, True),
        ('{"summary": "a", "pods": 1, "findings": [{"pod": 7}]}', False, False, True),
    ],
)
def test_modes(text: str, strict: bool, lenient: bool, coerce: bool) -> None:
    assert [not problems(text, mode=mode) for mode in ("strict", "lenient", "coerce")] == [strict, lenient, coerce]


def test_coerced_values_are_of_the_type_that_was_wanted() -> None:
    value, _ = Form(OutputForm(SCHEMA, mode="coerce")).read(
        '{"summary": 5, "pods": "42", "healthy": "false", "load": "1e2"}'
    )
    assert value == {"summary": "5", "pods": 42, "healthy": False, "load": 100.0}
    assert type(value["pods"]) is int


def test_a_reference_that_leads_out_is_not_fetched() -> None:
    form = Form(OutputForm({"$ref": "http://127.0.0.1:9/schema.json"}))
    assert form.read("{}")[1] != []


async def test_the_model_is_told_the_form_and_its_answer_is_shown_readably() -> None:
    model = Scripted(words('{"summary": "One is down.", "pods": 3, "findings": [{"pod": "web-1"}, {"pod": "web-2"}]}'))
    reply = await World().agent(model.model, output=OutputForm(SCHEMA)).answer(said("?"))
    assert isinstance(reply, Answered)
    assert reply.response.text == (
        "One is down.\n\n- **Pods**: 3\n- **Findings**:\n  - **Pod**: web-1\n  - **Pod**: web-2"
    )
    assert '"required": ["summary", "pods"]' in model.instructions


async def test_fail_is_an_apology() -> None:
    model = Scripted(words("no"))
    with pytest.raises(AgentError, match="form"):
        await World().agent(model.model, output=OutputForm(SCHEMA)).answer(said("?"))
    assert len(model.shown) == 1


async def test_retry_asks_again_with_what_is_wrong() -> None:
    model = Scripted(words('{"summary": "a"}'), words("no"), words(GOOD))
    reply = await World().agent(model.model, output=OutputForm(SCHEMA, on_error="retry")).answer(said("?"))
    assert isinstance(reply, Answered)
    assert reply.response.text == "One is down.\n\n- **Pods**: 3"
    assert "'pods' is a required property" in str(model.shown[1][-1])


@pytest.mark.parametrize("retries", [0, 1, 3])
async def test_retries_end_in_an_apology(retries: int) -> None:
    model = Scripted(*[words("no")] * 9)
    output = OutputForm(SCHEMA, on_error="retry", max_retries=retries)
    with pytest.raises(AgentError, match="form"):
        await World().agent(model.model, output=output).answer(said("?"))
    assert len(model.shown) == retries + 1


async def test_passthrough_marks_what_is_wrong() -> None:
    model = Scripted(words("no"))
    reply = await World().agent(model.model, output=OutputForm(SCHEMA, on_error="passthrough")).answer(said("?"))
    assert isinstance(reply, Answered)
    assert reply.response.text == "no\n\n`_validation_error`: the answer is not JSON"
    assert reply.response.status is Status.WARNING


async def test_looks_come_before_the_form() -> None:
    model = Scripted(calls("get pods"), words(GOOD))
    reply = await World().agent(model.model, output=OutputForm(SCHEMA)).answer(said("?"))
    assert isinstance(reply, Answered)
    assert reply.response.text.startswith("One is down.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        (3, "3"),
        ([1, "two", None], "- 1\n- two\n- –"),
        ({"root_cause": "disk", "steps": []}, "- **Root cause**: disk\n- **Steps**: –"),
        ({"a": {"b": {"c": True}}}, "- **A**:\n  - **B**:\n    - **C**: true"),
        ([{"a": 1, "b": 2}], "- **A**: 1\n  - **B**: 2"),
        ({"summary": {"a": 1}}, "- **Summary**:\n  - **A**: 1"),
        ({"text": "two\nlines"}, "- **Text**: two lines"),
    ],
)
def test_values_are_lists(value: object, text: str) -> None:
    assert shown(value) == text
