"""The program as an operator runs it beside a daemon."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any

from tests.e2e.world import SECONDS, World


@dataclass(frozen=True)
class Said:
    """What one command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


async def operator(aof: World, *words: str, typed: str = "", **environ: str) -> Said:
    """Run `aof` with these words on the world's configuration; no credential is in its environment."""
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aof", *words,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(aof.folder),
            "COLUMNS": "200",
            "NO_COLOR": "1",
            "LOGNAME": "ada",
            "AOF_CONFIG": str(aof.folder / "daemon.yaml"),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            **environ,
        },
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await running.communicate(typed.encode())
    except TimeoutError:
        running.kill()
        await running.communicate()
        raise
    assert running.returncode is not None
    said = Said(running.returncode, out.decode(), err.decode())
    assert "Traceback" not in said.err + said.out, said.err
    return said


async def done(aof: World, *words: str, **environ: str) -> Said:
    """The same, and it has to end well."""
    said = await operator(aof, *words, **environ)
    assert said.code == 0, said
    assert said.err == ""
    return said


async def not_done(aof: World, *words: str, **environ: str) -> str:
    """The same, and it has to end with 1; why it says so."""
    said = await operator(aof, *words, **environ)
    assert said.code == 1, said
    assert said.err.startswith("aof: "), said
    return said.err
