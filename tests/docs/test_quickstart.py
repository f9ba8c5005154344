"""The rehearsal of the quickstart, typed as it stands there; only ports and the code on the phone are other ones."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aof.texts import chat
from aof.texts.language import Language
from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks, file_of
from tests.docs.trying import replaced
from tests.e2e.world import SECONDS
from tests.ports import free_port

PAGE = ROOT / "docs" / "guides" / "quickstart-whatsapp.md"

ENVIRON = {
    "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    "PYTHONPATH": str(ROOT),
    "NO_COLOR": "1",
    "COLUMNS": "200",
}


def _rehearsal() -> list[list[str]]:
    """The commands of each block of the second section."""
    section = PAGE.read_text(encoding="utf-8").partition("## 2. ")[2].partition("## 3. ")[0]
    return [block.commands for block in blocks(PAGE) if block.language == "console" and block.text in section]


@asynccontextmanager
async def _terminal(folder: Path, script: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A terminal in which a program runs; it is stopped in the end."""
    running = await asyncio.create_subprocess_exec(
        *("bash", "-euc", script),
        cwd=folder,
        env={**ENVIRON, "HOME": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
        async with asyncio.timeout(SECONDS):
            await running.communicate()


async def _told(stream: asyncio.StreamReader | None, word: str) -> str:
    """What a program says up to a line with this word."""
    assert stream is not None
    said = ""
    async with asyncio.timeout(SECONDS):
        while word not in said:
            line = (await stream.readline()).decode()
            assert line, said
            said += line
    return said


async def _typed(folder: Path, script: str) -> str:
    async with _terminal(folder, script) as running:
        async with asyncio.timeout(SECONDS):
            out, err = await running.communicate()
        assert running.returncode == 0, (script, err.decode())
        return out.decode()


def _here(command: str, changes: Mapping[str, str]) -> str:
    for before, after in {**changes, ".venv/bin/aof": f"exec {sys.executable} -m aof"}.items():
        command = command.replace(before, after)
    return command


async def test_the_rehearsal_leads_to_an_answer(tmp_path: Path) -> None:
    (simulate,), (export, more, check, serve), (write, look), (number, approve, again, status, look_again) = (
        _rehearsal()
    )
    port = str(free_port())
    simulated = _here(simulate, {}) + f" --port 0 --webhook-url http://127.0.0.1:{port}/webhook/whatsapp"
    async with _terminal(tmp_path, simulated) as first:
        (api,) = re.findall(r"api_url: (http://127\.0\.0\.1:\d+)", await _told(first.stdout, "Ctrl-C"))
        ports = {"http://127.0.0.1:8090": api}
        config = replaced(
            file_of(PAGE, "daemon.yaml"),
            {**ports, "    host: 127.0.0.1\n": f"    host: 127.0.0.1\n    port: {port}\n    admin: {{port: 0}}\n"},
        )
        (tmp_path / "daemon.yaml").write_text(config, encoding="utf-8")
        exports = f"{export}\n{more}\n"
        assert "can be used" in await _typed(tmp_path, exports + _here(check, {}))
        async with _terminal(tmp_path, exports + _here(serve, {})) as second:
            await _told(second.stderr, '"daemon_started"')
            await _typed(tmp_path, _here(write, ports))
            told = await _shown(tmp_path, _here(look, ports), 1)
            (code,) = re.findall(r"Give this code to its admin: (\S+) \(60 min\)", told)
            approved = _here(f"{number}\n{approve}", {"7K4F-92QD": code})
            assert "On call (+15550001001) is let in." in await _typed(tmp_path, approved)
            await _typed(tmp_path, _here(again, ports))
            assert "% full" in await _shown(tmp_path, _here(look_again, ports), 2)
            said = await _typed(tmp_path, f"{number}\n{_here(status, {})}")
            assert said.startswith("A daemon runs and is ready.")
            assert "pairing, 1 let in" in said


async def _shown(folder: Path, look: str, wanted: int) -> str:
    """The newest answer on the phone, once there are so many."""
    after, texts = 0, list[str]()
    async with asyncio.timeout(SECONDS):
        while len(texts) < wanted:
            page = json.loads(await _typed(folder, look.replace("after=1&", f"after={after}&")))
            for message in page["messages"]:
                after = message["seq"]
                texts += [message["text"]] if message["direction"] == "in" else []
    return texts[-1]


def test_the_sentences_of_the_page_are_those_of_the_program() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"`{chat.stranger(Language.ENGLISH, '7K4F-92QD', 60)}`" in page
    assert "open, answers are sent" in page
