"""The tutorial for Telegram, typed as it stands there; only ports and the ids of messages are other ones."""

import json
import re
import signal
from pathlib import Path

from tests.docs.pages.source import ROOT
from tests.docs.steps import Steps, as_on_the_page, is_running, newest
from tests.docs.trying import here, replaced, terminal, told, typed
from tests.ports import free_port

STEPS = Steps(ROOT / "docs" / "tutorials" / "telegram-ops-bot.md")
FILES = ("bin/apictl", "classes/apictl.yaml", "agents/operator.yaml", "daemon.yaml", "model.py")
LISTENS = {"    host: 127.0.0.1\n": "    host: 127.0.0.1\n    port: 0\n    admin: {port: 0}\n"}


async def test_a_question_leads_to_a_service_that_is_restarted(tmp_path: Path) -> None:
    ((_, _, make),) = STEPS.commands(1)
    await typed(tmp_path, make)
    model_port = str(free_port())
    (simulate,), (model,), (export, check, serve) = STEPS.commands(6)
    async with terminal(tmp_path, f"{here(simulate, {})} --port 0") as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        changes = {
            "agents/operator.yaml": {":8091/": f":{model_port}/"},
            "model.py": {"8091": model_port},
            "daemon.yaml": {**ports, **LISTENS},
        }
        for file in FILES:
            STEPS.write(tmp_path, file, changes.get(file))
        ((executable, begin, look_at_pid),) = STEPS.commands(2)
        await typed(tmp_path, f"{executable}\n{begin}")
        before = (await typed(tmp_path, look_at_pid)).strip()
        try:
            assert "can be used" in await typed(tmp_path, f"{export}\n{here(check, {})}")
            async with terminal(tmp_path, here(model, {})) as second:
                await told(second.stdout, "a scripted model at")
                await _operate(tmp_path, f"{export}\n{here(serve, {})}", ports, before)
            ((token, verify, export_rows),) = STEPS.commands(9)
            assert "whole" in await typed(tmp_path, f"{token}\n{here(verify, {})}")
            exported = await typed(tmp_path, f"{token}\n{here(export_rows, {})}")
            rows = [json.loads(row) for row in exported.splitlines()]
            assert [row["kind"] for row in rows] == ["approval_asked", "approval_approved"]
            assert "apictl" in json.dumps(rows[0]["facts"])
            assert "Omar" in json.dumps(rows[1]["facts"])
        finally:
            await typed(tmp_path, 'kill -9 "$(cat api.pid)"')


async def _operate(folder: Path, serve: str, ports: dict[str, str], before: str) -> None:
    start, ask_and_look, press, look, approve, after = STEPS.commands(7)
    finding_text, waiting_text, card_text, done_text = STEPS.shown(7)
    ask, look_here = (here(command, ports) for command in ask_and_look)
    look_there = here(look[0], ports)
    async with terminal(folder, serve) as daemon:
        await told(daemon.stderr, '"platform_connected"')
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
        await told(daemon.stderr, '"platform_connected"')
        action = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        await typed(folder, here(replaced(approve[0], {"CARD": card["id"], "APPROVE": action}), ports))
        assert as_on_the_page(await newest(folder, look_here, 3)) == done_text
        pid, status = after
        now = (await typed(folder, pid)).strip()
        assert now != before
        assert is_running(now)
        assert not is_running(before)
        assert f"pid {now}" in await typed(folder, status)
        decided = json.loads(await typed(folder, look_there.replace("after=1", "after=0")))["messages"]
        (edited,) = [message for message in decided if message["id"] == card["id"]]
        assert (edited["edited"], edited["buttons"]) == (True, [])
        assert "Approved by Omar" in edited["text"]
        await _ask_in_the_group(folder, ports, finding_text)


async def _ask_in_the_group(folder: Path, ports: dict[str, str], finding: str) -> None:
    ((chats, ask, look),) = STEPS.commands(8)
    ((topic,),) = [chat["topics"] for chat in json.loads(await typed(folder, here(chats, ports)))["chats"]]
    await typed(folder, here(replaced(ask, {"TOPIC": topic["id"]}), ports))
    answer = await newest(folder, here(look, ports), 1)
    assert as_on_the_page(answer) == finding
    assert (answer["chat_id"], answer["thread"]) == ("-1001000000001", topic["id"])
