"""The tutorial, typed as it stands there, in one directory; ports and the ids of messages are other ones."""

import asyncio
import json
import re
import signal
from pathlib import Path
from typing import Any

from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of
from tests.docs.trying import here, replaced, terminal, told, typed
from tests.e2e.world import SECONDS
from tests.ports import free_port

PAGE = ROOT / "docs" / "tutorials" / "whatsapp-ops-bot.md"
FILES = ("bin/apictl", "classes/apictl.yaml", "agents/operator.yaml", "daemon.yaml", "model.py")


def _steps(number: int) -> list[list[str]]:
    """The commands of each block of a section."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {number}. ")[2].partition("\n## ")[0]
    return [block.commands for block in blocks(PAGE) if block.language == "console" and block.text in section]


def _shown(number: int) -> list[str]:
    """What the page says that a phone shows."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {number}. ")[2].partition("\n## ")[0]
    return [block.text for block in blocks(PAGE) if block.language == "text" and block.text in section]


def _plain(text: str) -> str:
    """Without what differs from run to run, and the marks of a block of code."""
    text = re.sub(r"\d+ is gone, pid \d+", "1 is gone, pid 2", re.sub(r"Fingerprint: [0-9a-f]{12}", "", text))
    return "\n".join(line for line in text.splitlines() if line.strip(" `"))


def _as_on_the_page(message: dict[str, Any]) -> str:
    titles = " ".join(f"[{button['title']}]" for button in message["buttons"] or ())
    return _plain(f"{message['text']}\n{titles}")


async def _newest(folder: Path, look: str, wanted: int) -> dict[str, Any]:
    """The message that a phone shows last, once the business has sent so many."""
    after, found = 0, list[dict[str, Any]]()
    async with asyncio.timeout(SECONDS):
        while len(found) < wanted:
            page = json.loads(await typed(folder, look.replace("after=1&", f"after={after}&")))
            for message in page["messages"]:
                after = message["seq"]
                found += [message] if message["direction"] == "in" else []
    return found[-1]


def _is_running(pid: str) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_a_question_leads_to_a_service_that_is_restarted(tmp_path: Path) -> None:
    (make,) = (block[-1:] for block in _steps(1))
    await typed(tmp_path, make[0])
    port, model_port = str(free_port()), str(free_port())
    (simulate,), (model,), (export, more, key, check, serve) = _steps(6)
    webhook = f"http://127.0.0.1:{port}/webhook/whatsapp"
    async with terminal(tmp_path, f"{here(simulate, {})} --port 0 --webhook-url {webhook}") as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        changes = {
            "agents/operator.yaml": {":8091/": f":{model_port}/"},
            "model.py": {"8091": model_port},
            "daemon.yaml": {
                **ports,
                "    host: 127.0.0.1\n": f"    host: 127.0.0.1\n    port: {port}\n    admin: {{port: 0}}\n",
            },
        }
        for file in FILES:
            text = replaced(file_of(PAGE, file), changes.get(file, {}))
            (tmp_path / file).write_text(text, encoding="utf-8")
        ((executable, begin, look_at_pid),) = _steps(2)
        await typed(tmp_path, f"{executable}\n{begin}")
        before = (await typed(tmp_path, look_at_pid)).strip()
        try:
            exports = f"{export}\n{more}\n{key}\n"
            assert "can be used" in await typed(tmp_path, exports + here(check, {}))
            async with terminal(tmp_path, here(model, {})) as second:
                await told(second.stdout, "a scripted model at")
                await _operate(tmp_path, exports + here(serve, {}), ports, before)
            ((number, verify, export_rows),) = _steps(8)
            assert "whole" in await typed(tmp_path, f"{number}\n{here(verify, {})}")
            exported = await typed(tmp_path, f"{number}\n{here(export_rows, {})}")
            rows = [json.loads(row) for row in exported.splitlines()]
            assert [row["kind"] for row in rows] == ["approval_asked", "approval_approved"]
            assert "apictl" in json.dumps(rows[0]["facts"])
            assert "Omar" in json.dumps(rows[1]["facts"])
        finally:
            await typed(tmp_path, 'kill -9 "$(cat api.pid)"')


async def _operate(folder: Path, serve: str, ports: dict[str, str], before: str) -> None:
    hello, ask_and_look, press, look, approve, after = _steps(7)
    finding_text, waiting_text, card_text, done_text = map(_plain, _shown(7))
    ask, look_here = (here(command, ports) for command in ask_and_look)
    look_there = here(look[0], ports)
    async with terminal(folder, serve) as daemon:
        await told(daemon.stderr, '"daemon_started"')
        await typed(folder, here(hello[0], ports))
        await _newest(folder, look_there, 1)
        await typed(folder, ask)
        finding = await _newest(folder, look_here, 1)
        assert _as_on_the_page(finding) == finding_text
        await typed(folder, here(replaced(press[0], {"FINDING": finding["id"]}), ports))
        assert _as_on_the_page(await _newest(folder, look_here, 2)) == waiting_text
        card = await _newest(folder, look_there, 2)
        assert _as_on_the_page(card) == card_text
        assert _is_running(before)
        daemon.send_signal(signal.SIGKILL)
        await daemon.communicate()
    async with terminal(folder, serve) as daemon:
        await told(daemon.stderr, '"daemon_started"')
        action = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        tap = here(replaced(approve[0], {"CARD": card["id"], "APPROVE": action}), ports)
        await typed(folder, tap)
        assert _as_on_the_page(await _newest(folder, look_here, 3)) == done_text
        pid, status = after
        now = (await typed(folder, pid)).strip()
        assert now != before
        assert _is_running(now)
        assert not _is_running(before)
        assert f"pid {now}" in await typed(folder, status)
        assert "✅ Ran" in (await _newest(folder, look_there, 4))["text"]
        await typed(folder, tap)
        assert "Already approved, and it ran by Omar at " in (await _newest(folder, look_there, 5))["text"]
        assert (await typed(folder, pid)).strip() == now
