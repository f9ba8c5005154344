"""A command in an answer's text is a request like any other, and goes on without the model."""

import json
from dataclasses import replace

import pytest

from aof.agents.base import Answered, ApprovalNeeded, Decision, Resumed
from aof.domain.errors import AgentError
from aof.domain.response import Status
from aof.tools.base import Result
from tests.unit.agents.llm.world import Scripted, World, questions, said, scope, words

ASKS = 'I would delete it.\n\nrequires_approval: true\ncommand: "delete pod web-1"'


async def asked(world: World, text: str = ASKS) -> ApprovalNeeded:
    reply = await world.agent(Scripted(words(text)).model, command_tool="kubectl").answer(said("clean up"))
    assert isinstance(reply, ApprovalNeeded)
    return reply


async def test_it_is_asked_for_with_the_words_around_it() -> None:
    world = World()
    needed = await asked(world)
    assert questions(needed) == ["kubectl delete pod web-1"]
    assert needed.asks[0].proposal.call == "answer-command"
    assert needed.said == "I would delete it."
    assert world.tool.performed == []


async def test_once_approved_it_runs_without_the_model() -> None:
    world, turn, model = World(), said("clean up"), Scripted()
    needed = await asked(world)
    reply = await world.agent(model.model, command_tool="kubectl").answer(world.decided(turn, needed, True))
    assert isinstance(reply, Answered)
    assert world.tool.performed == [("kubectl", "delete", "pod", "web-1")]
    assert model.shown == []
    assert reply.response.text == "Done: delete pod web-1."
    assert "output of kubectl delete pod web-1" in reply.remembered


async def test_denied_it_does_not_run() -> None:
    world, turn = World(), said("clean up")
    needed = await asked(world)
    reply = await world.agent(Scripted().model, command_tool="kubectl").answer(world.decided(turn, needed, False))
    assert isinstance(reply, Answered)
    assert reply.response.status is Status.NOTE
    assert world.tool.performed == []


async def test_edited_it_runs_as_edited() -> None:
    world, turn = World(), said("clean up")
    needed = await asked(world)
    edited = world.edited(turn, needed, {"command": "delete pod web-2"}, ("kubectl", "delete", "pod", "web-2"))
    reply = await world.agent(Scripted().model, command_tool="kubectl").answer(edited)
    assert isinstance(reply, Answered)
    assert world.tool.performed == [("kubectl", "delete", "pod", "web-2")]


async def test_an_unknown_outcome_is_said() -> None:
    world, turn = World(), said("clean up")
    world.tool.outputs["delete pod web-1"] = Result("timed out", failed=True, is_unknown=True)
    needed = await asked(world)
    reply = await world.agent(Scripted().model, command_tool="kubectl").answer(world.decided(turn, needed, True))
    assert isinstance(reply, Answered)
    assert reply.response.status is Status.FAILED
    assert reply.response.text.startswith("I can't tell whether")


async def test_a_look_runs_at_once_and_its_output_is_shown() -> None:
    world = World()
    text = 'requires_approval: true\ncommand: "get pods"'
    reply = await world.agent(Scripted(words(text)).model, command_tool="kubectl").answer(said("look"))
    assert isinstance(reply, Answered)
    assert reply.response.text == "Done: get pods.\n\n```\noutput of kubectl get pods\n```"


async def test_what_is_refused_is_left_to_the_record() -> None:
    world, where = World(), scope()
    text = 'requires_approval: true\ncommand: "exec sh"'
    reply = await world.agent(Scripted(words(text)).model, command_tool="kubectl").answer(said("go", scope=where))
    assert isinstance(reply, Answered)
    assert reply.response.status is Status.FAILED
    assert len(where.record.refused) == 1


async def test_without_such_a_tool_it_is_only_text() -> None:
    reply = await World().agent(Scripted(words(ASKS)).model, command_tool="shell").answer(said("clean up"))
    assert isinstance(reply, Answered)
    assert reply.response.text == ASKS


async def test_an_approval_of_another_call_runs_nothing() -> None:
    world, turn = World(), said("clean up")
    needed = await asked(world)
    stray = replace(turn, resumed=Resumed(needed.state, {"another": Decision(approved=True)}), scope=scope())
    reply = await world.agent(Scripted().model, command_tool="kubectl").answer(stray)
    assert isinstance(reply, Answered)
    assert world.tool.performed == []
    assert json.loads(reply.remembered)


async def test_a_pause_whose_tool_is_gone_is_apologised_for() -> None:
    world, turn = World(), said("clean up")
    needed = await asked(world)
    with pytest.raises(AgentError, match="can't go on"):
        await world.agent(Scripted().model, command_tool="shell").answer(world.decided(turn, needed, True))
