"""What it takes to try on this machine what a page says of another one."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.docs.pages.source import ROOT
from tests.e2e.world import SECONDS

ENVIRON = {
    "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
    "PYTHONPATH": str(ROOT),
    "NO_COLOR": "1",
    "COLUMNS": "200",
}


def replaced(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of these put in place of another, which has to be there."""
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    return text


@asynccontextmanager
async def terminal(folder: Path, script: str) -> AsyncIterator[asyncio.subprocess.Process]:
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


async def told(stream: asyncio.StreamReader | None, word: str) -> str:
    """What a program says up to a line with this word."""
    assert stream is not None
    said = ""
    async with asyncio.timeout(SECONDS):
        while word not in said:
            line = (await stream.readline()).decode()
            assert line, said
            said += line
    return said


async def typed(folder: Path, script: str) -> str:
    """What a script prints; it has to end well."""
    async with terminal(folder, script) as running:
        async with asyncio.timeout(SECONDS):
            out, err = await running.communicate()
        assert running.returncode == 0, (script, err.decode())
        return out.decode()


def here(command: str, changes: Mapping[str, str]) -> str:
    """A command of a page with other words in it, run by the program of this clone."""
    for before, after in changes.items():
        command = command.replace(before, after)
    programs = {"aof": f"exec {sys.executable} -m aof", "python": f"exec {sys.executable}"}
    return re.sub(r"(?<!\S)\.venv/bin/(aof|python)\b", lambda found: programs[found[1]], command)
