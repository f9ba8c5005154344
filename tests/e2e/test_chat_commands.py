"""Commands and menus in chat: what a thumb can reach, and who answers what."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.domain.response import Action, Response
from aof.texts.language import Language
from tests.e2e.agents import Echo
from tests.e2e.wire import Logged
from tests.e2e.world import LEAD, ON_CALL, World, world

AGENT = """\
kind: Agent
metadata: {{name: {name}, description: {description}}}
spec: {{model: "anthropic:claude-sonnet-5-5", instructions: Answer shortly.}}
"""
DOCKHAND = AGENT.format(name="dockhand", description="looks after ships")

TRIGGER = """\
kind: Trigger
metadata: {name: night-watch}
spec:
  type: WhatsApp
  default_agent: runbook
  commands:
    /help: {agent: builtin, description: Commands and menus}
    /berths: {agent: runbook, description: Which berths are taken, response: Looking.}
    /crane: {agent: dockhand}
    default: {agent: runbook}
"""


class Guide(Echo):
    """An echo that has topics."""

    def topics(self, language: Language) -> tuple[Action, ...]:
        return (Action(id="ask:tide", title="Tide"), Action(id="ask:wind", title="Wind"))


class Pilot(Echo):
    """An echo that signs."""

    name = "pilot"

    async def answer(self, turn: Turn) -> Response:
        return Response(text=f"Pilot here: {(await super().answer(turn)).text}")


@asynccontextmanager
async def harbour(
    folder: Path, agent: Any, *, agents: Mapping[str, str], triggers: Mapping[str, str], **spec: Any
) -> AsyncIterator[World]:
    """A world with files of agents and triggers."""
    for kind, files in (("agents", agents), ("triggers", triggers)):
        (folder / kind).mkdir()
        for name, text in files.items():
            (folder / kind / f"{name}.yaml").write_text(text)
        if files:
            spec[kind] = {"directory": kind}
    async with world(folder, agent=lambda _: agent, **spec) as aof:
        yield aof


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[World]:
    """Two agents, of which one can't answer, and no triggers."""
    async with harbour(tmp_path, Guide(), agents={"dockhand": DOCKHAND}, triggers={}) as aof:
        yield aof


@pytest.fixture
async def three(tmp_path: Path) -> AsyncIterator[World]:
    """Another one that can."""
    others = {"pilot": lambda _: Pilot()}
    async with harbour(tmp_path, Guide(), agents={"dockhand": DOCKHAND}, triggers={}, others=others) as aof:
        yield aof


@pytest.mark.parametrize(
    "said", ["hi", "Hello!", "HEY", "hola", "howdy", "start", "/start", "/start abc", "مرحبا", "👋hi"]
)
async def test_hello_is_answered_by_the_daemon_with_doors_to_the_menus(two: World, said: str) -> None:
    await two.on_call.types(said)
    shown = await two.on_call.next()
    if said == "👋hi":
        assert shown["text"] == "You said: 👋hi"
        return
    titles = [button["title"] for button in shown["buttons"]]
    assert titles == (["المواضيع", "الوكلاء", "مساعدة"] if said == "مرحبا" else ["Topics", "Agents", "Help"])
    assert "runbook" in shown["text"]


async def test_help_lists_topics_commands_and_doors_and_each_door_opens(two: World) -> None:
    await two.on_call.types("/help")
    shown = await two.on_call.next()
    for line in (
        "- /tide: Tide",
        "- /wind: Wind",
        "- /agents: ",
        "- /agent: ",
        "- /status: ",
        "- /info: ",
        "- /cancel: ",
    ):
        assert line in shown["text"]
    await two.on_call.presses(shown, "Topics")
    topics = await two.on_call.next()
    assert [button["title"] for button in topics["buttons"]] == ["Tide", "Wind"]
    await two.on_call.presses(topics, "Tide")
    assert (await two.on_call.next())["text"] == "You said: button:ask:tide"
    await two.on_call.presses(shown, "Info")
    info = (await two.on_call.next())["text"]
    assert "Platforms: whatsapp. Agents: 2." in info
    await two.on_call.presses(shown, "Agents")
    assert "There are 2 agents." in (await two.on_call.next())["text"]


