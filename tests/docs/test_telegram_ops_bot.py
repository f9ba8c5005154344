"""The tutorial for Telegram, typed as it stands there; only ports and the ids of messages are other ones."""

import json
import re
from pathlib import Path

from tests.docs.operated import audited, operated, service
from tests.docs.pages.source import ROOT
from tests.docs.steps import Steps, as_on_the_page, newest
from tests.docs.trying import here, replaced, terminal, told, typed
from tests.ports import free_port

STEPS = Steps(ROOT / "docs" / "tutorials" / "telegram-ops-bot.md")
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
        async with service(STEPS, tmp_path, changes) as before:
            assert "can be used" in await typed(tmp_path, f"{export}\n{here(check, {})}")
            async with terminal(tmp_path, here(model, {})) as second:
                await told(second.stdout, "a scripted model at")
                await _operate(tmp_path, f"{export}\n{here(serve, {})}", ports, before)
            await audited(STEPS, tmp_path, 9)


async def _operate(folder: Path, serve: str, ports: dict[str, str], before: str) -> None:
    async with operated(STEPS, folder, serve, ports, before, ready="platform_connected") as after:
        decided = json.loads(await typed(folder, after.look_there.replace("after=1", "after=0")))["messages"]
        (edited,) = [message for message in decided if message["id"] == after.card["id"]]
        assert (edited["edited"], edited["buttons"]) == (True, [])
        assert "Approved by Omar" in edited["text"]
        await _ask_in_the_group(folder, ports, after.finding)


async def _ask_in_the_group(folder: Path, ports: dict[str, str], finding: str) -> None:
    ((chats, ask, look),) = STEPS.commands(8)
    ((topic,),) = [chat["topics"] for chat in json.loads(await typed(folder, here(chats, ports)))["chats"]]
    await typed(folder, here(replaced(ask, {"TOPIC": topic["id"]}), ports))
    answer = await newest(folder, here(look, ports), 1)
    assert as_on_the_page(answer) == finding
    assert (answer["chat_id"], answer["thread"]) == ("-1001000000001", topic["id"])
