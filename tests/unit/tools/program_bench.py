"""Tools that run programs, over a directory of stand-ins for the programs."""

from pathlib import Path
from typing import Any

from aof.tools.base import Context, Plan, Scope
from aof.tools.classify import Tables
from aof.tools.programs import CommandTool, Settings, ShellTool
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.tools.stand_in import PYTHON, write_program

SAYS_ITS_WORDS = "import json, sys; print(json.dumps(sys.argv[1:]))"
KUBECTL = f"""
import sys
words = sys.argv[1:]
if words == ["config", "current-context"]:
    print("kind-home")
elif words[:1] == ["--context"] and words[2:4] == ["config", "view"]:
    print("team-a https://10.0.0.1:6443", end="")
else:
    {SAYS_ITS_WORDS.replace("; ", chr(10) + "    ")}
"""
PROD = Context(
    name="production", kubecontext="prod", namespace="web", cluster="eu-1", allowed_namespaces=("web", "api")
)
TABLES = Tables.built_in()
DOCKER = f"""
import sys
words = sys.argv[1:]
if words == ["context", "show"]:
    print("colima")
elif words[:2] == ["context", "inspect"]:
    print("unix:///run/user/1000/" + words[-1] + ".sock")
else:
    {SAYS_ITS_WORDS.replace("; ", chr(10) + "    ")}
"""


class Bench:
    """Tools over a directory of stand-ins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.environ: dict[str, str] = {}

    def program(self, name: str, body: str = SAYS_ITS_WORDS, interpreter: str = PYTHON) -> None:
        write_program(self.path, body, name=name, interpreter=interpreter)

    @property
    def runner(self) -> Runner:
        return Runner([self.path], self.environ, Redactor(["the known secret"]))

    def command(self, program: str, *verb: str, **said: Any) -> CommandTool:
        return CommandTool(program, verb, runner=self.runner, tables=TABLES, settings=Settings(**said))

    def shell(self, *programs: str, **said: Any) -> ShellTool:
        return ShellTool(programs or None, runner=self.runner, tables=TABLES, settings=Settings(**said))

    async def plan(self, command: str, context: Context | None = None, *, tool: str = "kubectl", **said: Any) -> Plan:
        scope = Scope(context=context or Context())
        return await self.command(tool, **said).plan({"command": command}, scope)
