"""Answers, whole and streamed, in OpenAI's shapes."""

import json
from typing import Any

import aiohttp
import pytest

from aof.simulator.model import Call, ModelServer, Rule, Said, Script, WrongScript
from tests.unit.simulator.model.asking import KEY, body, calling, result, user

TWO_CALLS = Said("Looking.", [Call("shell", {"command": "df -h / — الكل"}), Call("web", {"command": "x"})])


async def test_a_text_has_the_shape_of_a_completion(serving):
    client = await serving()
    answer = await client.whole(body())
    usage = answer.pop("usage")
    created = answer.pop("created")
    assert created == int(client.server.requests[0].at.timestamp())
    assert answer == {
        "id": "chatcmpl-00000001",
        "object": "chat.completion",
        "model": "scripted",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello.", "refusal": None, "annotations": []},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "service_tier": "default",
        "system_fingerprint": "fp_scripted",
    }
    assert usage["completion_tokens"] == 2
    assert usage["total_tokens"] == usage["prompt_tokens"] + 2


async def test_a_longer_conversation_and_tools_cost_more(serving):
    client = await serving()

    async def cost(asked: dict[str, Any]) -> int:
        return int((await client.whole(asked))["usage"]["prompt_tokens"])

    assert await cost(body()) < await cost(body(tools=["shell"])) < await cost(body(user("x" * 400), tools=["shell"]))


async def test_calls_after_a_text(serving):
    client = await serving(lambda _: TWO_CALLS)
    choice = (await client.whole(body(tools=["shell", "web"])))["choices"][0]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == "Looking."
    calls = choice["message"]["tool_calls"]
    assert [call["type"] for call in calls] == ["function", "function"]
    assert [call["function"]["name"] for call in calls] == ["shell", "web"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"command": "df -h / — الكل"}
    assert calls[0]["id"] != calls[1]["id"]


async def test_ids_never_come_twice(serving):
    client = await serving(lambda _: TWO_CALLS)
    asked = body(tools=["shell", "web"])
    answers = [await client.said(asked), await client.said(asked)]
    assert len({call["id"] for answer in answers for call in answer["tool_calls"]}) == 4


async def test_a_call_without_a_text_has_null_content(serving):
    client = await serving(lambda _: Said(calls=[Call("shell", "{broken")]))
    answer = await client.said(body(tools=["shell"]))
    assert answer["content"] is None
    assert answer["tool_calls"][0]["function"]["arguments"] == "{broken"


async def test_a_stream_carries_what_the_whole_answer_holds(serving):
    client = await serving(lambda _: TWO_CALLS)
    asked = body(tools=["shell", "web"])
    whole = await client.said(asked)
    events = await client.events(asked)
    assert len({event["id"] for event in events}) == 1
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    assert not any("usage" in event for event in events)
    choices = [event["choices"][0] for event in events]
    assert choices[0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["tool_calls"]
    assert "".join(choice["delta"].get("content") or "" for choice in choices) == whole["content"]
    names: dict[int, str] = {}
    pieces: dict[int, list[str]] = {}
    for choice in choices:
        for part in choice["delta"].get("tool_calls", ()):
            if "id" in part:
                assert part["type"] == "function"
                names[part["index"]] = part["function"]["name"]
            pieces.setdefault(part["index"], []).append(part["function"]["arguments"])
    assert names == {0: "shell", 1: "web"}
    for index, call in enumerate(whole["tool_calls"]):
        assert "".join(pieces[index]) == call["function"]["arguments"]
        assert max(len(piece) for piece in pieces[index]) <= 4
    assert len(pieces[0]) > 5


async def test_a_stream_tells_its_usage_when_asked(serving):
    client = await serving()
    events = await client.events(body(stream_options={"include_usage": True}))
    assert [event["usage"] for event in events[:-1]] == [None] * (len(events) - 1)
    assert events[-1]["choices"] == []
    assert events[-1]["usage"] == (await client.whole(body()))["usage"]


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
async def test_a_limit_of_tokens_cuts_the_text_and_leaves_the_calls_out(serving, limit):
    client = await serving(lambda _: Said("Hello there.", [Call("shell", {})]))
    answer = await client.whole(body(tools=["shell"], **{limit: 2}))
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["choices"][0]["message"]["content"] == "Hello th"
    assert "tool_calls" not in answer["choices"][0]["message"]
    assert answer["usage"]["completion_tokens"] == 2


async def test_a_limit_of_tokens_leaves_a_call_half_written(serving):
    client = await serving(lambda _: Said(calls=[Call("shell", {"command": "uptime"}), Call("shell", {})]))
    answer = await client.whole(body(tools=["shell"], max_tokens=2))
    assert answer["choices"][0]["finish_reason"] == "length"
    assert [call["function"]["arguments"] for call in answer["choices"][0]["message"]["tool_calls"]] == ['{"comman']


async def test_half_a_character_arrives_as_it_was_said(serving):
    client = await serving(lambda asked: Said(asked["messages"][0]["content"]))
    assert (await client.said(body(user("a\ud83d"))))["content"] == "a\ud83d"


async def test_the_model_is_listed(serving):
    client = await serving(model="small")
    async with client.get("/models") as response:
        listed = await response.json()
    shown = {"id": "small", "object": "model", "created": 0, "owned_by": "system"}
    assert listed == {"object": "list", "data": [shown]}
    async with client.get("/models/small") as response:
        assert await response.json() == shown
    async with client.get("/models/large") as response:
        assert response.status == 404
        assert (await response.json())["error"]["code"] == "model_not_found"


async def test_requests_are_kept_as_they_came(serving):
    client = await serving()
    first, second = body(user("one")), body(user("two"), temperature=9)
    assert [await client.status(first), await client.status(second)] == [200, 400]
    kept = client.server.requests
    assert [asked.body for asked in kept] == [first, second]
    assert [asked.status for asked in kept] == [200, 400]
    assert kept[0].headers["authorization"] == KEY["Authorization"]
    assert KEY["Authorization"] not in repr(kept[0])
    assert kept[0].at <= kept[1].at


RULES = Script(
    [
        Rule("Both.", user="disk", turn=2),
        Rule(Said(calls=[Call("shell", {"command": "df"})]), user=r"\bdisk\b"),
        Rule("It is full.", result_of="shell", result=r"9\d%"),
        Rule("It has room.", result_of="shell"),
        Rule(lambda asked: Said(f"I read {len(asked['messages'])}."), user="how many"),
    ],
    default="What?",
)


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([user("the DISK please")], None),
        ([user("disk"), calling(("a", "shell", "{}")), result("a", "97%")], "It is full."),  # not the call again
        ([user("disk"), calling(("a", "shell", "{}")), result("a", "12%")], "It has room."),
        ([user("disk"), calling(("a", "web", "{}")), result("a", "97%")], "What?"),
        (
            [user("x"), calling(("a", "web", "{}"), ("b", "shell", "{}")), result("b", "1"), result("a", "97%")],
            "It has room.",
        ),
        ([user("x"), calling(("a", "shell", "{}")), result("a", "97%"), user("disks")], "What?"),
        (
            [user("disk"), {"role": "assistant", "content": "?"}, {"role": "assistant", "content": "!"}, user("disk")],
            "Both.",
        ),
        (
            [
                user("x"),
                calling(("a", "shell", "{}")),
                result("a", "97%"),
                calling(("b", "web", "{}")),
                result("b", "x"),
            ],
            "What?",
        ),
        ([user("how many")], "I read 1."),
        (
            [{"role": "user", "content": [{"type": "text", "text": "how "}, {"type": "text", "text": "many"}]}],
            "I read 1.",
        ),
        ([{"role": "system", "content": "disk"}], "What?"),
    ],
)
async def test_the_first_rule_that_holds_answers(serving, messages, said):
    client = await serving(RULES)
    answer = await client.said(body(*messages, tools=["shell", "web"]))
    assert answer["content"] == said
    assert ("tool_calls" in answer) == (said is None)


