"""`aof check`: what it prints, what it ends with, and that it never shows a secret."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aof.cli import app

MAIN = """\
kind: DaemonConfig
spec:
  agents: {directory: crew}
  triggers: {directory: crew}
  platforms:
    whatsapp:
      phone_number_id_env: WHATSAPP_PHONE_NUMBER_ID
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
"""
CREW = """\
kind: Agent
metadata: {name: dockhand}
spec: {model: 'openai:gpt-4o'}
---
kind: Trigger
metadata: {name: night}
spec: {type: WhatsApp, default_agent: dockhand, commands: {/help: {agent: builtin}, pods: {agent: runbook}}}
---
kind: Trigger
metadata: {name: dawn}
spec: {type: WhatsApp, enabled: no}
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WHATSAPP_ALLOW_LIVE_SEND", raising=False)
    for name in ("ACCESS_TOKEN", "VERIFY_TOKEN", "APP_SECRET"):
        monkeypatch.setenv(f"WHATSAPP_{name}", f"planted-{name}")
    monkeypatch.setenv("WHATSAPP_PHONE_NUMBER_ID", "106540352242922")
    (tmp_path / "crew").mkdir()
    (tmp_path / "crew" / "all.yaml").write_text(CREW)
    (tmp_path / "daemon.yaml").write_text(MAIN)
    return tmp_path


def check(*words: str) -> Result:
    return CliRunner().invoke(app, ["check", *words])


def test_what_can_be_used_is_summed_up() -> None:
    run = check("daemon.yaml")
    assert run.exit_code == 0
    assert run.stdout == (
        """\
daemon.yaml: can be used
  whatsapp: pairing: who writes asks to be let in
    gate: closed, answers are held: spec.platforms.whatsapp.allow_live_send is not set, and neither is """
        """WHATSAPP_ALLOW_LIVE_SEND; set one of them to true to send
  agent runbook: available, answers by default
  agent dockhand: unavailable: OPENAI_API_KEY is not set
  trigger dawn: switched off
  trigger night: /help → builtin, /pods → runbook, free text → dockhand
"""
        "  warning: crew/all.yaml:7: spec.default_agent: dockhand can't answer: OPENAI_API_KEY is not set. "
        "Until then whoever writes is told so; runbook needs no model.\n"
    )


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("allow_everyone: true", "whatsapp: everyone\n"),
        ("allowed_numbers: ['+52 55 1234 5678', '+49 30 901820']", "whatsapp: 2 numbers\n"),
        (
            "allowed_numbers: ['+49 30 901820']\n      allowed_users: [US.1, US.2]",
            "whatsapp: 1 number and 2 user ids\n",
        ),
        ("allowed_numbers: []", "whatsapp: nobody\n"),
        ("allow_live_send: 1", "gate: open, answers are sent\n"),
        (
            "allow_live_send: False",
            "gate: closed, answers are held: spec.platforms.whatsapp.allow_live_send is false; set it to true",
        ),
    ],
)
def test_who_may_talk_and_the_gate_are_told_in_a_sentence(desk: Path, added: str, said: str) -> None:
    (desk / "daemon.yaml").write_text(f"{MAIN}      {added}\n")
    assert said in check().stdout


def test_the_variable_of_the_gate_is_told_where_it_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHATSAPP_ALLOW_LIVE_SEND", "0")
    assert (
        "gate: closed, answers are held: WHATSAPP_ALLOW_LIVE_SEND is false; set it to true to send\n" in check().stdout
    )
    monkeypatch.setenv("WHATSAPP_ALLOW_LIVE_SEND", "yes")
    run = check()
    assert (run.exit_code, run.stdout) == (1, "")
    assert "WHATSAPP_ALLOW_LIVE_SEND is neither true nor false. Set WHATSAPP_ALLOW_LIVE_SEND to true or" in run.stderr


def test_the_version_can_be_asked() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout == f"aof {version('aof')}\n"


def test_every_problem_is_told_and_ends_with_1(desk: Path) -> None:
    (desk / "daemon.yaml").write_text(MAIN + "  server: {prot: 80}\n")
    (desk / "crew" / "all.yaml").write_text(CREW.replace("runbook", "runbok"))
    run = check()
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr.splitlines() == [
        'crew/all.yaml:7: spec.commands.pods.agent: there is no agent runbok. Did you mean "runbook"?',
        'daemon.yaml:11: spec.server.prot: there is no such key. Did you mean "port"?',
    ]


