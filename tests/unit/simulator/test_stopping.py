"""What a stop leaves behind: nothing."""

import asyncio
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from aof.simulator import Settings, Simulator


@pytest.mark.parametrize("turns", range(6))
async def test_no_connection_outlives_the_simulator_however_young_it_is(turns: int) -> None:
    simulator = Simulator(Settings())
    await simulator.start()
    with socket.create_connection(("127.0.0.1", urlsplit(simulator.url).port or 0)) as client:
        for _ in range(turns):
            await asyncio.sleep(0)
        await simulator.stop()
        await asyncio.sleep(0)
        client.setblocking(False)
        # a BlockingIOError would say that it is open still
        with suppress(ConnectionResetError):
            assert client.recv(1) == b""
