"""`while_paused: queue`: what is written while a command waits for people is answered in order once it is decided."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import ApprovalNeeded, Reply, Turn
from aof.simulator.settings import GroupSettings
from aof.tools.gate import Asked
from tests.e2e.acting import BOSS, Doer, acting, asked, restarted
from tests.e2e.test_late import RUNTIME, late
from tests.e2e.world import LEAD, ON_CALL, Phone, World

QUEUE = {"allowed_users": ["@lead"], "while_paused": "queue"}


@asynccontextmanager
async def holding(folder: Path, doer: Doer, **more: Any) -> AsyncIterator[World]:
    approval = {**QUEUE, **more.pop("approval", {})}
    async with acting(folder, doer, approval=approval, **more) as made:
        yield made


async def waits(aof: World, *texts: str) -> str:
    """Messages come while a question is open; what the first is told."""
    for text in texts:
        await aof.on_call.types(text)
    told = str((await aof.on_call.next())["text"])
    await held(aof, len(texts))
    return told


async def held(aof: World, count: int) -> None:
    async def so_many() -> bool:
        return aof.rows("SELECT count(*) FROM inbox WHERE behind IS NOT NULL AND state = 'parked'") == [(count,)]

    await aof.until(so_many)


async def ended(aof: World, event_id: str, outcome: str) -> None:
    async def so() -> bool:
        found = aof.rows("SELECT outcome FROM inbox WHERE event_id = ? AND state = 'done'", event_id)
        assert found in ([], [(outcome,)])
        return bool(found)

    await aof.until(so)


async def nothing_is_held(aof: World) -> None:
    await aof.idle()
    assert aof.rows("SELECT state FROM inbox WHERE state <> 'done' OR behind IS NOT NULL") == []


async def answers(aof: World, *texts: str) -> None:
    for text in texts:
        assert text in (await aof.on_call.next())["text"]


async def test_what_is_written_meanwhile_is_answered_after_the_decision_in_order_and_once(
    tmp_path: Path, doer: Doer
) -> None:
    async with holding(tmp_path, doer) as aof:
        card = await asked(aof)
        told = await waits(aof, "show api", "remove web", "show web")
        assert "once it is decided: `lever restart api`" in told
        assert "/cancel" in told
        assert len(doer.turns) == 1
        await aof.lead.presses(card, "Approve")
        await answers(aof, "pulled restart api", "pulled show api", "lever remove web")
        # the next question holds back what came after it, and says so once more
        assert "once it is decided: `lever remove web`" in (await aof.on_call.next())["text"]
        await aof.lead.next()
        await aof.lead.next()
        await aof.lead.presses(await aof.lead.next(), "Deny")
        await answers(aof, "Denied by Omar", "pulled show web")
        await nothing_is_held(aof)
        assert doer.levers.pulled == [
            ("lever", *words) for words in (("restart", "api"), ("show", "api"), ("show", "web"))
        ]
        assert [turn.text for turn in doer.turns if turn.resumed is None] == [
            "restart api", "show api", "remove web", "show web",
        ]  # fmt: skip


async def test_one_line_tells_that_messages_wait(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer) as aof:
        await asked(aof)
        await waits(aof, "show a", "show b", "show c")
        await aof.on_call.types("/status")
        assert "Waiting until people have decided: 3." in (await aof.on_call.next())["text"]


async def test_commands_greetings_taps_and_questions_about_the_card_are_never_held_back(
    tmp_path: Path, doer: Doer
) -> None:
    spec = {"allow_self_approval": ["write"]}
    async with holding(tmp_path, doer, approval=spec, greeted=(LEAD, BOSS)) as aof:
        await aof.lead.types("restart api")
        shown = [await aof.lead.next(), await aof.lead.next()]
        card = next(message for message in shown if message["buttons"])
        typed = ("/help", "/status", "/approvals", "/killswitch off", "/agents", "hello", "why")
        for text in typed:
            await ended(aof, await aof.lead.types(text), "explained" if text == "why" else "answered")
        reply = {"text": {"body": "and this?"}, "context": {"id": card["id"]}}
        await ended(aof, await aof.lead.sends(type="text", **reply), "explained")
        assert len(doer.turns) == 1
        await ended(aof, await aof.lead.presses(card, "Edit"), "asked_for_change")
        await ended(aof, await aof.lead.types("restart web"), "changed")
        assert aof.rows("SELECT count(*) FROM inbox WHERE behind IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("ends", ["cancel", "killswitch", "lapse"])
async def test_whatever_ends_the_question_lets_go_of_what_waited(tmp_path: Path, doer: Doer, ends: str) -> None:
    async with holding(tmp_path, doer) as aof:
        await asked(aof)
        await waits(aof, "show api", "show web")
        match ends:
            case "cancel":
                await aof.on_call.types("/cancel")
                await answers(aof, "Withdrawn: 1")
            case "killswitch":
                await aof.lead.types("/killswitch")
                await answers(aof, "Withdrawn")
            case "lapse":
                aof.clock.advance(31 * 60)
                await answers(aof, "Nobody decided in time")
        await answers(aof, "pulled show api", "pulled show web")
        await nothing_is_held(aof)
        assert doer.levers.pulled == [("lever", "show", "api"), ("lever", "show", "web")]


async def test_an_agent_that_was_changed_lets_go_of_what_waited(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer) as aof:
        card = await asked(aof)
        await waits(aof, "show api")
        doer.digest = "two"
        await restarted(aof, doer)
        await held(aof, 1)
        await aof.lead.presses(card, "Approve")
        await answers(aof, "was changed or removed", "pulled show api")
        await nothing_is_held(aof)


async def test_what_was_held_back_stays_so_where_the_file_says_side_run_now(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer) as aof:
        card = await asked(aof)
        await waits(aof, "show api")
        aof.config = aof.config.replace('"while_paused": "queue"', '"while_paused": "side_run"')
        await restarted(aof, doer)
        await aof.on_call.types("show web")
        await answers(aof, "pulled show web")
        await aof.lead.presses(card, "Approve")
        await answers(aof, "pulled restart api", "pulled show api")
        await nothing_is_held(aof)


async def test_a_run_that_pauses_again_keeps_what_waits_waiting(tmp_path: Path, doer: Doer) -> None:
    class Twice(Doer):
        async def answer(self, turn: Turn) -> Reply:
            reply = await super().answer(turn)
            if turn.resumed is not None and json.loads(turn.resumed.state) == ["restart api"]:
                self.turns.pop()
                return await self._then(turn)
            return reply

        async def _then(self, turn: Turn) -> Reply:
            assert self.gate is not None
            more = await self.gate.call(self.levers, {"command": "remove api"}, turn.scope, "call-1")
            assert isinstance(more, Asked)
            return ApprovalNeeded((more,), json.dumps(["restart api", "remove api"]), said="")

    twice = Twice()
    async with holding(tmp_path, twice) as aof:
        card = await asked(aof)
        await waits(aof, "show api")
        await aof.lead.presses(card, "Approve")
        await answers(aof, "lever remove api", "once it is decided: `lever remove api`")
        await held(aof, 1)
        found = await aof.lead.next()
        while not found["buttons"]:
            found = await aof.lead.next()
        await aof.lead.presses(found, "Approve")
        await answers(aof, "pulled remove api", "pulled show api")
        await nothing_is_held(aof)


async def test_what_waited_for_hours_is_answered_unasked(tmp_path: Path, doer: Doer) -> None:
    approval = {"timeout_minutes": 600}
    async with holding(tmp_path, doer, approval=approval, runtime=RUNTIME) as aof:
        card = await asked(aof)
        await waits(aof, "show api")
        aof.clock.advance(4 * 3600)
        await aof.lead.presses(card, "Approve")
        await answers(aof, "pulled restart api", "pulled show api")


async def test_what_is_late_is_asked_about_before_it_is_held_back(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer, runtime=RUNTIME) as aof:
        card = await asked(aof)
        await late(aof, aof.on_call, "show api")
        await aof.on_call.presses(await aof.on_call.next(), "Run")
        await answers(aof, "running it now", "once it is decided")
        await aof.lead.presses(card, "Deny")
        await answers(aof, "Denied by Omar", "pulled show api")
        await nothing_is_held(aof)


async def test_no_more_wait_than_may_wait_in_a_conversation(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer, runtime={"max_waiting_per_conversation": 2}) as aof:
        await asked(aof)
        await waits(aof, "show a", "show b")
        await aof.on_call.types("show c")
        await answers(aof, "Too many of your messages are waiting")
        await held(aof, 2)


async def in_room(phone: Phone, text: str) -> None:
    await phone.sends(type="text", text={"body": text}, group_id="Room")


async def test_in_a_group_only_whoever_asked_waits(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer, groups=(GroupSettings("Room", (ON_CALL, LEAD)),)) as aof:
        await in_room(aof.on_call, "restart api")
        card = await aof.lead.next()
        while not card["buttons"]:
            card = await aof.lead.next()
        await answers(aof, "needs an approval")
        await in_room(aof.on_call, "show a")
        await answers(aof, "once it is decided: `lever restart api`")
        await in_room(aof.lead, "show b")
        await answers(aof, "pulled show b")
        await held(aof, 1)
        await aof.lead.presses(card, "Approve")
        await answers(aof, "pulled restart api", "pulled show a")
        await nothing_is_held(aof)


async def test_arabic(tmp_path: Path, doer: Doer) -> None:
    async with holding(tmp_path, doer) as aof:
        await asked(aof)
        assert "حين يُبتّ في" in await waits(aof, "show خادم الدفع")
