"""The server itself, apart from what it serves."""

import asyncio
import socket
from contextlib import suppress

import pytest

from aof.web.server import Server


@pytest.mark.parametrize("turns", range(6))
async def test_no_connection_outlives_the_server_however_young_it_is(turns: int) -> None:
    server = Server([])
    port = await server.start("127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", port)) as client:
        for _ in range(turns):
            await asyncio.sleep(0)
        await server.stop()
        await asyncio.sleep(0)
        client.setblocking(False)
        # a BlockingIOError would say that it is open still
        with suppress(ConnectionResetError):
            assert client.recv(1) == b""
