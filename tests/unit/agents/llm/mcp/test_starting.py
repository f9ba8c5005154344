"""Which program a server's file starts, and what it refuses to fetch."""

from pathlib import Path

import pytest

from aof.agents.llm.mcp.starting import CannotStart, environment, without, words_of
from tests.unit.tools.stand_in import write_program

PROGRAMS = ("npx", "uvx", "uv", "npm", "pipx", "bunx", "grafana-mcp")


@pytest.fixture
def path(tmp_path: Path) -> tuple[Path, ...]:
    for program in PROGRAMS:
        write_program(tmp_path, "", name=program)
    return (tmp_path,)


def test_a_bare_name_is_looked_up_on_the_fixed_path(path: tuple[Path, ...]) -> None:
    expected = (str(path[0] / "grafana-mcp"), "--org", "my team")
    assert words_of("grafana-mcp --org 'my team'", (), path) == expected
    assert words_of("grafana-mcp", ("--org", "my team"), path) == expected
    assert words_of(("grafana-mcp", "--org"), ("my team",), path) == expected
    assert words_of(str(path[0] / "grafana-mcp"), (), ()) == (str(path[0] / "grafana-mcp"),)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("loki-mcp", "its program loki-mcp is not installed where the daemon runs"),
        ("/nowhere/x", "its program /nowhere/x is not installed"),
        ("./x", "neither a bare name nor an absolute path"),
        ("bin/x", "neither a bare name nor an absolute path"),
        ("", "its command is empty"),
        ((), "its command is empty"),
        ("x 'y", "a quote without an end"),
    ],
)
def test_what_can_not_be_started_is_said(command: str, said: str, path: tuple[Path, ...]) -> None:
    with pytest.raises(CannotStart, match=said):
        words_of(command, (), path)


@pytest.mark.parametrize(
    "command",
    [
        "npx -y @modelcontextprotocol/server-github@2025.4.8",
        "npx --yes --package=@scope/x@1.2.3 x --stdio",
        "npx -p x@1.2.3-beta.1 -- x",
        "npx --registry https://npm.example x@1.2.3 other",
        "bunx x@1.2.3",
        "npm exec x@1.2.3 -- y@latest",
        "uvx mcp-server-git==2025.4.8 --repository /srv",
        "uvx --python 3.12 mcp-server-git@2025.4.8",
        "uvx --from mcp-server[all]==1.0 --with httpx==0.28.1 mcp-server",
        "uv tool run mcp-server==1.0",
        "pipx run --spec x==1.0 x",
        "uv run --directory /srv/x server.py",
    ],
)
def test_a_package_with_its_version_is_fetched(command: str, path: tuple[Path, ...]) -> None:
    assert words_of(command, (), path)[0] == str(path[0] / command.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    "command",
    [
        "npx -y @modelcontextprotocol/server-github",
        "npx @scope/x",
        "npx x@latest",
        "npx x@^1.2.3",
        "npx x@1",
        "npx x@1.2.x",
        "npx -p x@1.2.3 -p y z",
        "npx",
        "npx -c 'x'",
        "npx github:owner/x",
        "npx --unheard-of value x@1.2.3",
        "npm x y",
        "uvx mcp-server-git",
        "uvx mcp-server-git@latest",
        "uvx mcp-server>=1.0",
        "uvx --from git+https://example.com/x x",
        "uvx --with httpx mcp-server==1.0",
        "uv tool run x",
        "pipx run x",
    ],
)
def test_a_package_without_its_version_is_refused(command: str, path: tuple[Path, ...]) -> None:
    for program in (command.split(maxsplit=1)[0], str(path[0] / command.split(maxsplit=1)[0])):
        with pytest.raises(CannotStart, match=r"write the version, such as \w+ "):
            words_of(command.replace(command.split(maxsplit=1)[0], program, 1), (), path)


def test_the_sentence_says_what_to_write(path: tuple[Path, ...]) -> None:
    with pytest.raises(CannotStart) as refused:
        words_of("npx -y @scope/x", (), path)
    assert str(refused.value) == (
        "npx would fetch @scope/x in whatever version is the newest; "
        "write the version, such as npx -y @scope/name@1.2.3"
    )


def test_the_environment_is_made_of_nothing() -> None:
    made = environment(
        {"GRAFANA_URL": "https://g", "PATH": "/evil", "LC_ALL": "de"}, (Path("/a"), Path("/b")), "/home/x"
    )
    assert made == {
        "PATH": "/a:/b",
        "HOME": "/home/x",
        "LC_ALL": "de",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "GRAFANA_URL": "https://g",
    }


def test_what_a_library_would_add_is_taken_out() -> None:
    assert without(["USER", "SHELL"], ["/x", "-y"]) == ("/usr/bin/env", "-u", "SHELL", "-u", "USER", "/x", "-y")
    assert without([], ["/x", "-y"]) == ("/x", "-y")
