"""The tutorial, typed as it stands there, in one directory; ports and the ids of messages are other ones."""

import re
from pathlib import Path

from tests.docs.operated import audited, operated, service
from tests.docs.pages.source import ROOT
from tests.docs.steps import Steps, newest
from tests.docs.trying import here, terminal, told, typed
from tests.ports import free_port

STEPS = Steps(ROOT / "docs" / "tutorials" / "whatsapp-ops-bot.md")


async def test_a_question_leads_to_a_service_that_is_restarted(tmp_path: Path) -> None:
    (make,) = (block[-1:] for block in STEPS.commands(1))
    await typed(tmp_path, make[0])
    port, model_port = str(free_port()), str(free_port())
    (simulate,), (model,), (export, more, key, check, serve) = STEPS.commands(6)
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
        async with service(STEPS, tmp_path, changes) as before:
            exports = f"{export}\n{more}\n{key}\n"
            assert "can be used" in await typed(tmp_path, exports + here(check, {}))
            async with terminal(tmp_path, here(model, {})) as second:
                await told(second.stdout, "a scripted model at")
                await _operate(tmp_path, exports + here(serve, {}), ports, before)
            await audited(STEPS, tmp_path, 8)


async def _operate(folder: Path, serve: str, ports: dict[str, str], before: str) -> None:
    async with operated(STEPS, folder, serve, ports, before, ready="daemon_started") as after:
        assert "✅ Ran" in (await newest(folder, after.look_there, 4))["text"]
        await typed(folder, after.tap)
        assert "Already approved, and it ran by Omar at " in (await newest(folder, after.look_there, 5))["text"]
        assert (await typed(folder, after.pid)).strip() == after.now
