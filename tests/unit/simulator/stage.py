"""The players around a simulator under test: a clock moved by hand, the business, a client for both APIs."""

import asyncio
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from aof.simulator import Simulator
from aof.simulator.wire import Exchange
from tests.unit.simulator.bodies import message

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PATIENCE_SECONDS = 10
"""Real seconds after which something that should come is called missing."""


class HandClock:
    """Stands still until the test moves it; tells the test who sleeps for how long."""

    def __init__(self) -> None:
        self.time = START
        self._sleepers: list[tuple[datetime, float, asyncio.Event]] = []
        self._someone_sleeps = asyncio.Condition()

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self._sleepers.append((self.time + timedelta(seconds=seconds), seconds, woken))
        async with self._someone_sleeps:
            self._someone_sleeps.notify_all()
        await woken.wait()

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self.time]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self.time]
        for _, _, woken in due:
            woken.set()

    async def when_someone_sleeps(self, sleepers: int = 1) -> list[float]:
        """The seconds that they asked for, shortest first, as soon as so many are asleep."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._someone_sleeps:
            await self._someone_sleeps.wait_for(lambda: len(self._sleepers) >= sleepers)
        return sorted(seconds for _, seconds, _ in self._sleepers)


@dataclass
class Post:
    """One webhook as it arrived."""

    raw: bytes
    headers: Mapping[str, str]

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def values(self) -> list[Any]:
        return [change["value"] for entry in self.body["entry"] for change in entry["changes"]]

    @property
    def messages(self) -> list[Any]:
        return [message for value in self.values for message in value.get("messages", [])]

    @property
    def statuses(self) -> list[Any]:
        return [status for value in self.values for status in value.get("statuses", [])]


@dataclass
class Business:
    """The webhook's receiver. `answers` are HTTP statuses to give in turn, then always 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    verify_token: str = "simulated-verify-token"
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    """Texts whose webhook is answered only when the event is set."""
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.Response:
        post = Post(await request.read(), request.headers.copy())
        status = self.answers.pop(0) if self.answers else 200
        async with self._arrived:
            self.posts.append(post)
            self._arrived.notify_all()
        for posted in post.messages:
            if gate := self.gates.get(posted.get("text", {}).get("body", "")):
                await gate.wait()
        return web.json_response({}, status=status)

    async def verify(self, request: web.Request) -> web.Response:
        if request.query["hub.verify_token"] != self.verify_token or request.query["hub.mode"] != "subscribe":
            return web.Response(status=403)
        return web.Response(text=request.query["hub.challenge"])

    async def after(self, posts: int) -> list[Post]:
        """The first so many webhooks, as soon as there are that many."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.posts) >= posts)
        return self.posts[:posts]

    async def after_statuses(self, statuses: int) -> list[Any]:
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.statuses) >= statuses)
        return self.statuses

    @property
    def statuses(self) -> list[Any]:
        return [status for post in self.posts for status in post.statuses]


@dataclass
class Client:
    """A client for the Graph API and the control API of one simulator."""

    simulator: Simulator
    http: aiohttp.ClientSession

    @property
    def token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.simulator.settings.access_token}"}

    async def send(self, body: Any, *, object_id: str | None = None, **headers: str) -> tuple[int, Any]:
        """POST /messages; the status and the answer."""
        path = f"{self.simulator.url}/v25.0/{object_id or self.simulator.settings.phone_number_id}/messages"
        content = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        sent_headers = self.token | {"Content-Type": "application/json"} | headers
        async with self.http.post(path, data=content, headers=sent_headers) as response:
            return response.status, await response.json(content_type=None)

    async def text(self, to: str = "+15550001001", body: str = "hello", **more: Any) -> tuple[int, Any]:
        return await self.send(message("text", {"body": body}, to, **more))

    async def control(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """A request to the control API; the status and the answer."""
        url = f"{self.simulator.url}/_sim{path}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def write(self, text: str = "hi", number: str = "+15550001001") -> str:
        """Write on a phone, which opens its window; the message's id."""
        status, answer = await self.control("POST", f"/phones/{number}/messages", {"text": text})
        assert status == 200, answer
        return str(answer["id"])

    async def settled(self) -> None:
        """Waits until every webhook has been acknowledged or given up, and no exchange is open."""
        wire, webhooks = self.simulator.wire, self.simulator.webhooks

        def at_rest() -> list[Exchange]:
            closed = [exchange for exchange in wire if exchange.outcome != "open"]
            return closed if webhooks.pending == 0 and len(closed) == len(list(wire)) else []

        assert await wire.wait(at_rest, PATIENCE_SECONDS)

    async def shown(self, number: str = "+15550001001") -> list[Any]:
        """What the phone shows from the business, and what failed."""
        _, answer = await self.control("GET", f"/phones/{number}/messages")
        return [entry for entry in answer["messages"] if entry["direction"] == "in"]


def refusal(answer: Any) -> tuple[int, str, str | None]:
    """Code, message and details of an error body, whose other fields are checked here."""
    error = dict(answer["error"])
    assert re.fullmatch(r"A[A-Za-z0-9_-]{22}", error.pop("fbtrace_id"))
    kind = error.pop("type")
    assert kind == "OAuthException"
    details = None
    if "error_data" in error:
        assert error["error_data"].pop("messaging_product") == "whatsapp"
        details = error.pop("error_data").pop("details")
    found = (error.pop("code"), error.pop("message"), details)
    assert error.pop("error_subcode", 2494055) == 2494055
    assert error == {}
    return found
