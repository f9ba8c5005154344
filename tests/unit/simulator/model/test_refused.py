"""What OpenAI refuses is refused, in its words."""

from typing import Any

import pytest

from tests.unit.simulator.model.asking import body, calling, result, tool, user

CALL = ("call_1", "shell", "{}")
TWO = calling(CALL, ("call_2", "shell", "{}"))
UNANSWERED = "must be followed by tool messages responding to each 'tool_call_id'"


def asks(**changes: Any) -> dict[str, Any]:
    """A request with these keys set; `...` leaves one out."""
    return {key: value for key, value in (body(tools=["shell"]) | changes).items() if value is not ...}


def says(*messages: Any) -> dict[str, Any]:
    return {"model": "scripted", "messages": list(messages)}


def offers(**function: Any) -> dict[str, Any]:
    return asks(tools=[{"type": "function", "function": {"name": "shell"} | function}])


REFUSALS = [
    # the request
    (asks(model=...), "you must provide a model parameter", None, None),
    (
        asks(model=3),
        "Invalid type for 'model': expected a string, but got an integer instead.",
        "model",
        "invalid_type",
    ),
    (asks(messages=...), "Missing required parameter: 'messages'.", "messages", "missing_required_parameter"),
    (asks(messages=[]), "Invalid 'messages': empty array", "messages", "empty_array"),
    (asks(messages="hello"), "Invalid type for 'messages'", "messages", "invalid_type"),
    (asks(temprature=1), "Unknown parameter: 'temprature'.", "temprature", "unknown_parameter"),
    (asks(functions=[]), "Unknown parameter: 'functions'.", "functions", "unknown_parameter"),
    (
        asks(temperature=2.1),
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.1 instead.",
        "temperature",
        "decimal_above_max_value",
    ),
    (
        asks(max_tokens=0),
        "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
        "max_tokens",
        "integer_below_min_value",
    ),
    (asks(seed=10**400), "integer above maximum value", "seed", "integer_above_max_value"),
    (asks(max_tokens=True), "Invalid type for 'max_tokens'", "max_tokens", "invalid_type"),
    (asks(max_tokens=1.5), "Invalid type for 'max_tokens'", "max_tokens", "invalid_type"),
    (asks(max_tokens=9, max_completion_tokens=9), "at the same time", "max_tokens", "invalid_parameter_combination"),
    (asks(stream="yes"), "Invalid type for 'stream': expected a boolean", "stream", "invalid_type"),
    (asks(stream_options={"include_usage": True}), "only allowed when 'stream' is enabled", "stream_options", None),
    (
        asks(stream=True, stream_options={"usage": True}),
        "Unknown parameter: 'stream_options.usage'.",
        "stream_options.usage",
        "unknown_parameter",
    ),
    (asks(reasoning_effort="huge"), "Invalid value: 'huge'.", "reasoning_effort", "invalid_value"),
    (asks(n=2), "one choice", "n", None),
    # tools
    (asks(tools=[]), "Invalid 'tools': empty array", "tools", "empty_array"),
    (asks(tools=..., tool_choice="auto"), "only allowed when 'tools' are specified", "tool_choice", None),
    (asks(tools=..., parallel_tool_calls=False), "only allowed when 'tools' are", "parallel_tool_calls", None),
    (asks(tool_choice="any"), "Invalid value: 'any'.", "tool_choice", "invalid_value"),
    (asks(tool_choice=["none"]), "Invalid type for 'tool_choice'", "tool_choice", "invalid_type"),
    (asks(tool_choice={"type": "function"}), "Missing required", "tool_choice.function", "missing_required_parameter"),
    (
        asks(tool_choice={"type": "function", "function": {"name": "web"}}),
        "not found in 'tools' parameter",
        "tool_choice",
        None,
    ),
    (asks(tools=["shell"]), "Invalid type for 'tools[0]'", "tools[0]", "invalid_type"),
    (asks(tools=[{"type": "function"}]), "Missing", "tools[0].function", "missing_required_parameter"),
    (
        asks(tools=[tool("a"), tool("b") | {"type": "mcp"}]),
        "Supported values are: 'function'.",
        "tools[1].type",
        "invalid_value",
    ),
    (offers(name="a b"), "does not match pattern. Expected", "tools[0].function.name", "invalid_value"),
    (offers(name="x" * 65), "maximum length 64, but got", "tools[0].function.name", "string_above_max_length"),
    (offers(schema={}), "Unknown parameter", "tools[0].function.schema", "unknown_parameter"),
    (offers(description=1), "Invalid type", "tools[0].function.description", "invalid_type"),
    (
        offers(parameters={"type": "string"}),
        "schema for function 'shell'",
        "tools[0].function.parameters",
        "invalid_function_parameters",
    ),
    # roles and content
    (says("hello"), "Invalid type for 'messages[0]': expected an object", "messages[0]", "invalid_type"),
    (says({"content": "x"}), "Missing required", "messages[0].role", "missing_required_parameter"),
    (
        says(user("x"), {"role": "bot", "content": "x"}),
        "Invalid value: 'bot'. Supported values are: 'developer', 'system', 'user', 'assistant', and 'tool'.",
        "messages[1].role",
        "invalid_value",
    ),
    (
        says({"role": "user"}),
        "Missing required parameter: 'messages[0].content'.",
        "messages[0].content",
        "missing_required_parameter",
    ),
    (says({"role": "user", "content": None}), "expected a string, got null", "messages.[0].content", None),
    (says({"role": "assistant", "content": None}), "expected a string, got null", "messages.[0].content", None),
    (says({"role": "assistant"}), "expected a string, got null", "messages.[0].content", None),
    (
        says({"role": "user", "content": 1}),
        "expected one of a string or array of objects",
        "messages[0].content",
        "invalid_type",
    ),
    (says({"role": "user", "content": []}), "empty array", "messages[0].content", "empty_array"),
    (
        says({"role": "user", "content": [{"type": "refusal", "refusal": "x"}]}),
        "Invalid value",
        "messages[0].content[0].type",
        "invalid_value",
    ),
    (
        says({"role": "system", "content": [{"type": "image_url", "image_url": {}}]}),
        "Invalid value",
        "messages[0].content[0].type",
        "invalid_value",
    ),
    (
        says({"role": "user", "content": [{"type": "text"}]}),
        "Missing",
        "messages[0].content[0].text",
        "missing_required_parameter",
    ),
    (
        says({"role": "user", "content": [{"type": "file"}]}),
        "Missing",
        "messages[0].content[0].file",
        "missing_required_parameter",
    ),
    (says({"role": "user", "content": "x", "when": 1}), "Unknown", "messages[0].when", "unknown_parameter"),
    (says({"role": "user", "content": "x", "name": 1}), "Invalid type", "messages[0].name", "invalid_type"),
    # calls and their results
    (
        says(user("x"), calling(CALL)),
        f"{UNANSWERED}. The following tool_call_ids did not have response messages: call_1",
        "messages",
        None,
    ),
    (says(user("x"), TWO, result("call_1", "x")), "did not have response messages: call_2", "messages", None),
    (
        says(user("x"), TWO, result("call_2", "x"), user("y")),
        "did not have response messages: call_1",
        "messages",
        None,
    ),
    (
        says(user("x"), TWO, {"role": "assistant", "content": "y"}),
        "response messages: call_1, call_2",
        "messages",
        None,
    ),
    (says(user("x"), result("call_1", "x")), "response to a preceeding message", "messages.[1].role", None),
    (
        says(user("x"), calling(CALL), result("call_1", "x"), result("call_1", "x")),
        "response to a preceeding message",
        "messages.[3].role",
        None,
    ),
    (
        says(user("x"), TWO, result("call_1", "x"), result("call_1", "x")),
        "'call_1' not found",
        "messages.[3].tool_call_id",
        None,
    ),
    (says(user("x"), calling(CALL), user("?"), result("call_1", "x")), UNANSWERED, "messages", None),
    (
        says(user("x"), calling(CALL), {"role": "tool", "content": "x"}),
        "Missing",
        "messages[2].tool_call_id",
        "missing_required_parameter",
    ),
    (
        says(user("x"), calling(CALL), {"role": "tool", "tool_call_id": "call_1"}),
        "Missing",
        "messages[2].content",
        "missing_required_parameter",
    ),
    (says(calling(CALL, CALL)), "Duplicate value", "messages[0].tool_calls[1].id", None),
    (says(calling(("a", "no name", "{}"))), "pattern", "messages[0].tool_calls[0].function.name", "invalid_value"),
    (
        says({"role": "assistant", "content": "x", "tool_calls": []}),
        "empty array",
        "messages[0].tool_calls",
        "empty_array",
    ),
    (
        says(
            {
                "role": "assistant",
                "tool_calls": [{"id": "a", "type": "function", "function": {"name": "x", "arguments": {}}}],
            }
        ),
        "expected a string, but got an object instead",
        "messages[0].tool_calls[0].function.arguments",
        "invalid_type",
    ),
    (
        says({"role": "assistant", "tool_calls": [{"id": "a", "type": "function"}]}),
        "Missing",
        "messages[0].tool_calls[0].function",
        "missing_required_parameter",
    ),
]


@pytest.mark.parametrize(("asked", "words", "param", "code"), REFUSALS)
async def test_a_refusal(serving, asked, words, param, code):
    error = await (await serving()).refused(asked)
    assert words in error["message"]
    assert error["type"] == "invalid_request_error"
    assert (error["param"], error["code"]) == (param, code)


TAKEN = [
    says(user("x"), TWO, result("call_2", "b"), result("call_1", "a")),  # in any order
    says(user("x"), TWO, result("call_2", "b"), result("call_1", "a"), user("y")),
    says({"role": "developer", "content": "x"}, {"role": "system", "content": "x", "name": "n"}, user("y")),
    says({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}),
    says({"role": "assistant", "refusal": "no"}, user("x")),
    says({"role": "assistant", "content": [{"type": "text", "text": "x"}], "tool_calls": None}, user("x")),
    says(user("")),
    asks(
        temperature=None, tool_choice="none", stop=["x"], seed=-1, n=1, reasoning_effort="low", user="u", stream=False
    ),
    offers(parameters={}, strict=True, description=None),
]


@pytest.mark.parametrize("asked", TAKEN)
async def test_what_is_taken(serving, asked):
    assert await (await serving()).status(asked) == 200


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"temperature": NaN}', b"[" * 200 + b"]" * 200])
async def test_what_is_not_a_json_object(serving, raw):
    client = await serving()
    async with client.post(None, data=raw, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
        assert "We could not parse the JSON body" in (await response.json())["error"]["message"]
    assert client.server.requests == []


@pytest.mark.parametrize(
    ("authorization", "words", "code"),
    [
        ("Bearer wrong", "Incorrect API key provided: *****.", "invalid_api_key"),
        ("Bearer sk-proj-very-long-and-wrong", "provided: sk-proj-", "invalid_api_key"),
        ("Basic test", "You didn't provide an API key.", None),
        ("Bearer", "You didn't provide an API key.", None),
        ("", "You didn't provide an API key.", None),
    ],
)
@pytest.mark.parametrize("path", ["/models", "/chat/completions"])
async def test_a_wrong_key(serving, path, authorization, words, code):
    client = await serving()
    headers = {"Authorization": authorization}
    async with (
        client.get(path, headers=headers) if path == "/models" else client.post(body(), headers=headers) as response
    ):
        assert response.status == 401
        error = (await response.json())["error"]
    assert words in error["message"]
    assert "very-long" not in error["message"]
    assert error["code"] == code
    assert client.server.requests == []


async def test_another_key_and_model(serving):
    client = await serving(api_key="other", model="m")
    async with client.post(body() | {"model": "m"}, headers={"Authorization": "Bearer other"}) as response:
        assert response.status == 200


async def test_an_unknown_model(serving):
    client = await serving()
    async with client.post(body() | {"model": "gpt-9"}) as response:
        assert response.status == 404
        error = (await response.json())["error"]
    assert error["message"] == "The model `gpt-9` does not exist or you do not have access to it."
    assert error["code"] == "model_not_found"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/responses", 404, "Invalid URL (GET /v1/responses)"),
        ("/models/a/b", 404, "does not exist"),
        ("/chat/completions", 405, "Not allowed to GET on /v1/chat/completions."),
    ],
)
async def test_other_addresses(serving, path, status, words):
    client = await serving()
    async with client.get(path) as response:
        assert response.status == status
        assert words in (await response.json())["error"]["message"]


async def test_a_stream_is_refused_without_one(serving):
    error = await (await serving()).refused(body(temperature=3, stream=True))
    assert error["param"] == "temperature"


async def test_too_much(serving, monkeypatch):
    monkeypatch.setattr("aof.simulator.model.server.BODY_MOST", 1000)
    client = await serving()
    async with client.post(body(user("x" * 2000))) as response:
        assert response.status == 413
        assert "too large" in (await response.json())["error"]["message"]