async def test_an_agent_is_chosen_by_a_tap_for_this_person_and_marked(three: World) -> None:
    await three.on_call.types("/agents")
    menu = await three.on_call.next()
    assert "- runbook ✓" in menu["text"]
    assert "- dockhand: looks after ships (not available: ANTHROPIC_API_KEY is not set)" in menu["text"]
    await three.on_call.presses(menu, "pilot")
    assert (await three.on_call.next())["text"] == "✅ From now on pilot answers you here."
    await three.on_call.types("any ships?")
    assert (await three.on_call.next())["text"] == "Pilot here: You said: any ships?"
    await three.lead.types("any ships?")
    assert (await three.lead.next())["text"] == "You said: any ships?"
    await three.restart()
    await three.on_call.types("still you?")
    assert (await three.on_call.next())["text"].startswith("Pilot here"), "a choice outlives a restart"
    await three.on_call.types("/agent RUNBOOK")
    assert "runbook answers you here" in (await three.on_call.next())["text"]
    await three.on_call.types("and now?")
    assert (await three.on_call.next())["text"] == "You said: and now?"


async def test_who_cannot_answer_is_not_offered_and_not_chosen(two: World) -> None:
    await two.on_call.types("/agents")
    assert "dockhand" not in [button["title"] for button in (await two.on_call.next())["buttons"]]
    await two.on_call.types("/agent dockhand")
    sentence = "dockhand can't answer: ANTHROPIC_API_KEY is not set. runbook goes on answering."
    assert (await two.on_call.next())["text"] == f"ℹ️ {sentence}"
    await two.on_call.types("any ships?")
    assert (await two.on_call.next())["text"] == "You said: any ships?"


async def test_an_agent_is_described_and_a_wrong_name_is_told(two: World) -> None:
    await two.on_call.types("/agent info")
    about = (await two.on_call.next())["text"]
    assert "You are talking to runbook." in about
    assert "Topics: Tide, Wind." in about
    await two.on_call.types("/agent dokhand")
    assert "There is no agent dokhand. Did you mean dockhand?" in (await two.on_call.next())["text"]
    await two.on_call.types("/agent info dockhand")
    about = (await two.on_call.next())["text"]
    assert about.startswith("dockhand:")
    assert "Not available: ANTHROPIC_API_KEY is not set." in about
    assert "Model: anthropic:claude-sonnet-5-5." in about


async def test_a_tap_on_an_old_menu_whose_agent_is_gone_says_so(three: World) -> None:
    await three.on_call.types("/agents")
    menu = await three.on_call.next()
    await three.on_call.presses(menu, "pilot")
    await three.on_call.next()
    await three.idle()
    three.others.clear()
    await three.restart()
    await three.on_call.types("who answers?")
    assert (await three.on_call.next())["text"] == "You said: who answers?", "a choice that is gone chooses nothing"
    await three.on_call.presses(menu, "pilot")
    assert "pilot is no longer available" in (await three.on_call.next())["text"]


async def test_status_names_ones_own_runs_in_other_chats_and_nobody_elses(tmp_path: Path) -> None:
    from aof.simulator import Settings
    from aof.simulator.settings import GroupSettings

    guide, began, let_go = Guide(), asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Response:
        if turn.text == "find the cause":
            began.set()
            await let_go.wait()
        return Response(text=turn.text)

    guide.answers = slow
    settings = Settings(groups=(GroupSettings("Room", (ON_CALL, LEAD)),))
    async with world(tmp_path, agent=lambda _: guide, settings=settings) as aof:
        await aof.on_call.sends(type="text", group_id="Room", text={"body": "find the cause"})
        await began.wait()
        await aof.on_call.types("/status")
        assert 'Running for you for 0 s: "find the cause".' in (await aof.on_call.next())["text"]
        await aof.lead.types("/status")
        text = (await aof.lead.next())["text"]
        assert "find the cause" not in text
        assert "Questions waiting: 1." in text
        let_go.set()


