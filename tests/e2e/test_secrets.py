"""What may never stand in a log, a store, an answer or a program's environment, whatever goes wrong."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from aof import logs
from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.hostile import answered, lying_cluster, trap
from tests.e2e.wire import Logged
from tests.e2e.world import CREDENTIALS, ON_CALL, World, world
from tests.unit.agents.cluster import Cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return lying_cluster(tmp_path)


def dumped(aof: World) -> str:
    """Everything the database holds, but what the person said and how they said it."""
    tables = ("outbox", "receipt", "notice", "quarantine", "audit")
    return str([aof.rows(f"SELECT * FROM {table}") for table in tables])  # noqa: S608 -- names of this line


@pytest.fixture
def log() -> Iterator[Logged]:
    """The log as the daemon writes it, before anything is masked: what does not stand there need not be masked."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    collected = Logged()
    logs.set_up(lambda text: text, stream=collected.stream)
    yield collected
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


ECHOING = {
    "no HTTP": b"ECHO",
    "a broken header": b"HTTP/1.1 200 OK\r\nbad header\r\nECHO\r\n\r\n",
    "an error that quotes": b'HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n{"error": {"code": 100, "message": QUOTE}}',
}


@pytest.mark.parametrize("answer", ECHOING)
async def test_a_failing_call_leaves_no_credential_in_log_or_store(
    tmp_path: Path, echo: Echo, log: Logged, answer: str
) -> None:
    """CVE-2026-27003: the token of a call that failed stands in the log. Neither it nor the proof made from it may."""
    async with (
        trap(ECHOING[answer]) as platform,
        world(tmp_path, agent=lambda _: echo, whatsapp={"api_url": platform.url}) as aof,
    ):
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _tried(aof))
        (request, *_) = platform.heard
        found = re.search(rb"appsecret_proof=([0-9a-f]{64})", request)
        assert found
        assert CREDENTIALS["WHATSAPP_ACCESS_TOKEN"].encode() in request
        kept = dumped(aof)
    for secret in (*CREDENTIALS.values(), found.group(1).decode()):
        assert secret not in log.stream.getvalue()
        assert secret not in kept


async def _tried(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM outbox WHERE attempts > 0 AND error <> ''"))


async def test_the_log_leads_back_to_nobody(aof: World, echo: Echo, log: Logged) -> None:
    """Lessons A12: no text, number or token is a field, and what stands for a chat can't be tried out from the log."""
    await answered(aof, echo, "a kettle")
    await aof.idle()
    log.check()
    (line,) = log.of("event_answered")
    # the part's id stands in the log too
    ((part, conversation),) = aof.rows("SELECT part, conversation FROM outbox")
    assert ON_CALL in conversation
    for known in (part.partition(":")[0], part, "", conversation):
        assert line["conversation"] != logs.fingerprint(conversation, known)


async def test_an_agents_error_does_not_quote_what_was_said(aof: World, echo: Echo, log: Logged) -> None:
    """Lessons A12: texts reach the log inside the traceback of a value that did not fit."""
    echo.answers = lambda turn: Response(text=turn.text, actions=(turn.text,))  # type: ignore[arg-type]  -- the bug
    await aof.on_call.types("kettle")
    await aof.until(lambda: _deferred(aof))
    assert log.of("agent_broken")
    assert "kettle" not in log.stream.getvalue()


async def _deferred(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM inbox WHERE outcome = 'deferred'"))


async def test_the_configuration_shows_stars(aof: World) -> None:
    """GHSA-8372-7vhw-cm6q: a read-out of the configuration, or a traceback, holds its secrets."""
    assert aof.daemon is not None
    config = aof.daemon.assembly.config
    for shown in (repr(config), str(config), config.model_dump_json(), repr(aof.daemon.assembly)):
        assert not [secret for secret in CREDENTIALS.values() if secret in shown]


async def test_a_program_gets_only_the_listed_variables(tmp_path: Path, cluster: Cluster) -> None:
    """Lessons A12: tools inherit the daemon's environment, and with it every secret."""
    dump = tmp_path / "environment"
    program = cluster.path / "kubectl"
    text = program.read_text()
    start = text.index("import json")
    program.write_text(
        f"{text[:start]}import os\nopen({str(dump)!r}, 'w').write(repr(dict(os.environ)))\n{text[start:]}"
    )
    environ = {"HOME": str(tmp_path), "AWS_SECRET_ACCESS_KEY": "of-the-daemon", "KUBECONFIG": "/nowhere"}
    async with world(tmp_path, tools={"path": [str(cluster.path)]}, environ=environ) as aof:
        await aof.on_call.types("pods")
        await aof.on_call.next()
    shown = dump.read_text()
    assert "/nowhere" in shown
    assert not [secret for secret in (*CREDENTIALS.values(), "of-the-daemon") if secret in shown]


def test_a_value_can_forge_no_line_and_command_no_terminal() -> None:
    """Log injection: what somebody else wrote looks like a line of ours, or drives the operator's terminal."""
    hostile = "x\r\nforged\x1b]0;owned\x07\u202egnp\x9b31m"
    shown = logs._visible(hostile)
    assert shown == r"x\r\nforged\x1b]0;owned\x07\u202egnp\x9b31m"
    assert logs._visible("Traceback:\n  a\x1b[2J", many_lines=True) == "Traceback:\n  a\\x1b[2J"
