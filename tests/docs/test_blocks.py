"""The code blocks of the pages are what a reader may copy: read, parsed and run."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from aof.cli import app
from aof.config.providers import KEYS
from aof.daemon import read
from tests.docs.pages.source import ROOT
from tests.docs.reading import Block, blocks, every_block, file_of, name

SECONDS = 120
"""For one page's programs; far more than they take."""

LANGUAGES = frozenset({"caddyfile", "console", "ini", "json", "mermaid", "nginx", "python", "text", "toml", "yaml"})

NOT_RUN = {"Caddy is not part of the tests": 1, "the package has to be installed first": 1}
"""Why a block stands on a page though no test takes it, and how many there are."""

READERS = {"nginx": "tests/docs/test_behind_a_proxy.py", "ini": "tests/docs/test_run_as_a_service.py"} | {
    "toml": "tests/docs/test_write_a_platform.py"
}
"""Languages whose every block is a file that one test takes off its page."""

PROGRAMS = frozenset(
    {
        *("apictl", "cat", "chmod", "curl", "df", "export", "git", "install", "journalctl", "mkdir", "mv", "nginx"),
        *("openssl", "pytest", "rm", "ss", "ssh", "systemctl", "timedatectl", "useradd"),
    }
)
"""What a reader is told to run beside our own program: each is commonly there, or the page says where it comes from."""

LEAST = {
    "platforms": {
        "whatsapp": {
            "phone_number_id": "106540352242922",
            "access_token_env": "WHATSAPP_ACCESS_TOKEN",
            "verify_token_env": "WHATSAPP_VERIFY_TOKEN",
            "app_secret_env": "WHATSAPP_APP_SECRET",
        }
    }
}
"""What a piece of a `spec` is put into."""

CONFIGURATIONS = [block for block in every_block() if block.language == "yaml" and not block.not_run]
DOCUMENTS = [block for block in every_block() if block.language == "json" and not block.not_run]
COMMANDS = [block for block in every_block() if block.language == "console"]
PROGRAM_PAGES = sorted({block.page for block in every_block() if block.language == "python"})


def _at(block: Block) -> str:
    return f"{name(block.page)}:{block.line}"


def test_every_block_has_a_language_that_tests_know() -> None:
    assert {(_at(block), block.language) for block in every_block() if block.language not in LANGUAGES} == set()


def test_blocks_that_no_test_takes_are_counted() -> None:
    assert Counter(block.not_run for block in every_block() if block.not_run) == Counter(NOT_RUN)


@pytest.mark.parametrize("language", READERS)
def test_blocks_of_other_programs_are_taken_by_a_test(language: str) -> None:
    reader = (ROOT / READERS[language]).read_text(encoding="utf-8")
    found = [block for block in every_block() if block.language == language and not block.not_run]
    assert found
    for block in found:
        assert block.file, f"{_at(block)}: say which file it is, or why it is not run"
        assert f'"{block.file}"' in reader, _at(block)


@pytest.mark.parametrize("block", CONFIGURATIONS, ids=_at)
def test_a_configuration_can_be_used(block: Block, tmp_path: Path) -> None:
    written = next(yaml.safe_load_all(block.text))
    file = tmp_path / "daemon.yaml"
    match written.get("kind"):
        case "DaemonConfig":
            # a directory of the installed service
            file.write_text(block.text.replace("/var/lib/aof", str(tmp_path)), encoding="utf-8")
        case "Agent" | "Trigger" | "Runbook" | "Context" | "ToolClassification" as kind:
            folder = {"ToolClassification": "classifications"}.get(kind, f"{kind.lower()}s")
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "one.yaml").write_text(block.text, encoding="utf-8")
            file.write_text(_piece({folder: {"directory": folder}}), encoding="utf-8")
        case _:
            assert set(written) == {"spec"}, "neither a file nor a piece of a spec"
            file.write_text(_piece(written["spec"]), encoding="utf-8")
    for folder in re.findall(r"directory: (\w+)", block.text):
        (tmp_path / folder).mkdir(exist_ok=True)
    for agent in re.findall(r"default_agent: (?!runbook\b)(\w+)", block.text):
        (tmp_path / "agents" / f"{agent}.yaml").write_text(
            file_of(block.page, f"agents/{agent}.yaml"), encoding="utf-8"
        )
    whole = "\n".join(one.read_text(encoding="utf-8") for one in tmp_path.rglob("*.yaml"))
    named = re.findall(r'_env"?: (\[[^\]]*\]|"?\w+)', whole)
    variables = [*re.findall(r"\w+", " ".join(named)), *KEYS.values()]
    environ = {variable: f"the-value-of-{variable}" for variable in variables}
    assembly = read(file, environ | {"TELEGRAM_BOT_TOKEN": "55501:a-value-of-the-test"})
    assert assembly.warnings == ()
    assert set(assembly.platforms) == set(
        next(yaml.safe_load_all(file.read_text(encoding="utf-8")))["spec"]["platforms"]
    )


