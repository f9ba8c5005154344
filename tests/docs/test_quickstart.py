"""The rehearsals of the quickstarts, typed as they stand there; only ports and the code on the phone are other ones."""

import re
from pathlib import Path

import pytest

from aof.texts import chat
from aof.texts.language import Language
from tests.docs.pages.source import ROOT
from tests.docs.steps import Steps, newest
from tests.docs.trying import here, terminal, told, typed
from tests.ports import free_port

WHATSAPP, TELEGRAM = (Steps(ROOT / "docs" / "guides" / f"quickstart-{name}.md") for name in ("whatsapp", "telegram"))
HOST = "    host: 127.0.0.1\n"


async def test_the_rehearsal_leads_to_an_answer(tmp_path: Path) -> None:
    (simulate,), (export, more, check, serve), (write, look), (number, approve, again, status, look_again) = (
        WHATSAPP.commands(2)
    )
    port = str(free_port())
    simulated = here(simulate, {}) + f" --port 0 --webhook-url http://127.0.0.1:{port}/webhook/whatsapp"
    async with terminal(tmp_path, simulated) as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        WHATSAPP.write(tmp_path, "daemon.yaml", {**ports, HOST: f"{HOST}    port: {port}\n    admin: {{port: 0}}\n"})
        exports = f"{export}\n{more}\n"
        assert "can be used" in await typed(tmp_path, exports + here(check, {}))
        async with terminal(tmp_path, exports + here(serve, {})) as second:
            await told(second.stderr, '"daemon_started"')
            await typed(tmp_path, here(write, ports))
            said = (await newest(tmp_path, here(look, ports), 1))["text"]
            (code,) = re.findall(r"Give this code to its admin: (\S+) \(60 min\)", said)
            approved = here(f"{number}\n{approve}", {"7K4F-92QD": code})
            assert "On call (+15550001001) is let in." in await typed(tmp_path, approved)
            await typed(tmp_path, here(again, ports))
            assert "% full" in (await newest(tmp_path, here(look_again, ports), 2))["text"]
            said = await typed(tmp_path, f"{number}\n{here(status, {})}")
            assert said.startswith("A daemon runs and is ready.")
            assert "pairing, 1 let in" in said


async def test_the_rehearsal_on_telegram_leads_to_an_answer(tmp_path: Path) -> None:
    (simulate,), (export, check, serve), (start, look), (token, approve, ask, status, look_again) = TELEGRAM.commands(2)
    async with terminal(tmp_path, f"{here(simulate, {})} --port 0") as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        TELEGRAM.write(tmp_path, "daemon.yaml", {**ports, HOST: f"{HOST}    port: 0\n    admin: {{port: 0}}\n"})
        assert "can be used" in await typed(tmp_path, f"{export}\n{here(check, {})}")
        async with terminal(tmp_path, f"{export}\n{here(serve, {})}") as second:
            await told(second.stderr, '"platform_connected"')
            await typed(tmp_path, here(start, ports))
            said = (await newest(tmp_path, here(look, ports), 1))["text"]
            (code,) = re.findall(r"Give this code to its admin: (\S+) \(60 min\)", said)
            approved = here(f"{token}\n{approve}", {"7K4F-92QD": code})
            assert "On call (10001001) is let in." in await typed(tmp_path, approved)
            await typed(tmp_path, here(ask, ports))
            assert "% full" in (await newest(tmp_path, here(look_again, ports), 2))["text"]
            said = await typed(tmp_path, f"{token}\n{here(status, {})}")
            assert said.startswith("A daemon runs and is ready.")
            assert "pairing, 1 let in" in said


@pytest.mark.parametrize("steps", [WHATSAPP, TELEGRAM], ids=["whatsapp", "telegram"])
def test_the_sentences_of_the_page_are_those_of_the_program(steps: Steps) -> None:
    page = " ".join(steps.page.read_text(encoding="utf-8").split())
    assert f"`{chat.stranger(Language.ENGLISH, '7K4F-92QD', 60)}`" in page


def test_the_open_gate_is_told_in_the_words_of_the_program() -> None:
    assert "open, answers are sent" in WHATSAPP.page.read_text(encoding="utf-8")
