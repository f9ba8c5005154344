"""Starts servers, and a client that asks them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from aof.simulator.model import ModelServer, Script
from tests.unit.simulator.model.asking import Client

ECHO = Script([], "Hello.")


@pytest.fixture
async def serving() -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """Starts a server with the answer given; what a script does wrong fails the test."""
    clients: list[Client] = []

    async def start(answer: Any = ECHO, **options: Any) -> Client:
        server = ModelServer(answer, **options)
        await server.start()
        clients.append(Client(server))
        return clients[-1]

    yield start
    for client in clients:
        await client.close()
        await client.server.stop()
