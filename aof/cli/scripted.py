"""What `aof demo --agent scripted` adds to the stage: a service, its operator, and a script in place of a model."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aof.cli.cast import DEPUTY, LEAD
from aof.simulator.model import ModelServer, demo_script

APPROVE = (LEAD, DEPUTY)
SUGGESTIONS = {"en": ("api is slow", "restart", "/approvals"), "ar": ("الواجهة بطيئة", "أعد التشغيل", "/approvals")}
KEY = "AOF_DEMO_MODEL_KEY"

SPEC = """\
  approval: {allowed_users: ["@lead"]}
  agents: {directory: agents}
  classifications: {directory: classifications}
  tools: {path: [bin, /usr/bin, /bin]}
  runtime: {default_agent: operator}
  delivery: {uncertain_wait_seconds: 1}
"""

AGENT = """\
apiVersion: aof.dev/v1
kind: Agent
metadata: {{name: operator, description: "Looks after the demo's api; a script stands in for its model"}}
spec:
  model: openai:scripted
  base_url: {url}
  api_key_env: {key}
  instructions: You look after the api.
  tools:
    - {{type: Shell, config: {{allowed_commands: [apictl]}}}}
"""

CLASSES = """\
apiVersion: aof.dev/v1
kind: ToolClassification
metadata: {name: apictl}
spec:
  tools:
    apictl: {read: [status, log], write: [start, restart], delete: [stop]}
"""


@asynccontextmanager
async def scripted(folder: Path) -> AsyncIterator[str]:
    """The files, the service and the script; yields what goes under `spec` of the daemon's file."""
    program = _program(folder)
    model = ModelServer(demo_script(), api_key=KEY)
    # what waits for an approval is bound to the agent's file, and with it to this address
    await model.start(port=_port(folder))
    _write(folder / "model.port", model.url.rpartition(":")[2].partition("/")[0])
    try:
        _write(folder / "agents/operator.yaml", AGENT.format(url=model.url, key=KEY))
        _write(folder / "classifications/apictl.yaml", CLASSES)
        await asyncio.to_thread(_apictl, program, "start")
        yield SPEC
    finally:
        await asyncio.to_thread(_apictl, program, "stop")
        await model.stop()


def _port(folder: Path) -> int:
    """The one of the demo before this one in the same folder; 0 for the first."""
    try:
        return int((folder / "model.port").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return 0


def _apictl(program: Path, verb: str) -> None:
    subprocess.run([program, verb, "api"], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 -- written by ourselves


def _program(folder: Path) -> Path:
    """`apictl`, as a program of its own: tools run nothing but programs on their path."""
    program = folder / "bin/apictl"
    lines = (
        f"#!{sys.executable}",
        "import sys",
        "from pathlib import Path",
        "from aof.cli.apictl import main",
        f"sys.exit(main(Path({json.dumps(str(folder))}), sys.argv[1:]))",
    )
    _write(program, "\n".join(lines) + "\n")
    program.chmod(0o755)
    return program


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
