"""OpenAI's chat completions, as its own servers, Azure's, Groq's, Ollama's and many others speak them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.vendors.wire import Asked, Call, Said, Wire


class Chat(Wire):
    """https://platform.openai.com/docs/api-reference/chat"""

    path = "/v1/chat/completions"

    def is_address(self, request: web.Request) -> bool:
        return request.method == "POST" and request.path_qs == self.path

    def is_allowed(self, request: web.Request, key: str) -> bool:
        return request.headers.get("Authorization") == f"Bearer {key}"

    def asked(self, request: web.Request, body: Any) -> Asked:
        assert body["model"]
        assert not body.get("stream")
        messages = body["messages"]
        users = [message["content"] for message in messages if message["role"] == "user"]
        results = [message["content"] for message in messages if message["role"] == "tool" and message["tool_call_id"]]
        tools = [tool["function"]["name"] for tool in body.get("tools", ()) if tool["type"] == "function"]
        return Asked(_text(users[-1]), tuple(results), tuple(tools))

    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        message: dict[str, Any] = {"role": "assistant", "content": said if isinstance(said, str) else None}
        if isinstance(said, Call):
            function = {"name": said.tool, "arguments": json.dumps(said.arguments)}
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
        finish = "tool_calls" if isinstance(said, Call) else "stop"
        whole = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1764158400,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
            "usage": {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25},
        }
        return "application/json", json.dumps(whole).encode()

    def error(self, status: int, message: str) -> tuple[Mapping[str, str], Any]:
        kind = {429: "rate_limit_error", 400: "invalid_request_error"}.get(status, "server_error")
        return {}, {"error": {"message": message, "type": kind, "param": None, "code": None}}


class Azure(Chat):
    """https://learn.microsoft.com/azure/ai-services/openai/reference"""

    def __init__(self, version: str) -> None:
        self._path = re.compile(rf"/openai/deployments/[\w.-]+/chat/completions\?api-version={re.escape(version)}")

    def is_address(self, request: web.Request) -> bool:
        return request.method == "POST" and self._path.fullmatch(request.path_qs) is not None

    def is_allowed(self, request: web.Request, key: str) -> bool:
        return request.headers.get("api-key") == key


class AzureV1(Chat):
    """https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle"""

    path = "/openai/v1/chat/completions"


class Groq(Chat):
    """https://console.groq.com/docs/api-reference"""

    path = "/openai/v1/chat/completions"


class Ollama(Chat):
    """https://docs.ollama.com/openai: it asks for no key."""

    def is_allowed(self, request: web.Request, key: str) -> bool:
        return True


def _text(content: Any) -> str:
    return content if isinstance(content, str) else "\n".join(part["text"] for part in content)
