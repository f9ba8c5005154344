"""What a command imports before it does its work. These tests look at names and not at the clock."""

import asyncio
import json
import os
import subprocess
import sys
from importlib import import_module
from inspect import getdoc
from pathlib import Path

import pytest
import typer

from aof.cli import COMMANDS, app
from aof.store.sqlite import SQLiteStore

FOR_NOBODY_BUT_THEIR_COMMANDS = {
    "aof.simulator": "only simulate and demo start one",
    "aof.cli.demo": "loads the simulator",
    "aof.cli.desk": "loads what operators' commands need, which serve does not",
    "aof.config.schema": "only schema prints one",
    "aof.config.docstrings": "reads the sources of all models",
    "pygments.lexers.python": "nothing is highlighted",
    "phonenumbers": "no number is listed; it is loaded with the first one",
}
FOR_A_WORD_ABOUT_COMMANDS = {
    "aof.daemon": "loads nearly everything",
    "aof.config": "loads pydantic",
    "aof.store": "the ledger is for commands that work",
    "aof.domain": "loads pydantic",
    "aiohttp": "reads the system's certificates",
    "asyncio": "nothing waits",
    "importlib.metadata": "the version stands in the package itself",
    "phonenumbers": "knows all countries",
    "pydantic": "builds models",
    "structlog": "nothing is logged; it loads rich",
    "uvloop": "nothing waits",
    "yaml": "no file is read",
}
FOR_THE_DAEMON_ALONE = {
    "aof.agents.llm": "nobody is answered; of built-in agents the class that a file names is looked for",
    "aof.agents.written": "nobody is answered",
    "aof.daemon.running": "it runs beside a daemon",
    "aof.pipeline.consult": "no message travels",
    "aof.pipeline.deliver": "no message travels",
    "aof.daemon.acting": "nothing is run",
    "aof.web": "nothing is served",
    "aiohttp.web": "nothing is served",
    "prometheus_client": "nothing is counted",
    "pydantic_ai": "no model is asked",
    "mcp": "no server of tools is asked",
}
FOR_COMMANDS_THAT_WORK = FOR_THE_DAEMON_ALONE | {
    "aof.daemon": "no configuration is read",
    "aof.agents": "nobody is answered",
    "aof.store.sqlite": "no store is opened",
    "sqlite3": "no store is opened",
    "structlog": "nothing is logged",
}
BESIDE_A_DAEMON = [name for name in COMMANDS if name not in {"serve", "check", "schema", "demo", "chat", "simulate"}]
CONFIG = """\
kind: DaemonConfig
spec:
  platforms:
    whatsapp:
      phone_number_id: "106540352242922"
      access_token_env: TOKEN
      verify_token_env: TOKEN
      app_secret_env: TOKEN
"""
COMPLETING = {"_AOF_COMPLETE": "complete_bash", "COMP_WORDS": "aof s", "COMP_CWORD": "1"}

PROGRAM = """
import atexit, json, sys
sys.argv = ["aof", *{words!r}]
atexit.register(lambda: print("\\n" + json.dumps(sorted(sys.modules))))
from aof.cli import app
app(prog_name="aof")
"""


def imported(*words: str, code: str = "", **environ: str) -> tuple[str, set[str]]:
    """What a call prints, and every module that it has imported when it ends."""
    ran = subprocess.run(
        [sys.executable, "-c", code or PROGRAM.format(words=list(words))],
        env={**os.environ, **environ}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed, _, names = ran.stdout.rstrip("\n").rpartition("\n")
    return printed.strip(), set(json.loads(names))


def unwanted(names: set[str], reasons: dict[str, str]) -> dict[str, str]:
    return {name: why for name, why in reasons.items() if name in names}


def test_the_version_loads_nothing_but_the_command_line() -> None:
    printed, names = imported("--version")
    assert printed.startswith("aof ")
    assert unwanted(names, FOR_A_WORD_ABOUT_COMMANDS) == {}
    assert "rich" not in names, "a line without colours needs none"


def test_the_help_names_every_command_and_loads_none() -> None:
    printed, names = imported("--help", COLUMNS="200", NO_COLOR="1")
    assert [name for name in COMMANDS if f" {name} " not in printed] == []
    assert unwanted(names, FOR_A_WORD_ABOUT_COMMANDS) == {}


def test_the_shells_tab_loads_no_command() -> None:
    printed, names = imported(**COMPLETING)
    assert printed.split() == [name for name in COMMANDS if name.startswith("s")]
    names -= {"pydantic", "importlib.metadata"}  # typer itself completes with them
    assert unwanted(names, FOR_A_WORD_ABOUT_COMMANDS) == {}


@pytest.mark.parametrize("name", BESIDE_A_DAEMON)
def test_the_help_of_a_command_and_the_shells_tab_behind_it_open_nothing(name: str) -> None:
    _, names = imported(name, "--help", NO_COLOR="1")
    assert f"aof.cli.{name}" in names
    assert unwanted(names, FOR_COMMANDS_THAT_WORK) == {}
    words = {"COMP_WORDS": f"aof {name} ", "COMP_CWORD": "2"}
    assert unwanted(imported(**COMPLETING | words)[1], FOR_COMMANDS_THAT_WORK) == {}


@pytest.mark.parametrize("words", [("outbox", "list"), ("status",), ("approvals", "list"), ("store", "check")])
async def test_a_command_that_works_beside_a_daemon_loads_none(tmp_path: Path, words: tuple[str, ...]) -> None:
    store = await SQLiteStore.open(tmp_path / "aof.db")
    await store.close()
    written = tmp_path / "daemon.yaml"
    written.write_text(CONFIG)
    _, names = await asyncio.to_thread(imported, *words, "--config", str(written))
    assert "aof.store.sqlite" in names
    assert unwanted(names, FOR_THE_DAEMON_ALONE) == {}


@pytest.mark.parametrize("name", ["check", "schema"])
def test_a_command_about_files_loads_no_daemon(name: str) -> None:
    _, names = imported(name, "--help", NO_COLOR="1")
    assert unwanted(names, FOR_THE_DAEMON_ALONE) == {}


def test_the_daemon_loads_nothing_of_other_commands() -> None:
    _, names = imported(code="import json, sys, aof.cli.serve; print(); print(json.dumps(sorted(sys.modules)))")
    assert "aof.daemon.running" in names
    assert unwanted(names, FOR_NOBODY_BUT_THEIR_COMMANDS) == {}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_summary_is_the_first_paragraph_of_the_help(name: str) -> None:
    command = typer.main.get_command(app)
    _, found, rest = command.resolve_command(typer.Context(command), [name, "--help"])  # type: ignore[attr-defined]
    assert rest == ["--help"]
    assert COMMANDS[name] == " ".join(found.help.split("\n\n")[0].split())


def test_every_command_has_its_module() -> None:
    for name in COMMANDS:
        module = import_module(f"aof.cli.{name}")
        assert isinstance(getattr(module, "app", None), typer.Typer) or getdoc(getattr(module, name))