def _piece(spec: Mapping[str, Any]) -> str:
    """A piece of a `spec` within a whole file (JSON is YAML)."""
    document = {"apiVersion": "aof.dev/v1", "kind": "DaemonConfig", "spec": _within(LEAST, spec)}
    return json.dumps(document, indent=1)


def _within(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    both = {**outer, **inner}
    for key in outer.keys() & inner.keys():
        if isinstance(outer[key], dict) and isinstance(inner[key], dict):
            both[key] = _within(outer[key], inner[key])
    return both


@pytest.mark.parametrize("block", DOCUMENTS, ids=_at)
def test_json_is_json(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", COMMANDS, ids=_at)
def test_every_command_can_be_typed(block: Block) -> None:
    assert block.commands, f"{_at(block)} holds no command: begin each with $"
    for command in block.commands:
        for words in _programs(command):
            program = Path(words[0]).name
            if program == "aof":
                parse(words[1:])
            elif program == "make":
                assert words[1] in _targets(), command
            elif program in {"python", "python3"} and words[1].endswith(".py"):
                assert file_of(block.page, words[1]), command
            elif program in {"python", "python3"}:
                assert words[1] == "-m", command
                assert words[2] in {"venv", "pip", "pytest"}, command
                assert words[2] != "pytest" or (ROOT / words[3]).exists(), command
            else:
                assert program in PROGRAMS, command


def test_every_program_beside_our_own_is_used() -> None:
    typed = {Path(words[0]).name for block in COMMANDS for line in block.commands for words in _programs(line)}
    assert typed >= PROGRAMS


def _targets() -> set[str]:
    return set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def _programs(line: str) -> Iterator[list[str]]:
    """Each program of a line, with its words; what stands before it (sudo, variables) is left out."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|&;"):
            if words := _bare(words):
                yield words
            words = []
        else:
            words.append(word)


def _bare(words: list[str]) -> list[str]:
    words = words[: next((n for n, word in enumerate(words) if set(word) <= set("<>")), len(words))]
    while words and (words[0] in {"sudo", "systemd-run"} or "=" in words[0].split("/")[0] or words[0].startswith("-")):
        # an option of sudo that takes a word
        words = words[2:] if words[0] == "-u" else words[1:]
    return words


def parse(words: list[str]) -> None:
    """Parse words behind `aof` as the program does, and do nothing.

    Raises:
        UsageError: They can't be typed so.
    """
    command: Any = typer.main.get_command(app)
    if words == ["--version"]:
        return
    context = command.make_context("aof", list(words))
    while hasattr(command, "commands"):
        name_, command, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name_, rest, parent=context)


UsageError: Any = typer.BadParameter.__base__


@pytest.mark.parametrize(
    "typed", ["serv", "outbox list --stat held", "outbox list --state hold", "outbox show", "outbox show x", "pair"]
)
def test_what_cannot_be_typed_is_found(typed: str) -> None:
    with pytest.raises((UsageError, typer.Exit)):
        parse(typed.split())


@pytest.mark.parametrize("typed", ["serve --config x", "outbox list --state held", "outbox show 17", "check"])
def test_what_can_be_typed_is_not_found(typed: str) -> None:
    parse(typed.split())


@pytest.mark.parametrize("page", PROGRAM_PAGES, ids=name)
def test_python_runs(page: Path, tmp_path: Path) -> None:
    found = [block for block in blocks(page) if block.language == "python"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    for block in blocks(page):
        if block.file and "/" not in block.file:
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
    for block in found:
        if not block.file:
            _runs([sys.executable, "-c", block.text], tmp_path, environ)
    tests = [block for block in found if block.file.startswith("test_")]
    if tests:
        said = _runs([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], tmp_path, environ)
        wanted = sum(len(re.findall(r"^(?:async )?def test_", block.text, re.MULTILINE)) for block in tests)
        assert re.search(rf"\b{wanted} passed", said), said


def _runs(words: list[str], folder: Path, environ: Mapping[str, str]) -> str:
    ended = subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout
