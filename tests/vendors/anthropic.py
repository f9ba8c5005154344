"""Anthropic's Messages, plain and as server-sent events."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

from tests.vendors.wire import Asked, Call, Said, Wire

_KINDS = {400: "invalid_request_error", 401: "authentication_error", 429: "rate_limit_error", 500: "api_error"}


class Anthropic(Wire):
    """https://docs.anthropic.com/en/api/messages"""

    def is_address(self, request: web.Request) -> bool:
        return request.method == "POST" and request.path == "/v1/messages"

    def is_allowed(self, request: web.Request, key: str) -> bool:
        dated = re.fullmatch(r"20\d\d-\d\d-\d\d", request.headers.get("anthropic-version", "")) is not None
        # the one is how the library sent a key before its version 2, the other how it sends it now
        return dated and (
            request.headers.get("Authorization") == f"Bearer {key}" or request.headers.get("x-api-key") == key
        )

    def asked(self, request: web.Request, body: Any) -> Asked:
        assert body["model"]
        assert body["max_tokens"] > 0
        blocks = [block for message in body["messages"] if message["role"] == "user" for block in _blocks(message)]
        texts = [block["text"] for block in blocks if block["type"] == "text"]
        results = [
            _told(block["content"]) for block in blocks if block["type"] == "tool_result" and block["tool_use_id"]
        ]
        tools = [tool["name"] for tool in body.get("tools", ()) if tool["input_schema"]["type"] == "object"]
        return Asked(texts[-1], tuple(results), tuple(tools), streams=body.get("stream") is True)

    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        if asked.streams:
            events = (f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in _events(said))
            return "text/event-stream", "".join(events).encode()
        block = _use(said, dict(said.arguments)) if isinstance(said, Call) else {"type": "text", "text": said}
        return "application/json", json.dumps(_message([block], _stop(said))).encode()

    def error(self, status: int, message: str) -> tuple[Mapping[str, str], Any]:
        error = {"type": _KINDS[status], "message": message}
        return {}, {"type": "error", "error": error, "request_id": "req_1"}


def _events(said: Said) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": _message([], None)}
    if isinstance(said, Call):
        written = json.dumps(said.arguments)
        block = _use(said, {})
        pieces = [{"type": "input_json_delta", "partial_json": part} for part in (written[:7], written[7:])]
    else:
        block = {"type": "text", "text": ""}
        pieces = [{"type": "text_delta", "text": part} for part in (said[:4], said[4:])]
    yield {"type": "content_block_start", "index": 0, "content_block": block}
    for piece in pieces:
        yield {"type": "content_block_delta", "index": 0, "delta": piece}
    yield {"type": "content_block_stop", "index": 0}
    delta = {"stop_reason": _stop(said), "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": 5}}
    yield {"type": "message_stop"}


def _message(content: list[Any], stop: str | None) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 20, "output_tokens": 5},
    }


def _use(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_1", "name": call.tool, "input": given}


def _stop(said: Said) -> str:
    return "tool_use" if isinstance(said, Call) else "end_turn"


def _blocks(message: Any) -> list[Any]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _told(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(block["text"] for block in content)
