"""A message that waited too long is not run unasked and not dropped: its sender says what becomes of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.daemon import running
from aof.domain.response import Action, Response
from aof.simulator import Settings
from aof.simulator.settings import GroupSettings
from tests.e2e.acting import Doer, acting, asked
from tests.e2e.agents import Echo
from tests.e2e.test_chat_commands import TRIGGER, Guide
from tests.e2e.world import LEAD, ON_CALL, Phone, World, world

HOURS = 3 * 3600
RUNTIME = {"max_message_age_secs": 900}


@asynccontextmanager
async def keeping_time(folder: Path, echo: Echo, **spec: Any) -> AsyncIterator[World]:
    async with world(folder, agent=lambda _: echo, **{"runtime": RUNTIME, **spec}) as made:
        yield made


async def late(aof: World, phone: Phone, text: str, *, age: float = HOURS, **more: Any) -> None:
    """A message comes that was written a while ago."""
    written = str(int(aof.clock.now().timestamp() - age))
    await phone.sends(type="text", text={"body": text}, timestamp=written, **more)


async def down_for_hours(aof: World, echo: Echo, monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Messages are in the inbox when the daemon stops; it starts again three hours later."""
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    began = echo.never_ends()
    for text in texts:
        await aof.on_call.types(text)
    await began.wait()
    await aof.until(lambda: counted(aof, len(texts)))
    await aof.stop()
    echo.answers = None
    echo.turns.clear()
    aof.clock.advance(HOURS)
    await aof.start()


async def counted(aof: World, count: int) -> bool:
    return aof.rows("SELECT count(*) FROM inbox") == [(count,)]


async def taps(aof: World, phone: Phone, shown: dict[str, Any], title: str, *, age: float = 0, **more: Any) -> None:
    """A tap as a phone sends it, in a group or a while ago."""
    id_ = next(button["id"] for button in shown["buttons"] if button["title"] == title)
    reply = {"type": "button_reply", "button_reply": {"id": id_, "title": title}}
    written = str(int(aof.clock.now().timestamp() - age))
    await phone.sends(type="interactive", interactive=reply, timestamp=written, **more)


def titles(shown: dict[str, Any]) -> list[str]:
    return [button["title"] for button in shown["buttons"] or ()]


