"""Each question put to the real machine, whatever it has: every answer is true, so none is the only right one."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aof.agents.base import Turn
from aof.agents.runbook import RunbookAgent, largest
from aof.agents.runbook.intents import BY_NAME
from aof.domain.response import Status
from aof.texts.language import Language
from aof.texts.machine_words import named
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner

PLACES = [Path(each) for each in ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin")]


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> RunbookAgent:
    monkeypatch.setattr(largest, "MOST_SECONDS", 1.0)
    return RunbookAgent(Runner(PLACES, dict(os.environ), Redactor()))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        ("network", {Status.OK, Status.WARNING}),
        ("services", {Status.OK, Status.WARNING, Status.FAILED}),
        ("status of cron", {Status.OK, Status.WARNING, Status.NOTE, Status.FAILED}),
        ("journal", {Status.NOTE, Status.FAILED}),
        ("logs of cron", {None, Status.NOTE, Status.FAILED}),
        ("containers", {Status.OK, Status.WARNING, Status.FAILED}),
        ("directories", {Status.OK, Status.NOTE}),
        ("ports", {None}),
        ("users", {None, Status.NOTE, Status.FAILED}),
    ],
)
async def test_a_question_about_this_machine_has_a_true_answer(
    agent: RunbookAgent, language: Language, text: str, statuses: set[Status | None]
) -> None:
    now = datetime.now(UTC)
    response = await agent.answer(Turn(text, None, language, now))
    assert response.status in statuses
    assert named(language, socket.gethostname()) in response.text
    assert f"{now.astimezone():%H:%M %Z}" in response.text
    assert 1 <= len(response.actions) <= 3
    for action in response.actions:
        first, _, name = action.id.partition(":")
        assert name in BY_NAME or first in ("journal", "service", "directories")


async def test_a_socket_of_this_very_test_is_among_the_ports(agent: RunbookAgent) -> None:
    from aof.agents.runbook.machine import ThisMachine

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert port in {each.port for each in ThisMachine().listeners().found}
