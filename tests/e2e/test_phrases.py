"""What people say decides nothing; the call that a model makes of it does. Twenty-two phrases that a table of words
gets wrong, said on a phone to an agent whose model makes just the call that is meant.
"""

import json
import shlex
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.simulator.model import Call, Conversation, ModelServer, Said
from tests.e2e.service import operated
from tests.e2e.world import World

READS = [
    ("any update on the incident?", "kubectl get events -n shop"),
    ("show deploy status", "kubectl get deployments -n shop"),
    ("why did the last deploy fail?", "kubectl rollout history deploy/api"),
    ("why is api in a restart loop", "kubectl describe pod api-1"),
    ("did the pods stop crashing", "kubectl get pods"),
    ("kubectl rollout status deploy/api", "kubectl rollout status deploy/api"),
    ("what was the last commit on main", "git log -n 1 main"),
    ("show install logs", "kubectl logs install-1 --tail=50"),
    ("when did the scale event happen", "kubectl get events --sort-by=.lastTimestamp"),
]
CHANGES = [
    ("get rid of the api pods", "kubectl delete pod -l app=api"),
    ("bounce the api deployment", "kubectl rollout restart deploy/api"),
    ("aws rds delete-db-instance --db x", "aws rds delete-db-instance --db-instance-identifier x"),
    ("drain node-3", "kubectl drain node-3"),
    ("roll back api", "kubectl rollout undo deploy/api"),
    ("turn off node 3", "aws ec2 stop-instances --instance-ids i-3"),
    ("evict pod api-1", "kubectl delete pod api-1"),
    ("docker network prune -f", "docker network prune -f"),
    ("kubectl\tdelete\tpod x", "kubectl\tdelete\tpod\tx"),
]
VAGUE = ("restart", "kubectl rollout restart deploy/api")
DANGERS = [
    ("wipe the redis cache", "redis-cli FLUSHALL"),
    ("kubectl exec api -- rm /data/x", "kubectl exec api -- rm /data/x"),
    ("flush redis", "redis-cli FLUSHDB"),
]
DELETES = {"get rid of the api pods", "evict pod api-1", "kubectl\tdelete\tpod x", "docker network prune -f"} | {
    "aws rds delete-db-instance --db x"
}
GREETED = 1
"""Messages that the lead has before anything is said."""
WHICH = "What should I restart?"

STAND_IN = """#!{python} -IS
import json, sys
with open({ran!r}, "a") as ran:
    ran.write(json.dumps([{name!r}, *sys.argv[1:]]) + "\\n")
if sys.argv[1:] == ["config", "current-context"]:
    print("prod")
elif "config" in sys.argv and "view" in sys.argv:
    print("shop https://prod.example:6443")
else:
    print("this is what {name} prints")
"""
PROGRAMS = ("kubectl", "docker", "git", "aws", "redis-cli")


def scripted(body: Mapping[str, Any]) -> Said:
    """Makes the call that the phrase means, then repeats what its result says."""
    conversation = Conversation(body)
    if results := conversation.last_results:
        return Said(f"It says: {results[-1].content}")
    text = conversation.last_user_text
    if text == VAGUE[0]:
        return Said(WHICH)
    command = dict([*READS, *CHANGES, *DANGERS]).get(text, VAGUE[1])
    program = command.split()[0]
    tool = program if program in {"kubectl", "docker"} else "shell"
    return Said(calls=[Call(tool, {"command": command})])


class Programs:
    """Stand-ins that write down that they ran."""

    def __init__(self, directory: Path) -> None:
        self._ran = directory / "ran"
        for name in PROGRAMS:
            program = directory / name
            program.write_text(STAND_IN.format(python=sys.executable, ran=str(self._ran), name=name))
            program.chmod(0o755)

    @property
    def ran(self) -> list[list[str]]:
        """But for the questions where a command would go."""
        lines = self._ran.read_text().splitlines() if self._ran.exists() else []
        return [argv for argv in map(json.loads, lines) if "config" not in argv]


