"""The same agents over real HTTP, before the stand-in of a vendor."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import override_allow_model_requests

from aof.agents.base import Answered, ApprovalNeeded, Attachment, Reply, Turn
from aof.agents.llm import Fallback, build
from aof.agents.llm.agent import LLMAgent
from aof.domain.errors import AgentError
from aof.simulator.model import Call, ModelServer, Rule, Said, Script
from aof.tools.base import Result
from tests.unit.agents.llm.world import Scripted, World, said

KEY = "sk-planted-0123456789abcdefghij"

SCRIPT = Script(
    [
        Rule("All is well.", user="well"),
        Rule(Said("I look.", [Call("kubectl", {"command": "get pods"})]), user="look"),
        Rule(Said(None, [Call("kubectl", {"command": "delete pod web-1"})]), user="delete"),
        Rule("There is one pod.", result="web-1"),
        Rule("It is gone.", result="deleted"),
    ]
)


@pytest.fixture(autouse=True)
def requests_allowed() -> Iterator[None]:
    with override_allow_model_requests(True):
        yield


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(SCRIPT, api_key=KEY) as running:
        yield running


def agent(server: ModelServer, world: World, **changed: Any) -> LLMAgent:
    values = {"base_url": server.url, "api_key": SecretStr(KEY), "model": server.model, **changed}
    return build(world.settings(**values), world.toolbox(), world.gate(), environment={})


async def ask(server: ModelServer, turn: Turn, world: World | None = None, **changed: Any) -> Reply:
    made = agent(server, world or World(), **changed)
    try:
        return await made.answer(turn)
    finally:
        await made.close()


async def text_of(server: ModelServer, question: str, **changed: Any) -> str:
    reply = await ask(server, said(question), **changed)
    assert isinstance(reply, Answered)
    return reply.response.text


async def test_a_question_is_answered(server: ModelServer) -> None:
    assert await text_of(server, "is all well?") == "All is well."
    body = server.requests[0].body
    assert body["messages"][-1] == {"role": "user", "content": "is all well?"}
    assert [tool["function"]["name"] for tool in body["tools"]] == ["kubectl"]


async def test_a_picture_and_a_text_file_are_sent(server: ModelServer) -> None:
    files = (Attachment("image/png", "", b"\x89PNG"), Attachment("text/plain", "a.log", b"line"))
    await ask(server, said("is all well?", attachments=files))
    typed, picture, text = server.requests[0].body["messages"][-1]["content"]
    assert typed == {"type": "text", "text": "is all well?"}
    assert picture["image_url"]["url"] == "data:image/png;base64,iVBORw=="
    assert text["text"].split("\n")[1] == "line"


async def test_settings_are_sent(server: ModelServer) -> None:
    await text_of(
        server, "well?", temperature=0.3, max_tokens=77, top_p=0.5, frequency_penalty=0.1, presence_penalty=0.2
    )
    body = server.requests[0].body
    assert {key: body[key] for key in ("temperature", "top_p", "frequency_penalty", "presence_penalty")} == {
        "temperature": 0.3, "top_p": 0.5, "frequency_penalty": 0.1, "presence_penalty": 0.2,
    }  # fmt: skip
    assert body.get("max_completion_tokens", body.get("max_tokens")) == 77


async def test_a_look_is_shown_to_the_model_fenced(server: ModelServer) -> None:
    world = World()
    world.tool.outputs["get pods"] = Result("web-1 Running")
    reply = await ask(server, said("look at the pods"), world)
    assert isinstance(reply, Answered)
    assert reply.response.text == "There is one pod."
    shown = server.requests[1].body["messages"][-1]
    assert shown["role"] == "tool"
    assert shown["content"].startswith("<data-")
    assert "web-1 Running" in shown["content"]


async def test_a_pause_is_taken_up_by_another_object(server: ModelServer) -> None:
    world, turn = World(), said("delete the pod")
    world.tool.outputs["delete pod web-1"] = Result("pod deleted")
    needed = await ask(server, turn, world)
    assert isinstance(needed, ApprovalNeeded)
    reply = await ask(server, world.decided(turn, needed, True), world)
    assert isinstance(reply, Answered)
    assert reply.response.text == "It is gone."
    told = server.requests[1].body["messages"]
    assert told[0]["role"] == "system"
    assert [message["role"] for message in told[1:]] == ["user", "assistant", "tool"]
    assert told[-1]["tool_call_id"] == needed.asks[0].proposal.call


async def test_a_denied_pause_asks_the_model_nothing(server: ModelServer) -> None:
    world, turn = World(), said("delete the pod")
    needed = await ask(server, turn, world)
    assert isinstance(needed, ApprovalNeeded)
    await ask(server, world.decided(turn, needed, False), world)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["broken", "unavailable", "cut_before_answer"])
async def test_a_passing_fault_is_got_over(server: ModelServer, fault: str) -> None:
    server.faults.add(fault)
    assert await text_of(server, "well?") == "All is well."
    assert len(server.requests) == 2


async def test_a_rate_limit_is_waited_out(server: ModelServer) -> None:
    server.faults.add("rate_limited", seconds=0.1)
    assert await text_of(server, "well?") == "All is well."
    assert [asked.status for asked in server.requests] == [429, 200]


async def test_three_rate_limits_are_an_apology(server: ModelServer) -> None:
    server.faults.add("rate_limited", 3, seconds=0.05)
    with pytest.raises(AgentError, match="can't be reached right now"):
        await text_of(server, "well?", max_attempts=3)


@pytest.mark.parametrize("attempts", [1, 2, 3])
async def test_a_request_is_tried_as_often_as_configured(server: ModelServer, attempts: int) -> None:
    server.faults.add("rate_limited", 9, seconds=0.05)
    with pytest.raises(AgentError):
        await text_of(server, "well?", max_attempts=attempts)
    assert len(server.requests) == attempts


async def test_a_refusal_is_not_tried_again(server: ModelServer) -> None:
    server.faults.add("refused")
    with pytest.raises(AgentError) as raised:
        await text_of(server, "well?")
    assert len(server.requests) == 1
    assert "token" not in raised.value.apology


async def test_a_wrong_key_is_an_apology_that_does_not_say_it(server: ModelServer) -> None:
    with pytest.raises(AgentError) as raised:
        await text_of(server, "well?", api_key=SecretStr("sk-wrong-0123456789abcdefghij"))
    assert "operator" in raised.value.apology
    assert "sk-" not in raised.value.apology


async def test_a_silent_server_is_asked_twice_at_most(server: ModelServer) -> None:
    server.faults.add("hang", 10)
    with pytest.raises(AgentError, match="can't be reached"):
        await text_of(server, "well?", request_timeout_seconds=1, max_attempts=5)
    assert 1 <= len(server.requests) <= 2


async def test_the_runs_deadline_ends_a_silent_server(server: ModelServer) -> None:
    server.faults.add("hang", 10)
    with pytest.raises(AgentError, match=r"took longer than 1 s"):
        await text_of(server, "well?", run_timeout_seconds=1)
    assert len(server.requests) == 1
    await server.disconnected(1)


async def test_a_cancel_closes_the_connection(server: ModelServer) -> None:
    held = server.hold()
    running = asyncio.create_task(ask(server, said("well?")))
    await held.reached()
    assert server.disconnects == 0
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await server.disconnected(1)
    assert len(server.requests) == 1


async def test_a_fallback_answers_for_a_model_that_fails(server: ModelServer) -> None:
    world = World()
    settings = world.settings(
        provider="ollama", base_url="http://127.0.0.1:9/v1", model="gone", max_attempts=1,
        fallbacks=(Fallback("openai", server.model),),
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", server.url)
        made = build(settings, world.toolbox(), world.gate(), environment={"OPENAI_API_KEY": KEY})
        reply = await made.answer(said("well?"))
        await made.close()
    assert isinstance(reply, Answered)
    assert reply.response.text == "All is well."


async def test_the_key_is_in_no_body_no_repr_and_no_log(server: ModelServer) -> None:
    world = World()
    with structlog.testing.capture_logs() as lines:
        made = agent(server, world)
        server.faults.add("refused")
        with pytest.raises(AgentError):
            await made.answer(said("well?"))
        await made.close()
        with pytest.raises(AgentError):
            await text_of(server, "well?", api_key=SecretStr("sk-wrong-0123456789abcdefghij"))
    assert KEY not in json.dumps([asked.body for asked in server.requests])
    assert KEY not in repr(made) + repr(made.__dict__) + repr(world.settings(api_key=SecretStr(KEY)))
    assert {line["event"] for line in lines} == {"model_failed"}
    assert "0123456789" not in repr(lines)


async def test_what_a_provider_says_is_in_the_log(server: ModelServer) -> None:
    server.faults.add("refused")
    with structlog.testing.capture_logs() as lines, pytest.raises(AgentError):
        await text_of(server, "well?")
    (line,) = lines
    assert (line["status"], line["agent"]) == (400, "ops")
    assert "maximum context length" in line["reason"]


async def test_a_secret_that_a_provider_repeats_is_masked_in_the_log() -> None:
    def refuses(messages: object) -> ModelResponse:
        raise ModelHTTPError(401, "scripted", {"message": f"no such key {unusual}"})

    world, unusual = World(), "0a1b2c3d4e5f60718293"
    model = Scripted(refuses)
    made = LLMAgent(world.settings(), world.toolbox(), world.gate(), model.model, secrets=[unusual])
    with structlog.testing.capture_logs() as lines, pytest.raises(AgentError) as raised:
        await made.answer(said("well?"))
    assert "no such key •••" in lines[0]["reason"]
    assert unusual not in repr(lines) + raised.value.apology


async def test_libraries_log_no_body(server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await text_of(server, "is all well, planted words?")
    assert "planted" not in caplog.text
