"""Servers on this machine, and resolvers that tests hold in their hands."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

from aiohttp import web

from aof.tools.http import HttpClient, HttpSettings, Network

HOME: tuple[Network, ...] = (ip_network("127.0.0.1/32"),)
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """One server, with what it was asked."""

    port: int
    asked: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that answers everything so."""
    server = Server(0)

    async def asked(request: web.Request) -> web.StreamResponse:
        server.asked.append(request)
        server.bodies.append(await request.read())
        return await answer(request)

    runner = web.ServerRunner(web.Server(asked), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


async def ok(_request: web.Request) -> web.Response:
    return web.Response(text="fine")


class Names:
    """A resolver that gives one list of addresses after the other, and the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = [*answers]
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def client(base_url: str, *answers: Sequence[str], **settings: object) -> HttpClient:
    """A client that may connect to this machine, and looks names up in `answers`."""
    settings = {"allow_private": HOME, "timeout_seconds": 10.0, **settings}
    return HttpClient(HttpSettings(base_url, **settings), str, resolve=Names(*answers or [["127.0.0.1"]]))  # type: ignore[arg-type]  # as each test says
