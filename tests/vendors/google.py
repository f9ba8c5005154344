"""Google's generateContent."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.vendors.wire import Asked, Call, Said, Wire

_STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL"}


class Google(Wire):
    """https://ai.google.dev/api/generate-content"""

    def is_address(self, request: web.Request) -> bool:
        path = r"/v1beta/models/[\w.-]+:generateContent"
        return request.method == "POST" and re.fullmatch(path, request.path_qs) is not None

    def is_allowed(self, request: web.Request, key: str) -> bool:
        return request.headers.get("x-goog-api-key") == key

    def asked(self, request: web.Request, body: Any) -> Asked:
        parts = [part for content in body["contents"] if content["role"] == "user" for part in content["parts"]]
        texts = [part["text"] for part in parts if "text" in part]
        results = [json.dumps(part["functionResponse"]["response"]) for part in parts if "functionResponse" in part]
        tools = [one["name"] for tool in body.get("tools", ()) for one in tool["functionDeclarations"]]
        return Asked(texts[-1], tuple(results), tuple(tools))

    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        part: dict[str, Any] = {"text": said} if isinstance(said, str) else {}
        if isinstance(said, Call):
            part = {"functionCall": {"name": said.tool, "args": dict(said.arguments)}}
        whole = {
            "candidates": [{"content": {"parts": [part], "role": "model"}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 5, "totalTokenCount": 25},
            "modelVersion": "gemini-2.5-flash",
            "responseId": "r1",
        }
        return "application/json", json.dumps(whole).encode()

    def error(self, status: int, message: str) -> tuple[Mapping[str, str], Any]:
        return {}, {"error": {"code": status, "message": message, "status": _STATUSES[status]}}
