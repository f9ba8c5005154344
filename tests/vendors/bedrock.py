"""Amazon Bedrock's Converse, plain and as an event stream."""

import json
import re
from binascii import crc32
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.vendors.wire import Asked, Call, Said, Wire

ACCESS_KEY = "AKIDPLANTED"
REGION = "eu-west-1"
_ERRORS = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    429: "ThrottlingException",
    500: "InternalServerException",
}


class Bedrock(Wire):
    """https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html"""

    def is_address(self, request: web.Request) -> bool:
        path = r"/model/[\w.:-]+/converse(-stream)?"
        return request.method == "POST" and re.fullmatch(path, unquote(request.raw_path)) is not None

    def is_allowed(self, request: web.Request, key: str) -> bool:
        scope = re.escape(f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/") + rf"\d{{8}}/{REGION}/bedrock/aws4_request, .*"
        proof = request.headers.get("Authorization", "")
        return proof == f"Bearer {key}" or re.fullmatch(scope, proof) is not None

    def asked(self, request: web.Request, body: Any) -> Asked:
        blocks = [block for message in body["messages"] if message["role"] == "user" for block in message["content"]]
        texts = [block["text"] for block in blocks if "text" in block]
        results = [json.dumps(block["toolResult"]["content"]) for block in blocks if "toolResult" in block]
        tools = [tool["toolSpec"]["name"] for tool in body.get("toolConfig", {}).get("tools", ())]
        return Asked(texts[-1], tuple(results), tuple(tools), streams=request.path.endswith("-stream"))

    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        if asked.streams:
            return "application/vnd.amazon.eventstream", b"".join(_framed(name, it) for name, it in _events(said))
        block: dict[str, Any] = {"text": said} if isinstance(said, str) else {}
        if isinstance(said, Call):
            block = {"toolUse": {"toolUseId": "tool_1", "name": said.tool, "input": dict(said.arguments)}}
        whole = {
            "output": {"message": {"role": "assistant", "content": [block]}},
            "stopReason": _stop(said),
            "usage": {"inputTokens": 20, "outputTokens": 5, "totalTokens": 25},
            "metrics": {"latencyMs": 7},
        }
        return "application/json", json.dumps(whole).encode()

    def error(self, status: int, message: str) -> tuple[Mapping[str, str], Any]:
        return {"x-amzn-ErrorType": _ERRORS[status]}, {"message": message}


def _events(said: Said) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "messageStart", {"role": "assistant"}
    if isinstance(said, Call):
        use = {"toolUse": {"toolUseId": "tool_1", "name": said.tool}}
        yield "contentBlockStart", {"contentBlockIndex": 0, "start": use}
        written = json.dumps(said.arguments)
        pieces: list[dict[str, Any]] = [{"toolUse": {"input": part}} for part in (written[:7], written[7:])]
    else:
        pieces = [{"text": part} for part in (said[:4], said[4:])]
    for piece in pieces:
        yield "contentBlockDelta", {"contentBlockIndex": 0, "delta": piece}
    yield "contentBlockStop", {"contentBlockIndex": 0}
    yield "messageStop", {"stopReason": _stop(said)}
    usage = {"inputTokens": 20, "outputTokens": 5, "totalTokens": 25}
    yield "metadata", {"usage": usage, "metrics": {"latencyMs": 7}}


def _framed(event: str, payload: Mapping[str, Any]) -> bytes:
    """https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html, as all services of AWS have it."""
    told = {":event-type": event, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + len(value).to_bytes(2, "big") + value.encode()
        for name, value in told.items()
    )
    body = json.dumps(payload).encode()
    prelude = (16 + len(headers) + len(body)).to_bytes(4, "big") + len(headers).to_bytes(4, "big")
    message = prelude + crc32(prelude).to_bytes(4, "big") + headers + body
    return message + crc32(message).to_bytes(4, "big")


def _stop(said: Said) -> str:
    return "tool_use" if isinstance(said, Call) else "end_turn"
