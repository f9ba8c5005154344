"""What tests of several platforms share."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.unit.platforms.sockets import Serve, Talk


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server of bare sockets; gives its URL."""
    servers: list[asyncio.Server] = []

    async def start(talk: Talk) -> str:
        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(converse, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()
