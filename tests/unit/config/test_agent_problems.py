"""What is wrong or doubtful in the file of an agent, and what is taken in several forms."""

import pytest

from aof.config.agent_tools import McpServer, Tool, servers_of
from aof.domain.risk import Risk

HEAD = "kind: Agent\nmetadata: {name: a}\nspec:\n"
MODEL = "  model: anthropic:claude-sonnet-4-5\n"


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "  base_url: localhost:8000\n",
            "base_url: is no address of a server. Write it like http://localhost:8000/v1.",
        ),
        (
            "  base_url: https://u:p@x/v1\n",
            "base_url: is no address of a server. Write it like http://localhost:8000/v1.",
        ),
        ("  limits: {max_tokens_per_run: 0}\n", "limits.max_tokens_per_run: is too small. Write 1 or more."),
        ("  limits: {max_tool_calls: -1}\n", "limits.max_tool_calls: is too small. Write 0 or more."),
        (
            "  tools: [{type: MCP}]\n",
            "tools[0]: a server with neither command nor url can't be reached. Write config: {url: …}.",
        ),
        (
            "  mcp_servers: [{name: a, url: x}, {name: a, url: y}]\n",
            "mcp_servers: two servers are called a. Give one of them another name.",
        ),
        (
            "  tools: [{type: Shell, config: {blocked_commands: ['${X}']}}]\n",
            "tools[0].config.blocked_commands[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
        (
            "  tools: [kubectl]\n  tool_restrictions: {kubectk: {blocked_verbs: [x]}}\n",
            'tool_restrictions.kubectk: the agent has no such tool. Did you mean "kubectl"?',
        ),
        (
            "  tools: [kubectl]\n  tool_restrictions: {kubectl: {blocked_verbs: ['${X}']}}\n",
            "tool_restrictions.kubectl.blocked_verbs[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
    ],
)
def test_what_is_wrong_with_an_agent_is_told_by_its_key(problems_beside, added, said):
    line = 6 if added.count("\n") > 1 else 5
    assert problems_beside(HEAD + MODEL + added) == [f"crew/a.yaml:{line}: spec.{said}"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (
            "  tools: [{name: x, source: mcp, server: y}]\n",
            "tools[0]: there is no MCP server y, the agent has to do without this tool. Add it under mcp_servers.",
        ),
        (
            "  tool_restrictions: {grafana: {blocked_verbs: [x]}}\n",
            "tool_restrictions.grafana: the agent has no such tool. Add it under tools, or remove this.",
        ),
    ],
)
def test_what_leads_nowhere_in_an_agent_is_a_warning(reads, added, said):
    files = reads(HEAD + MODEL + added)
    files.raise_errors()
    assert [str(warning) for warning in files.warnings] == [f"crew/a.yaml:5: spec.{said}"]


@pytest.mark.parametrize("form", ["kubectl", "kubectl_get", "Shell", "{type: Shell}"])
def test_a_restriction_of_a_tool_in_any_form_is_taken(reads, form):
    name = "shell" if "hell" in form else "kubectl"
    files = reads(f"{HEAD}{MODEL}  tools: [{form}]\n  tool_restrictions: {{{name}: {{blocked_verbs: [x]}}}}\n")
    files.raise_errors()
    assert files.warnings == ()


def test_an_mcp_server_among_the_tools_says_all_that_one_of_its_own_says() -> None:
    config = {"url": "https://y/mcp", "headers": {"X-Org": "1"}, "auth": {"token_env": "T"}, "tools": ["a"],
              "classes": {"a": "read"}, "trust_hints": True}  # fmt: skip
    [server] = servers_of([Tool.model_validate({"name": "web", "type": "MCP", "config": config})])
    own = McpServer.model_validate({"name": "web", **config})
    for key in config:
        assert getattr(server, key) == getattr(own, key)
    assert server.classes == {"a": Risk.READ}
