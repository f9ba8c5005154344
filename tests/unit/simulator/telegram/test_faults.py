"""Faults that can be switched on, and the rates that Telegram keeps."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import AMINA, FORUM, GROUP, OMAR, PATIENCE_SECONDS, Bot, Hook


async def switch_on(bot: Bot, **faults: Any) -> None:
    status, answer = await bot.control("PUT", "/faults", {key.strip("_"): value for key, value in faults.items()})
    assert status == 200, answer


@pytest.mark.parametrize(
    ("faults", "refusal"),
    [
        ({"_429": {"retry_after": 35, "times": 1}}, (429, "Too Many Requests: retry after 35")),
        ({"_500": 1}, (500, "Internal Server Error")),
        (
            {"error": {"code": 400, "times": 1, "details": "Bad Request: TOPIC_CLOSED"}},
            (400, "Bad Request: TOPIC_CLOSED"),
        ),
        ({"error": {"code": 503, "times": 1}}, (503, "Error 503")),
        ({"blocked": 1}, (403, "Forbidden: bot was blocked by the user")),
        ({"unauthorized": 1}, (401, "Unauthorized")),
        ({"parse_error": 1}, (400, "Bad Request: can't parse entities: by the fault parse_error")),
    ],
)
async def test_a_send_is_refused_once(bot: Bot, faults: dict[str, Any], refusal: tuple[int, str]) -> None:
    await switch_on(bot, **faults)
    send = {"chat_id": AMINA, "text": "hello", "parse_mode": "HTML"}
    status, answer = await bot.ask("sendMessage", **send)
    assert (status, answer["description"]) == refusal
    assert answer.get("parameters") == ({"retry_after": 35} if status == 429 else None)
    assert (await bot.ask("sendMessage", **send))[0] == 200
    assert len(await bot.messages()) == 1


async def test_a_proxy_answers_with_a_page(bot: Bot) -> None:
    await switch_on(bot, _502=1)
    async with bot.http.post(bot.path("getMe")) as response:
        assert (response.status, response.content_type) == (502, "text/html")


async def test_half_an_answer(bot: Bot) -> None:
    await switch_on(bot, garbled=1)
    async with bot.http.post(bot.path("sendMessage"), json={"chat_id": AMINA, "text": "x"}) as response:
        assert response.status == 200
        assert (await response.text()).startswith('{"ok": true, "result"')
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            await response.json()
    assert len(await bot.messages()) == 1


@pytest.mark.parametrize(("fault", "shown"), [("cut", 0), ("cut_after_accept", 1)])
async def test_a_connection_is_cut(bot: Bot, fault: str, shown: int) -> None:
    await switch_on(bot, **{fault: 1})
    with pytest.raises(aiohttp.ClientError):
        await bot.send()
    assert len(await bot.messages()) == shown


async def test_no_answer_comes_though_the_message_was_taken(bot: Bot) -> None:
    await switch_on(bot, timeout_after_accept=1)
    send = asyncio.create_task(bot.send())
    transcript = bot.simulator.phone(AMINA).transcript
    assert await transcript.wait(lambda: transcript.newer(0), PATIENCE_SECONDS)
    assert not send.done()
    send.cancel()
    await asyncio.gather(send, return_exceptions=True)

    def ended() -> list[Any]:
        return [one for one in bot.simulator.wire if one.outcome == "never answered"]

    assert await bot.simulator.wire.wait(ended, PATIENCE_SECONDS)


async def test_an_answer_comes_late(bot: Bot, clock: HandClock) -> None:
    await switch_on(bot, slow_seconds={"seconds": 7.5, "times": 1})
    send = asyncio.create_task(bot.send())
    assert await clock.when_someone_sleeps() == [7.5]
    assert len(await bot.messages()) == 1
    clock.advance(7.5)
    assert (await send)["text"] == "hello"


async def test_a_poll_is_refused_as_though_another_polled(bot: Bot) -> None:
    await switch_on(bot, conflict=1)
    assert (await bot.refused("getUpdates"))[0] == 409
    assert await bot.updates() == []


async def test_webhooks_are_repeated_lost_and_forged(bot: Bot, hook: Hook, clock: HandClock) -> None:
    await switch_on(bot, duplicate={"copies": 2, "times": 1}, drop_ack=1, wrong_secret=1)
    await bot.call("setWebhook", url=hook.url, secret_token="right")
    await bot.write("hello")
    posts = await hook.after(4)
    secrets = [post.headers["X-Telegram-Bot-Api-Secret-Token"] for post in posts]
    assert sorted(secrets) == ["not-the-secret-of-this-bot", "right", "right", "right"]
    assert len({str(post.body) for post in posts}) == 1

    def lost() -> list[Any]:
        return [one for one in bot.simulator.wire if one.outcome == "acknowledgement lost"]

    assert await bot.simulator.wire.wait(lost, PATIENCE_SECONDS)


async def test_updates_are_told_in_another_order_and_none_is_lost(bot: Bot, clock: HandClock) -> None:
    await switch_on(bot, reorder=1)
    for number in range(8):
        await bot.write(str(number))
    first = await bot.updates(limit=5)
    numbers = [update["update_id"] for update in first]
    assert numbers != sorted(numbers)
    rest = await bot.updates(offset=max(numbers) + 1)
    assert sorted(int(update["message"]["text"]) for update in first + rest) == list(range(8))


async def test_few_updates_are_let_go_after_a_second(bot: Bot, clock: HandClock) -> None:
    await switch_on(bot, reorder=1)
    await bot.write("a")
    await bot.write("b")
    assert (await bot.call("getWebhookInfo"))["pending_update_count"] == 2
    await clock.when_someone_sleeps()
    clock.advance(1)
    assert [update["message"]["text"] for update in await bot.updates(timeout=30)] == ["b", "a"]


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"batch": 3}, "There is no fault 'batch'"),
        ({"429": 0.5}, "retry_after is a whole number from 1"),
        ({"error": 200}, "code is an HTTP status from 400 to 599"),
        ({"error": {"code": 400, "details": 5}}, "details is a text"),
    ],
)
async def test_a_fault_that_makes_no_sense(bot: Bot, faults: dict[str, Any], words: str) -> None:
    status, answer = await bot.control("PUT", "/faults", faults)
    assert status == 400
    assert words in answer["error"]


# -- rates ------------------------------------------------------------


async def outcomes(bot: Bot, sends: int, chat_id: int = AMINA, method: str = "sendMessage", **more: Any) -> list[int]:
    return [(await bot.ask(method, chat_id=chat_id, text="x", **more))[0] for _ in range(sends)]


async def test_one_chat_gets_a_few_at_once_and_then_one_a_second(started: Any, clock: HandClock) -> None:
    bot: Bot = await started(limits_rates=True)
    assert await outcomes(bot, 6) == [200] * 5 + [429]
    clock.advance(1)
    assert await outcomes(bot, 1) == [200]
    await bot.write("/start", OMAR)
    assert await outcomes(bot, 1, OMAR) == [200]
    assert await outcomes(bot, 1, method="sendMessageDraft", draft_id=1) == [200]


async def test_trying_again_too_early_makes_the_wait_longer(started: Any, clock: HandClock) -> None:
    bot: Bot = await started(limits_rates=True)
    await outcomes(bot, 5)
    waits = []
    for _ in range(4):
        _, answer = await bot.ask("sendMessage", chat_id=AMINA, text="x")
        waits.append(answer["parameters"]["retry_after"])
    assert waits == [1, 2, 4, 8]
    clock.advance(7)
    assert await outcomes(bot, 1) == [429]
    clock.advance(16)
    assert await outcomes(bot, 1) == [200]


async def test_a_group_gets_20_a_minute_edits_among_them(started: Any, clock: HandClock) -> None:
    bot: Bot = await started(limits_rates=True)
    assert await outcomes(bot, 10, GROUP) == [200] * 10
    edits = [
        (await bot.ask("editMessageText", chat_id=GROUP, message_id=2, text=f"edit {number}"))[0]
        for number in range(12)
    ]
    assert edits == [200] * 11 + [429]
    clock.advance(3)
    assert await outcomes(bot, 1, GROUP) == [200]


async def test_the_bot_sends_30_a_second_in_all(started: Any) -> None:
    bot: Bot = await started(limits_rates=True)
    assert await outcomes(bot, 20, GROUP) + await outcomes(bot, 10, FORUM) == [200] * 30
    assert await outcomes(bot, 1) == [429]
