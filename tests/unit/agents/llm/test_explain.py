"""A question about a call that waits: answered in words, without tools, and nothing is decided or remembered."""

import json
from dataclasses import replace

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart, UserPromptPart

from aof.agents.base import Acts, ApprovalNeeded, Explains
from aof.domain.errors import AgentError
from aof.texts.language import Language
from tests.unit.agents.llm.world import Scripted, World, calls, parts, said, words


async def paused(world: World, *answers: ModelResponse) -> ApprovalNeeded:
    reply = await world.agent(Scripted(*answers).model).answer(said("clean up"))
    assert isinstance(reply, ApprovalNeeded)
    return reply


def texts(messages: list[ModelMessage]) -> list[str]:
    return [str(part.content) for message in messages for part in message.parts]


async def test_it_answers_on_what_it_found_out_without_calling_anything() -> None:
    world = World()
    needed = await paused(world, calls("get pods", text="I look."), calls("delete pod a", "delete pod b", text="Both?"))
    call = needed.asks[1].proposal.call
    model = Scripted(words("It restarts <data-0123456789abcdef>b."))
    agent = world.agent(model.model, instructions="You are ops.")
    before = needed.state
    response = await agent.explain(replace(said("why b?"), language=Language.ARABIC), needed.state, call)
    assert response.text == "It restarts b."
    [shown] = model.shown
    assert parts(shown, ToolCallPart) == parts(shown, ToolReturnPart) == []
    assert texts(shown)[:4] == [
        "clean up",
        "I look.",
        '[I called kubectl with {"command":"get pods"}]',
        texts(shown)[3],
    ]
    assert "output of kubectl get pods" in texts(shown)[3]
    assert texts(shown)[4:] == [
        "Both?",
        "The command that waits for approval:\nkubectl delete pod b\n\nThe question about it:\nwhy b?",
    ]
    assert not model.infos[0].function_tools
    assert model.instructions.startswith("You are ops.\n\nYou proposed a command")
    assert model.instructions.endswith("Answer in Arabic.")
    assert world.tool.performed == [("kubectl", "get", "pods")]
    assert needed.state == before


async def test_a_command_of_an_answer_is_explained_too() -> None:
    world = World()
    agent = world.agent(
        Scripted(words('requires_approval: true\ncommand: "delete pod a"')).model, command_tool="kubectl"
    )
    needed = await agent.answer(said("clean up"))
    assert isinstance(needed, ApprovalNeeded)
    model = Scripted(words("Because."))
    made = world.agent(model.model)
    assert (await made.explain(said("why?"), needed.state, needed.asks[0].proposal.call)).text == "Because."
    assert "kubectl delete pod a" in str(parts(model.shown[0], UserPromptPart)[-1].content)


async def test_a_request_in_its_explanation_runs_nothing() -> None:
    world = World()
    needed = await paused(world, calls("delete pod a"))
    model = Scripted(words('requires_approval: true\ncommand: "delete pod z"'))
    agent = world.agent(model.model, command_tool="kubectl")
    await agent.explain(said("why?"), needed.state, needed.asks[0].proposal.call)
    assert world.tool.performed == []
    assert world.journal.approvals == {}


async def test_a_call_that_is_none_of_the_run_is_apologised_for() -> None:
    needed = await paused(World(), calls("delete pod a"))
    with pytest.raises(AgentError):
        await World().agent(Scripted().model).explain(said("why?"), needed.state, "another")
    with pytest.raises(AgentError):
        await World().agent(Scripted().model).explain(said("why?"), json.dumps({"version": 0}), "another")


async def test_a_model_that_fails_is_apologised_for() -> None:
    needed = await paused(World(), calls("delete pod a"))

    def fails(_: object) -> ModelResponse:
        raise ModelHTTPError(503, "scripted", "busy with s3cret")

    with pytest.raises(AgentError) as error:
        await World().agent(Scripted(fails).model).explain(said("why?"), needed.state, needed.asks[0].proposal.call)
    assert "s3cret" not in str(error.value)


def test_it_is_an_agent_that_acts_and_explains() -> None:
    agent = World().agent(Scripted(ModelResponse(parts=[TextPart("")])).model)
    assert isinstance(agent, Acts)
    assert isinstance(agent, Explains)
    assert agent.repeats is False
    assert agent.tool("kubectl") is not None
    assert agent.tool("bash") is None
