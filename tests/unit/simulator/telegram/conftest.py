"""A simulated Telegram on a clock that the test moves, a bot, and its webhook."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from aof.simulator.telegram import TelegramSettings, TelegramSimulator
from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import GROUPS, PEOPLE, Bot, Hook


@pytest.fixture
async def started(clock: HandClock) -> AsyncIterator[Callable[..., Awaitable[Bot]]]:
    """Starts a simulator with the settings given."""
    async with aiohttp.ClientSession() as http:
        simulators: list[TelegramSimulator] = []

        async def start(**settings: Any) -> Bot:
            given = TelegramSettings(**({"people": PEOPLE, "groups": GROUPS, "limits_rates": False} | settings))
            simulator = TelegramSimulator(given, clock=clock, advance=clock.advance)
            simulators.append(simulator)
            await simulator.start()
            return Bot(simulator, http)

        yield start
        for simulator in simulators:
            await simulator.stop()


@pytest.fixture
async def bot(started: Callable[..., Awaitable[Bot]]) -> Bot:
    """A simulator with two people, a group and a forum."""
    return await started()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/telegram", hook.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    yield hook
    await runner.cleanup()
