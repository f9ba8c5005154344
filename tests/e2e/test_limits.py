"""`spec.runtime`: what may run at once, for whom and how long; and that nobody else waits for it."""

import asyncio
from pathlib import Path
from typing import Any

from aof.agents.base import Turn
from aof.domain.response import Response
from aof.simulator import Settings
from aof.simulator.settings import GroupSettings
from tests.e2e.agents import Echo
from tests.e2e.wire import ACCEPTED, deliver, holding, message
from tests.e2e.world import LEAD, ON_CALL, World, world


class Slow(Echo):
    """Answers when it is let go; counts who is being answered."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()
        self.began = asyncio.Event()
        self.running: list[str] = []
        self.most = 0

    async def answer(self, turn: Turn) -> Response:
        self.turns.append(turn)
        self.running.append(turn.text)
        self.began.set()
        self.most = max(self.most, len(self.running))
        try:
            if turn.text.startswith("slow"):
                await self.let_go.wait()
        finally:
            self.running.remove(turn.text)
        return Response(text=turn.text)


async def _inbox(aof: World, *states: tuple[str, int]) -> bool:
    found = dict(aof.rows("SELECT state, count(*) FROM inbox GROUP BY state"))
    return all(found.get(state, 0) == count for state, count in states)


async def test_no_more_than_so_many_answers_are_made_at_once_and_the_rest_wait_their_turn(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow, runtime={"max_concurrent_tasks": 1}) as aof:
        await aof.on_call.types("slow one")
        await aof.until(lambda: _inbox(aof, ("running", 1)))
        await aof.lead.types("quick one")
        await aof.until(lambda: _inbox(aof, ("running", 1), ("new", 1)))
        # time enough to begin with the other one, if the daemon would
        aof.clock.advance(121)
        assert "Still working" in (await aof.on_call.next())["text"]
        assert await aof.lead.shown() == []
        slow.let_go.set()
        assert (await aof.on_call.next())["text"] == "slow one"
        assert (await aof.lead.next())["text"] == "quick one"
        assert slow.most == 1


async def test_a_webhook_is_acknowledged_and_a_receipt_applied_while_every_place_is_taken(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow, runtime={"max_concurrent_tasks": 1}) as aof:
        await aof.on_call.types("slow one")
        await aof.until(lambda: _inbox(aof, ("running", 1)))
        answer = await deliver(aof, holding(message("another", id_="wamid.another")))
        assert (answer.status, answer.body) == ACCEPTED
        assert aof.rows("SELECT count(*) FROM inbox") == [(2,)]
        assert slow.running == ["slow one"]
        slow.let_go.set()


async def test_of_one_person_no_more_than_so_many_run_over_all_chats_and_others_are_not_delayed(tmp_path: Path) -> None:
    slow = Slow()
    settings = Settings(groups=(GroupSettings("Room", (ON_CALL, LEAD)),))
    async with world(tmp_path, agent=lambda _: slow, settings=settings, runtime={"max_tasks_per_user": 1}) as aof:
        await aof.on_call.types("slow in private")
        await aof.until(lambda: _inbox(aof, ("running", 1)))
        await aof.on_call.sends(type="text", group_id="Room", text={"body": "slow in the room"})
        await aof.until(lambda: _inbox(aof, ("running", 1), ("new", 1)))
        await aof.lead.types("quick")
        assert (await aof.lead.next())["text"] == "quick"
        assert slow.running == ["slow in private"]
        slow.let_go.set()
        shown = {(await aof.on_call.next())["text"] for _ in range(2)}
        assert shown == {"slow in private", "slow in the room"}


async def test_a_run_has_so_much_time_and_the_next_question_is_answered(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow, runtime={"task_timeout_secs": 7}) as aof:
        await aof.on_call.types("slow one")
        await slow.began.wait()
        aof.clock.advance(7.5)
        assert "took longer than 7 s" in (await aof.on_call.next())["text"]
        await aof.on_call.types("quick")
        assert (await aof.on_call.next())["text"] == "quick"


async def test_one_busy_chat_delays_no_other(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow) as aof:
        for n in range(20):
            await aof.on_call.types(f"slow {n}")
        await aof.until(lambda: _inbox(aof, ("running", 1), ("new", 19)))
        await aof.lead.types("quick")
        assert (await aof.lead.next())["text"] == "quick"
        assert slow.running == ["slow 0"]
        slow.let_go.set()
        assert [(await aof.on_call.next())["text"] for _ in range(20)] == [f"slow {n}" for n in range(20)]


async def test_a_run_that_takes_long_says_so_once_and_cancel_ends_it(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow) as aof:
        await aof.on_call.types("slow one")
        await slow.began.wait()
        aof.clock.advance(119)
        await aof.lead.types("quick")
        await aof.lead.next()
        assert await aof.on_call.shown() == []
        aof.clock.advance(2)
        assert (await aof.on_call.next())["text"] == "ℹ️ Still working (2 min). /cancel stops it."
        aof.clock.advance(130)
        await aof.on_call.types("/cancel")
        assert (await aof.on_call.next())["text"] == '✅ Stopped: "slow one".'


async def test_in_arabic_too(tmp_path: Path) -> None:
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow, runtime={"language": "ar"}) as aof:
        await aof.on_call.types("slow سؤال")
        await slow.began.wait()
        aof.clock.advance(121)
        assert "ما زال العمل جاريًا (دقيقتان)" in (await aof.on_call.next())["text"]
        slow.let_go.set()


async def test_after_a_restart_a_question_that_still_takes_time_is_said_to_be_repeated(
    tmp_path: Path, monkeypatch: Any
) -> None:
    from aof.daemon import running

    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow) as aof:
        await aof.on_call.types("slow *question*")
        await aof.until(lambda: _inbox(aof, ("running", 1)))
        for _ in range(2):  # a second restart says nothing twice
            slow.began.clear()
            await aof.restart()
            await slow.began.wait()
            aof.clock.advance(1.5)
            await aof.until(lambda: _said(aof, 1))
        text = 'ℹ️ I was restarted and am repeating your question: "slow *question*".'
        # what keeps the person's own stars from being marks shows as nothing
        assert (await aof.on_call.next())["text"].replace("\u2060", "") == text
        slow.let_go.set()
        assert "slow" in (await aof.on_call.next())["text"]
        assert len(await aof.on_call.shown()) == 2


async def _said(aof: World, notes: int) -> bool:
    return aof.rows("SELECT count(*) FROM outbox WHERE part LIKE '%:restarted'") == [(notes,)]


async def test_after_a_restart_a_quick_answer_needs_no_announcement(tmp_path: Path, monkeypatch: Any) -> None:
    from aof.daemon import running

    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    slow = Slow()
    async with world(tmp_path, agent=lambda _: slow) as aof:
        await aof.on_call.types("slow one")
        await aof.until(lambda: _inbox(aof, ("running", 1)))
        slow.let_go.set()
        await aof.restart()
        assert (await aof.on_call.next())["text"] == "slow one"
        await aof.idle()
        assert len(await aof.on_call.shown()) == 1
