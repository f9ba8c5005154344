"""How updates reach the bot: by polling, and by webhook."""

import asyncio
import json
from typing import Any

import pytest

from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import AMINA, GROUP, OMAR, PATIENCE_SECONDS, Bot, Hook

TOOK_OVER = "Conflict: terminated by setWebhook request"


def texts(updates: list[Any]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def open_poll(bot: Bot, **parameters: Any) -> asyncio.Task[tuple[int, Any]]:
    """A poll that waits."""
    before = bot.simulator.wire.latest
    task = asyncio.create_task(bot.ask("getUpdates", timeout=30, **parameters))

    def waits() -> list[Any]:
        return [one for one in bot.simulator.wire.changed(before) if one.body is not None and one.outcome == "open"]

    assert await bot.simulator.wire.wait(waits, PATIENCE_SECONDS)
    return task


async def settled(bot: Bot, outcomes: int) -> list[str]:
    """What became of the first so many webhooks."""

    def ended() -> list[Any]:
        posts = [one for one in bot.simulator.wire if one.kind == "webhook" and one.outcome != "open"]
        return posts if len(posts) >= outcomes else []

    return [one.outcome for one in await bot.simulator.wire.wait(ended, PATIENCE_SECONDS)]


# -- polling ------------------------------------------------------------


async def test_updates_stay_until_a_later_one_is_asked_for(bot: Bot) -> None:
    for text in ("a", "b", "c"):
        await bot.write(text)
    found = await bot.updates(limit=2)
    assert texts(found) == ["a", "b"]
    assert texts(await bot.updates()) == ["a", "b", "c"]
    assert found[1]["update_id"] == found[0]["update_id"] + 1
    assert texts(await bot.updates(offset=found[1]["update_id"])) == ["b", "c"]
    assert [message["status"] for message in await bot.messages()] == ["delivered", "sent", "sent"]
    assert texts(await bot.updates(offset=-1)) == ["c"]
    assert texts(await bot.updates(offset=found[1]["update_id"] + 2)) == []
    assert (await bot.call("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_poll_waits_for_an_update_or_its_time(bot: Bot, clock: HandClock) -> None:
    poll = await open_poll(bot)
    await bot.write("at last")
    status, answer = await poll
    assert (status, texts(answer["result"])) == (200, ["at last"])
    empty = await open_poll(bot, offset=answer["result"][0]["update_id"] + 1)
    await clock.when_someone_sleeps(2)  # the first poll has left its alarm behind
    clock.advance(30)
    assert await empty == (200, {"ok": True, "result": []})


async def test_two_pollers_throw_each_other_out(bot: Bot) -> None:
    first = await open_poll(bot)
    second = await open_poll(bot)
    status, answer = await first
    assert status == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await bot.write("for the second")
    assert texts((await second)[1]["result"]) == ["for the second"]


async def test_a_webhook_throws_a_poller_out(bot: Bot, hook: Hook) -> None:
    poll = await open_poll(bot)
    await bot.call("setWebhook", url=hook.url)
    assert await poll == (409, {"ok": False, "error_code": 409, "description": TOOK_OVER})
    await bot.write("for the webhook")
    await hook.after(1)
    assert hook.texts == ["for the webhook"]


async def test_a_poll_whose_client_is_gone_takes_nothing(bot: Bot) -> None:
    poll = await open_poll(bot)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await bot.write("still here")
    assert texts(await bot.updates()) == ["still here"]


async def test_an_update_is_kept_for_a_day_and_numbers_jump_after_a_quiet_week(bot: Bot, clock: HandClock) -> None:
    await bot.write("old")
    first = (await bot.updates())[0]["update_id"]
    clock.advance(24 * 3600 + 1)
    assert await bot.updates() == []
    _, answer = await bot.control("GET", "/phones")
    assert answer["webhooks"]["given_up"] == 1
    clock.advance(7 * 86_400)
    await bot.write("new")
    assert abs((await bot.updates())[0]["update_id"] - first) > 1


async def test_only_what_was_asked_for_is_told_and_stays_so(bot: Bot) -> None:
    await bot.updates(allowed_updates=["callback_query", "no_such_kind"])
    await bot.write("unheard")
    await bot.updates()
    await bot.write("unheard too")
    assert await bot.updates() == []
    assert (await bot.call("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await bot.updates(allowed_updates=[])
    await bot.write("heard")
    await bot.act(f"/phones/{AMINA}/react", {"message_id": f"{AMINA}:1", "emoji": "👍"})
    assert texts(await bot.updates()) == ["heard"]


@pytest.mark.parametrize(
    "body", [{"future_kind": {"chat": 5}}, {"message": None}, {"message": []}, {}, {"update_id": 7}]
)
async def test_any_object_can_be_told_as_an_update(bot: Bot, body: dict[str, Any]) -> None:
    await bot.write("before")
    await bot.act("/webhooks", body)
    update = (await bot.updates())[-1] if "update_id" not in body else (await bot.updates())[1]
    assert {key: value for key, value in update.items() if key in body} == body
    assert isinstance(update["update_id"], int)


# -- webhooks ------------------------------------------------------------


async def test_a_webhook_brings_what_waited_and_what_comes_with_the_secret(bot: Bot, hook: Hook) -> None:
    await bot.write("waited")
    await bot.call("setWebhook", url=hook.url, secret_token="hush_42", allowed_updates=["message"])
    await bot.write("came")
    posts = await hook.after(2)
    assert hook.texts == ["waited", "came"]
    assert {post.headers["X-Telegram-Bot-Api-Secret-Token"] for post in posts} == {"hush_42"}
    assert await settled(bot, 2) == ["acknowledged"] * 2
    info = await bot.call("getWebhookInfo")
    assert info["url"] == hook.url
    assert (info["pending_update_count"], info["allowed_updates"]) == (0, ["message"])
    assert "last_error_date" not in info
    status, description = await bot.refused("getUpdates")
    assert status == 409
    assert "can't use getUpdates method while webhook is active" in description
    await bot.call("deleteWebhook")
    await bot.write("polled")
    assert texts(await bot.updates()) == ["polled"]


async def test_a_webhook_without_a_secret_has_no_such_header(bot: Bot, hook: Hook) -> None:
    await bot.call("setWebhook", url=hook.url)
    await bot.write()
    assert "X-Telegram-Bot-Api-Secret-Token" not in (await hook.after(1))[0].headers


async def test_what_is_not_taken_is_brought_again_and_holds_up_its_chat_alone(
    bot: Bot, hook: Hook, clock: HandClock
) -> None:
    hook.answers = [(500, {}, ""), (429, {"Retry-After": "7"}, "")]
    await bot.call("setWebhook", url=hook.url)
    await bot.write("first")
    assert await settled(bot, 1) == ["refused"]
    await bot.write("/second", chat_id=GROUP)
    assert await settled(bot, 2) == ["refused"] * 2
    await bot.write("later of the same chat")
    info = await bot.call("getWebhookInfo")
    assert info["pending_update_count"] == 3
    assert info["last_error_message"] == "Wrong response from the webhook: 429 Too Many Requests"
    assert sorted(await clock.when_someone_sleeps(2)) == [0.5, 7.0]
    clock.advance(0.5)
    await hook.after(4)
    assert hook.texts == ["first", "/second", "first", "later of the same chat"]
    clock.advance(7)
    await hook.after(5)
    assert hook.texts[4] == "/second"
    assert [one.attempt for one in bot.simulator.wire if one.kind == "webhook"] == [1, 1, 2, 1, 2]


async def test_the_wait_between_tries_doubles_up_to_its_longest(started: Any, hook: Hook, clock: HandClock) -> None:
    bot: Bot = await started(first_retry_seconds=1, longest_retry_seconds=3)
    hook.answers = [(503, {}, "")] * 4
    await bot.call("setWebhook", url=hook.url)
    await bot.write()
    waits = []
    for _ in range(4):
        waits += await clock.when_someone_sleeps()
        clock.advance(waits[-1])
    await hook.after(5)
    assert waits == [1, 2, 3, 3]


async def test_chats_are_posted_side_by_side(bot: Bot, hook: Hook) -> None:
    gate = hook.gates["slow"] = asyncio.Event()
    await bot.call("setWebhook", url=hook.url)
    await bot.write("slow")
    await bot.write("waits behind")
    await bot.write("overtakes", OMAR)
    await hook.after(2)
    assert hook.texts == ["slow", "overtakes"]
    gate.set()
    await hook.after(3)
    assert hook.texts[2] == "waits behind"


async def test_another_webhook_gets_what_the_first_did_not_take(bot: Bot, hook: Hook) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/nobody")
    await bot.write("hello")
    assert (await settled(bot, 1))[0].startswith("no answer")
    assert (await bot.call("getWebhookInfo"))["last_error_message"] == "Connection refused"
    await bot.call("setWebhook", url=hook.url)
    await hook.after(1)
    assert hook.texts == ["hello"]


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
async def test_what_waits_is_dropped_on_demand(bot: Bot, hook: Hook, method: str) -> None:
    await bot.write("dropped")
    await bot.call(method, url=hook.url, drop_pending_updates=True)
    if method == "deleteWebhook":
        assert await bot.updates() == []
        return
    await bot.write("kept")
    await hook.after(1)
    assert hook.texts == ["kept"]


async def test_the_answer_of_a_webhook_may_hold_a_request(bot: Bot, hook: Hook) -> None:
    request = {"method": "sendMessage", "chat_id": AMINA, "text": "by answer"}
    wrong = {"method": "sendEverything"}
    hook.answers = [(200, {}, json.dumps(request)), (200, {}, json.dumps(wrong)), (200, {}, "{}")]
    await bot.call("setWebhook", url=hook.url)
    for text in ("a", "b", "c"):
        await bot.write(text)
    await settled(bot, 3)
    assert [message["text"] for message in await bot.messages() if message["direction"] == "in"] == ["by answer"]
    unasked = [one.status for one in bot.simulator.wire if one.outcome == "not answered"]
    assert unasked == [200, 404]
