"""What no file can see alone: names that lead nowhere, names given twice, and everything told at once."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aof.agents.runbook import RunbookAgent
from aof.daemon import Assembly, read
from aof.domain.errors import ConfigError

MAIN = """\
kind: DaemonConfig
spec:
  agents: {directory: crew}
  triggers: {directory: doors}
  platforms:
    whatsapp:
      phone_number_id_env: WHATSAPP_PHONE_NUMBER_ID
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
"""
ENVIRON = {
    "WHATSAPP_PHONE_NUMBER_ID": "106540352242922",
    "WHATSAPP_ACCESS_TOKEN": "planted-token",
    "WHATSAPP_VERIFY_TOKEN": "planted-word",
    "WHATSAPP_APP_SECRET": "planted-secret",
}
AGENT = "kind: Agent\nmetadata: {name: dockhand}\nspec: {model: 'openai:gpt-4o'}\n"
TRIGGER = "kind: Trigger\nmetadata: {name: night}\nspec:\n  type: WhatsApp\n"

Assembles = Callable[..., Assembly]


@pytest.fixture
def assembles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assembles:
    """Assembles a main file with an agent and a trigger file beside it."""
    monkeypatch.chdir(tmp_path)

    def assembles(
        main: str = MAIN, agents: str = AGENT, triggers: str = "", environ: Mapping[str, str] = ENVIRON, **options: str
    ) -> Assembly:
        for name, text in (("crew/a.yaml", agents), ("doors/t.yaml", triggers), ("daemon.yaml", main)):
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text)
        return read(Path("daemon.yaml"), environ, **options)  # type: ignore[arg-type]  # -- one option, a literal

    return assembles


@pytest.fixture
def problems(assembles: Assembles) -> Callable[..., list[str]]:
    def problems(**texts: str) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            assembles(**texts)
        return str(refused.value).splitlines()

    return problems


def test_an_assembly_holds_what_the_files_name(assembles: Assembles) -> None:
    assembly = assembles(
        MAIN + "  runtime: {default_agent: dockhand}\n",
        triggers=TRIGGER + "  default_agent: runbook\n  commands: {/help: {agent: builtin}, pods: {agent: dockhand}}\n",
    )
    assert dict(assembly.agents) == {"runbook": RunbookAgent}
    assert {name: agent.unavailable for name, agent in assembly.agent_files.items()} == {
        "dockhand": "OPENAI_API_KEY is not set"
    }
    assert [(trigger.name, sorted(trigger.commands)) for trigger in assembly.triggers] == [("night", ["help", "pods"])]
    assert assembly.config.spec.runtime.default_agent == "dockhand"
    assert [f"{warning.line}: {warning.problem}" for warning in assembly.warnings] == [
        "11: dockhand can't answer: OPENAI_API_KEY is not set"
    ]


def test_an_agent_that_can_answer_is_no_doubt(assembles: Assembles) -> None:
    environ = {**ENVIRON, "OPENAI_API_KEY": "a-key"}
    assert assembles(MAIN + "  runtime: {default_agent: dockhand}\n", environ=environ).warnings == ()


def test_a_platform_that_is_switched_off_is_none_and_that_is_warned_about(assembles: Assembles) -> None:
    assert list(assembles(MAIN).platforms) == ["whatsapp"]
    assembly = assembles(MAIN + "      enabled: false\n")
    assert dict(assembly.platforms) == {}
    assert [warning.problem for warning in assembly.warnings] == [
        "every platform is switched off, so the daemon would listen to nobody"
    ]


def test_the_token_of_operators_is_taken_out_of_texts_like_every_credential(assembles: Assembles) -> None:
    main = MAIN + "  server: {admin: {token_env: AOF_ADMIN_TOKEN}}\n"
    redact = assembles(main, environ={**ENVIRON, "AOF_ADMIN_TOKEN": "sixteen-letters!"}).redact
    assert "sixteen" not in redact("it is sixteen-letters!")
    assert "planted" not in redact("it is planted-token")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            {"main": MAIN + "  runtime: {default_agent: dockhnd}\n"},
            'daemon.yaml:11: spec.runtime.default_agent: there is no agent dockhnd. Did you mean "dockhand"?',
        ),
        (
            {"main": MAIN + "  runtime: {default_agent: zzz}\n"},
            "daemon.yaml:11: spec.runtime.default_agent: there is no agent zzz. Write one of dockhand, runbook.",
        ),
        (
            {"main": MAIN + "  runtime: {default_agent: builtin}\n"},
            "daemon.yaml:11: spec.runtime.default_agent: there is no agent builtin. Write one of dockhand, runbook.",
        ),
        (
            {"triggers": f"{TRIGGER}  default_agent: runbok\n"},
            'doors/t.yaml:5: spec.default_agent: there is no agent runbok. Did you mean "runbook"?',
        ),
        (
            {"triggers": f"{TRIGGER}  commands:\n    /pods:\n      agent: dockhan\n"},
            'doors/t.yaml:7: spec.commands.pods.agent: there is no agent dockhan. Did you mean "dockhand"?',
        ),
        (
            {"triggers": f"{TRIGGER}  commands: {{/pods: {{agent: builtin}}}}\n"},
            "doors/t.yaml:5: spec.commands.pods.agent: nothing is built in for /pods. Write one of dockhand, runbook.",
        ),
        (
            {"triggers": f"{TRIGGER}  commands: {{default: {{agent: builtin}}}}\n"},
            (
                "doors/t.yaml:5: spec.commands.default.agent: nothing is built in for /default. "
                "Write one of dockhand, runbook."
            ),
        ),
        (
            {"agents": AGENT.replace("dockhand", "runbook")},
            "crew/a.yaml:1: metadata.name: the name runbook is taken by what is built in. Give this one another name.",
        ),
        (
            {"agents": f"{AGENT}---\n{AGENT}"},
            (
                "crew/a.yaml:5: metadata.name: there is an agent dockhand already, in crew/a.yaml:1. "
                "Give one of them another name."
            ),
        ),
        (
            {"triggers": f"{TRIGGER}---\n{TRIGGER}  config: {{events: [message]}}\n"},
            (
                "doors/t.yaml:6: metadata.name: there is a trigger night already, in doors/t.yaml:1. "
                "Give one of them another name."
            ),
        ),
        (
            {"main": MAIN + "      enabled: false\n", "triggers": TRIGGER},
            (
                "doors/t.yaml:1: spec.type: the platform whatsapp is switched off. "
                "Write it under spec.platforms of daemon.yaml, or enabled: false here."
            ),
        ),
    ],
)
def test_a_name_that_does_not_fit_is_told_where_it_stands(
    problems: Callable[..., list[str]], texts: dict[str, str], said: str
) -> None:
    assert problems(**texts) == [said]


@pytest.mark.parametrize("command", ["help", "agent", "agents", "status", "info", "start", "cancel"])
def test_a_command_that_is_built_in_may_be_bound_to_itself(assembles: Assembles, command: str) -> None:
    assembles(triggers=f"{TRIGGER}  commands: {{/{command}: {{agent: builtin}}}}\n")


def test_two_triggers_that_take_the_same_messages_are_a_warning(assembles: Assembles) -> None:
    other = TRIGGER.replace("night", "day")
    assembly = assembles(triggers=f"{TRIGGER}---\n{other}---\n{other.replace('day', 'dawn')}  enabled: false\n")
    assert [str(warning) for warning in assembly.warnings] == [
        (
            "doors/t.yaml:6: spec.config: takes the same messages as night in doors/t.yaml:1. "
            "The first by name gets them; give one of them another filter."
        )
    ]
    assert assembles(triggers=f"{TRIGGER}---\n{other}  config: {{events: [message]}}\n").warnings == ()


def test_five_errors_in_three_files_are_told_at_once(problems: Callable[..., list[str]]) -> None:
    assert problems(
        main=MAIN + "  server: {prot: 80}\n  runtime: {default_agent: dockhnd}\n",
        agents=AGENT.replace("openai", "opnai"),
        triggers=f"{TRIGGER}  default_agent: dockhan\n  config: {{patterns: ['(']}}\n",
    ) == [
        'crew/a.yaml:3: spec.model: there is no provider opnai. Did you mean "openai"?',
        'daemon.yaml:11: spec.server.prot: there is no such key. Did you mean "port"?',
        'daemon.yaml:12: spec.runtime.default_agent: there is no agent dockhnd. Did you mean "dockhand"?',
        'doors/t.yaml:5: spec.default_agent: there is no agent dockhan. Did you mean "dockhand"?',
        "doors/t.yaml:6: spec.config.patterns[0]: is no regular expression (missing ) at position 1). Mend it.",
    ]


def test_what_a_broken_main_file_names_is_checked_too(problems: Callable[..., list[str]]) -> None:
    told = problems(main=MAIN + "  server: {port: x}\n", agents=f"{AGENT}color: x\n", triggers="kind: Trigger\n")
    assert [line.split(": ")[0] for line in told] == [
        "crew/a.yaml:4",
        "daemon.yaml:11",
        "doors/t.yaml:1",
        "doors/t.yaml:1",
    ]


def test_with_optional_credentials_none_has_to_be_there_and_everything_else_is_checked(assembles: Assembles) -> None:
    main = MAIN + "  people: [{name: Amina}]\n  server: {admin: {host: ops.example, token_env: AOF_ADMIN_TOKEN}}\n"
    environ = {name: value for name, value in ENVIRON.items() if name.endswith("_ID")}
    assembly = assembles(main, environ=environ, credentials="optional")
    assert (assembly.warnings, [person.name for person in assembly.config.spec.people]) == ((), ["Amina"])
    with pytest.raises(ConfigError, match="WHATSAPP_APP_SECRET is not set"):
        assembles(main, environ=environ)
    with pytest.raises(ConfigError, match="WHATSAPP_PHONE_NUMBER_ID is not set"):  # it tells accounts apart
        assembles(main, environ={}, credentials="optional")
    with pytest.raises(ConfigError, match="there is no agent zzz"):
        assembles(main + "  runtime: {default_agent: zzz}\n", environ=environ, credentials="optional")
