"""The contestants: each one program in a process of its own, pinned to the same core, in a directory of its own."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import psutil
import yaml

from bench import updates
from bench.load import Load
from bench.machine import Cores
from bench.webhooks import PHONE_NUMBER_ID, SECRET, messages

ROOT = Path(__file__).parents[1]
SCRATCH = ROOT / ".bench"
PYWA = SCRATCH / "pywa" / "bin" / "python"
"""The interpreter of the virtual environment that pywa has for itself; `make bench` makes it."""
OF_TELEGRAM = ROOT / ".oracle" / "bin" / "python"
"""That of the environment of aiogram and python-telegram-bot."""
Requests = Callable[[str, int], Iterator[bytes]]
"""Requests to a path, each of its own, from a number on."""

_CONTESTANTS = ROOT / "bench" / "contestants"
_ENTRY_POINTS = """\
[aof.agents]
echo = bench.contestants.plugins:Echo
mute = bench.contestants.plugins:Mute
[aof.platforms]
unpaced = bench.contestants.plugins:Unpaced
"""

_IDLE = {
    "apiVersion": "aof.dev/v1",
    "kind": "Agent",
    "metadata": {"name": "idle"},
    "spec": {"model": "openai:none", "base_url": "http://127.0.0.1:9/v1", "tools": ["kubectl"]},
}


@dataclass(slots=True)
class Server:
    """One running contestant."""

    port: int
    path: str
    """Where it takes webhooks."""
    folder: Path
    process: asyncio.subprocess.Process = field(repr=False)

    @property
    def memory(self) -> float:
        """Resident MB (10⁶ bytes) of the program, its children included."""
        program = psutil.Process(self.process.pid)
        return sum(one.memory_info().rss for one in (program, *program.children(recursive=True))) / 1e6

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def logged(self, event: str, within_seconds: float = 60.0) -> None:
        """Wait until its log has this event."""
        log, word, began = self.folder / "log", f'"{event}"'.encode(), perf_counter()
        while word not in log.read_bytes():
            if self.process.returncode is not None or perf_counter() - began > within_seconds:
                raise RuntimeError(f"it never logged {event}:\n{log.read_text()[-2000:]}")
            await asyncio.sleep(0.005)

    def count(self, table: str, where: str = "1") -> int:
        """How many rows of the daemon's own tables are on disk."""
        with closing(sqlite3.connect(self.folder / "aof.db")) as connection:
            (rows,) = connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()  # noqa: S608
            return int(rows)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def aof(
    folder: Path, cores: Cores, *, graph: str, agent: str, tasks: int = 100, model: bool = False
) -> AsyncIterator[Server]:
    """`aof serve` with a configuration of its own: signatures on, store in `folder`, answers to `graph`.

    With `model` there is an agent with a model beside, which nobody asks.

    Every sender may talk, and the platform is WhatsApp's adapter without the rates that Meta sets for one number; both
    stand in for many numbers. Nothing of the daemon is replaced.
    """
    platform = {
        "phone_number_id": PHONE_NUMBER_ID,
        "access_token_env": "BENCH_ACCESS_TOKEN",
        "verify_token_env": "BENCH_VERIFY_TOKEN",
        "app_secret_env": "BENCH_APP_SECRET",
        "api_url": graph,
        "allow_everyone": True,
    }
    secrets = {
        "BENCH_ACCESS_TOKEN": "token-of-the-bench",
        "BENCH_VERIFY_TOKEN": "verify-of-the-bench",
        "BENCH_APP_SECRET": SECRET,
    }
    served = _daemon(folder, cores, free_port(), {"unpaced": platform}, secrets, agent, tasks, messages, model=model)
    async with served as server:
        yield server


@asynccontextmanager
async def aof_on_telegram(folder: Path, cores: Cores, *, api: str) -> AsyncIterator[Server]:
    """The same with a bot whose updates are brought; its agent never answers."""
    port = free_port()
    platform = {
        "bot_token_env": "BENCH_BOT_TOKEN",
        "webhook_secret_env": "BENCH_WEBHOOK_SECRET",
        "webhook_url": f"http://127.0.0.1:{port}/webhook/telegram",
        "api_url": api,
        "allow_everyone": True,
    }
    secrets = {"BENCH_BOT_TOKEN": updates.TOKEN, "BENCH_WEBHOOK_SECRET": updates.SECRET}
    served = _daemon(folder, cores, port, {"telegram": platform}, secrets, "mute", 1, updates.updates)
    async with served as server:
        yield server


