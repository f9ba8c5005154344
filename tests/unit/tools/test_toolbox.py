from pathlib import Path
from typing import Any

import pytest

from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Scope, Toolbox
from aof.tools.classify import Tables
from aof.tools.programs import Verbs
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from aof.tools.toolbox import PROGRAMS, ToolSpec, tools_of
from tests.unit.tools.stand_in import write_program


def made(*entries: ToolSpec | str, path: Path = Path("/nowhere"), **said: Any) -> Toolbox:
    return tools_of(entries, runner=Runner([path], {}, Redactor()), tables=Tables.built_in(), **said)


@pytest.mark.parametrize(
    "name", [*PROGRAMS, "shell", "bash", "sh", "kubectl_get", "docker_logs", "git_diff", "terraform_plan"]
)
def test_a_simple_name_is_a_tool_of_that_name(name: str) -> None:
    box = made(name)
    assert list(box.tools) == [name]
    assert box.tools[name].name == name
    assert not box.missing


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("kubectl_get", ("kubectl", "get", "x")),
        ("kubectl_rollout_status", ("kubectl", "rollout", "status", "x")),
        ("docker_logs", ("docker", "logs", "x")),
        ("aws_s3_ls", ("aws", "s3", "ls", "x")),
    ],
)
async def test_a_name_of_an_operation_is_fixed_to_its_verb(name: str, argv: tuple[str, ...]) -> None:
    assert (await made(name).tools[name].plan({"command": "x"}, Scope())).argv == argv


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("grafana_query", "there is no built-in tool of this name; an MCP server can offer it"),
        ("kubectl_", "there is no built-in tool of this name; an MCP server can offer it"),
        ("kubectl_--as", "there is no built-in tool of this name; an MCP server can offer it"),
        ("redis-cli", "there is no built-in tool of this name; an MCP server can offer it"),
        ("http", "names no server; write type: HTTP and config: {base_url: https://…}"),
        ("prometheus_query", "not supported yet"),
        ("loki_query", "not supported yet"),
        ("read_file", "names no allowed_paths"),
        ("write_file", "names no allowed_paths"),
        (ToolSpec("files", kind="File"), "names no allowed_paths"),
        (ToolSpec("write_file", allowed_paths=("/x",), read_only=True), "it writes, and its entry says read_only"),
        (ToolSpec("web", kind="HTTP"), "names no server; write type: HTTP and config: {base_url: https://…}"),
        (ToolSpec("web", kind="HTTP", base_url="ftp://x"), "base_url: only http and https are spoken"),
        (ToolSpec("web", kind="HTTP", base_url="https://x", allowed_methods=()), "its allowed_methods are empty"),
        (
            ToolSpec("web", kind="HTTP", base_url="https://x", headers={"Authorization": "x"}, token_env="T"),
            "headers: Authorization is set by its token",
        ),
        (
            ToolSpec("web", kind="HTTP", base_url="https://x", private_networks=("all",)),
            "'all' does not appear to be an IPv4 or IPv6 network",
        ),
        (ToolSpec("repo", kind="GitHub"), "tools of the type GitHub are not supported; an MCP server can offer it"),
        (
            ToolSpec("shell", kind="Shell", allowed_commands=("bash", "sudo kubectl")),
            "its allowed_commands name no program that may run; shells and interpreters never do",
        ),
    ],
)
def test_what_can_not_be_had_is_named_with_the_reason(entry: ToolSpec | str, reason: str) -> None:
    box = made(entry, "kubectl")
    assert list(box.tools) == ["kubectl"]
    assert list(box.missing.values()) == [reason]


async def test_a_typed_http_entry_asks_its_server_alone() -> None:
    spec = ToolSpec(
        "grafana", kind="http", base_url="https://grafana.example/api", allowed_methods=("get", "post"), token_env="T"
    )
    box = made(spec, variables={"T": "s3cret-token"})
    tool = box.tools["grafana"]
    assert tool.parameters["properties"]["method"]["enum"] == ["GET", "POST"]
    plan = await tool.plan({"method": "POST", "path": "annotations", "body": {"text": "x"}}, Scope())
    assert plan.argv == ("POST", "https://grafana.example/api/annotations", "--body", '{"text": "x"}')
    assert plan.risk is Risk.WRITE
    with pytest.raises(CallRefused, match="another host"):
        await tool.plan({"method": "GET", "path": "https://elsewhere.example/"}, Scope())
    assert "s3cret" not in repr((spec, plan))


def test_a_typed_entry_for_files_is_all_four_tools_or_those_that_read(tmp_path: Path) -> None:
    spec = ToolSpec("files", kind="File", allowed_paths=(str(tmp_path),))
    assert made(spec).names() == ["list_directory", "read_file", "search_files", "write_file"]
    reading = ToolSpec("files", kind="file", allowed_paths=(str(tmp_path),), read_only=True)
    assert made(reading).names() == ["list_directory", "read_file", "search_files"]


async def test_a_typed_shell_takes_the_first_words_it_lists() -> None:
    box = made(ToolSpec("ops", kind="Shell", allowed_commands=("kubectl get", "df"), blocked_commands=("df -i",)))
    shell = box.tools["ops"]
    assert (await shell.plan({"command": "kubectl get pods"}, Scope())).risk is Risk.READ
    assert (await shell.plan({"command": "df -h"}, Scope())).risk is Risk.READ
    for command in ("kubectl delete pod x", "df -i", "helm list"):
        with pytest.raises(CallRefused):
            await shell.plan({"command": command}, Scope())


async def test_restrictions_hold_in_every_tool_that_runs_the_program() -> None:
    box = made("kubectl", "kubectl_delete", "shell", restrictions={"kubectl": Verbs(blocked=("delete",))})
    calls = {"kubectl": "delete pod x", "kubectl_delete": "pod x", "shell": "kubectl delete pod x"}
    for name, command in calls.items():
        with pytest.raises(CallRefused, match="tool_restrictions"):
            await box.tools[name].plan({"command": command}, Scope())


async def test_the_variables_of_the_agent_and_of_the_entry_reach_the_program(tmp_path: Path) -> None:
    write_program(tmp_path, "import os; print(os.environ['A'], os.environ['B'])")
    box = tools_of(
        [ToolSpec("kubectl", environment={"B": "entry"})],
        runner=Runner([tmp_path], {}, Redactor()),
        tables=Tables.built_in(),
        environment={"A": "agent", "B": "agent"},
    )
    tool = box.tools["kubectl"]
    assert (await tool.perform(await tool.plan({"command": "get pods"}, Scope()), Scope())).text == "agent entry"


async def test_a_program_that_is_not_installed_is_told_when_it_is_called() -> None:
    tool = made("helm").tools["helm"]
    result = await tool.perform(await tool.plan({"command": "list"}, Scope()), Scope())
    assert (result.text, result.failed) == ("helm is not installed where the daemon runs", True)


def test_no_secret_of_the_environment_shows_in_an_entry() -> None:
    assert "s3cret" not in repr(ToolSpec("kubectl", environment={"TOKEN": "s3cret"}))