def test_warnings_are_told_and_end_with_0(desk: Path) -> None:
    (desk / "daemon.yaml").write_text(
        MAIN.replace("access_token_env: WHATSAPP_ACCESS_TOKEN", "access_token: planted-x")
    )
    run = check()
    assert run.exit_code == 0
    assert (
        "  warning: daemon.yaml:8: spec.platforms.whatsapp.access_token: is written in this file. Move it" in run.stdout
    )


def test_a_directory_is_its_daemon_yaml_or_every_file_that_holds_a_daemon_config(desk: Path) -> None:
    (desk / "other.yaml").write_text("kind: DaemonConfig\n")
    assert check(".").exit_code == 0
    (desk / "daemon.yaml").rename(desk / "prod.yaml")
    run = check(".")
    assert run.exit_code == 1
    assert "prod.yaml: can be used" in run.stdout
    assert run.stderr == "other.yaml:1: spec: is missing. Add it.\n"


def test_a_directory_without_a_daemon_config_says_so() -> None:
    run = check("crew")
    assert (run.exit_code, run.stdout) == (1, "")
    assert run.stderr == "crew: no file here holds a DaemonConfig. Copy daemon.yaml.example to daemon.yaml.\n"


def test_a_file_that_is_not_there_is_told() -> None:
    run = check("none.yaml")
    assert (run.exit_code, run.stderr) == (
        1,
        "none.yaml: there is no such file. Copy daemon.yaml.example and name it here.\n",
    )


def test_programs_get_the_same_as_json(desk: Path) -> None:
    (told,) = json.loads(check("--json").stdout)
    assert told["file"] == "daemon.yaml"
    assert told["problems"] == []
    assert [line.split(": ")[0] for line in told["warnings"]] == ["crew/all.yaml:7"]
    assert told["agents"] == {"runbook": "available", "dockhand": "unavailable: OPENAI_API_KEY is not set"}
    (desk / "daemon.yaml").write_text(MAIN + "colour: blue\n")
    run = check("--json")
    assert run.exit_code == 1
    (problem,) = json.loads(run.stdout)[0]["problems"]
    assert problem.startswith("daemon.yaml:11: colour: there is no such key. ")


@pytest.mark.parametrize("words", [(), ("--json",)])
@pytest.mark.parametrize(
    "form",
    [
        "name: a, description: planted-APP_SECRET",
        "name: planted-APP_SECRET",
        "name: a, description: planted-APP_SECRET, name: planted-APP_SECRET",
    ],
)
def test_a_secret_is_never_shown(desk: Path, words: tuple[str, ...], form: str) -> None:
    (desk / "crew" / "all.yaml").write_text(f"kind: Agent\nmetadata: {{{form}}}\nspec: {{model: 'openai:x'}}\n")
    run = check(*words)
    assert "planted" not in run.stdout + run.stderr


@pytest.mark.parametrize("model", ["openai:x", "opnai:x"])  # one that can be used, and one that is refused by its name
def test_a_file_forges_no_line_and_commands_no_terminal(desk: Path, model: str) -> None:
    hostile = r"\e]0;owned\a\nwhatsapp: everyone"
    (desk / "crew" / "all.yaml").write_text(
        f'kind: Agent\nmetadata: {{name: "{hostile}"}}\nspec: {{model: "{model}", tools: ["\\e[2J"]}}\n---\n'
        f'kind: Trigger\nmetadata: {{name: b}}\nspec: {{type: WhatsApp, default_agent: "c\\e[2J"}}\n'
    )
    run = check()
    shown = run.stdout + run.stderr
    assert r"\x1b[2J" in shown
    assert "\x1b" not in shown
    assert "\nwhatsapp: everyone" not in shown
    assert "\x1b" not in check("--json").stdout


def test_json_has_no_signs_that_a_terminal_obeys(desk: Path) -> None:
    (desk / "crew" / "all.yaml").write_text('kind: Agent\nmetadata: {name: "a\\x9b2J"}\nspec: {model: "openai:x"}\n')
    run = check("--json")
    assert "\x9b" not in run.stdout
    assert "a\x9b2J" in json.loads(run.stdout)[0]["agents"]
