"""A daemon on Telegram, brought its updates or asking for them: ask, press, read, be told."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aof.domain.response import Action, Response
from tests.e2e.agents import Echo
from tests.e2e.telegram import AMINA, FORUM, GROUP, OMAR, TelegramWorld, telegram_world


@pytest.fixture(params=["webhook", "polling"])
async def aof(request: Any, tmp_path: Path, echo: Echo) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path, mode=request.param, agent=lambda _runner: echo) as made:
        yield made


def menu(*titles: str) -> Response:
    return Response(text="**Disk** is full", actions=tuple(Action(id=title.lower(), title=title) for title in titles))


async def test_a_question_is_answered_and_a_button_asks_again(aof: TelegramWorld, echo: Echo) -> None:
    echo.answers = lambda turn: menu("Clean", "Ignore") if turn.text == "disk" else Response(text=f"done: {turn.text}")
    await aof.amina.types("disk")
    shown = await aof.amina.next()
    assert "<b>Disk</b> is full" in shown["html"]
    assert [button["title"] for button in shown["buttons"]] == ["Clean", "Ignore"]
    await aof.amina.presses(shown, "Clean")
    assert "done" in (await aof.amina.next())["text"]
    await aof.idle()
    assert (await aof.amina.message(shown["id"]))["pressing"] == []
    # nothing was written that Telegram passes over in silence
    assert [one["field"] for one in await aof.sends() if one["field"]] == []


async def test_a_group_is_answered_where_it_asks(aof: TelegramWorld, echo: Echo) -> None:
    await aof.posts(GROUP, AMINA, "lunch?")
    await aof.posts(FORUM, OMAR, "@simulated_ops_bot you too")
    await aof.omar.next()
    await aof.idle()
    assert [(one["thread"], one["text"]) for one in await aof.group(FORUM)] == [("", "You said: you too")]
    assert await aof.group(GROUP) == []


async def test_what_was_accepted_survives_a_restart_and_is_answered_once(aof: TelegramWorld, echo: Echo) -> None:
    await aof.stop()
    await aof.amina.types("while you were away")
    await aof.start()
    assert (await aof.amina.next())["text"] == "You said: while you were away"
    await aof.restart()
    await aof.amina.types("again")
    assert (await aof.amina.next())["text"] == "You said: again"
    await aof.idle()
    assert [turn.text for turn in echo.turns] == ["while you were away", "again"]