def _failing(asked: Any) -> Said:
    raise KeyError("pid")


CALL = Said(calls=[Call("shell", {})])
WRONG = [
    (CALL, {}, "not on offer; these are: none"),
    (CALL, {"tools": ["web"]}, "not on offer; these are: web"),
    (CALL, {"tools": ["shell"], "tool_choice": "none"}, "tool_choice is none"),
    (Said("x"), {"tools": ["shell"], "tool_choice": "required"}, "asks for one"),
    (
        CALL,
        {"tools": ["shell", "web"], "tool_choice": {"type": "function", "function": {"name": "web"}}},
        "asks for web",
    ),
    (TWO_CALLS, {"tools": ["shell", "web"], "parallel_tool_calls": False}, "parallel_tool_calls"),
    (Said(), {}, "neither text nor calls"),
    (None, {}, "no Said"),
    (_failing, {}, "KeyError: 'pid'"),
]


@pytest.mark.parametrize(("said", "more", "words"), WRONG)
async def test_a_script_that_no_model_could_follow_is_told_at_once_and_at_the_stop(serving, said, more, words):
    client = await serving(said if callable(said) else lambda _: said)
    error = await client.refused(body(**more))
    assert error["type"] == "script_error"
    assert words in error["message"]
    with pytest.raises(WrongScript, match=words):
        await client.server.stop()
    await client.server.stop()  # it is told once


async def _asked_of_a_failing_script(error: Exception | None) -> None:
    async with ModelServer(_failing) as server, aiohttp.ClientSession(headers=KEY) as http:
        async with http.post(f"{server.url}/chat/completions", json=body()) as response:
            assert response.status == 400
        if error is not None:
            raise error


async def test_a_test_that_passed_otherwise_hears_of_a_wrong_script():
    with pytest.raises(WrongScript):
        await _asked_of_a_failing_script(None)


async def test_a_failing_test_is_not_hidden_by_a_wrong_script():
    with pytest.raises(ZeroDivisionError):
        await _asked_of_a_failing_script(ZeroDivisionError())


async def test_a_name_may_be_made_up_on_purpose(serving):
    client = await serving(lambda _: Said(calls=[Call("sudo", {}, invented=True)]))
    answer = await client.said(body(tools=["shell"]))
    assert answer["tool_calls"][0]["function"]["name"] == "sudo"


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "shell"}}])
async def test_a_call_that_was_asked_for(serving, choice):
    client = await serving(lambda _: CALL)
    assert (await client.said(body(tools=["shell", "web"], tool_choice=choice)))["tool_calls"]
