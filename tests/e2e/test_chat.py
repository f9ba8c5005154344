"""`aof chat` as somebody types it, at a terminal and through a pipe."""

import asyncio
import os
import pty
import re
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.world import SECONDS

PROGRAM = (sys.executable, "-m", "aof", "chat")


def _environ(folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LOGNAME": "ada",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        **more,
    }


async def piped(folder: Path, typed: str, *words: str, code: int = 0, **environ: str) -> str:
    """What is printed for what comes through a pipe."""
    running = await asyncio.create_subprocess_exec(
        *PROGRAM, *words, cwd=folder, env=_environ(folder, **environ),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(SECONDS):
        out, err = await running.communicate(typed.encode())
    assert running.returncode == code, (out.decode(), err.decode())
    assert "Traceback" not in err.decode()
    return out.decode() if code == 0 else out.decode() + err.decode()


class Terminal:
    """A terminal in which the program runs."""

    def __init__(self, running: asyncio.subprocess.Process, fd: int) -> None:
        self.running = running
        self._fd = fd
        self.said = ""
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(fd, self._read)

    def _read(self) -> None:
        try:
            self.said += os.read(self._fd, 65_536).decode("utf-8", "replace")
        except OSError:  # the program has ended
            asyncio.get_running_loop().remove_reader(self._fd)
        self._more.set()

    def types(self, text: str) -> None:
        os.write(self._fd, text.encode())

    async def says(self, pattern: str, after: int = 0) -> int:
        """Wait until it has said this; return where it stands."""
        async with asyncio.timeout(SECONDS):
            while (found := re.search(pattern, self.said[after:])) is None:
                self._more.clear()
                await self._more.wait()
        return after + found.end()

    async def ends(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self.running.wait()


@asynccontextmanager
async def terminal(folder: Path, *, program: tuple[str, ...] = PROGRAM, **environ: str) -> AsyncIterator[Terminal]:
    ours, theirs = pty.openpty()
    running = await asyncio.create_subprocess_exec(
        *program, cwd=folder, env=_environ(folder, TERM="xterm", **environ),
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=_take_the_terminal,
    )  # fmt: skip
    os.close(theirs)
    made = Terminal(running, ours)
    try:
        yield made
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)


def _take_the_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


async def test_what_comes_through_a_pipe_is_answered_line_by_line(tmp_path):
    said = await piped(tmp_path, "uptime\n\nmemory")
    assert said.index("up") < said.index("of memory is in use")
    assert "\x1b" not in said
    assert ">" not in said.splitlines()[0][:1]
    assert list(tmp_path.iterdir()) == [], "nothing is kept"


async def test_numbers_press_and_a_file_will_do_for_a_pipe(tmp_path):
    (tmp_path / "lines.txt").write_text("help\n2\n")
    with (tmp_path / "lines.txt").open() as lines:
        running = await asyncio.create_subprocess_exec(
            *PROGRAM, cwd=tmp_path, env=_environ(tmp_path), stdin=lines, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(SECONDS):
            out, _ = await running.communicate()
    assert running.returncode == 0
    assert "of memory is in use" in out.decode()


async def test_a_configuration_is_used_without_its_platforms_and_without_their_credentials(tmp_path):
    (tmp_path / "daemon.yaml").write_text(CONFIG)
    said = await piped(tmp_path, "/agents\n")
    assert "runbook" in said
    assert await piped(tmp_path, "uptime", "--store", "kept.db", "--as", "Amina")
    assert sorted(file.name for file in tmp_path.iterdir() if "lock" not in file.name) == ["daemon.yaml", "kept.db"]
    with sqlite3.connect(tmp_path / "kept.db") as kept:
        assert kept.execute("SELECT account, sender, state FROM inbox").fetchall() == [
            ("console:terminal", "Amina", "done")
        ]
    kept.close()


CONFIG = """\
apiVersion: aof.dev/v1
kind: DaemonConfig
spec:
  platforms:
    whatsapp:
      phone_number_id: "106540352242922"
      access_token_env: NOT_SET_1
      verify_token_env: NOT_SET_2
      app_secret_env: NOT_SET_3
      allowed_numbers: ["+4915112345678"]
  operator: {operators: [Amina]}
  people: [{name: Amina, whatsapp: "+4915112345678"}]
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--config", "absent.yaml"), "absent.yaml: there is no such file"),
        (("--agent", "runbok"), 'there is no agent runbok. Did you mean "runbook"?'),
        (("--agent", "zzz"), "there is no agent zzz. Write one of runbook."),
    ],
)
async def test_what_can_not_be_used_is_told_with_2(tmp_path, words, said):
    assert said in await piped(tmp_path, "uptime", *words, code=2)


async def test_a_terminal_has_a_prompt_colours_and_ends_with_ctrl_d(tmp_path):
    async with terminal(tmp_path) as made:
        at = await made.says("You are ada, and runbook answers")
        at = await made.says("> ", at)
        made.types("help\n")
        at = await made.says("\x1b\\[1m1\\. Disk\x1b\\[0m", at)
        at = await made.says("> $", at)
        made.types("\n")
        at = await made.says("> ", at)
        made.types("\x04")
        assert await made.ends() == 0


SLOW = """
import asyncio, dataclasses
from aof.cli import app, chat

class Slow:
    name = "runbook"

    async def answer(self, turn):
        print("BEGAN", flush=True)
        await asyncio.Event().wait()

seated = chat.seated
chat.seated = lambda *given, **named: dataclasses.replace(seated(*given, **named), agents={"runbook": lambda _: Slow()})
app(["chat"])
"""


async def test_ctrl_c_stops_what_runs_and_then_ends(tmp_path):
    async with terminal(tmp_path, program=(sys.executable, "-c", SLOW), NO_COLOR="1") as made:
        at = await made.says("> ")
        assert "\x1b[1m" not in made.said
        made.types("kettle\n")
        at = await made.says("BEGAN", at)
        made.types("\x03")
        at = await made.says("> $", at)
        made.types("\x03")
        assert await made.ends() == 130
        assert "Traceback" not in made.said


async def test_ctrl_d_does_not_wait_for_what_runs(tmp_path):
    async with terminal(tmp_path, program=(sys.executable, "-c", SLOW)) as made:
        at = await made.says("> ")
        made.types("kettle\n")
        await made.says("BEGAN", at)
        made.types("\x04")
        assert await made.ends() == 0


async def test_a_signal_ends_a_pipe_that_waits(tmp_path):
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SLOW, cwd=tmp_path, env=_environ(tmp_path),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(b"kettle\n")
    async with asyncio.timeout(SECONDS):
        assert await running.stdout.readline() == b"BEGAN\n"
        running.send_signal(signal.SIGINT)
        await running.communicate()
    assert running.returncode == 130
