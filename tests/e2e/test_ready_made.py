"""The files that come with the program, run: the team's daemon, its contexts, its agents and each of its runbooks."""

import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.models import override_allow_model_requests

from aof.simulator import PhoneSettings, Settings
from aof.simulator.model import Call, Conversation, ModelServer, Said
from tests.e2e.world import World, world
from tests.unit.tools.stand_in import write_program

CONFIG = Path(__file__).parents[2] / "config"
AMINA, JONAS, LEILA = "+4930901820", "+4930901821", "+4930901822"

PROGRAM = """
import pathlib, sys
folder = pathlib.Path({folder!r})
words = [pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]
with open(folder / "ran", "a") as ran:
    ran.write(" ".join(words) + "\\n")
if "rollout status" in " ".join(words):
    print('deployment "api" successfully rolled out')
elif "is-active" in words:
    print("active")
else:
    print("looked")
"""

LOOKS = {"kubectl": "get pods", "systemctl": "list-units"}


def script(body: Mapping[str, Any]) -> Said:
    """A model that looks once with the first tool that it knows, and then says what it made of it."""
    conversation = Conversation(body)
    if conversation.last_results:
        return Said("Nothing runs on it.")
    tool = next(name for name in LOOKS if name in conversation.tools)
    return Said("I look.", [Call(tool, {"command": LOOKS[tool]})])


class Programs:
    """Stand-ins for kubectl and systemctl that note what they were asked."""

    def __init__(self, folder: Path) -> None:
        self._ran = folder / "ran"
        for name in ("kubectl", "systemctl"):
            write_program(folder / "bin", PROGRAM.format(folder=str(folder)), name=name)

    @property
    def changes(self) -> list[str]:
        """What was more than a look."""
        lines = self._ran.read_text().splitlines() if self._ran.exists() else []
        return [line for line in lines if re.search(r"\b(rollout restart|scale|systemctl restart)\b", line)]


@asynccontextmanager
async def team(folder: Path) -> AsyncIterator[tuple[World, Programs]]:
    """The team's daemon as it stands there; beside it only where WhatsApp, the model and the programs are."""
    here = folder / "config"
    shutil.copytree(CONFIG, here)
    programs = Programs(folder)
    phones = tuple(PhoneSettings(name, number) for name, number in (("A", AMINA), ("J", JONAS), ("L", LEILA)))
    settings = Settings(phones=phones)
    environ = {"WHATSAPP_PHONE_NUMBER_ID": settings.phone_number_id, "MODEL_KEY": "test"}
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(ModelServer(script))
        # the model is the stand-in on this machine
        stack.enter_context(override_allow_model_requests(True))
        for file in (here / "agents").glob("*.yaml"):
            stand_in = f"model: openai:scripted\n  base_url: {model.url}\n  api_key_env: MODEL_KEY"
            file.write_text(_replaced(file.read_text(), "model: anthropic:claude-sonnet-5-5", stand_in))
        made = await stack.enter_async_context(world(here, settings=settings, environ=environ, start=False))
        text = (here / "daemon-team.yaml").read_text()
        numbers = ", ".join(f'"{phone.number}"' for phone in phones)
        platform = f"    whatsapp:\n      api_url: {made.simulator.url}\n      allowed_numbers: [{numbers}]\n"
        text = _replaced(text, "    whatsapp:\n", platform)
        server = "spec:\n  server: {host: 127.0.0.1, port: 0, admin: {port: 0}}\n"
        made.config = _replaced(text, "spec:\n", f"{server}  tools: {{path: [{folder / 'bin'}]}}\n")
        await made.start()
        for number in (AMINA, JONAS, LEILA):
            await made.phone(number).types("/status")
            await made.phone(number).next()
        yield made, programs


def _replaced(text: str, before: str, after: str) -> str:
    assert text.count(before) == 1, before
    return text.replace(before, after)


async def _card(aof: World, number: str) -> dict[str, Any]:
    message = await aof.phone(number).next()
    assert [button["title"] for button in message["buttons"] or ()] == ["Approve", "Edit", "Deny"], message["text"]
    return message


async def test_in_production_two_others_let_the_api_be_restarted(tmp_path: Path) -> None:
    async with team(tmp_path) as (aof, programs):
        jonas = aof.phone(JONAS)
        await jonas.types("/context production")
        await jonas.next()
        await jonas.types("restart the api")
        waiting = await jonas.next()
        assert "needs 2 approvals" in waiting["text"]
        card = await _card(aof, LEILA)
        assert "kubectl --context production -n production rollout restart deploy/api" in card["text"]
        assert "kubectl --context production -n production rollout undo deploy/api" in card["text"]
        await aof.phone(LEILA).presses(card, "Approve")
        await aof.phone(LEILA).next()
        assert programs.changes == []
        arabic = await aof.phone(AMINA).next()
        await aof.phone(AMINA).presses(arabic, "موافقة")
        done = await jonas.next()
        assert "The API runs again." in done["text"]
        assert programs.changes == ["kubectl --context production -n production rollout restart deploy/api"]


async def test_in_staging_who_asked_may_let_the_api_be_scaled(tmp_path: Path) -> None:
    async with team(tmp_path) as (aof, programs):
        jonas = aof.phone(JONAS)
        await jonas.types("scale the api to 3")
        both = [await jonas.next(), await jonas.next()]
        await jonas.presses(next(one for one in both if one["buttons"]), "Approve")
        texts = [(await jonas.next())["text"], (await jonas.next())["text"]]
        assert any("The API runs in 3 copies." in text for text in texts)
        assert programs.changes == ["kubectl --context staging -n staging scale deploy/api --replicas=3"]


async def test_a_service_of_the_machine_is_chosen_by_a_tap_and_restarted_by_another_person(tmp_path: Path) -> None:
    async with team(tmp_path) as (aof, programs):
        jonas = aof.phone(JONAS)
        await jonas.types("restart a service")
        which = await jonas.next()
        await jonas.presses(which, "nginx")
        await jonas.next()
        card = await _card(aof, LEILA)
        await aof.phone(LEILA).presses(card, "Approve")
        assert "nginx runs again." in (await jonas.next())["text"]
        assert programs.changes == ["systemctl restart nginx"]


@pytest.mark.parametrize("command", ["cluster", "machine"])
async def test_each_agent_answers_its_command(tmp_path: Path, command: str) -> None:
    async with team(tmp_path) as (aof, programs):
        await aof.phone(JONAS).types(f"/{command} how is it?")
        assert "Looking." in (await aof.phone(JONAS).next())["text"]
        assert "Nothing runs on it." in (await aof.phone(JONAS).next())["text"]
        assert programs.changes == []


@pytest.mark.parametrize("context", ["staging", "production", "machine"])
async def test_each_context_can_be_chosen(tmp_path: Path, context: str) -> None:
    async with team(tmp_path) as (aof, _):
        await aof.phone(JONAS).types(f"/context {context}")
        assert "✅" in (await aof.phone(JONAS).next())["text"]