async def test_a_triggers_commands_go_where_it_says(tmp_path: Path) -> None:
    guide = Guide()
    async with harbour(tmp_path, guide, agents={"dockhand": DOCKHAND}, triggers={"night": TRIGGER}) as aof:
        await aof.on_call.types("/berths north\n  --all  quay")
        assert (await aof.on_call.next())["text"] == "Looking."
        assert (await aof.on_call.next())["text"].startswith("You said: north")
        assert guide.turns[-1].text == "north\n  --all  quay", "what stands behind the command arrives unchanged"
        await aof.on_call.types("/BERTHS")
        await aof.on_call.next()
        await aof.on_call.next()
        assert guide.turns[-1].text == "/berths", "without words the agent is told which command it was"
        await aof.on_call.types("/crane")
        assert "Agent dockhand is not available" in (await aof.on_call.next())["text"]
        await aof.on_call.types("/help")
        shown = (await aof.on_call.next())["text"]
        assert "- /help: Commands and menus" in shown
        assert "- /berths: Which berths are taken" in shown
        assert "- /crane: dockhand" in shown
        await aof.on_call.types("/something else")
        assert (await aof.on_call.next())["text"] == "You said: /something else"
        await aof.on_call.types("/status")
        assert "aof " in (await aof.on_call.next())["text"]


ONCALL_ONLY = f"""\
kind: Trigger
metadata: {{name: on-call}}
spec:
  type: whatsapp
  commands: {{/where: {{agent: builtin}}}}
  config: {{allowed_numbers: ["{ON_CALL}"]}}
"""


def _for(name: str, number: str, agent: str) -> str:
    return f"""\
kind: Trigger
metadata: {{name: {name}}}
spec:
  type: whatsapp
  default_agent: {agent}
  commands: {{/where: {{agent: {agent}, description: "{name}"}}}}
  config: {{allowed_numbers: ["{number}"]}}
"""


async def test_two_triggers_have_commands_of_their_own_and_default_agents_of_their_own(tmp_path: Path) -> None:
    triggers = {"a": _for("on-call", ON_CALL, "runbook"), "b": _for("lead", LEAD, "dockhand")}
    async with harbour(tmp_path, Guide(), agents={"dockhand": DOCKHAND}, triggers=triggers) as aof:
        await aof.on_call.types("/where am I")
        assert (await aof.on_call.next())["text"] == "You said: am I"
        await aof.lead.types("/where am I")
        assert "dockhand is not available" in (await aof.lead.next())["text"]
        await aof.lead.types("anything")
        assert "dockhand is not available" in (await aof.lead.next())["text"]
        await aof.on_call.types("/help")
        assert "- /where: on-call" in (await aof.on_call.next())["text"]


async def test_what_no_trigger_takes_is_ignored_and_logged(tmp_path: Path, log: Logged) -> None:
    guide = Guide()
    triggers = {"a": _for("on-call", ON_CALL, "runbook")}
    async with harbour(tmp_path, guide, agents={}, triggers=triggers) as aof:
        await aof.lead.types("kettle")
        await aof.until(lambda: _outcomes(aof, "ignored"))
        await aof.on_call.types("kettle")
        await aof.on_call.next()
        assert await aof.lead.shown() == []
    assert [line["outcome"] for line in log.of("event_answered")] == ["ignored", "answered"]


async def _outcomes(aof: World, *outcomes: str) -> bool:
    return [row[0] for row in aof.rows("SELECT outcome FROM inbox WHERE state = 'done'")] == list(outcomes)


