"""A simulator on a clock that the test moves, a business that it posts its webhooks to, and a client for both APIs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from aof.simulator import PhoneSettings, Settings, Simulator
from tests.unit.simulator.stage import Business, Client, HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def business() -> AsyncIterator[Business]:
    business = Business()
    app = web.Application()
    app.router.add_post("/webhook", business.serve)
    app.router.add_get("/webhook", business.verify)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    business.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield business
    await runner.cleanup()


@pytest.fixture
async def started(clock: HandClock, business: Business) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """Starts a simulator with the settings given; webhooks go to `business` unless told otherwise."""
    async with aiohttp.ClientSession() as http:
        simulators: list[Simulator] = []

        async def start(**settings: Any) -> Client:
            given = Settings(**({"webhook_url": business.url} | settings))
            simulator = Simulator(given, clock=clock, advance=clock.advance)
            simulators.append(simulator)
            await simulator.start()
            return Client(simulator, http)

        yield start
        for simulator in simulators:
            await simulator.stop()


@pytest.fixture
async def client(started: Callable[..., Awaitable[Client]]) -> Client:
    """A simulator with the default settings."""
    return await started()


@pytest.fixture
def hidden() -> PhoneSettings:
    """A phone whose person has a username and hides the number."""
    return PhoneSettings("Sheena", "+15550003003", "US.13491208655302741918", "realsheena", hides_number=True)
