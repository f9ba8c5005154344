"""The control API has the shapes of WhatsApp's, so that one page and one set of tests live on both."""

import asyncio
import json
from typing import Any

import pytest

from aof.simulator import Simulator
from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import AMINA, GROUP, OMAR, PATIENCE_SECONDS, Bot


async def told(bot: Bot, wanted: int) -> list[tuple[str, Any]]:
    """The first so many events of the stream."""
    found: list[tuple[str, Any]] = []
    async with asyncio.timeout(PATIENCE_SECONDS), bot.http.get(f"{bot.simulator.url}/_sim/events") as response:
        assert response.content_type == "text/event-stream"
        name = ""
        while len(found) < wanted:
            line = (await response.content.readline()).decode().strip()
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
    return found


async def test_phones_messages_and_exchanges_have_the_fields_of_whatsapp(bot: Bot, clock: HandClock) -> None:
    await bot.write("hello")
    await bot.send("hi")
    async with Simulator(clock=clock) as whatsapp, bot.http.get(f"{whatsapp.url}/_sim/phones") as response:
        number = (await response.json())["phones"][0]["number"]
        url = f"{whatsapp.url}/_sim/phones/{number}/messages"
        async with bot.http.post(url, json={"text": "hello"}) as written:
            assert written.status == 200
        async with bot.http.get(url) as messages:
            message = (await messages.json())["messages"][0]
        theirs = await response.json()
    _, ours = await bot.control("GET", "/phones")
    assert set(theirs) <= set(ours)
    assert set(theirs["phones"][0]) <= set(ours["phones"][0])
    assert set(theirs["webhooks"]) <= set(ours["webhooks"])
    assert set(message) <= set(await bot.last())


async def test_the_stream_tells_phones_chats_messages_and_exchanges(bot: Bot) -> None:
    await bot.write("lunch?", chat_id=GROUP)
    await bot.send("hi")
    (anew, _), (name, state), *rest = await told(bot, 6)
    assert (anew, name) == ("anew", "state")
    assert state["platform"] == "telegram"
    assert state["bot"]["username"] == "simulated_ops_bot"
    assert {phone["number"]: phone["held"] for phone in state["phones"]} == {str(AMINA): [], str(OMAR): []}
    assert [chat["title"] for chat in state["chats"]] == ["oncall", "prod"]
    assert {"faults", "webhooks", "suggestions", "clock"} <= set(state)
    messages = [(data["number"], data["text"], data["direction"]) for what, data in rest if what == "message"]
    assert sorted(messages) == [
        (str(AMINA), "hi", "in"),
        (str(AMINA), "lunch?", "out"),
        (str(OMAR), "lunch?", "other"),
    ]
    assert [data["url"] for what, data in rest if what == "exchange"] == ["/bot…/sendMessage"]


@pytest.mark.parametrize("path", ["/phones", "/chats", "/typing", "/wire", "/faults", "/clock", "/"])
async def test_it_answers_to_this_machine_alone(bot: Bot, path: str) -> None:
    url = f"{bot.simulator.url}/_sim{path}"
    async with bot.http.get(url) as response:
        assert response.status == 200
    for headers in ({"Host": "telegram.example"}, {"Origin": "http://aof.example"}):
        async with bot.http.get(url, headers=headers) as response:
            assert response.status == 403


async def test_messages_are_waited_for(bot: Bot) -> None:
    waiting = asyncio.create_task(bot.control("GET", f"/phones/{AMINA}/messages?after=0&wait=30"))
    await bot.send("at last")
    _, answer = await waiting
    assert [message["text"] for message in answer["messages"]] == ["at last"]
    await bot.call("editMessageText", chat_id=AMINA, message_id=1, text="changed")
    _, answer = await bot.control("GET", f"/phones/{AMINA}/messages?changed_after={answer['latest']}")
    assert [message["text"] for message in answer["messages"]] == ["changed"]


async def test_the_clock_is_moved(bot: Bot, clock: HandClock) -> None:
    before = clock.now()
    await bot.act("/clock/advance", {"seconds": 60})
    assert (clock.now() - before).total_seconds() == 60


async def test_it_stops_with_a_poll_a_reader_and_a_send_without_answer_open(bot: Bot) -> None:
    await bot.control("PUT", "/faults", {"timeout_after_accept": 1})
    open_ones = [
        asyncio.create_task(bot.ask("getUpdates", timeout=50)),
        asyncio.create_task(bot.control("GET", "/wire?after=1000&wait=60")),
        asyncio.create_task(bot.send()),
    ]
    transcript = bot.simulator.phone(AMINA).transcript
    assert await transcript.wait(lambda: transcript.newer(0), PATIENCE_SECONDS)
    async with asyncio.timeout(PATIENCE_SECONDS):
        await bot.simulator.stop()
        poll, reader, send = await asyncio.gather(*open_ones, return_exceptions=True)
    assert poll == (200, {"ok": True, "result": []})
    assert isinstance(reader, tuple)
    assert isinstance(send, Exception)