@asynccontextmanager
async def told(folder: Path, **safety: Any) -> AsyncIterator[tuple[World, ModelServer, Programs]]:
    """A daemon whose agent has kubectl, docker, and a shell with three programs."""
    config = {"allowed_commands": ["aws", "git", "redis-cli"], "working_directory": str(folder)}
    tools = ["kubectl", "docker", {"type": "Shell", "config": config}]
    whatsapp = {"safety": safety}
    agent = {"tools": tools, "env": {"DOCKER_HOST": "unix:///var/run/docker.sock"}}
    async with operated(folder, answer=scripted, agent=agent, whatsapp=whatsapp) as (aof, model, service):
        yield aof, model, Programs(service.bin)


async def say(aof: World, phrase: str) -> str:
    """Say it on the phone; where the agent asks what is meant, say that too. The last answer."""
    await aof.on_call.types(phrase)
    said = str((await aof.on_call.next())["text"])
    if said == WHICH:
        await aof.on_call.types("the api")
        said = str((await aof.on_call.next())["text"])
    return said


@pytest.mark.parametrize(("phrase", "command"), READS, ids=lambda value: value)
async def test_a_harmless_phrase_passes_whatever_its_words(tmp_path: Path, phrase: str, command: str) -> None:
    async with told(tmp_path) as (aof, _model, programs):
        said = await say(aof, phrase)
        assert f"this is what {command.split(maxsplit=1)[0]} prints" in said
        assert "Not run" not in said
        assert programs.ran == [shlex.split(command)]


@pytest.mark.parametrize(("phrase", "command"), [*CHANGES, VAGUE, *DANGERS], ids=lambda value: value)
async def test_a_phone_changes_nothing_whatever_the_words(tmp_path: Path, phrase: str, command: str) -> None:
    async with told(tmp_path) as (aof, model, programs):
        said = await say(aof, phrase)
        assert said.startswith("Not run: ")
        shown, _, works = said.partition("From WhatsApp I only look")
        # kubectl's commands are shown with the cluster that they would go to
        assert all(word in shown for word in command.split())
        assert "get, list, describe and logs work, changes are made at a terminal" in works
        assert programs.ran == []
        assert aof.rows("SELECT * FROM step") == aof.rows("SELECT * FROM approval") == []
        assert len(await aof.lead.shown()) == GREETED
        assert "not run: blocked by policy" in str(model.requests[-1].body["messages"][-1]["content"])


@pytest.mark.parametrize(("phrase", "command"), [*CHANGES, VAGUE], ids=lambda value: value)
async def test_where_a_file_lets_it_change_things_each_change_waits_for_the_lead(
    tmp_path: Path, phrase: str, command: str
) -> None:
    async with told(tmp_path, read_only=False) as (aof, _model, programs):
        said = await say(aof, phrase)
        assert "needs an approval" in said
        card = await aof.lead.next()
        assert [button["title"] for button in card["buttons"]] == ["Approve", "Edit", "Deny"]
        assert all(word in card["text"] for word in command.split())
        assert ("removes or stops something" if phrase in DELETES else "changes something") in card["text"]
        assert programs.ran == []
        await aof.lead.presses(card, "Deny")
        assert "Denied by Omar" in (await aof.on_call.next())["text"]
        assert programs.ran == []


@pytest.mark.parametrize(("phrase", "command"), DANGERS, ids=lambda value: value)
async def test_what_is_dangerous_is_refused_though_changes_may_be_asked_for(
    tmp_path: Path, phrase: str, command: str
) -> None:
    async with told(tmp_path, read_only=False) as (aof, _model, programs):
        said = await say(aof, phrase)
        assert said.startswith("Not run: ")
        assert all(word in said for word in command.split())
        assert "dangerous" in said
        assert "I only look" not in said
        assert programs.ran == []
        assert aof.rows("SELECT * FROM approval") == []
        assert len(await aof.lead.shown()) == GREETED
