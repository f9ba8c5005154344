"""The rehearsal of the quickstart, typed as it stands there; only ports and the code on the phone are other ones."""

import asyncio
import json
import re
from pathlib import Path

from aof.texts import chat
from aof.texts.language import Language
from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of
from tests.docs.trying import here, replaced, terminal, told, typed
from tests.e2e.world import SECONDS
from tests.ports import free_port

PAGE = ROOT / "docs" / "guides" / "quickstart-whatsapp.md"


def _rehearsal() -> list[list[str]]:
    """The commands of each block of the second section."""
    section = PAGE.read_text(encoding="utf-8").partition("## 2. ")[2].partition("## 3. ")[0]
    return [block.commands for block in blocks(PAGE) if block.language == "console" and block.text in section]


async def test_the_rehearsal_leads_to_an_answer(tmp_path: Path) -> None:
    (simulate,), (export, more, check, serve), (write, look), (number, approve, again, status, look_again) = (
        _rehearsal()
    )
    port = str(free_port())
    simulated = here(simulate, {}) + f" --port 0 --webhook-url http://127.0.0.1:{port}/webhook/whatsapp"
    async with terminal(tmp_path, simulated) as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        config = replaced(
            file_of(PAGE, "daemon.yaml"),
            {**ports, "    host: 127.0.0.1\n": f"    host: 127.0.0.1\n    port: {port}\n    admin: {{port: 0}}\n"},
        )
        (tmp_path / "daemon.yaml").write_text(config, encoding="utf-8")
        exports = f"{export}\n{more}\n"
        assert "can be used" in await typed(tmp_path, exports + here(check, {}))
        async with terminal(tmp_path, exports + here(serve, {})) as second:
            await told(second.stderr, '"daemon_started"')
            await typed(tmp_path, here(write, ports))
            said = await _shown(tmp_path, here(look, ports), 1)
            (code,) = re.findall(r"Give this code to its admin: (\S+) \(60 min\)", said)
            approved = here(f"{number}\n{approve}", {"7K4F-92QD": code})
            assert "On call (+15550001001) is let in." in await typed(tmp_path, approved)
            await typed(tmp_path, here(again, ports))
            assert "% full" in await _shown(tmp_path, here(look_again, ports), 2)
            said = await typed(tmp_path, f"{number}\n{here(status, {})}")
            assert said.startswith("A daemon runs and is ready.")
            assert "pairing, 1 let in" in said


async def _shown(folder: Path, look: str, wanted: int) -> str:
    """The newest answer on the phone, once there are so many."""
    after, texts = 0, list[str]()
    async with asyncio.timeout(SECONDS):
        while len(texts) < wanted:
            page = json.loads(await typed(folder, look.replace("after=1&", f"after={after}&")))
            for message in page["messages"]:
                after = message["seq"]
                texts += [message["text"]] if message["direction"] == "in" else []
    return texts[-1]


def test_the_sentences_of_the_page_are_those_of_the_program() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"`{chat.stranger(Language.ENGLISH, '7K4F-92QD', 60)}`" in page
    assert "open, answers are sent" in page
