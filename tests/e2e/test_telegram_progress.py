"""What a long run shows on Telegram while it goes on, and the button that stops it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.telegram import AMINA, BOT, GROUP, TelegramWorld, telegram_world
from tests.e2e.world import SECONDS


class Slow(Echo):
    """Works on `long` until it may end."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may_end = asyncio.Event(), asyncio.Event()

    async def answer(self, turn: Turn) -> Response:
        self.turns.append(turn)
        if turn.text == "long":
            self.began.set()
            await self.may_end.wait()
        return Response(text=f"You said: {turn.text}")


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture(params=["webhook", "polling"])
async def aof(request: Any, tmp_path: Path, slow: Slow) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path, mode=request.param, agent=lambda _: slow) as made:
        yield made


async def until_calls(aof: TelegramWorld, method: str, times: int) -> None:
    await aof.wire_until(
        lambda wire: sum(one["url"].endswith(f"/{method}") and one["status"] is not None for one in wire) >= times
    )


async def test_the_stop_button_of_a_draft_stops_the_run(aof: TelegramWorld, slow: Slow) -> None:
    await aof.amina.types("long")
    await slow.began.wait()
    aof.clock.advance(5)
    await until_calls(aof, "sendMessageDraft", 1)
    (draft,) = (await aof.amina.state())["drafts"]
    assert draft["can_stop"]
    await aof.amina.does("stop")
    assert "Stopped" in (await aof.amina.next())["text"]
    await aof.amina.types("next")
    assert (await aof.amina.next())["text"] == "You said: next"
    await aof.idle()
    assert [turn.text for turn in slow.turns] == ["long", "next"]
    assert (await aof.amina.state())["drafts"] == []


async def test_a_minute_of_work_is_shown_within_the_rates_and_its_answer_comes_at_once(
    aof: TelegramWorld, slow: Slow
) -> None:
    """Lessons A7: progress that uses up what the answer needs."""
    await aof.amina.types("long")
    await aof.posts(GROUP, AMINA, f"@{BOT} long")
    async with asyncio.timeout(SECONDS):
        while len(slow.turns) < 2:
            await aof.amina.state()
    for _ in range(30):
        aof.clock.advance(2)
        await aof.amina.state()
    await until_calls(aof, "sendMessageDraft", 1)
    await until_calls(aof, "sendMessage", 1)
    slow.may_end.set()
    while (await aof.amina.next())["text"] != "You said: long":
        pass
    await aof.wire_until(lambda wire: sum("You said: long" in str(one["body"]) for one in wire) >= 2)
    await aof.idle()
    assert (await aof.amina.state())["drafts"] == []
    await aof.wire_until(lambda wire: any(one["url"].endswith("/deleteMessage") for one in wire))
    left = [one["text"] for one in await aof.group(GROUP) if not one["deleted"]]
    assert left == ["You said: long"]
    assert len(await aof.calls("sendMessageDraft")) <= 40
    assert len(await aof.calls("editMessageText")) <= 15
    assert {one["status"] for one in await aof.sends() if "/getUpdates" not in one["url"]} == {200}
