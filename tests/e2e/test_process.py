"""The program as an operator runs it: its exit codes, its signals, and what it prints."""

import asyncio
import json
import os
import re
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aof.simulator import Settings, Simulator
from tests.e2e.world import CREDENTIALS, ON_CALL, SECONDS, Phone, configuration

SHORT_GRACE = "import aof.daemon.running as d, aof.cli as c; d.GRACE_SECONDS = 0.1; c.app()"

KUBECTL = """#!/bin/sh
if [ -p {folder}/began ]; then
    echo > {folder}/began
    read -r word < {folder}/go
fi
echo kind-prod
"""
"""Says when it was started, and then waits until it is let go."""


@asynccontextmanager
async def program(*words: str, code: str | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """`aof` with these words; ended with the block. `code` stands in for the module."""
    start = ("-c", code) if code else ("-m", "aof")
    running = await asyncio.create_subprocess_exec(
        sys.executable, *start, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **CREDENTIALS, "NO_COLOR": "1"}, limit=2**20,
    )  # fmt: skip
    try:
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()


async def logged(running: asyncio.subprocess.Process, event: str) -> dict[str, Any]:
    """The next line of the log about this event."""
    assert running.stderr is not None
    async with asyncio.timeout(SECONDS):
        while line := await running.stderr.readline():
            written: dict[str, Any] = json.loads(line)
            if written["event"] == event:
                return written
    raise AssertionError(f"it ended without {event}")


async def ended(running: asyncio.subprocess.Process) -> tuple[int, str, str]:
    async with asyncio.timeout(SECONDS):
        out, err = await running.communicate()
    assert running.returncode is not None
    return running.returncode, out.decode(), err.decode()


class Scene:
    """A simulated platform, a configuration, and a kubectl that waits."""

    def __init__(self, folder: Path, simulator: Simulator, phone: Phone) -> None:
        self.folder = folder
        self.simulator = simulator
        self.phone = phone
        self.file = folder / "daemon.yaml"
        self.file.write_text(configuration(simulator.url, tools={"path": [str(folder)]}))
        (folder / "kubectl").write_text(KUBECTL.format(folder=folder))
        (folder / "kubectl").chmod(0o755)
        for name in ("began", "go"):
            os.mkfifo(folder / name)

    async def asks(self, running: asyncio.subprocess.Process) -> None:
        """Ask what only kubectl can answer, and wait until it runs."""
        self.simulator.webhook_url = (
            f"http://127.0.0.1:{(await logged(running, 'daemon_started'))['port']}/webhook/whatsapp"
        )
        await self.phone.types("pods")
        await asyncio.to_thread((self.folder / "began").read_text)
        (self.folder / "began").unlink()  # it waits no second time

    def ledger(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'aof.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    credentials = {key.removeprefix("WHATSAPP_").lower(): value for key, value in CREDENTIALS.items()}
    async with (
        Simulator(replace(Settings(), **credentials)) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
    ):
        yield Scene(tmp_path, simulator, Phone(control, ON_CALL))


async def test_sigterm_gives_back_what_is_not_done_within_the_grace_and_the_next_start_answers_it(scene: Scene) -> None:
    async with program("serve", "--config", str(scene.file), code=SHORT_GRACE) as running:
        await scene.asks(running)
        running.terminate()
        assert (await logged(running, "loop_drained"))["returned"] == 1
        assert (await ended(running))[0] == 0
    assert scene.ledger("SELECT state, attempts FROM inbox") == [("new", 0)]
    assert scene.ledger("SELECT owner, lease_until FROM conversation") == [(None, None)]
    async with program("serve", "--config", str(scene.file)) as running:
        assert (await scene.phone.next())["text"]
        running.terminate()
        assert (await ended(running))[0] == 0


async def test_sigterm_lets_what_runs_end_within_the_grace(scene: Scene) -> None:
    async with program("serve", "--config", str(scene.file)) as running:
        await scene.asks(running)
        running.terminate()
        await asyncio.to_thread((scene.folder / "go").write_text, "\n")
        assert (await logged(running, "loop_drained"))["returned"] == 0
        assert (await ended(running))[0] == 0
    assert scene.ledger("SELECT state, attempts FROM inbox") == [("done", 1)]


async def test_a_graph_version_in_its_last_year_is_warned_about_at_the_start(scene: Scene) -> None:
    config = json.loads(scene.file.read_text())
    config["spec"]["platforms"]["whatsapp"]["api_version"] = "v22.0"
    scene.file.write_text(json.dumps(config))
    async with program("serve", "--config", str(scene.file)) as running:
        doubted = await logged(running, "config_doubted")
        assert doubted["level"] == "warning"
        assert (doubted["file"], doubted["key"]) == (str(scene.file), "spec.platforms.whatsapp.api_version")
        assert doubted["problem"].startswith("Graph API v22.0")
        await logged(running, "daemon_started")
        running.terminate()
        assert (await ended(running))[0] == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda whatsapp: whatsapp.pop("app_secret_env"), "app_secret: is missing"),
        (lambda whatsapp: whatsapp.pop("verify_token_env"), "verify_token: is missing"),
    ],
    ids=["app secret", "verify token"],
)
async def test_without_what_keeps_strangers_out_it_does_not_start(
    scene: Scene, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    config = json.loads(scene.file.read_text())
    change(config["spec"]["platforms"]["whatsapp"])
    scene.file.write_text(json.dumps(config))
    async with program("serve", "--config", str(scene.file)) as running:
        code, out, err = await ended(running)
    assert (code, out) == (2, "")
    assert says in err
    assert err.startswith(f"{scene.file}:")


async def test_a_store_that_another_daemon_has_open_ends_it_with_a_sentence(scene: Scene) -> None:
    async with program("serve", "--config", str(scene.file)) as first:
        await logged(first, "daemon_started")
        async with program("serve", "--config", str(scene.file)) as second:
            code, _, err = await ended(second)
    assert code == 1
    assert "is open in another daemon" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "answer"), [("disk", "% full"), ("القرص", "ممتلئ"), ("/staus", "Did you mean /status?")]
)
async def test_the_demo_shows_the_answer_on_the_phone_and_ends_with_0(text: str, answer: str) -> None:
    async with program("demo", "--once", text) as running:
        code, out, err = await ended(running)
    assert (code, err) == (0, "")
    assert out.startswith(f"On call ({ON_CALL})\n  > {text}\n  < ")
    assert answer in out
    assert out.endswith("✓✓\n")


