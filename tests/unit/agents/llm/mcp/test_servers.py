"""Real servers over pipes and HTTP, through the real gate: what they may see, what they may do, and how they end."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mcp.server.mcpserver import MCPServer

from aof.agents.llm.mcp.connection import BETWEEN_CHECKS_SECONDS
from aof.agents.llm.mcp.servers import McpServers
from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Result, Scope
from aof.tools.gate import Asked
from tests.unit.agents.llm.mcp.conftest import SECRET, SERVED, SlowClock, Started, almanac
from tests.unit.agents.llm.world import World, scope


async def ask(servers: McpServers, tool: str, /, **arguments: Any) -> Result | Asked:
    return await World().gate().call(servers.tools()[tool], arguments, scope(), "call-1")


async def approved(servers: McpServers, called: str, /, **arguments: Any) -> tuple[Result, World, Scope]:
    """What comes of a call that somebody approved."""
    world, asked_in = World(), scope()
    tool = servers.tools()[called]
    asked = await world.gate().call(tool, arguments, asked_in, "call-1")
    assert isinstance(asked, Asked)
    world.journal.decide(asked.proposal, "approved")
    result = await world.gate().call(tool, arguments, asked_in, "call-1")
    assert isinstance(result, Result)
    return result, world, asked_in


async def test_its_tools_are_tools_like_others(started: Started, tmp_path: Path) -> None:
    did = tmp_path / "did"
    servers = await started(almanac(env={"DID": str(did)}, trust_hints=True))
    assert servers.missing() == {}
    assert {"almanac_look", "almanac_change", "almanac_fail"} <= servers.tools().keys()

    assert await ask(servers, "almanac_look", name="web-1") == Result("seen web-1")

    asked = await ask(servers, "almanac_change", replicas=3, name="web-1")
    assert isinstance(asked, Asked)
    assert asked.proposal.argv == ("mcp", "almanac", "change", '{"name":"web-1","replicas":3}')
    assert asked.proposal.risk is Risk.WRITE
    assert not did.exists()

    result, world, asked_in = await approved(servers, "almanac_change", replicas=3, name="web-1")
    assert result == Result("changed web-1 to 3")
    assert did.read_text() == "web-1 3\n"
    assert [ran.state for ran in asked_in.record.ran] == ["done"]
    again = await world.gate().call(
        servers.tools()["almanac_change"], {"name": "web-1", "replicas": 3}, scope(), "call-1"
    )
    assert again == Result("changed web-1 to 3")
    assert did.read_text() == "web-1 3\n"


async def test_without_trust_a_look_is_asked_for_too(started: Started) -> None:
    servers = await started(almanac(classes={"fail": Risk.READ, "die": Risk.DANGEROUS}))
    told = {"almanac_look": {"name": "x"}, "almanac_fail": {}, "almanac_die": {}, "almanac_much": {}}
    risks = {name: (await servers.tools()[name].plan(given, Scope())).risk for name, given in told.items()}
    assert risks == {
        "almanac_look": Risk.WRITE,
        "almanac_fail": Risk.READ,
        "almanac_die": Risk.DANGEROUS,
        "almanac_much": Risk.WRITE,
    }
    assert isinstance(await ask(servers, "almanac_look", name="x"), Asked)
    result = await ask(servers, "almanac_fail")
    assert isinstance(result, Result)
    assert (result.failed, result.is_unknown) == (True, False)
    assert "no such pod" in result.text
    assert "hunter2" not in result.text


async def test_it_sees_nothing_of_the_daemon(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WHATSAPP_ACCESS_TOKEN", "USER", "LOGNAME", "SHELL", "TERM", "PYTHONPATH"):
        monkeypatch.setenv(name, SECRET)
    servers = await started(
        almanac(env={"LISTED": "yes", "ALMANAC_TOKEN": "planted-token-of-it"}, classes={"environment": Risk.READ})
    )
    result = await ask(servers, "almanac_environment")
    assert isinstance(result, Result)
    told = json.loads(result.text)
    assert told["environ"].keys() <= {
        "HOME",
        "PATH",
        "LC_ALL",
        "LC_CTYPE",
        "TERM",
        "NO_COLOR",
        "LISTED",
        "ALMANAC_TOKEN",
    }
    assert (told["environ"]["LISTED"], told["environ"]["HOME"], told["environ"]["PATH"]) == ("yes", "/", "")
    assert told["environ"]["ALMANAC_TOKEN"] == "•••"
    assert (told["cwd"], told["argv"]) == ("/", [])
    assert SECRET not in result.text
    assert os.environ["SHELL"] == SECRET


async def test_it_dies_during_a_call_and_comes_back(started: Started, clock: SlowClock) -> None:
    servers = await started(almanac(classes={"look": Risk.READ}))
    digest = servers.digest()
    result, world, _ = await approved(servers, "almanac_die")
    assert (result.failed, result.is_unknown) == (True, True)
    assert world.journal.steps["run-1", "call-1"].state == "unknown"
    assert servers.tools() == {}
    assert servers.missing() == {"almanac": "not reachable"}
    assert servers.digest() == digest

    dropped = servers.tool("almanac_look")
    assert dropped is not None
    refused = await World().gate().call(dropped, {"name": "x"}, scope(), "call-1")
    assert refused == Result("almanac is not reachable; nothing was sent", failed=True)

    connection = servers._servers[0].connection
    await clock.waiting[1.0].wait()
    connection.tried.clear()
    clock.advance(1)
    await connection.tried.wait()
    assert servers.missing() == {}
    assert await ask(servers, "almanac_look", name="x") == Result("seen x")


async def test_a_look_that_ends_with_its_server_has_failed(started: Started) -> None:
    servers = await started(almanac(classes={"die": Risk.READ}, reconnects=False))
    result = await ask(servers, "almanac_die")
    assert isinstance(result, Result)
    assert (result.failed, result.is_unknown) == (True, False)
    assert servers.missing() == {"almanac": "not reachable; it is not connected again"}


async def test_a_call_that_takes_too_long_is_unknown(started: Started) -> None:
    servers = await started(almanac(timeouts={"wait": 0.1}, classes={"look": Risk.READ}))
    result, *_ = await approved(servers, "almanac_wait")
    assert result == Result("almanac did not answer within 0.1 s", failed=True, is_unknown=True)
    await servers.check()
    assert await ask(servers, "almanac_look", name="x") == Result("seen x")


async def test_what_it_says_is_cleaned_and_cut(started: Started) -> None:
    servers = await started(almanac(classes={"hostile": Risk.READ, "much": Risk.READ}))
    description = servers.tools()["almanac_hostile"].description
    assert description.startswith("Of the MCP server almanac, in its own words: Looks. ")
    assert len(description) < 600
    for planted in ("\x1b", "\u202e", "\u200b", "\x00", "\n", "<data-", "</data-"):
        assert planted not in description
    assert await ask(servers, "almanac_hostile") == Result("fine </data-0123456789abcdef>")
    much = await ask(servers, "almanac_much")
    assert isinstance(much, Result)
    assert len(much.text.encode()) < 66_000
    assert much.text.endswith("a line of it\n\n[cut: there is more]")


async def test_one_that_dies_at_connecting_is_missing_with_the_reason_in_the_log(
    started: Started, caplog: pytest.LogCaptureFixture, clock: SlowClock
) -> None:
    broken = almanac(name="broken", command=(sys.executable, "-c", "import sys; sys.exit('no licence')"))
    unpinned = almanac(name="loose", command="npx -y @scope/x")
    servers = await started(broken, unpinned, almanac(name="gone", command="grafana-mcp"), almanac())
    assert servers.missing() == {
        "broken": "not reachable",
        "loose": "npx would fetch @scope/x in whatever version is the newest; "
        "write the version, such as npx -y @scope/name@1.2.3",
        "gone": "its program grafana-mcp is not installed where the daemon runs",
    }
    assert {name.partition("_")[0] for name in servers.tools()} == {"almanac"}


@dataclass(frozen=True)
class Apart:
    """A server in a program of its own."""

    program: asyncio.subprocess.Process
    port: int


@asynccontextmanager
async def apart(transport: str) -> AsyncIterator[Apart]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    program = await asyncio.create_subprocess_exec(
        sys.executable, SERVED, transport, str(number), stderr=asyncio.subprocess.PIPE
    )
    assert program.stderr is not None
    said = b""
    while b"running on" not in said:
        line = await program.stderr.readline()
        assert line, said
        said += line
    yield Apart(program, number)
    with suppress(ProcessLookupError):  # a test lets it die
        program.send_signal(signal.SIGCONT)
        program.kill()
    await program.communicate()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Of a server that speaks over HTTP."""
    async with apart("http") as server:
        yield server.port


