from datetime import UTC
from pathlib import Path

import pytest

from aof.agents.base import Turn
from aof.agents.runbook import RunbookAgent
from aof.agents.runbook import programs as calls
from aof.domain.response import Status
from aof.texts.language import Language
from aof.tools.redaction import Redactor
from aof.tools.runner import Runner
from tests.unit.agents.cluster import API, Cluster
from tests.unit.agents.conftest import NOW, Ask
from tests.unit.agents.stubs import StubMachine
from tests.unit.tools.stand_in import SHELL, write_program


async def test_a_missing_kubectl_is_said_in_one_sentence(tmp_path: Path) -> None:
    agent = RunbookAgent(Runner([tmp_path], {}, Redactor()), StubMachine(), zone=UTC)
    response = await agent.answer(Turn("pods", None, Language.ENGLISH, NOW))
    assert response.text == "kubectl is not installed on web-1, or not where spec.tools.path looks."
    assert response.status is Status.FAILED
    assert response.actions


@pytest.mark.parametrize(
    "complaint",
    [
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?\n",
        "error: current-context is not set\n",
        "error: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER\n",
        "Error from server (NotFound): the server could not find the requested resource\n",
    ],
)
async def test_a_kubectl_without_a_cluster_is_told_from_a_broken_one(
    cluster: Cluster, ask: Ask, complaint: str
) -> None:
    cluster.says("config", complaint="error: current-context is not set\n", code=1)
    cluster.says("get pods", complaint=complaint, code=1)
    assert (await ask("pods")).text.startswith("kubectl on web-1 has no cluster to talk to")


async def test_a_failure_shows_kubectls_own_last_words_fenced_and_redacted(cluster: Cluster, ask: Ask) -> None:
    cluster.says("get pods", complaint="1\n2\n3\n4\nUnable to connect with token=abcdef ```\n", code=1)
    text = (await ask("pods")).text
    assert text == "kubectl on web-1 failed (exit 1).\n```\n3\n4\nUnable to connect with token=••• '''\n```"


@pytest.mark.parametrize(
    "printed", ["", "hello", "[]", "{}", '{"items": 1}', '{"items": [{"metadata": {"name": "../x"}}]}', "null"]
)
async def test_garbage_is_named_as_such(cluster: Cluster, ask: Ask, printed: str) -> None:
    cluster.says("get pods", printed)
    response = await ask("pods")
    assert "something that is not a list of pods" in response.text
    assert response.status is Status.FAILED


async def test_a_kubectl_that_can_not_be_started_is_a_sentence_too(cluster: Cluster, ask: Ask) -> None:
    (cluster.path / "kubectl").write_bytes(b"\x7fELF")
    assert "failed" in (await ask("pods")).text or "did not start" in (await ask("pods")).text


async def test_a_kubectl_that_hangs_is_ended_and_said(
    cluster: Cluster, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "TIMEOUT_SECONDS", 0.2)
    write_program(cluster.path, "exec /bin/sleep 600", interpreter=SHELL)
    response = await ask("pods")
    assert response.text.startswith("kubectl on web-1 gave no answer within")
    assert response.status is Status.FAILED


async def test_a_kubectl_that_never_stops_printing_is_ended_and_said(
    cluster: Cluster, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.says("get pods", "[" + "1," * 9_000_000)
    assert (await ask("pods")).text.startswith("kubectl on web-1 printed more than I read.")


async def test_without_a_current_context_as_inside_a_pod_the_default_cluster_is_asked(
    cluster: Cluster, ask: Ask
) -> None:
    cluster.says("config current-context", complaint="error: current-context is not set\n", code=1)
    cluster.has(API)
    response = await ask("pods in prod")
    assert "The cluster kubectl uses by default, namespace prod" in response.text
    assert response.actions[0].id == "pods:logs:prod:api-server-abc12"
    assert not any("--context" in call for call in cluster.calls())


async def test_a_failed_press_never_raises(cluster: Cluster, press: Ask) -> None:
    cluster.says("get pods", complaint="error: boom\n", code=1)
    for verb in ("logs", "describe", "events"):
        cluster.says(verb, complaint="error: boom\n", code=1)
        assert (await press(f"pods:{verb}:prod:api")).status is Status.FAILED


async def test_a_pod_can_be_looked_at_where_listing_fails(cluster: Cluster, press: Ask) -> None:
    cluster.says("get pods", complaint="Error from server (Forbidden)\n", code=1)
    cluster.says("logs", "fine\n")
    assert "fine" in (await press("pods:logs:prod:api")).text
