"""The story of both tutorials: a finding, a card, a daemon that is killed beneath it, and the tap that counts."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.docs.steps import Steps, as_on_the_page, is_running, newest
from tests.docs.trying import here, replaced, terminal, told, typed

FILES = ("bin/apictl", "classes/apictl.yaml", "agents/operator.yaml", "daemon.yaml", "model.py")


@dataclass(frozen=True, slots=True)
class Operated:
    """What stands after the tap, while the daemon still runs."""

    card: dict[str, Any]
    tap: str
    look_there: str
    """Shows the phone of whoever decided."""
    pid: str
    """The command that shows the service's process, and the process."""
    now: str
    finding: str


@asynccontextmanager
async def service(steps: Steps, folder: Path, changes: dict[str, dict[str, str]]) -> AsyncIterator[str]:
    """The page's files and its service, which ends with the block; its process."""
    for file in FILES:
        steps.write(folder, file, changes.get(file))
    ((executable, begin, look_at_pid),) = steps.commands(2)
    await typed(folder, f"{executable}\n{begin}")
    try:
        yield (await typed(folder, look_at_pid)).strip()
    finally:
        await typed(folder, 'kill -9 "$(cat api.pid)"')


@asynccontextmanager
async def operated(
    steps: Steps, folder: Path, serve: str, ports: dict[str, str], before: str, *, ready: str
) -> AsyncIterator[Operated]:
    """Section 7 typed as far as the restart; `ready` is what the log says once somebody may write."""
    start, ask_and_look, press, look, approve, (pid, status) = steps.commands(7)
    finding_text, waiting_text, card_text, done_text = steps.shown(7)
    ask, look_here = (here(command, ports) for command in ask_and_look)
    look_there = here(look[0], ports)
    async with terminal(folder, serve) as daemon:
        await told(daemon.stderr, f'"{ready}"')
        await typed(folder, here(start[0], ports))
        await newest(folder, look_there, 1)
        await typed(folder, ask)
        finding = await newest(folder, look_here, 1)
        assert as_on_the_page(finding) == finding_text
        await typed(folder, here(replaced(press[0], {"FINDING": finding["id"]}), ports))
        assert as_on_the_page(await newest(folder, look_here, 2)) == waiting_text
        card = await newest(folder, look_there, 2)
        assert as_on_the_page(card) == card_text
        assert is_running(before)
        daemon.send_signal(signal.SIGKILL)
        await daemon.communicate()
    async with terminal(folder, serve) as daemon:
        await told(daemon.stderr, f'"{ready}"')
        action = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        tap = here(replaced(approve[0], {"CARD": card["id"], "APPROVE": action}), ports)
        await typed(folder, tap)
        assert as_on_the_page(await newest(folder, look_here, 3)) == done_text
        now = (await typed(folder, pid)).strip()
        assert now != before
        assert is_running(now)
        assert not is_running(before)
        assert f"pid {now}" in await typed(folder, status)
        yield Operated(card, tap, look_there, pid, now, finding_text)


async def audited(steps: Steps, folder: Path, section: int) -> None:
    """The section about who did what."""
    ((account, verify, export_rows),) = steps.commands(section)
    assert "whole" in await typed(folder, f"{account}\n{here(verify, {})}")
    exported = await typed(folder, f"{account}\n{here(export_rows, {})}")
    rows = [json.loads(row) for row in exported.splitlines()]
    assert [row["kind"] for row in rows] == ["approval_asked", "approval_approved"]
    assert "apictl" in json.dumps(rows[0]["facts"])
    assert "Omar" in json.dumps(rows[1]["facts"])