async def test_after_three_hours_one_message_quotes_what_waited_and_run_answers_it_in_order_once(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await down_for_hours(aof, echo, monkeypatch, "restart api", "then tell me")
        question = await aof.on_call.next()
        assert "waited for up to 3 h 0 min" in question["text"]
        assert question["text"].index('"restart api"') < question["text"].index('"then tell me"')
        assert titles(question) == ["Run", "Skip"]
        await aof.idle()
        assert echo.turns == []
        await aof.on_call.types("a new one")
        assert (await aof.on_call.next())["text"] == "You said: a new one", "what is parked keeps nothing waiting"
        await aof.on_call.presses(question, "Run")
        said = [(await aof.on_call.next())["text"] for _ in range(3)]
        assert "running all 2" in said[0]
        assert said[1:] == ["You said: restart api", "You said: then tell me"]
        for title in ("Run", "Skip"):
            await aof.on_call.presses(question, title)
            assert "Nothing of yours waits" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["a new one", "restart api", "then tell me"]
        facts = aof.rows("SELECT kind, facts FROM audit JOIN audit_words USING (seq)")
        assert [kind for kind, _ in facts] == ["turn_late", "turn_taken_up"]
        ids = [row[0] for row in aof.rows("SELECT event_id FROM inbox ORDER BY seq LIMIT 2")]
        assert json.loads(facts[0][1])["parked"] == json.loads(facts[1][1])["events"] == ids
        assert "restart api" not in str(facts)
        assert await aof.store.check() == []


async def test_skip_answers_none_of_them(tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await down_for_hours(aof, echo, monkeypatch, "one", "two")
        question = await aof.on_call.next()
        await aof.lead.types("/status")
        assert "Waited too long, for a word of their senders: 2." in (await aof.lead.next())["text"]
        await aof.on_call.presses(question, "Skip")
        assert "Skipped all 2" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert echo.turns == []
        assert aof.rows("SELECT outcome FROM inbox WHERE kind = 'message' ORDER BY seq LIMIT 2") == [("skipped",)] * 2


async def test_a_restart_between_question_and_answer_changes_nothing(tmp_path: Path, echo: Echo) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await late(aof, aof.on_call, "restart api")
        question = await aof.on_call.next()
        await aof.restart()
        await aof.on_call.presses(question, "Run")
        assert "running it now" in (await aof.on_call.next())["text"]
        await aof.restart()
        assert (await aof.on_call.next())["text"] == "You said: restart api"
        await aof.idle()
        assert len(echo.turns) == 1


async def test_what_comes_late_after_the_question_is_asked_about_with_what_is_parked(
    tmp_path: Path, echo: Echo
) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await late(aof, aof.on_call, "one")
        await aof.on_call.next()
        await late(aof, aof.on_call, "two")
        question = (await aof.on_call.next())["text"]
        assert question.index('"one"') < question.index('"two"')


@pytest.mark.parametrize(("limit", "age", "is_late"), [(0, HOURS, False), (900, 890, False), (900, 960, True)])
async def test_the_limit_is_that_of_the_file_and_0_is_none(
    tmp_path: Path, echo: Echo, limit: int, age: float, is_late: bool
) -> None:
    async with keeping_time(tmp_path, echo, runtime={"max_message_age_secs": limit}) as aof:
        await late(aof, aof.on_call, "restart api", age=age)
        assert (titles(await aof.on_call.next()) == ["Run", "Skip"]) is is_late


async def test_without_a_time_of_the_platform_the_time_of_receipt_counts(tmp_path: Path, echo: Echo) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await aof.on_call.sends(type="text", text={"body": "now"}, timestamp="when?")
        assert (await aof.on_call.next())["text"] == "You said: now"


@pytest.mark.parametrize("said", ["/status", "/help", "/cancel", "/agents", "/nonsense", "hello", "/killswitch"])
async def test_what_the_daemon_answers_itself_is_answered_however_late(tmp_path: Path, echo: Echo, said: str) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await late(aof, aof.on_call, said)
        assert "Run" not in titles(await aof.on_call.next())


@pytest.mark.parametrize("said", ["/run agent runbook disk", "/berths", "/anything", "/tide", "/killswitch off"])
async def test_a_command_that_starts_an_agent_or_lifts_the_switch_asks(tmp_path: Path, said: str) -> None:
    guide = Guide()
    (tmp_path / "triggers").mkdir()
    trigger = TRIGGER.replace("    /crane: {agent: dockhand}\n", "")
    (tmp_path / "triggers" / "night.yaml").write_text(trigger)
    async with keeping_time(tmp_path, guide, triggers={"directory": "triggers"}) as aof:
        await late(aof, aof.on_call, said)
        question = await aof.on_call.next()
        assert f'"{said}"' in question["text"]
        assert guide.turns == []
        await aof.on_call.presses(question, "Run")
        assert "running it now" in (await aof.on_call.next())["text"]
        await aof.on_call.next()
        await aof.idle()
        assert len(guide.turns) == (0 if said == "/killswitch off" else 1)


async def test_a_late_command_of_the_daemon_is_not_quoted_with_the_others(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await down_for_hours(aof, echo, monkeypatch, "one", "/status", "two")
        question = (await aof.on_call.next())["text"]
        assert '"one"' in question
        assert '"two"' in question
        assert "/status" not in question
        assert "up 0 min" in (await aof.on_call.next())["text"]


async def test_a_late_tap_on_an_agents_choice_asks_and_is_quoted_by_its_title(tmp_path: Path, echo: Echo) -> None:
    echo.answers = lambda turn: Response(
        text=f"got {turn.press.action_id if turn.press else turn.text}",
        actions=() if turn.press else (Action(id="go:on", title="Go on"),),
    )
    async with keeping_time(tmp_path, echo) as aof:
        await aof.on_call.types("buttons")
        shown = await aof.on_call.next()
        await taps(aof, aof.on_call, shown, "Go on", age=HOURS)
        question = await aof.on_call.next()
        assert '"Go on"' in question["text"]
        await aof.on_call.presses(question, "Run")
        await aof.on_call.next()
        assert (await aof.on_call.next())["text"] == "got go:on"


async def test_a_tap_on_run_that_is_late_itself_runs_nothing(tmp_path: Path, echo: Echo) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await late(aof, aof.on_call, "restart api")
        await taps(aof, aof.on_call, await aof.on_call.next(), "Run", age=HOURS)
        again = await aof.on_call.next()
        assert titles(again) == ["Run", "Skip"]
        assert echo.turns == []
        await aof.on_call.presses(again, "Run")
        await aof.on_call.next()
        assert (await aof.on_call.next())["text"] == "You said: restart api"


async def test_arabic(tmp_path: Path, echo: Echo) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await late(aof, aof.on_call, "كم المساحة")
        question = await aof.on_call.next()
        assert "انتظرت هذه الرسالة 3 ساعة" in question["text"]
        assert "كم المساحة" in question["text"]
        assert titles(question) == ["تنفيذ", "تجاوز"]
        await aof.on_call.presses(question, "تجاوز")
        assert "جرى تجاوزها" in (await aof.on_call.next())["text"]


async def test_at_most_ten_are_quoted_and_the_others_counted(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with keeping_time(tmp_path, echo) as aof:
        await down_for_hours(aof, echo, monkeypatch, "x" * 300, *(f"number {n}" for n in range(11)))
        question = (await aof.on_call.next())["text"]
        assert f'"{"x" * 199}…"' in question
        assert '"number 8"' in question
        assert "number 9" not in question
        assert "and 2 more" in question


async def test_in_a_group_each_sender_is_asked_about_their_own(tmp_path: Path, echo: Echo) -> None:
    settings = Settings(groups=(GroupSettings("Room", (ON_CALL, LEAD)),))
    async with keeping_time(tmp_path, echo, settings=settings) as aof:
        await late(aof, aof.on_call, "of one", group_id="Room")
        of_one = await aof.lead.next()
        await late(aof, aof.lead, "of two", group_id="Room")
        of_two = await aof.lead.next()
        assert "of one" not in of_two["text"]
        await taps(aof, aof.lead, of_one, "Run", group_id="Room")
        said = [(await aof.lead.next())["text"] for _ in range(2)]
        assert "running it now" in said[0]
        assert said[1] == "You said: of two", "a tap is about whoever taps"
        assert aof.rows("SELECT sender FROM inbox WHERE state = 'parked'") == [(ON_CALL,)]


async def test_an_approval_has_its_own_time(tmp_path: Path) -> None:
    doer = Doer()
    async with acting(tmp_path, doer, runtime=RUNTIME) as aof:
        card = await asked(aof)
        await taps(aof, aof.lead, card, "Approve", age=1200)
        assert "pulled restart api" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_change_of_a_command_has_its_own_time(tmp_path: Path) -> None:
    doer = Doer()
    async with acting(tmp_path, doer, runtime=RUNTIME) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Edit")
        await aof.lead.next()
        await late(aof, aof.lead, "lever restart db")
        assert "nobody but you could approve your change" in (await aof.lead.next())["text"]


async def test_a_message_behind_a_long_run_is_late_too(tmp_path: Path, echo: Echo) -> None:
    began, let_go = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Response:
        if turn.text == "slow":
            began.set()
            await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slow
    runtime = {**RUNTIME, "task_timeout_secs": 3600}
    async with keeping_time(tmp_path, echo, runtime=runtime) as aof:
        await aof.on_call.types("slow")
        await aof.on_call.types("behind it")
        await began.wait()
        await aof.until(lambda: counted(aof, 2))
        aof.clock.advance(1000)
        let_go.set()
        shown = [await aof.on_call.next()]
        while shown[-1]["text"] != "slow":
            shown.append(await aof.on_call.next())
        assert '"behind it"' in (await aof.on_call.next())["text"]
