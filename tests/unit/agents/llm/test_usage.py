"""What a run took of its model is written down however it ends, and it keeps to what it may take."""

from collections.abc import Sequence

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.usage import RequestUsage

from aof.agents.base import Allowance, Answered, ApprovalNeeded
from aof.domain.errors import AgentError
from tests.unit.agents.llm.world import Scripted, World, calls, said, words


def measured(answer: ModelResponse, asked: int, answered: int, *, model: str = "scripted") -> ModelResponse:
    answer.usage = RequestUsage(input_tokens=asked, output_tokens=answered)
    answer.model_name = model
    return answer


def taken(allowance: Allowance) -> tuple[int, int]:
    return sum(one.input_tokens for one in allowance.answers), sum(one.output_tokens for one in allowance.answers)


async def test_each_answer_is_written_down_with_its_tokens() -> None:
    model = Scripted(measured(calls("get pods"), 40, 5), measured(words("All run."), 60, 7))
    turn = said("are the pods up?")
    await World().agent(model.model).answer(turn)
    assert taken(turn.allowance) == (100, 12)
    assert (len(turn.allowance.answers), turn.allowance.tool_calls_made) == (2, 1)
    assert (turn.allowance.is_measured, turn.allowance.short_of) == (True, None)


async def test_also_where_the_model_fails_then() -> None:
    def fails(_: Sequence[ModelMessage]) -> ModelResponse:
        raise ModelHTTPError(500, "scripted")

    model = Scripted(measured(calls("get pods"), 40, 5), fails)
    turn = said("are the pods up?")
    with pytest.raises(AgentError):
        await World().agent(model.model).answer(turn)
    assert taken(turn.allowance) == (40, 5)


@pytest.mark.parametrize(("tokens", "answers"), [(4_500, 1), (8_999, 1), (9_000, 2)])
async def test_no_answer_is_asked_for_that_would_go_past_the_tokens(tokens: int, answers: int) -> None:
    model = Scripted(*(measured(calls(f"get pods -n {n}"), 4_000, 500) for n in range(9)))
    turn = said("x", allowance=Allowance(tokens=tokens, short=frozenset({"tokens"})))
    reply = await World().agent(model.model, instructions="").answer(turn)
    assert isinstance(reply, Answered)
    assert (len(model.shown), turn.allowance.short_of) == (answers, "tokens")
    assert "on one question" not in reply.response.text
    assert "on one question" in reply.remembered


async def test_not_even_the_first_where_the_question_alone_is_too_long() -> None:
    model = Scripted(measured(words("yes"), 1, 1))
    turn = said("x" * 5_000, allowance=Allowance(tokens=900, short=frozenset({"tokens"})))
    await World().agent(model.model).answer(turn)
    assert (model.shown, turn.allowance.short_of, turn.allowance.answers) == ([], "tokens", [])


async def test_a_run_that_may_ask_no_model_runs_what_was_approved() -> None:
    world, model = World(), Scripted(measured(calls("delete pod x"), 40, 5))
    agent = world.agent(model.model)
    turn = said("delete x")
    needed = await agent.answer(turn)
    assert isinstance(needed, ApprovalNeeded)
    turn = world.decided(said("x", allowance=Allowance(tokens=0, short=frozenset({"tokens"}))), needed, True)
    await agent.answer(turn)
    assert world.tool.performed == [("kubectl", "delete", "pod", "x")]
    assert (len(model.shown), turn.allowance.short_of) == (1, "tokens")


async def test_fewer_uses_of_tools_end_the_run() -> None:
    model = Scripted(*(measured(calls(f"get pods -n {n}"), 40, 5) for n in range(9)))
    turn = said("x", allowance=Allowance(tool_calls=2, short=frozenset({"tool_calls"})))
    await World().agent(model.model).answer(turn)
    assert (len(model.shown), turn.allowance.short_of, turn.allowance.tool_calls_made) == (3, "tool_calls", 2)
