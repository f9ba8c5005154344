"""What every vendor of models promises, whichever it is. A new one adds one `Case` and gets the whole suite."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog
from pydantic_ai.models import override_allow_model_requests

from aof.agents.base import Agent, Answered
from aof.agents.llm import LLMSettings
from aof.agents.llm.agent import LLMAgent
from aof.agents.unavailable import Unavailable
from aof.clock import SteppedClock
from aof.config.agent_file import AgentFile, AgentSettings
from aof.daemon import read
from aof.daemon.acting import Acting
from aof.daemon.agents import Workshop, _unavailable
from aof.daemon.assembly import Assembly
from aof.domain.errors import AgentError
from aof.tools.base import Result, Toolbox
from tests.unit.agents.llm.world import NOW, World, said
from tests.vendors.bedrock import REGION
from tests.vendors.cases import CASES, Case
from tests.vendors.certificate import serving
from tests.vendors.server import KEY, VENDOR_WORDS, Fault, VendorServer
from tests.vendors.wire import Asked

DAEMON = """\
kind: DaemonConfig
spec:
  agents: {directory: crew}
  platforms:
    whatsapp: {phone_number_id: 106540352242922, access_token: t, verify_token: w, app_secret: s, allow_everyone: true}
"""
AGENT = "kind: Agent\nmetadata: {name: ops}\nspec:\n"
ATTEMPT_SECONDS = 0.2


@dataclass(frozen=True)
class Office(Workshop):
    """Builds from the files as the daemon does; tools are those of a test, and patience is short."""

    world: World = field(default_factory=World)
    changed: Mapping[str, Any] = field(default_factory=dict)

    def _settings(self, file: AgentFile, settings: AgentSettings) -> LLMSettings:
        return replace(super()._settings(file, settings), **self.changed)

    def _toolbox(self, settings: AgentSettings) -> Toolbox:
        return self.world.toolbox()


class Desk:
    """The agent of a case, as its file makes it."""

    def __init__(self, case: Case, server: VendorServer) -> None:
        self.world = World()
        self.world.tool.outputs["get pods"] = Result("web-1 Running")
        self._case = case
        self._url = server.url

    async def agent(self, *, environ: Mapping[str, str] | None = None, **changed: Any) -> Agent:
        given = environ_of(self._case, self._url) if environ is None else environ
        acting = cast("Acting", SimpleNamespace(gate=self.world.gate()))
        made = Office.of(self._read(given), acting, given, SteppedClock(NOW))
        assert isinstance(made, Office)
        office = replace(made, world=self.world, changed={"first_pause_seconds": 0.01, **changed})
        (file,) = office.assembly.agent_files.values()
        agents: dict[str, Agent] = {"ops": _unavailable(file, file.unavailable)}
        await office.add_models(agents)
        return agents["ops"]

    def _read(self, environ: Mapping[str, str]) -> Assembly:
        Path("daemon.yaml").write_text(DAEMON)
        Path("crew").mkdir(exist_ok=True)
        spec = self._case.spec.replace("{url}", self._url).replace("REGION", REGION)
        Path("crew/ops.yaml").write_text(f"{AGENT}{spec}")
        return read(Path("daemon.yaml"), environ)

    async def ask(self, text: str, **changed: Any) -> str:
        """What it answers, and that it lets go of its connections."""
        agent = await self.agent(**changed)
        assert isinstance(agent, LLMAgent)
        try:
            reply = await agent.answer(said(text))
        finally:
            await agent.close()
        assert isinstance(reply, Answered)
        return reply.response.text


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    chosen: Case = request.param
    return chosen


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of this machine says how a vendor is reached."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with override_allow_model_requests(True):
        yield


@pytest.fixture
async def server(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[VendorServer]:
    tls = None
    if case.tls:
        certificate, tls = serving(tmp_path)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    async with VendorServer(case.wire(), tls) as running:
        yield running
    assert running.wrong == []


@pytest.fixture
def desk(case: Case, server: VendorServer) -> Desk:
    return Desk(case, server)


def environ_of(case: Case, url: str) -> dict[str, str]:
    given = {name: value.replace("{url}", url) for name, value in case.environ.items()}
    return {**given, **({case.key: KEY} if case.key else {})}


async def test_a_question_is_answered(case: Case, desk: Desk, server: VendorServer) -> None:
    assert await desk.ask("is all well?") == "All is well."
    (asked,) = server.requests
    assert asked == Asked("is all well?", (), ("kubectl",), case.streams)


async def test_a_tool_is_called_and_its_result_is_shown(desk: Desk, server: VendorServer) -> None:
    assert await desk.ask("look at the pods") == "There is 1 pod."
    assert desk.world.tool.performed == [("kubectl", "get", "pods")]
    first, second = server.requests
    assert first.results == ()
    (shown,) = second.results
    assert "web-1 Running" in shown
    assert "<data-" in shown


@pytest.mark.parametrize("fault", [429, 500, "drop"])
async def test_a_passing_fault_is_got_over(desk: Desk, server: VendorServer, fault: Fault) -> None:
    server.faults.append(fault)
    assert await desk.ask("is all well?") == "All is well."
    assert len(server.requests) == 2


async def test_half_an_answer_is_none(case: Case, desk: Desk, server: VendorServer) -> None:
    server.faults.append("cut")
    if case.sees_cuts:
        assert await desk.ask("is all well?") == "All is well."
        assert len(server.requests) == 2
    else:
        with pytest.raises(AgentError, match="could not be used"):
            await desk.ask("is all well?")


@pytest.mark.parametrize("attempts", [1, 3])
@pytest.mark.parametrize("fault", [429, 500, "drop"])
async def test_a_fault_that_stays_is_an_apology(desk: Desk, server: VendorServer, fault: Fault, attempts: int) -> None:
    server.faults.extend([fault] * 9)
    with pytest.raises(AgentError, match="can't be reached right now") as raised:
        await desk.ask("is all well?", max_attempts=attempts)
    assert len(server.requests) == attempts
    assert VENDOR_WORDS not in raised.value.apology


@pytest.mark.parametrize("status", [400, 401])
async def test_a_refusal_is_not_asked_again(desk: Desk, server: VendorServer, status: int) -> None:
    server.faults.append(status)
    with pytest.raises(AgentError, match="operator") as raised:
        await desk.ask("is all well?", max_attempts=5)
    assert len(server.requests) == 1
    assert VENDOR_WORDS not in raised.value.apology


async def test_a_silent_server_ends_with_its_time(desk: Desk, server: VendorServer) -> None:
    server.faults.extend(["hang"] * 9)
    with pytest.raises(AgentError, match="can't be reached right now"):
        await desk.ask("is all well?", request_timeout_seconds=ATTEMPT_SECONDS, max_attempts=5)
    assert 1 <= len(server.requests) <= 2
    await server.gone(len(server.requests))


async def test_one_attempt_ends_with_its_time(desk: Desk, server: VendorServer) -> None:
    server.faults.append("hang")
    assert await desk.ask("is all well?", request_timeout_seconds=ATTEMPT_SECONDS) == "All is well."
    assert len(server.requests) == 2


async def test_the_runs_deadline_ends_a_silent_server(desk: Desk, server: VendorServer) -> None:
    server.faults.extend(["hang"] * 9)
    with pytest.raises(AgentError, match="took longer than"):
        await desk.ask("is all well?", request_timeout_seconds=3 * ATTEMPT_SECONDS, run_timeout_seconds=ATTEMPT_SECONDS)
    assert len(server.requests) == 1
    await server.gone(1)


async def test_a_cancel_closes_the_connection(case: Case, desk: Desk, server: VendorServer) -> None:
    server.faults.append("hang")
    patience = 600 if case.cancel_closes else ATTEMPT_SECONDS
    running = asyncio.create_task(desk.ask("is all well?", request_timeout_seconds=patience))
    await server.came(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await server.gone(1)
    assert len(server.requests) == 1


async def test_the_key_is_in_no_log_and_no_error(
    case: Case, desk: Desk, server: VendorServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.extend([500, 429, 400])
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.INFO):
        with pytest.raises(AgentError) as raised:
            await desk.ask("planted words of a person", max_attempts=3)
        agent = await desk.agent()
        await desk.ask("planted words of a person")
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["model_failed"]
    everything = [repr(lines), caplog.text, raised.value.apology, str(raised.value), repr(agent), repr(agent.__dict__)]
    for told in everything:
        assert KEY not in told
        assert "planted words of a person" not in told


async def test_without_its_key_the_agent_says_what_holds_it(case: Case, desk: Desk, server: VendorServer) -> None:
    environ = {name: value for name, value in environ_of(case, server.url).items() if name != case.key}
    if not case.key:
        assert isinstance(await desk.agent(environ=environ), LLMAgent)
        return
    agent = await desk.agent(environ=environ)
    assert isinstance(agent, Unavailable)
    assert case.key in agent.reason
    assert server.requests == []
