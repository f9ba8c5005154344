from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aof.agents.base import Turn
from aof.agents.runbook import RunbookAgent
from aof.domain.message import ButtonPress, Sender
from aof.domain.response import Response
from aof.texts.language import Language
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.cluster import Cluster
from tests.unit.agents.programs import Programs
from tests.unit.agents.stubs import StubMachine

NOW = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)

Ask = Callable[..., Awaitable[Response]]


def ids(response: Response) -> list[str]:
    return [action.id for action in response.actions]


def titles(response: Response) -> list[str]:
    return [action.title for action in response.actions]


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path)


@pytest.fixture
def programs(cluster: Cluster, tmp_path: Path) -> Programs:
    """Beside kubectl, on the one path that the agent looks on."""
    return Programs(cluster.path, tmp_path)


@pytest.fixture
def machine() -> StubMachine:
    return StubMachine()


@pytest.fixture
def agent(cluster: Cluster, machine: StubMachine) -> RunbookAgent:
    return RunbookAgent(Runner([cluster.path], {}, Redactor()), machine, zone=UTC)


@pytest.fixture
def ask(agent: RunbookAgent) -> Ask:
    """The answer to a text."""

    async def ask(text: str, language: Language = Language.ENGLISH) -> Response:
        return await agent.answer(Turn(text, None, language, NOW))

    return ask


@pytest.fixture
def press(agent: RunbookAgent) -> Ask:
    """The answer to a tap on an action."""

    async def press(action_id: str, language: Language = Language.ENGLISH) -> Response:
        tap = ButtonPress(
            platform="whatsapp",
            account="whatsapp:1",
            event_id="e",
            chat_id="c",
            sender=Sender(number="+15550001"),
            action_id=action_id,
            form="button",
        )
        return await agent.answer(Turn(tap.text, tap, language, NOW))

    return press
