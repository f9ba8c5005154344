"""A program that talks to a daemon by signed JSON, and one that is called back; both sign by themselves."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from aof.agents.base import Agent
from tests.e2e.world import SECONDS, World, world

SECRET = "secret-of-the-program"
CALLBACK_SECRET = "secret-of-the-callback"
ADA, BOB = "ada", "bob"


def signature(secret: str, timestamp: str, content: bytes) -> str:
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + content, hashlib.sha256)
    return f"v1={signed.hexdigest()}"


@dataclass(frozen=True)
class Reply:
    """What the daemon answered."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def texts(self) -> list[str]:
        return [part["text"] for part in self.body["parts"]]


@dataclass
class Program:
    """Whoever knows the secret."""

    aof: World
    secret: str = SECRET
    offset: int = 0
    """Seconds by which its clock is wrong."""

    def signed(self, content: bytes) -> dict[str, str]:
        timestamp = str(int(self.aof.clock.now().timestamp()) + self.offset)
        return {"X-AOF-Timestamp": timestamp, "X-AOF-Signature": signature(self.secret, timestamp, content)}

    async def says(
        self, id_: str, text: str | None = None, *, wait: object = None, as_: str = ADA, **more: Any
    ) -> Reply:
        body = {"id": id_, "sender": {"id": as_}, **({"text": text} if text is not None else {}), **more}
        return await self.posts(json.dumps(body).encode(), wait=wait)

    async def posts(self, content: bytes, *, wait: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        url = f"{self.aof.url}/webhook/http{'' if wait is None else f'?wait={wait}'}"
        sent = self.signed(content) if headers is None else headers
        async with self.aof.control.post(url, data=content, headers=sent) as answer:
            return Reply(answer.status, await answer.json(), dict(answer.headers))

    async def asks(self, target: str, *, wait: object = None, headers: Mapping[str, str] | None = None) -> Reply:
        target = target if wait is None else f"{target}&wait={wait}"
        sent = self.signed(target.encode()) if headers is None else headers
        async with self.aof.control.get(f"{self.aof.url}{target}", headers=sent) as answer:
            return Reply(answer.status, await answer.json(), dict(answer.headers))


@asynccontextmanager
async def asking(
    folder: Path, agent: Callable[[Any], Agent], *, http: Mapping[str, Any] | None = None, **spec: Any
) -> AsyncIterator[World]:
    """A daemon that programs alone talk to."""
    platform = {"secret_env": "HTTP_SECRET", "allowed_users": [ADA, BOB], **(http or {})}
    environ = {"HTTP_SECRET": SECRET, "HTTP_CALLBACK_SECRET": CALLBACK_SECRET}
    async with world(folder, agent=agent, environ=environ, platforms={"http": platform}, **spec) as made:
        yield made


async def held_open(aof: World) -> None:
    """Until the daemon holds a request open."""
    assert aof.daemon is not None
    async with asyncio.timeout(SECONDS):
        while not aof.daemon.watch._waiting:  # noqa: ASYNC110 -- nobody rings for who begins to wait
            await asyncio.sleep(0)


@dataclass
class Called:
    """One call that came back."""

    path: str
    body: dict[str, Any]
    headers: Mapping[str, str]
    is_signed: bool


@dataclass
class Callback:
    """A program that is called back, and answers as it is told."""

    answers: list[Callable[[web.Request], web.StreamResponse]] = field(default_factory=list)
    """One for each of the next calls; 204 after them."""
    calls: asyncio.Queue[Called] = field(default_factory=asyncio.Queue)
    url: str = ""

    async def next(self) -> Called:
        async with asyncio.timeout(SECONDS):
            return await self.calls.get()

    async def take(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        expected = signature(CALLBACK_SECRET, request.headers["X-AOF-Timestamp"], content)
        is_signed = hmac.compare_digest(expected, request.headers["X-AOF-Signature"])
        self.calls.put_nowait(Called(request.path, json.loads(content), dict(request.headers), is_signed))
        return self.answers.pop(0)(request) if self.answers else web.Response(status=204)


@asynccontextmanager
async def callback() -> AsyncIterator[Callback]:
    """It listens while the block lasts."""
    made = Callback()
    app = web.Application()
    app.router.add_post("/{path:.*}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/aof"
    try:
        yield made
    finally:
        await runner.cleanup()


def hang_up(request: web.Request) -> web.StreamResponse:
    """The connection breaks after the request was read."""
    assert request.transport is not None
    request.transport.abort()
    raise aiohttp.ClientConnectionResetError