@pytest.mark.parametrize(
    ("platform", "heads"),
    [
        ("telegram", ["On call (Telegram 10001001)"]),
        ("both", [f"On call ({ON_CALL})", "On call (Telegram 10001001)"]),
    ],
)
async def test_the_demo_answers_on_each_platform_that_is_asked_for(platform: str, heads: list[str]) -> None:
    async with program("demo", "--platform", platform, "--once", "disk") as running:
        code, out, err = await ended(running)
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if not line.startswith("  ")] == heads
    assert out.count("% full") == out.count("  > disk") == len(heads)
    assert out.count("✓✓") == heads.count(f"On call ({ON_CALL})")  # Telegram gives no receipts


async def test_the_live_gate_is_rehearsed_on_whatsapp_alone() -> None:
    async with program("demo", "--platform", "both", "--gate") as running:
        code, _, err = await ended(running)
    assert code == 2
    assert "--gate is about WhatsApp" in err


@pytest.mark.parametrize("text", ["", " \n"])
async def test_the_demo_refuses_a_message_without_words(text: str) -> None:
    async with program("demo", "--once", text) as running:
        code, _, err = await ended(running)
    assert code == 2
    assert "Traceback" not in err


async def test_the_demo_says_where_to_look_and_its_phones_answer_there() -> None:
    async with program("demo", "--port", "0") as running:
        assert running.stdout is not None
        async with asyncio.timeout(SECONDS):
            told = (await running.stdout.readuntil(b"Ctrl-C")).decode()
        assert "On call and Lead" in told
        assert "{" not in told  # nothing of the log stands before it
        (url,) = set(re.findall(r"(http://[0-9.:]+)/$", told, re.MULTILINE))
        async with aiohttp.ClientSession(url) as control:
            async with control.get("/") as page:
                assert page.content_type == "text/html"
                assert "app.js" in await page.text()
            phone = Phone(control, ON_CALL)
            await phone.types("disk")
            assert "% full" in (await phone.next())["text"]
        async with aiohttp.ClientSession() as anybody:
            for address in re.findall(r"http://\S+/(?:health|ready)", told):
                async with anybody.get(address) as response:
                    assert response.status == 200
            port = url.rpartition(":")[2]
            async with program("demo", "--port", port) as second:
                code, _, err = await ended(second)
        assert code == 1
        assert f"port {port} is taken" in err
        running.terminate()
        assert (await ended(running))[0] == 0
