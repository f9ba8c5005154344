"""A bot that asks the simulator of Telegram, and acts as the people over its control API."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSimulator

AMINA, OMAR = 10001001, 10002002
PEOPLE = (PersonSettings("Amina", AMINA, "amina", started=True), PersonSettings("Omar", OMAR, language="ar"))
GROUP, FORUM = -4567, -1001234567890
GROUPS = (
    GroupSettings(GROUP, "oncall", (AMINA, OMAR), "group"),
    GroupSettings(FORUM, "prod", (AMINA, OMAR), topics=("alerts",)),
)
PATIENCE_SECONDS = 10


@dataclass
class Bot:
    """A client for both APIs of one simulator."""

    simulator: TelegramSimulator
    http: aiohttp.ClientSession

    def path(self, method: str) -> str:
        return f"{self.simulator.url}/bot{self.simulator.settings.token}/{method}"

    async def ask(self, method: str, **parameters: Any) -> tuple[int, Any]:
        async with self.http.post(self.path(method), json=parameters) as response:
            return response.status, await response.json()

    async def call(self, method: str, **parameters: Any) -> Any:
        """The result."""
        status, answer = await self.ask(method, **parameters)
        assert status == 200, answer
        assert answer["ok"] is True
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Code and description of a refusal."""
        status, answer = await self.ask(method, **parameters)
        assert answer["ok"] is False, answer
        assert answer["error_code"] == status
        return status, answer["description"]

    async def send(self, text: str = "hello", chat_id: int = AMINA, **more: Any) -> Any:
        return await self.call("sendMessage", chat_id=chat_id, text=text, **more)

    async def updates(self, **parameters: Any) -> list[Any]:
        found: list[Any] = await self.call("getUpdates", **parameters)
        return found

    async def next_update(self) -> Any:
        """The one update that waits; it is confirmed."""
        found = await self.updates()
        assert len(found) == 1, found
        await self.updates(offset=found[0]["update_id"] + 1)
        return found[0]

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.simulator.url}/_sim{path}", json=body) as response:
            return response.status, await response.json()

    async def act(self, path: str, body: Any = None) -> Any:
        """Something that a person does."""
        status, answer = await self.control("POST", path, body)
        assert status == 200, answer
        return answer

    async def write(self, text: str = "hi", person: int = AMINA, **more: Any) -> str:
        return str((await self.act(f"/phones/{person}/messages", {"text": text, **more}))["id"])

    async def phone(self, person: int = AMINA) -> Any:
        _, answer = await self.control("GET", "/phones")
        return next(phone for phone in answer["phones"] if phone["user_id"] == str(person))

    async def messages(self, person: int = AMINA) -> list[Any]:
        _, answer = await self.control("GET", f"/phones/{person}/messages")
        return list(answer["messages"])

    async def last(self, person: int = AMINA) -> Any:
        return (await self.messages(person))[-1]


@dataclass
class Post:
    """One webhook as it arrived."""

    body: Any
    headers: Mapping[str, str]


@dataclass
class Hook:
    """The bot's webhook. `answers` are given in turn, then always an empty 200."""

    url: str = ""
    answers: list[tuple[int, dict[str, str], str]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """Texts whose webhook is answered only when the event is set."""
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        status, headers, answer = self.answers.pop(0) if self.answers else (200, {}, "")
        async with self._arrived:
            self.posts.append(Post(body, request.headers.copy()))
            self._arrived.notify_all()
        if gate := self.gates.get(body.get("message", {}).get("text", "")):
            await gate.wait()
        return web.Response(text=answer, status=status, headers=headers)

    async def after(self, posts: int) -> list[Post]:
        """The first so many webhooks, as soon as there are that many."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.posts) >= posts)
        return self.posts[:posts]

    @property
    def texts(self) -> list[str]:
        return [post.body["message"]["text"] for post in self.posts]