async def test_a_trigger_that_is_switched_off_counts_for_nothing(tmp_path: Path) -> None:
    off = _for("on-call", LEAD, "runbook").replace("type: whatsapp", "type: whatsapp\n  enabled: false")
    async with harbour(tmp_path, Guide(), agents={}, triggers={"a": off}) as aof:
        await aof.on_call.types("anything")
        assert (await aof.on_call.next())["text"] == "You said: anything"


async def test_a_default_agent_without_a_model_says_so_and_the_runbook_is_still_there(tmp_path: Path) -> None:
    runtime = {"default_agent": "dockhand"}
    async with harbour(tmp_path, Guide(), agents={"dockhand": DOCKHAND}, triggers={}, runtime=runtime) as aof:
        await aof.on_call.types("any ships?")
        assert "Agent dockhand is not available" in (await aof.on_call.next())["text"]
        await aof.on_call.types("/agents")
        await aof.on_call.presses(await aof.on_call.next(), "runbook")
        await aof.on_call.next()
        await aof.on_call.types("any ships?")
        assert (await aof.on_call.next())["text"] == "You said: any ships?"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/مساعدة", "الأوامر"),
        ("/الوكلاء", "عدد الوكلاء 2"),
        ("/حالة الآن", "رسائل في الطريق"),
        ("/معلومات", "المنصات"),
        ("/إلغاء", "لا شيء لك قيد التشغيل"),
        ("/وكيل", "عدد الوكلاء 2"),
    ],
)
async def test_commands_are_understood_and_answered_in_arabic(two: World, said: str, heard: str) -> None:
    await two.on_call.types(said)
    assert heard in (await two.on_call.next())["text"]


async def test_a_hostile_description_stays_words(tmp_path: Path) -> None:
    hostile = AGENT.format(name="dockhand", description='"*bold* \\u202Etxt.exe _x_ `c`"')
    async with harbour(tmp_path, Guide(), agents={"dockhand": hostile}, triggers={}) as aof:
        await aof.on_call.types("/agents")
        text = (await aof.on_call.next())["text"]
        assert "\u202e" not in text
        assert "*bold*" not in text


STOPS = """\
kind: Trigger
metadata: {name: night-watch}
spec:
  type: WhatsApp
  commands:
    /stop: {agent: runbook, description: Stop a crane}
    /crane: {agent: runbook, response: "#"}
"""


async def test_a_bound_command_stops_no_run_of_its_sender(tmp_path: Path) -> None:
    guide, began, let_go = Guide(), asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Response:
        if turn.text == "long question":
            began.set()
            await let_go.wait()
        return Response(text=f"You said: {turn.text}")

    guide.answers = slow
    async with harbour(tmp_path, guide, agents={}, triggers={"a": STOPS}) as aof:
        await aof.on_call.types("long question")
        await began.wait()
        await aof.on_call.types("/stop crane 3")
        await aof.until(lambda: _heard(aof, 2))
        let_go.set()
        assert [(await aof.on_call.next())["text"] for _ in range(2)] == [
            "You said: long question",
            "You said: crane 3",
        ]


async def _heard(aof: World, many: int) -> bool:
    return aof.rows("SELECT count(*) FROM inbox") == [(many,)]


async def test_a_response_that_shows_nothing_costs_no_answer(tmp_path: Path) -> None:
    async with harbour(tmp_path, Guide(), agents={}, triggers={"a": STOPS}) as aof:
        await aof.on_call.types("/crane 3")
        assert (await aof.on_call.next())["text"] == "You said: 3"


async def test_a_tap_goes_to_whoever_offered_it_also_after_a_switch(two: World) -> None:
    guide = two.agent
    assert guide is not None
    echo = guide(None)
    echo.answers = lambda turn: Response(text=f"runbook heard {turn.text}", actions=(Action(id="go", title="Go"),))
    await two.on_call.types("buttons")
    shown = await two.on_call.next()
    await two.on_call.types("/agent dockhand")
    await two.on_call.next()
    await two.on_call.presses(shown, "Go")
    assert (await two.on_call.next())["text"] == "runbook heard button:go"
