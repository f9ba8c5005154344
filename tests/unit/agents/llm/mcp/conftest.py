"""Servers of tests, over pipes and within the process."""

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.server.mcpserver import MCPServer

from aof.agents.llm.mcp import McpSettings, servers
from aof.agents.llm.mcp.servers import McpServers
from aof.clock import SteppedClock
from aof.tools.redaction import Redactor
from tests.unit.agents.llm.world import NOW

SERVED = str(Path(__file__).with_name("served.py"))
SECRET = "s3cret-of-the-daemon"

Started = Callable[..., Awaitable[McpServers]]


def almanac(**changed: Any) -> McpSettings:
    """A server over the pipes of a program."""
    values: dict[str, Any] = {"name": "almanac", "command": (sys.executable, SERVED), "timeout_seconds": 60.0}
    return McpSettings(**{**values, **changed})


class SlowClock(SteppedClock):
    """Says when somebody waits for so many seconds."""

    def __init__(self) -> None:
        super().__init__(NOW)
        self.waiting: dict[float, asyncio.Event] = defaultdict(asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.waiting[seconds].set()
        await super().sleep(seconds)


@pytest.fixture
def clock() -> SlowClock:
    return SlowClock()


@pytest.fixture
async def started(clock: SteppedClock) -> AsyncIterator[Started]:
    """Starts servers, and closes them after the test."""
    running: list[McpServers] = []

    async def start(*settings: McpSettings, variables: dict[str, str] | None = None) -> McpServers:
        given = {"HOME": "/", "WHATSAPP_ACCESS_TOKEN": SECRET} if variables is None else variables
        made = McpServers(settings, clock=clock, path=(), variables=given, redact=Redactor([SECRET]))
        running.append(made)
        await made.start()
        return made

    yield start
    for one in running:
        await one.close()


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Callable[[MCPServer], None]:
    """Lets every server of the test be this one, within the process."""

    def put(server: MCPServer) -> None:
        monkeypatch.setattr(servers, "client_of", lambda *_, **__: Client(server, cache=None))

    return put
