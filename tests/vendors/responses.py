"""OpenAI's Responses API."""

import json
from typing import Any

from aiohttp import web

from tests.vendors.chat import Chat
from tests.vendors.wire import Asked, Call, Said


class Responses(Chat):
    """https://platform.openai.com/docs/api-reference/responses; keys and errors are those of the chat completions."""

    path = "/v1/responses"

    def asked(self, request: web.Request, body: Any) -> Asked:
        assert body["model"]
        assert not body.get("stream")
        users = [item["content"] for item in body["input"] if item.get("role") == "user"]
        outputs = [
            item["output"] for item in body["input"] if item.get("type") == "function_call_output" and item["call_id"]
        ]
        tools = [tool["name"] for tool in body.get("tools", ()) if tool["type"] == "function"]
        text = users[-1] if isinstance(users[-1], str) else "\n".join(part["text"] for part in users[-1])
        return Asked(text, tuple(outputs), tuple(tools))

    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        item: dict[str, Any] = {"status": "completed"}
        if isinstance(said, Call):
            item |= {"type": "function_call", "id": "fc_1", "call_id": "call_1"}
            item |= {"name": said.tool, "arguments": json.dumps(said.arguments)}
        else:
            text = {"type": "output_text", "text": said, "annotations": [], "logprobs": []}
            item |= {"type": "message", "id": "msg_1", "role": "assistant", "content": [text]}
        whole = {
            "id": "resp_1",
            "object": "response",
            "created_at": 1764158400,
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "model": "scripted",
            "output": [item],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": 20,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 5,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": 25,
            },
        }
        return "application/json", json.dumps(whole).encode()
