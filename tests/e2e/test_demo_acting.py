"""The demo with an agent that acts, as a process: killed while a card waits, it goes on where it was."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from aof.cli.cast import THREE
from tests.e2e.world import Phone
from tests.ports import free_port

ON_CALL, LEAD, DEPUTY = (player.number for player in THREE)


@asynccontextmanager
async def demo(folder: Path, port: int, *, killed: bool = False) -> AsyncIterator[tuple[Phone, Phone, Phone]]:
    """Its phones; at the end it is asked to end, or killed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aof", "demo", "--agent", "scripted", "--no-open"),
        *("--port", str(port), "--folder", str(folder)),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            while b"Ctrl-C" not in (line := await process.stdout.readline()):
                assert line, "the demo ended"
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as control:
            yield Phone(control, ON_CALL), Phone(control, LEAD), Phone(control, DEPUTY)
    finally:
        process.send_signal(signal.SIGKILL if killed else signal.SIGINT)
        await process.wait()


async def card(phone: Phone, command: str) -> dict[str, Any]:
    """The next card about a command. One that was being sent as the demo was killed may come once more."""
    while True:
        message = await phone.next()
        titles = [button["title"] for button in message["buttons"] or ()]
        if "Approve" in titles and f"run:\n\n```\n{command}\n" in message["text"]:
            return message


async def said(phone: Phone, words: str) -> str:
    """The next message that says so."""
    while words not in (text := str((await phone.next())["text"])):
        pass
    return text


def pid(folder: Path) -> int:
    known: int = json.loads((folder / "api.json").read_text())["pid"]
    return known


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    # whoever would take note of its end may be gone
    return state != "Z"


async def test_a_card_that_waited_through_a_kill_is_changed_approved_and_run_once(tmp_path):
    folder, port = tmp_path / "demo", free_port()
    async with demo(folder, port, killed=True) as (on_call, lead, deputy):
        await on_call.types("api is slow")
        finding = await on_call.next()
        assert re.search(r"latency of \d+ ms", finding["text"])
        await on_call.presses(finding, "Restart")
        assert "Asked: Lead, Deputy" in (await on_call.next())["text"]
        for approver in (lead, deputy):
            await card(approver, "apictl restart api")
    before = pid(folder)
    async with demo(folder, port) as (on_call, lead, deputy):
        await lead.types("/approvals")
        await lead.presses(await card(lead, "apictl restart api"), "Edit")
        await said(lead, "Send the whole command")
        await lead.types("apictl stop api")
        await said(lead, "Changed")
        await deputy.presses(await card(deputy, "apictl stop api"), "Approve")
        ran = await said(deputy, "Ran")
        assert "apictl stop api" in ran
        assert "approved by Deputy" in await said(on_call, "Ran")
        assert not runs(before)
    verified = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "aof", "audit", "verify", "--config", str(folder / "daemon.yaml")),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await verified.communicate()
    assert b"is whole" in told
    assert verified.returncode == 0
