"""A small service that is really a process, the program that restarts it, and an agent with a scripted model."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic_ai.models import override_allow_model_requests

from aof.simulator import PhoneSettings, Settings
from aof.simulator.model import ModelServer, demo_script
from tests.e2e.world import LEAD, ON_CALL, World, world

BOSS = "+15550003003"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "roles": ["on-call"]},
    {"name": "Omar", "whatsapp": LEAD, "roles": ["lead"]},
    {"name": "Boss", "whatsapp": BOSS, "roles": ["lead", "boss"]},
]

APICTL = """#!{python}
import os, pathlib, subprocess, sys
folder = pathlib.Path({folder!r})
pid = folder / "api.pid"

def begin():
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    pid.write_text(str(child.pid))
    return child.pid

verb, name = sys.argv[1], sys.argv[2]
if verb == "start":
    begin()
elif verb == "status":
    print(f"{{name}}: pid {{pid.read_text()}}, latency p50 2400 ms, up since 09:00")
elif verb == "restart":
    old = int(pid.read_text())
    os.kill(old, 9)
    print(f"{{name}}: old pid {{old}}, new pid {{begin()}}")
elif verb == "log":
    print("slow query 2400 ms")
"""


class Service:
    """The process that `apictl` knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        program = self.bin / "apictl"
        program.write_text(APICTL.format(python=sys.executable, folder=str(folder)))
        program.chmod(0o755)
        subprocess.run([program, "start", "api"], check=True)

    @property
    def pid(self) -> int:
        return int((self.folder / "api.pid").read_text())

    def is_running(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def end(self) -> None:
        if self.is_running(self.pid):
            os.kill(self.pid, signal.SIGKILL)


@asynccontextmanager
async def operated(
    folder: Path,
    *,
    answer: Any = None,
    greeted: tuple[str, ...] = (LEAD,),
    agent: Mapping[str, Any] | None = None,
    start: bool = True,
    **spec: Any,
) -> AsyncIterator[tuple[World, ModelServer, Service]]:
    """A daemon whose agent has a scripted model and one tool, `apictl`."""
    service = Service(folder)
    model = ModelServer(answer or demo_script())
    async with model, AsyncExitStack() as stack:
        # the model is the stand-in on this machine
        stack.enter_context(override_allow_model_requests(True))
        for name in ("agents", "classes"):
            (folder / name).mkdir()
        (folder / "agents/operator.yaml").write_text(json.dumps(operator(model.url, **(agent or {}))))
        (folder / "classes/apictl.yaml").write_text(json.dumps(CLASSES))
        settings = Settings(phones=tuple(PhoneSettings(str(one["name"]), str(one["whatsapp"])) for one in PEOPLE))
        known = [str(person["whatsapp"]) for person in PEOPLE]
        whatsapp = {"allowed_numbers": known, "safety": {"read_only": False}, **spec.pop("whatsapp", {})}
        spec = {
            "people": PEOPLE,
            "approval": {"allowed_users": ["@lead"]},
            "agents": {"directory": "agents"},
            "classifications": {"directory": "classes"},
            "tools": {"path": [str(service.bin), "/usr/bin", "/bin"]},
            "runtime": {"default_agent": "operator"},
            **spec,
        }
        environ = {"MODEL_KEY": "test"}
        async with world(folder, settings=settings, whatsapp=whatsapp, environ=environ, start=start, **spec) as made:
            try:
                for number in greeted if start else ():
                    await made.phone(number).types("/status")
                    await made.phone(number).next()
                yield made, model, service
            finally:
                service.end()


def operator(url: str, **spec: Any) -> dict[str, Any]:
    """An Agent document."""
    return {
        "apiVersion": "aof.dev/v1",
        "kind": "Agent",
        "metadata": {"name": "operator", "description": "Looks after the api"},
        "spec": {
            "model": "openai:scripted",
            "base_url": url,
            "api_key_env": "MODEL_KEY",
            "instructions": "You look after the api.",
            "tools": [{"type": "Shell", "config": {"allowed_commands": ["apictl"]}}],
            **spec,
        },
    }


CLASSES = {
    "apiVersion": "aof.dev/v1",
    "kind": "ToolClassification",
    "metadata": {"name": "apictl"},
    "spec": {"tools": {"apictl": {"read": ["status", "log"], "write": ["restart"]}}},
}
