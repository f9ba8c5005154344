"""Who is suspended or sent away gets nothing from that moment on: no answer, no typing, no note, in no chat."""

import asyncio
from pathlib import Path

from aof.agents.base import Turn
from aof.domain.response import Response
from aof.simulator import PhoneSettings, Settings
from aof.simulator.settings import GroupSettings
from tests.e2e.agents import Echo
from tests.e2e.test_who_may_talk import BOTH, CODE, PAIRING, PHONES
from tests.e2e.wire import deliver
from tests.e2e.world import LEAD, ON_CALL, World, world
from tests.unit.platforms.whatsapp.webhooks import change, webhook

EVERYONE = {"allow_everyone": True}
OLA = [{"name": "Ola", "whatsapp": [ON_CALL]}]


class Waiting(Echo):
    """Answers when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.let_go = asyncio.Event(), asyncio.Event()
        self.ended = ""

    async def answer(self, turn: Turn) -> Response:
        self.turns.append(turn)
        self.began.set()
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        return Response(text="the secret of the house")


async def _suspend(aof: World) -> None:
    assert await aof.store.suspend("Ola", by="test", now=aof.clock.now())


async def _outcome(aof: World, outcome: str) -> bool:
    return bool(aof.rows("SELECT 1 FROM inbox WHERE outcome = ?", outcome))


async def _held(aof: World) -> bool:
    return aof.rows("SELECT DISTINCT gate FROM outbox WHERE state = 'held'") == [("access",)]


async def test_a_run_of_whoever_is_suspended_ends_and_nobody_types_to_them(tmp_path: Path) -> None:
    waiting = Waiting()
    async with world(tmp_path, agent=lambda _: waiting, whatsapp=EVERYONE, people=OLA) as aof:
        await aof.on_call.types("one")
        await waiting.began.wait()
        await _suspend(aof)
        for _ in range(4):
            aof.clock.advance(20)
            await asyncio.sleep(0)
        await aof.until(lambda: _outcome(aof, "refused"))
        assert waiting.ended == "cancelled"
        assert [one for one in await aof.sends() if "typing_indicator" in str(one)] == []
        assert await aof.on_call.shown() == []


async def test_in_a_group_too_nothing_is_said_to_them(tmp_path: Path) -> None:
    waiting = Waiting()
    settings = Settings(groups=(GroupSettings("Room", (ON_CALL, LEAD)),))
    async with world(tmp_path, agent=lambda _: waiting, settings=settings, whatsapp=EVERYONE, people=OLA) as aof:
        await aof.on_call.sends(type="text", group_id="Room", text={"body": "one"})
        await waiting.began.wait()
        await _suspend(aof)
        waiting.let_go.set()
        await aof.until(lambda: _held(aof))
        assert await aof.on_call.shown() == await aof.lead.shown() == []


async def test_what_waits_for_the_platform_is_held(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, whatsapp=EVERYONE, people=OLA) as aof:
        await aof.fault(expired_token=1)
        await aof.on_call.types("one")
        await aof.until(lambda: _is_stopped(aof))
        await _suspend(aof)
        (account,) = await aof.store.stopped()
        await aof.store.resume(account, by="test", now=aof.clock.now())
        await aof.until(lambda: _held(aof))
        assert await aof.on_call.shown() == []


async def _is_stopped(aof: World) -> bool:
    return bool(await aof.store.stopped())


async def test_who_is_known_by_number_stays_suspended_without_it(tmp_path: Path, echo: Echo) -> None:
    people = [{"name": "Ola", "whatsapp": [BOTH]}]
    settings = Settings(phones=(PhoneSettings("Both", BOTH, user_id="US.444"), *Settings().phones))
    async with world(tmp_path, agent=lambda _: echo, settings=settings, whatsapp=EVERYONE, people=people) as aof:
        await aof.phone(BOTH).types("one")
        await aof.phone(BOTH).next()
        await _suspend(aof)
        hiding = {"id": "wamid.hiding", "type": "text", "text": {"body": "two"}, "from_user_id": "US.444"}
        hiding["timestamp"] = str(int(aof.clock.now().timestamp()))
        assert (await deliver(aof, webhook([change(messages=[hiding])]))).status == 200
        await aof.until(lambda: _outcome(aof, "refused"))
        assert len(echo.turns) == 1


async def test_a_code_that_could_not_be_told_in_its_time_is_not_told(tmp_path: Path, echo: Echo) -> None:
    async with world(tmp_path, agent=lambda _: echo, settings=PHONES, whatsapp=PAIRING) as aof:
        await aof.fault(expired_token=1)
        await aof.on_call.types("let me in")
        await aof.until(lambda: _is_stopped(aof))
        aof.clock.advance(2 * 3600)
        (account,) = await aof.store.stopped()
        await aof.store.resume(account, by="test", now=aof.clock.now())
        await aof.until(lambda: _dead(aof))
        assert not [one for one in await aof.on_call.shown() if CODE.search(one["text"])]


async def _dead(aof: World) -> bool:
    return bool(aof.rows("SELECT 1 FROM outbox WHERE state = 'dead'"))
