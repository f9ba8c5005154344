"""What goes wrong between a daemon and Telegram: refusals, waits, poison, a store that is away."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aof.domain.response import Action, Response
from tests.e2e.acting import Doer
from tests.e2e.agents import Echo
from tests.e2e.either import acting_on
from tests.e2e.telegram import AMINA, BOT, GROUP, OMAR, SECRET, TOKEN, Mode, TelegramWorld, telegram_world
from tests.e2e.wire import logged
from tests.e2e.world import SECONDS


@pytest.fixture(params=["webhook", "polling"])
async def aof(request: Any, tmp_path: Path, echo: Echo) -> AsyncIterator[TelegramWorld]:
    async with telegram_world(tmp_path, mode=request.param, agent=lambda _: echo) as made:
        yield made


def at(exchange: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(exchange["at"]).timestamp()


async def statuses(aof: TelegramWorld) -> list[int]:
    return [one["status"] for one in await aof.calls("sendMessage")]


async def state(aof: TelegramWorld, *wanted: Any) -> None:
    """Wait until the outbox has this one row."""

    async def so() -> bool:
        return aof.rows("SELECT state, deferrals FROM outbox") == [wanted]

    await aof.until(so)


# -- sends ----------------------------------------------------------------


async def test_a_wait_that_is_asked_for_is_kept_to_the_second(tmp_path: Path, echo: Echo) -> None:
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        await aof.fault(**{"429": {"retry_after": 4000, "times": 1}})
        await aof.amina.types("disk?")
        await state(aof, "queued", 1)
        # another chat is not held up by it
        await aof.omar.types("and me?")
        assert (await aof.omar.next())["text"] == "You said: and me?"
        aof.clock.advance(3990)
        await aof.omar.types("still?")
        assert (await aof.omar.next())["text"] == "You said: still?"
        assert await aof.amina.shown() == []
        aof.clock.advance(10)
        assert (await aof.amina.next())["text"] == "You said: disk?"
        first, *_, last = (one for one in await aof.calls("sendMessage") if one["body"]["chat_id"] == int(AMINA))
        assert (first["status"], last["status"]) == (429, 200)
        assert 4000 <= at(last) - at(first) < 4010
        await aof.idle()
        assert sorted(await statuses(aof)) == [200, 200, 200, 429]


async def test_who_shut_the_bot_out_loses_that_answer_and_is_answered_when_they_write(
    tmp_path: Path, echo: Echo
) -> None:
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        await aof.fault(blocked=1)
        await aof.amina.types("disk?")

        async def dead() -> bool:
            return aof.rows("SELECT state, code FROM outbox") == [("dead", 403)]

        await aof.until(dead)
        await aof.amina.types("again")
        assert (await aof.amina.next())["text"] == "You said: again"
        await aof.amina.does("block", blocked=True)
        await aof.amina.does("block", blocked=False)
        await aof.amina.types("back")
        assert (await aof.amina.next())["text"] == "You said: back"
        assert await aof.store.check() == []


async def test_who_shut_the_bot_out_can_not_be_asked_and_is_asked_again_once_they_let_it_in(
    tmp_path: Path, doer: Doer
) -> None:
    async with acting_on("polling", tmp_path, doer) as aof:
        assert isinstance(aof, TelegramWorld)
        await aof.omar.does("block", blocked=True)
        await aof.taken()
        await aof.on_call.types("restart api")
        assert "Nobody but you could approve it" in (await aof.on_call.next())["text"]
        await aof.idle()
        sent_to_omar = [one for one in await aof.calls("sendMessage") if one["body"]["chat_id"] == int(OMAR)]
        assert {one["status"] for one in sent_to_omar} == {200}, "nobody tried"
        await aof.omar.does("block", blocked=False)
        await aof.taken()
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        assert "lever restart api" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == []


async def test_marks_that_telegram_cant_read_are_left_out_and_the_words_come(tmp_path: Path, echo: Echo) -> None:
    echo.answers = lambda _: Response(text="**Disk** <is> `full` & more", actions=(Action(id="go:on", title="Go on"),))
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        await aof.fault(parse_error=1)
        await aof.amina.types("disk?")
        shown = await aof.amina.next()
        assert (shown["text"], shown["entities"] or []) == ("Disk <is> full & more", [])
        await aof.amina.presses(shown, "Go on")
        assert [mark["type"] for mark in (await aof.amina.next())["entities"]] == ["bold", "code"]


async def test_an_answer_that_may_have_come_is_sent_once_more_and_the_ledger_says_so(
    tmp_path: Path, echo: Echo
) -> None:
    """Telegram has no receipts to wait for."""
    delivery = {"uncertain": "send_again", "uncertain_wait_seconds": 5}
    async with telegram_world(tmp_path, agent=lambda _: echo, delivery=delivery) as aof:
        await aof.fault(cut_after_accept=1)
        await aof.amina.types("disk?")
        first = await aof.amina.next()

        async def uncertain() -> bool:
            return aof.rows("SELECT state FROM outbox") == [("uncertain",)]

        await aof.until(uncertain)
        aof.clock.advance(60)
        assert (await aof.amina.next())["text"] == first["text"] == "You said: disk?"
        await aof.idle()
        assert aof.rows("SELECT state, repeated FROM outbox") == [("sent", 1)]
        assert len(echo.turns) == 1


async def test_a_group_gets_twenty_answers_a_minute(tmp_path: Path, echo: Echo) -> None:
    """What the daemon spreads out, Telegram never has to refuse."""
    async with telegram_world(tmp_path, agent=lambda _: echo) as aof:
        for n in range(22):
            await aof.posts(GROUP, AMINA, f"@{BOT} {n}")
        await aof.wire_until(lambda wire: sum(one["url"].endswith("/sendMessage") for one in wire) >= 20)
        for _ in range(2):
            assert len(await aof.group(GROUP)) < 22
            aof.clock.advance(3)
        await aof.idle()
        assert set(await statuses(aof)) == {200}
        assert len(await aof.group(GROUP)) == 22


# -- what comes ----------------------------------------------------------------

POISON: list[dict[str, Any]] = [
    {"message": {"message_id": "x", "chat": []}},
    {"message": {"message_id": 2**70, "chat": {"id": 10**400, "type": "private"}, "text": "a"}},
    {"message": {"message_id": 5, "chat": {"id": 55501, "type": "private"}, "text": {"a": []}}},
    {"message": None},
    {"callback_query": 5},
    {"callback_query": {"id": "1", "data": "x" * 5000}},
    {"future_kind": {"a": 1}},
    {"update_id": "seven"},
    {},
]


async def test_poison_holds_nothing_up(aof: TelegramWorld, echo: Echo) -> None:
    deep: Any = "x"
    for _ in range(300):
        deep = {"reply_to_message": deep}
    for body in (*POISON, {"message": deep}):
        aof.simulator.updates.put_body(body, "")
    await aof.amina.types("still there?")
    assert (await aof.amina.next())["text"] == "You said: still there?"

    async def all_kept() -> bool:
        return aof.rows("SELECT count(*) FROM quarantine") == [(len(POISON) + 1,)]

    await aof.until(all_kept)
    await aof.idle()
    assert len(echo.turns) == 1
    assert not aof.daemon.failed.done()


async def test_while_the_store_is_away_nothing_is_lost(aof: TelegramWorld, echo: Echo) -> None:
    await aof.amina.types("first")
    await aof.amina.next()
    await aof.idle()
    await aof.store._writer.do(lambda connection: connection.execute("PRAGMA busy_timeout = 0"))
    with closing(sqlite3.connect(aof.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await aof.amina.types("meanwhile")
        async with asyncio.timeout(SECONDS):
            while (told := await aof.ready())[0] != 503:
                pass
        assert list(told[1]["reasons"]) == ["store"]
        other.execute("COMMIT")
    aof.clock.advance(60)
    assert (await aof.amina.next())["text"] == "You said: meanwhile"
    await aof.idle()
    assert (await aof.ready())[0] == 200
    assert [turn.text for turn in echo.turns] == ["first", "meanwhile"]


# -- the account ----------------------------------------------------------------


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_bot_whose_token_is_refused_at_the_start_serves_once_it_is_taken(
    tmp_path: Path, echo: Echo, mode: Mode
) -> None:
    """What is brought before it is known whose bot it is waits at Telegram; a token stands in no line of the log."""
    with logged() as log:
        async with telegram_world(tmp_path, mode=mode, agent=lambda _: echo, start=False) as aof:
            await aof.fault(unauthorized=True)
            await aof.start()
            await aof.wire_until(lambda wire: any(one["status"] == 401 for one in wire))
            status, said = await aof.ready()
            assert (status, list(said["reasons"])) == (503, ["telegram:7000000001"])
            if mode == "webhook":
                assert (await aof.webhook(b'{"update_id": 1}'))[0] == 503
                assert (await aof.webhook(b'{"update_id": 1}', signed=False))[0] == 401
            await aof.amina.types("disk?")
            await aof.fault()
            aof.clock.advance(61)
            assert (await aof.amina.next())["text"] == "You said: disk?"
            assert (await aof.ready())[0] == 200
            await aof.fault(unauthorized=True)
            await aof.amina.types("cpu?")

            async def unsent() -> bool:
                return aof.rows("SELECT count(*) FROM outbox WHERE state = 'queued'") == [(1,)]

            await aof.until(unsent)
            await aof.fault()
            await aof.restart()
            assert (await aof.amina.next())["text"] == "You said: cpu?"
            await aof.idle()
    written = log.stream.getvalue()
    assert log.of("platform_unreachable")
    for secret in (TOKEN, TOKEN.partition(":")[2], SECRET):
        assert secret not in written


async def test_another_daemon_that_asks_for_the_same_updates_is_told_and_outlived(tmp_path: Path, echo: Echo) -> None:
    async with telegram_world(tmp_path, mode="polling", agent=lambda _: echo) as aof:
        await aof.fault(conflict=2)
        await aof.wire_until(lambda wire: any("/getUpdates" in one["url"] for one in wire))
        await aof.amina.types("disk?")
        for _ in range(3):
            aof.clock.advance(60)
        while not await aof.amina.shown():
            aof.clock.advance(60)
        assert (await aof.amina.next())["text"] == "You said: disk?"


async def test_after_a_quiet_week_telegram_counts_from_anywhere(tmp_path: Path, echo: Echo) -> None:
    async with telegram_world(tmp_path, mode="polling", agent=lambda _: echo) as aof:
        await aof.amina.types("before")
        await aof.amina.next()
        asked_for = len(await aof.calls("getUpdates"))
        aof.clock.advance(8 * 86_400)
        await aof.wire_until(lambda wire: sum("/getUpdates" in one["url"] for one in wire) > asked_for)
        # what comes between two questions is what a lower number can cost
        await aof.fault(conflict=True)
        aof.clock.advance(60)
        await aof.wire_until(lambda wire: any(one["status"] == 409 for one in wire))
        message = {"message_id": 5_000, "from": {"id": int(AMINA)}, "chat": {"id": int(AMINA), "type": "private"}}
        await aof.brings({"update_id": 5, "message": {**message, "date": 1, "text": "after"}})
        await aof.fault()
        aof.clock.advance(60)
        assert (await aof.amina.next())["text"] == "You said: after"
