"""The conversation that this project began with: two pods are crashing in prod, and somebody asks from a phone."""

import json
from pathlib import Path

import pytest

from tests.e2e.world import world
from tests.unit.agents.cluster import API, JOB, WEB, WORKER, Cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    made.has(API, WORKER, WEB, JOB)
    made.says("logs api-server-abc12", "12:00:01 heap at 510 MiB\n12:00:02 Killed\n")
    made.says("logs worker-xyz98", complaint="Error from server (BadRequest): trying and failing to pull image", code=1)
    made.says("describe api-server-abc12", "Name: api-server-abc12\nLast State: Terminated\n  Reason: OOMKilled\n")
    made.says("describe worker-xyz98", "Name: worker-xyz98\nReason: ImagePullBackOff\n")
    made.says("get events", "LAST SEEN  TYPE     REASON   MESSAGE\n2m         Warning  BackOff  Back-off restarting\n")
    return made


async def test_pods_crashing_in_prod(tmp_path: Path, cluster: Cluster) -> None:
    async with world(tmp_path, tools={"path": [str(cluster.path)]}) as aof:
        await aof.on_call.types("pods crashing in prod")
        found = await aof.on_call.next()
        assert found["text"].startswith("⚠️ Found 2 pods crashing in prod")
        assert "api-server-abc12: OOMKilled (3 restarts)" in found["text"]
        assert "worker-xyz98: ImagePullBackOff" in found["text"]
        assert "kind-prod" in found["text"]
        assert [button["title"] for button in found["buttons"]] == ["View Logs", "Describe Pod", "Check Events"]

        await aof.on_call.presses(found, "View Logs")
        assert "heap at 510 MiB" in (await aof.on_call.next())["text"]
        await aof.on_call.presses(found, "Describe Pod")
        assert "Reason: OOMKilled" in (await aof.on_call.next())["text"]
        await aof.on_call.presses(found, "Check Events")
        events = await aof.on_call.next()
        assert "Back-off restarting" in events["text"]
    verbs = {call[0] for call in cluster.calls()}
    assert verbs <= {"config", "get", "logs", "describe"}
    assert "hunter2" not in json.dumps(found)


async def test_every_crashing_pod_is_reached_by_tapping(tmp_path: Path, cluster: Cluster) -> None:
    async with world(tmp_path, tools={"path": [str(cluster.path)]}) as aof:
        await aof.on_call.types("pods crashing in prod")
        await aof.on_call.presses(await aof.on_call.next(), "Describe Pod")
        described = await aof.on_call.next()
        other = next(c for c in [*(described["buttons"] or ()), *(described["rows"] or ())] if "worker" in c["title"])
        await aof.on_call.presses(described, other["title"])
        assert "worker-xyz98" in (await aof.on_call.next())["text"]


async def test_the_same_in_arabic(tmp_path: Path, cluster: Cluster) -> None:
    async with world(tmp_path, tools={"path": [str(cluster.path)]}) as aof:
        await aof.on_call.types("البودات المتعطلة في prod")
        found = await aof.on_call.next()
        assert found["text"].startswith("⚠️")
        assert "api-server-abc12" in found["text"]
        assert len(found["buttons"]) == 3
        await aof.on_call.presses(found, found["buttons"][0]["title"])
        assert "heap at 510 MiB" in (await aof.on_call.next())["text"]


async def test_with_the_gate_closed_the_whole_conversation_runs_and_nothing_leaves(
    tmp_path: Path, cluster: Cluster
) -> None:
    gate = {"hold_on_loopback": True, "allow_everyone": True}
    async with world(tmp_path, tools={"path": [str(cluster.path)]}, whatsapp=gate) as aof:
        await aof.on_call.types("pods crashing in prod")

        async def held() -> bool:
            return [row[0] for row in aof.rows("SELECT state FROM outbox")] == ["held"]

        await aof.until(held)
        assert "api-server-abc12: OOMKilled (3 restarts)" in aof.rows("SELECT body FROM outbox")[0][0]
        assert await aof.sends() == []