def _daemon(
    folder: Path, cores: Cores, port: int, platforms: Mapping[str, object], secrets: Mapping[str, str], agent: str,
    tasks: int, requests: Requests, *, model: bool = False,
) -> AbstractAsyncContextManager[Server]:  # fmt: skip
    spec = {
        "server": {"host": "127.0.0.1", "port": port, "admin": {"port": 0}},
        "store": {"url": "sqlite:///aof.db"},
        "platforms": dict(platforms),
        # the webhooks carry one time of long ago
        "runtime": {"default_agent": agent, "max_concurrent_tasks": tasks, "max_message_age_secs": 0},
    }
    if model:
        (folder / "agents").mkdir()
        (folder / "agents/idle.yaml").write_text(yaml.safe_dump(_IDLE))
        spec["agents"] = {"directory": "agents"}
    file = folder / "daemon.yaml"
    file.write_text(yaml.safe_dump({"apiVersion": "aof.dev/v1", "kind": "DaemonConfig", "spec": spec}))
    plugins = folder / "plugins" / "aof_bench-0.dist-info"
    plugins.mkdir(parents=True)
    (plugins / "METADATA").write_text("Metadata-Version: 2.1\nName: aof-bench\nVersion: 0\n")
    (plugins / "entry_points.txt").write_text(_ENTRY_POINTS)
    environ = {"PYTHONPATH": f"{plugins.parent}{os.pathsep}{ROOT}", **secrets}
    command = [sys.executable, "-m", "aof", "serve", "--config", str(file)]
    (name,) = platforms
    return _running(command, port, f"/webhook/{name}", folder, cores, environ, requests)


@asynccontextmanager
async def plain(name: str, folder: Path, cores: Cores) -> AsyncIterator[Server]:
    """A contestant without a configuration: `bare` verifies and parses, `instant` says 200 to anything."""
    port = free_port()
    command = [sys.executable, "-m", f"bench.contestants.{name}", str(port)]
    async with _running(command, port, "/webhook", folder, cores, {}) as server:
        yield server


@asynccontextmanager
async def pywa(folder: Path, cores: Cores, *, graph: str, echo: bool) -> AsyncIterator[Server]:
    """pywa with fastapi and uvicorn, signatures on; with `echo` it answers each text with the text."""
    port = free_port()
    program = _CONTESTANTS / "echo_of_pywa.py"
    command = [str(PYWA), str(program), str(port), graph, "echo" if echo else "mute"]
    async with _running(command, port, "/webhook", folder, cores, {}) as server:
        yield server


@asynccontextmanager
async def of_telegram(name: str, folder: Path, cores: Cores, *, api: str) -> AsyncIterator[Server]:
    """A webhook of a library for Telegram, secret on: `aiogram` or `ptb`."""
    port = free_port()
    command = [str(OF_TELEGRAM), str(_CONTESTANTS / f"{name}s_webhook.py"), str(port), api]
    async with _running(command, port, "/webhook", folder, cores, {}, updates.updates) as server:
        yield server


async def found(name: str, folder: Path, cores: Cores, *args: str) -> dict[str, list[float]]:
    """What a contestant that is no server measured of itself, on the core of the servers."""
    return await _printed([sys.executable, "-m", f"bench.contestants.{name}", *args], folder, cores)


async def found_by_theirs(name: str, folder: Path, cores: Cores, *args: str) -> dict[str, list[float]]:
    """The same of one in the environment of the libraries for Telegram."""
    return await _printed([str(OF_TELEGRAM), str(_CONTESTANTS / f"{name}.py"), *args], folder, cores)


async def _printed(command: Sequence[str], folder: Path, cores: Cores) -> dict[str, list[float]]:
    with (folder / "log").open("ab") as log:
        started = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            stderr=log, preexec_fn=lambda: os.sched_setaffinity(0, {cores.server}),
        )  # fmt: skip
    out, _ = await started.communicate()
    if started.returncode != 0:
        raise RuntimeError(f"{command[1:3]} failed:\n{(folder / 'log').read_text()[-2000:]}")
    measured: dict[str, list[float]] = json.loads(out)
    return measured


@asynccontextmanager
async def _running(
    command: Sequence[str], port: int, path: str, folder: Path, cores: Cores, environ: Mapping[str, str],
    requests: Requests = messages,
) -> AsyncIterator[Server]:  # fmt: skip
    # an installed program has its bytecode; a shell that forbids writing it would have each start compile anew
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with (folder / "log").open("ab") as log:
        started = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=log, stderr=log, env={**inherited, **environ},
            preexec_fn=lambda: os.sched_setaffinity(0, {cores.server}),
        )  # fmt: skip
    server = Server(port, path, folder, started)
    try:
        await _answering(server, requests)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.send_signal(signal.SIGKILL)
        await started.wait()


async def _answering(server: Server, requests: Requests, within_seconds: float = 60.0) -> None:
    """Wait until it takes webhooks: the first one is answered 200."""
    began = perf_counter()
    while perf_counter() - began < within_seconds:
        if server.process.returncode is not None:
            break
        try:
            async with Load.to(server.port, 1) as load:
                if (await load.closed(requests(server.path, 10**11), most=1)).latencies:
                    return
        except OSError:
            await asyncio.sleep(0.005)
    raise RuntimeError(f"it did not start:\n{(server.folder / 'log').read_text()[-2000:]}")
