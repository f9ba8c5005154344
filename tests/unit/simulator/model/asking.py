"""A client that asks a model over HTTP."""

import json
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp

from aof.simulator.model import ModelServer

KEY = {"Authorization": "Bearer test"}


def tool(name: str) -> dict[str, Any]:
    """A tool with one argument."""
    schema = {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]}
    return {"type": "function", "function": {"name": name, "description": "Runs it.", "parameters": schema}}


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def calling(*calls: tuple[str, str, str], content: str | None = None) -> dict[str, Any]:
    """What the model said before: calls, each with id, name and arguments."""
    return {
        "role": "assistant",
        "content": content,
        "tool_calls": [
            {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
            for call_id, name, arguments in calls
        ],
    }


def result(call_id: str, content: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def body(*messages: dict[str, Any], tools: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {"model": "scripted", "messages": list(messages) or [user("hello")]}
    if tools:
        asked["tools"] = [tool(name) for name in tools]
    return asked | more


class Client:
    """Asks one server."""

    def __init__(self, server: ModelServer) -> None:
        self.server = server
        self._http = aiohttp.ClientSession(headers=KEY)

    async def close(self) -> None:
        await self._http.close()

    def post(self, asked: Any, **options: Any) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._http.post(f"{self.server.url}/chat/completions", json=asked, **options)

    def get(self, path: str, **options: Any) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._http.get(f"{self.server.url}{path}", **options)

    async def status(self, asked: Any) -> int:
        async with self.post(asked) as response:
            await response.read()
            return response.status

    async def whole(self, asked: Any) -> dict[str, Any]:
        """The body of an answer that is not streamed."""
        async with self.post(asked) as response:
            assert response.status == 200, await response.text()
            found: dict[str, Any] = await response.json()
            return found

    async def said(self, asked: Any) -> dict[str, Any]:
        """The message of the answer."""
        message: dict[str, Any] = (await self.whole(asked))["choices"][0]["message"]
        return message

    async def refused(self, asked: Any) -> dict[str, Any]:
        """The error of a 400."""
        async with self.post(asked) as response:
            assert response.status == 400, await response.text()
            found = await response.json()
        assert set(found) == {"error"}
        assert set(found["error"]) == {"message", "type", "param", "code"}
        error: dict[str, Any] = found["error"]
        return error

    async def events(self, asked: Any) -> list[dict[str, Any]]:
        """The chunks of a stream, whose end is checked."""
        async with self.post(asked | {"stream": True}) as response:
            assert response.status == 200, await response.text()
            assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            raw = (await response.read()).decode()
        events = raw.split("\n\n")
        assert events[-2:] == ["data: [DONE]", ""]
        assert all(event.startswith("data: ") for event in events[:-1])
        return [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