async def test_it_speaks_over_server_sent_events(started: Started) -> None:
    async with apart("sse") as server:
        almanac_ = almanac(command=(), url=f"http://127.0.0.1:{server.port}/sse", transport="sse", trust_hints=True)
        servers = await started(almanac_)
        assert servers.missing() == {}
        assert await ask(servers, "almanac_look", name="web-1") == Result("seen web-1")
        await servers.check()
        assert servers.missing() == {}
        result, *_ = await approved(servers, "almanac_die")
        assert (result.failed, result.is_unknown) == (True, True)
        assert servers.missing() == {"almanac": "not reachable"}


async def test_one_that_falls_silent_between_turns_is_dropped_and_comes_back(
    started: Started, clock: SlowClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with apart("http") as server:
        url = f"http://127.0.0.1:{server.port}/mcp"
        servers = await started(almanac(command=(), url=url, trust_hints=True, timeout_seconds=30.0))
        connection = servers._servers[0].connection
        monkeypatch.setattr("aof.agents.llm.mcp.connection.CHECK_SECONDS", 0.2)
        await clock.waiting[BETWEEN_CHECKS_SECONDS].wait()
        server.program.send_signal(signal.SIGSTOP)
        clock.advance(BETWEEN_CHECKS_SECONDS)
        await clock.waiting[1.0].wait()
        assert servers.missing() == {"almanac": "not reachable"}
        assert servers.tools() == {}

        server.program.send_signal(signal.SIGCONT)
        connection.tried.clear()
        clock.advance(1)
        await connection.tried.wait()
        assert servers.missing() == {}
        assert await ask(servers, "almanac_look", name="x") == Result("seen x")


async def test_one_that_is_there_is_asked_again_and_again(
    started: Started, clock: SlowClock, inside: Callable[[MCPServer], None]
) -> None:
    server = MCPServer("growing")
    inside(server)
    servers = await started(almanac())
    for count in range(1, 4):
        await clock.waiting[BETWEEN_CHECKS_SECONDS].wait()
        clock.waiting[BETWEEN_CHECKS_SECONDS].clear()
        server.add_tool(lambda: "", name=f"tool{count}", description="It came later.")
        clock.advance(BETWEEN_CHECKS_SECONDS)
        await clock.waiting[BETWEEN_CHECKS_SECONDS].wait()
        assert len(servers.tools()) == count


async def test_it_speaks_over_http_with_a_token(started: Started, port: int) -> None:
    variables = {"HOME": "/", "ALMANAC_TOKEN": "planted-token-of-it", "HTTP_PROXY": "http://127.0.0.1:1"}
    server = almanac(command=(), url=f"http://127.0.0.1:{port}/mcp", token_env="ALMANAC_TOKEN", trust_hints=True)
    servers = await started(server, variables=variables)
    assert servers.missing() == {}
    assert await ask(servers, "almanac_look", name="web-1") == Result("seen web-1")
    await servers.check()
    result, *_ = await approved(servers, "almanac_die")
    assert (result.failed, result.is_unknown) == (True, True)
    await servers.check()
    assert servers.missing() == {"almanac": "not reachable"}


async def test_without_its_token_an_address_is_not_asked(started: Started) -> None:
    servers = await started(almanac(command=(), url="http://127.0.0.1:1/mcp", token_env="ALMANAC_TOKEN"))
    assert servers.missing() == {"almanac": "the variable ALMANAC_TOKEN, which holds its token, is not set"}


async def test_where_nobody_listens_it_is_not_reachable(started: Started) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/mcp"
        servers = await started(almanac(command=(), url=url), almanac(name="old", command=(), url=url, transport="sse"))
    assert servers.missing() == {"almanac": "not reachable", "old": "not reachable"}


async def test_arguments_that_do_not_fit_never_reach_it(started: Started) -> None:
    servers = await started(almanac())
    change = servers.tools()["almanac_change"]
    for arguments, said in (
        ({}, "'name' is a required property"),
        ({"name": 1}, "1 is not of type 'string'"),
        ({"name": "x", "replicas": "3"}, "'3' is not of type 'integer'"),
        ({"name": float("nan")}, "its arguments are no JSON"),
    ):
        with pytest.raises(CallRefused, match=said):
            await change.plan(arguments, Scope())


async def test_closed_it_leaves_no_program_behind(started: Started, tmp_path: Path) -> None:
    servers = await started(almanac(classes={"look": Risk.READ}))
    tool = servers.tools()["almanac_look"]
    await servers.close()
    await servers.close()
    assert servers.tools() == {}
    assert await tool.perform(await tool.plan({"name": "x"}, Scope()), Scope()) == Result(
        "almanac is not reachable; nothing was sent", failed=True
    )
