"""Groups on Telegram: who is answered in them, where, and what of them is kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.domain.response import Action, Response
from tests.e2e.agents import Echo
from tests.e2e.telegram import ALERTS, AMINA, BOT, DEPLOYS, FORUM, GROUP, OMAR, SETTINGS, TelegramWorld, telegram_world

ADMIN = replace(SETTINGS, groups=tuple(replace(group, bot="administrator") for group in SETTINGS.groups))
"""Telegram tells an administrator whatever the group says."""


@pytest.fixture(params=["webhook", "polling"])
async def aof(request: Any, tmp_path: Path, echo: Echo) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path, mode=request.param, agent=lambda _: echo, settings=ADMIN) as made:
        yield made


async def said_in(aof: TelegramWorld, chat: str, answers: int) -> list[tuple[str, str]]:
    """So many answers in a group: topic and text."""
    await aof.wire_until(
        lambda wire: (
            sum(one["url"].endswith("/sendMessage") and str(one["body"]["chat_id"]) == chat for one in wire) >= answers
        )
    )
    await aof.idle()
    return [(one["thread"], one["text"]) for one in await aof.group(chat)]


async def test_only_what_is_meant_for_the_bot_is_answered_and_of_the_rest_nothing_is_kept(
    aof: TelegramWorld, echo: Echo
) -> None:
    gossip = "kettle"
    first = await aof.posts(FORUM, AMINA, f"{gossip} anybody?")
    await aof.posts(FORUM, OMAR, f"/disk@other_bot {gossip}")
    await aof.posts(FORUM, OMAR, f"@amina {gossip}")
    await aof.posts(FORUM, OMAR, f"{gossip} indeed", quoted_id=first)
    await aof.amina.does("edit", message_id=first, text=f"{gossip} at noon?")
    await aof.omar.does("react", message_id=first, emoji="👍")
    await aof.posts(FORUM, AMINA, f"as an admin: {gossip} /disk", anonymous=True)
    await aof.posts(FORUM, AMINA, f"@{BOT} restart it all", anonymous=True)
    await aof.posts(FORUM, AMINA, f"@{BOT.upper()}, is the disk full?")
    await aof.posts(FORUM, AMINA, f"🔥🔥 restart @{BOT}")
    await aof.posts(FORUM, OMAR, f"/help@{BOT}")
    said = await said_in(aof, FORUM, 3)
    assert {text for _, text in said[:2]} == {"You said: is the disk full?", "You said: 🔥🔥 restart"}
    answer = (await aof.group(FORUM))[0]["id"]
    await aof.posts(FORUM, OMAR, "and db2?", quoted_id=answer)
    assert (await said_in(aof, FORUM, 4))[-1] == ("", "You said: and db2?")
    assert len(echo.turns) == 3
    await aof.taken()
    dump = "\n".join(await _dumped(aof))
    assert "is the disk full?" in dump
    assert gossip not in dump


async def _dumped(aof: TelegramWorld) -> list[str]:
    tables = [name for (name,) in aof.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [str(row) for name in tables for row in aof.rows(f"SELECT * FROM {name}")]  # noqa: S608 -- names of its own


async def test_each_topic_is_a_conversation_of_its_own(aof: TelegramWorld, echo: Echo) -> None:
    began, let_go = asyncio.Event(), asyncio.Event()

    async def answers(turn: Turn) -> Response:
        if turn.text == "for ever":
            began.set()
            await let_go.wait()
        if turn.text == "which?":
            return Response(text="?", actions=tuple(Action(id=f"go:{n}", title=f"Node {n}") for n in range(1, 102)))
        return Response(text=turn.press.action_id if turn.press else turn.text)

    echo.answers = answers
    await aof.posts(FORUM, AMINA, f"@{BOT} for ever", thread=ALERTS)
    await began.wait()
    # neither the answer nor the stop of one topic waits for, or holds, another
    await aof.posts(FORUM, AMINA, f"@{BOT} which?", thread=DEPLOYS)
    assert (await said_in_topic(aof, DEPLOYS, 1))[0].startswith("?")
    await aof.posts(FORUM, AMINA, f"/cancel@{BOT}", thread=DEPLOYS)
    assert "Nothing of yours" in (await said_in_topic(aof, DEPLOYS, 2))[1]
    await aof.posts(FORUM, AMINA, f"@{BOT} 101", thread=DEPLOYS)
    assert (await said_in_topic(aof, DEPLOYS, 3))[-1] == "go:101"
    await aof.posts(FORUM, AMINA, f"@{BOT} 101")
    assert (await said_in_topic(aof, "", 1)) == ["101"]
    let_go.set()
    assert await said_in_topic(aof, ALERTS, 1) == ["for ever"]
    await aof.posts(FORUM, AMINA, f"@{BOT} more", thread=ALERTS)
    assert await said_in_topic(aof, ALERTS, 2) == ["for ever", "more"]


async def said_in_topic(aof: TelegramWorld, topic: str, answers: int) -> list[str]:
    async def there() -> list[str]:
        return [one["text"] for one in await aof.group(FORUM) if one["thread"] == topic]

    async with asyncio.timeout(5):
        while len(found := await there()) < answers:
            pass
    return found


async def test_a_group_that_moves_while_an_answer_waits_gets_it_where_it_went(aof: TelegramWorld, echo: Echo) -> None:
    await aof.fault(**{"429": {"retry_after": 30, "times": 1}})
    await aof.posts(GROUP, AMINA, f"@{BOT} before")

    async def waits() -> bool:
        return aof.rows("SELECT state, deferrals FROM outbox") == [("queued", 1)]

    await aof.until(waits)
    new = await aof.migrates(GROUP)
    await aof.taken()
    aof.clock.advance(31)
    assert await said_in(aof, new, 1) == [("", "You said: before")]
    await aof.posts(new, AMINA, f"@{BOT} after")
    assert (await said_in(aof, new, 2))[-1] == ("", "You said: after")
    assert await aof.group(GROUP) == []
    assert aof.rows("SELECT count(DISTINCT conversation) FROM inbox WHERE kind = 'message'") == [(1,)]
    assert await aof.store.check() == []


async def test_a_send_that_finds_the_group_moved_follows_it(tmp_path: Path, echo: Echo) -> None:
    """The word of the move may come after the answer was made, and be late."""
    async with telegram_world(tmp_path, agent=lambda _: echo, settings=ADMIN) as aof:
        let_go, began = asyncio.Event(), asyncio.Event()

        async def slowly(turn: Turn) -> Response:
            began.set()
            await let_go.wait()
            return Response(text=turn.text)

        echo.answers = slowly
        await aof.posts(GROUP, AMINA, f"@{BOT} slow")
        await began.wait()
        # what Telegram would tell of the move is held back
        aof.simulator.network.updates.put = lambda *_, **__: None
        new = await aof.migrates(GROUP)
        let_go.set()
        assert await said_in(aof, new, 1) == [("", "slow")]
        assert [one["status"] for one in await aof.calls("sendMessage")] == [400, 200]


async def test_what_is_edited_is_not_done_again(aof: TelegramWorld, echo: Echo) -> None:
    asked = await aof.amina.types("restart api")
    await aof.amina.next()
    await aof.amina.does("edit", message_id=asked, text="restart db")
    await aof.amina.does("react", message_id=asked, emoji="🔥")
    await aof.amina.types("next")
    assert (await aof.amina.next())["text"] == "You said: next"
    await aof.taken()
    assert [turn.text for turn in echo.turns] == ["restart api", "next"]
    assert aof.rows("SELECT about FROM notice") == [("edited",)]
