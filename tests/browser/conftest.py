"""A browser, and a world to look at with it. Without chromium these tests are skipped, or fail where it is required.

All of them share one browser, and so one event loop: starting it takes longer than most of them.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.screen import AXE, browser_at
from tests.conftest import absent
from tests.e2e.agents import Echo
from tests.e2e.world import World, world

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        absent("browser", "no chromium; Debian has it as chromium, with fonts-noto-core and fonts-noto-color-emoji")
    async with browser_at(found) as started:
        yield started


@pytest.fixture
def axe() -> None:
    if not AXE.exists():
        absent("axe", "no axe-core; npm ci --prefix tests/browser brings it")


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest_asyncio.fixture(loop_scope="session")
async def aof(tmp_path: Path, echo: Echo) -> AsyncIterator[World]:
    """A running world whose agent echoes."""
    async with world(tmp_path, agent=lambda _runner: echo) as made:
        yield made
