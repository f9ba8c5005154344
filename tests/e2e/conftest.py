"""The end-to-end world as fixtures."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.acting import Doer
from tests.e2e.agents import Echo
from tests.e2e.wire import Logged, logged
from tests.e2e.world import World, world


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def aof(tmp_path: Path, echo: Echo) -> AsyncIterator[World]:
    """A running world whose agent echoes."""
    async with world(tmp_path, agent=lambda _runner: echo) as made:
        yield made


@pytest.fixture
def log() -> Iterator[Logged]:
    """The log of this test, looked at in the end: JSON, and nothing that anybody said."""
    with logged() as collected:
        yield collected


@pytest.fixture
def doer() -> Doer:
    return Doer()
