"""What people do on their phones, and what the bot is told of it."""

import base64
from typing import Any

import pytest

from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import AMINA, FORUM, GROUP, GROUPS, OMAR, Bot

KEYS = {
    "inline_keyboard": [[{"text": "Approve", "callback_data": "a:1"}, {"text": "Docs", "url": "https://x.example"}]]
}


async def test_what_a_person_writes_is_told_with_who_and_where(bot: Bot) -> None:
    answered = await bot.send("question")
    written = await bot.write("🔥 /start@simulated_ops_bot x", quoted_id=f"{AMINA}:{answered['message_id']}")
    message = (await bot.next_update())["message"]
    assert message["from"] == {
        "id": AMINA,
        "is_bot": False,
        "first_name": "Amina",
        "username": "amina",
        "language_code": "en",
    }
    assert message["chat"] == {"id": AMINA, "type": "private", "first_name": "Amina", "username": "amina"}
    assert message["entities"] == [{"type": "bot_command", "offset": 3, "length": 24}]
    assert message["reply_to_message"]["text"] == "question"
    assert written == f"{AMINA}:{message['message_id']}"
    assert (await bot.last())["status"] == "delivered"


@pytest.mark.parametrize(
    ("mime_type", "way", "kind"),
    [
        ("image/png", None, "photo"),
        ("image/png", "document", "document"),
        ("audio/ogg", "voice", "voice"),
        ("audio/mpeg", None, "audio"),
        ("video/mp4", None, "video"),
        ("application/pdf", None, "document"),
    ],
)
async def test_a_file_can_be_fetched_by_the_bot(bot: Bot, mime_type: str, way: str | None, kind: str) -> None:
    file = {"base64": base64.b64encode(b"content").decode(), "mime_type": mime_type, "name": "a.bin"}
    await bot.act(f"/phones/{AMINA}/messages", {"file": file, "caption": "see", **({"as": way} if way else {})})
    message = (await bot.next_update())["message"]
    assert message["caption"] == "see"
    found = message[kind][-1] if kind == "photo" else message[kind]
    path = (await bot.call("getFile", file_id=found["file_id"]))["file_path"]
    async with bot.http.get(f"{bot.simulator.url}/file/bot{bot.simulator.settings.token}/{path}") as response:
        assert await response.read() == b"content"
    assert (await bot.last())["type"] == kind


async def test_a_press_waits_until_it_is_answered_or_too_old(bot: Bot, clock: HandClock) -> None:
    sent = await bot.send("Approve?", reply_markup=KEYS)
    press = {"message_id": f"{AMINA}:{sent['message_id']}", "action_id": "a:1"}
    query_id = (await bot.act(f"/phones/{AMINA}/press", press))["id"]
    query = (await bot.next_update())["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (query_id, "a:1", AMINA)
    assert query["message"]["reply_markup"] == KEYS
    assert (await bot.last())["pressing"] == ["a:1"]
    await bot.call("answerCallbackQuery", callback_query_id=query_id, text="On it", show_alert=True)
    assert (await bot.last())["pressing"] == []
    notice = (await bot.phone())["notice"]
    assert (notice["text"], notice["alert"]) == ("On it", True)
    late = (await bot.act(f"/phones/{AMINA}/press", press))["id"]
    clock.advance(16)
    refusal = await bot.refused("answerCallbackQuery", callback_query_id=late)
    assert "query is too old and response timeout expired or query ID is invalid" in refusal[1]


async def test_what_can_not_be_pressed(bot: Bot) -> None:
    sent = await bot.send("Approve?", reply_markup=KEYS)
    path, message_id = f"/phones/{AMINA}/press", f"{AMINA}:{sent['message_id']}"
    for body in ({"message_id": message_id, "action_id": "a:2"}, {"message_id": f"{AMINA}:77", "action_id": "a:1"}):
        assert (await bot.control("POST", path, body))[0] == 409
    stranger = {"message_id": message_id, "action_id": "a:1"}
    assert (await bot.control("POST", f"/phones/{OMAR}/press", stranger))[0] == 409
    await bot.call("deleteMessage", chat_id=AMINA, message_id=sent["message_id"])
    assert (await bot.control("POST", path, {"message_id": message_id, "action_id": "a:1"}))[0] == 409
    assert await bot.updates() == []


async def test_a_person_edits_reacts_and_deletes(bot: Bot) -> None:
    await bot.updates(allowed_updates=["edited_message", "message_reaction"])
    mine = await bot.write("disk")
    await bot.act(f"/phones/{AMINA}/edit", {"message_id": mine, "text": "disk web-3 /now"})
    edited = (await bot.next_update())["edited_message"]
    assert (edited["text"], edited["entities"][0]["type"]) == ("disk web-3 /now", "bot_command")
    assert edited["edit_date"]
    theirs = f"{AMINA}:{(await bot.send('full'))['message_id']}"
    for emoji, change in (("👍", ([], ["👍"])), ("🔥", (["👍"], ["🔥"])), ("", (["🔥"], []))):
        await bot.act(f"/phones/{AMINA}/react", {"message_id": theirs, "emoji": emoji})
        reaction = (await bot.next_update())["message_reaction"]
        assert reaction["user"]["id"] == AMINA
        before, after = ([one["emoji"] for one in reaction[key]] for key in ("old_reaction", "new_reaction"))
        assert (before, after) == change
    await bot.act(f"/phones/{AMINA}/delete", {"message_id": mine})
    assert [message["deleted"] for message in await bot.messages()] == [True, False]
    assert (await bot.control("POST", f"/phones/{AMINA}/edit", {"message_id": theirs, "text": "x"}))[0] == 409
    assert await bot.updates() == []


async def test_who_blocks_the_bot_is_out_of_its_reach(bot: Bot) -> None:
    await bot.act(f"/phones/{AMINA}/block", {"blocked": True})
    changed = (await bot.next_update())["my_chat_member"]
    assert [changed[key]["status"] for key in ("old_chat_member", "new_chat_member")] == ["member", "kicked"]
    assert await bot.refused("sendMessage", chat_id=AMINA, text="x") == (403, "Forbidden: bot was blocked by the user")
    assert (await bot.control("POST", f"/phones/{AMINA}/block", {"blocked": True}))[0] == 409
    await bot.write("let us talk")
    unblocked, message = await bot.updates()
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert message["message"]["text"] == "let us talk"
    await bot.send()


async def test_a_phone_that_is_off_gets_everything_later(bot: Bot) -> None:
    await bot.act(f"/phones/{AMINA}/power", {"on": False})
    first, gone = await bot.send("one"), await bot.send("two")
    await bot.call("editMessageText", chat_id=AMINA, message_id=first["message_id"], text="one, changed")
    await bot.call("deleteMessage", chat_id=AMINA, message_id=gone["message_id"])
    assert await bot.messages() == []
    assert (await bot.phone())["waiting"] == 2
    assert (await bot.control("POST", f"/phones/{AMINA}/messages", {"text": "x"}))[0] == 409
    await bot.act(f"/phones/{AMINA}/power", {"on": True})
    assert [message["text"] for message in await bot.messages()] == ["one, changed"]
    assert await bot.act(f"/phones/{AMINA}/read") == {"read": [f"{AMINA}:{first['message_id']}"]}
    assert (await bot.phone())["unread"] == 0
    assert await bot.updates() == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("lunch?", False),
        ("/status", True),
        ("/status@simulated_ops_bot", True),
        ("/status@another_bot", False),
        ("hey @simulated_ops_bot", True),
        ("hey @Simulated_Ops_Bot!", True),
        ("hey @amina", False),
    ],
)
async def test_in_a_group_the_bot_sees_what_is_meant_for_it(bot: Bot, text: str, seen: bool) -> None:
    await bot.write(text, chat_id=GROUP)
    assert len(await bot.updates()) == seen
    assert (await bot.last(OMAR))["direction"] == "other"
    assert (await bot.last(AMINA))["direction"] == "out"


@pytest.mark.parametrize("how", ["reads all", "administrator", "answered"])
async def test_in_a_group_the_bot_may_see_more(started: Any, how: str) -> None:
    bot: Bot = await started(can_read_all=how == "reads all")
    if how == "administrator":
        await bot.act(f"/chats/{GROUP}/bot", {"status": "administrator", "from": AMINA})
        assert (await bot.next_update())["my_chat_member"]["new_chat_member"]["can_delete_messages"] is True
    more = {}
    if how == "answered":
        more["quoted_id"] = f"{GROUP}:{(await bot.send(chat_id=GROUP))['message_id']}"
    await bot.act(f"/chats/{GROUP}/messages", {"from": AMINA, "text": "lunch?", **more})
    message = (await bot.next_update())["message"]
    assert message["chat"] == {"id": GROUP, "type": "group", "title": "oncall"}


async def test_topics_of_a_forum_are_apart(bot: Bot) -> None:
    _, answer = await bot.control("GET", "/chats")
    forum = next(chat for chat in answer["chats"] if chat["id"] == str(FORUM))
    (topic,) = forum["topics"]
    assert topic["name"] == "alerts"
    await bot.act(f"/chats/{FORUM}/messages", {"from": AMINA, "text": "/ack", "thread": topic["id"]})
    message = (await bot.next_update())["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (int(topic["id"]), True)
    # whatever is written in a topic counts as an answer to what it began with
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "alerts"
    sent = await bot.send(chat_id=FORUM, message_thread_id=int(topic["id"]))
    assert sent["message_thread_id"] == int(topic["id"])
    assert "message_thread_id" not in await bot.send(chat_id=FORUM, message_thread_id=1)
    _, shown = await bot.control("GET", f"/chats/{FORUM}/messages")
    assert [(one["direction"], one["thread"]) for one in shown["messages"]] == [
        ("other", topic["id"]),
        ("in", topic["id"]),
        ("in", ""),
    ]
    status, _ = await bot.control("POST", f"/chats/{FORUM}/messages", {"from": AMINA, "text": "x", "thread": "99"})
    assert status == 409
    await bot.act(f"/chats/{FORUM}/bot", {"status": "administrator", "from": AMINA})
    made = await bot.call("createForumTopic", chat_id=FORUM, name="INC-7")
    assert (await bot.send(chat_id=FORUM, message_thread_id=made["message_thread_id"]))["is_topic_message"] is True


async def test_a_private_chat_may_have_topics(started: Any) -> None:
    bot: Bot = await started(private_topics=True)
    await bot.write("hi", thread="12")
    assert (await bot.next_update())["message"]["message_thread_id"] == 12
    await bot.send(message_thread_id=12)
    assert (await bot.last())["thread"] == "12"
    plain: Bot = await started()
    assert (await plain.control("POST", f"/phones/{AMINA}/messages", {"text": "x", "thread": "12"}))[0] == 409


async def test_an_anonymous_admin_has_no_name(started: Any) -> None:
    bot: Bot = await started(can_read_all=True)
    await bot.act(f"/chats/{GROUP}/messages", {"from": AMINA, "text": "approve it", "anonymous": True})
    message = (await bot.next_update())["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == GROUP
    assert str(AMINA) not in str(message)
    assert (await bot.last(OMAR))["from"]["name"] == "oncall"


async def test_a_group_becomes_a_supergroup(bot: Bot) -> None:
    new = int((await bot.act(f"/chats/{GROUP}/migrate"))["id"])
    there, here = await bot.updates()
    assert there["message"]["migrate_to_chat_id"] == new
    assert (here["message"]["migrate_from_chat_id"], here["message"]["chat"]["type"]) == (GROUP, "supergroup")
    status, answer = await bot.ask("sendMessage", chat_id=GROUP, text="x")
    assert (status, answer["parameters"]) == (400, {"migrate_to_chat_id": new})
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    await bot.send(chat_id=new)
    assert (await bot.last(OMAR))["group_id"] == str(new)
    for group in (GROUP, new):
        assert (await bot.control("POST", f"/chats/{group}/migrate"))[0] == 409


async def test_a_group_that_the_bot_was_thrown_out_of(bot: Bot) -> None:
    await bot.act(f"/chats/{FORUM}/bot", {"status": "kicked", "from": OMAR})
    changed = (await bot.next_update())["my_chat_member"]
    assert (changed["from"]["id"], changed["new_chat_member"]["status"]) == (OMAR, "kicked")
    refusal = await bot.refused("sendMessage", chat_id=FORUM, text="x")
    assert refusal == (403, "Forbidden: bot was kicked from the supergroup chat")
    await bot.write("/status", chat_id=FORUM)
    assert await bot.updates() == []


async def test_reactions_in_groups_are_told_to_admins_only(bot: Bot) -> None:
    await bot.updates(allowed_updates=["message_reaction", "my_chat_member"])
    react = {"message_id": f"{GROUP}:{(await bot.send(chat_id=GROUP))['message_id']}", "emoji": "👍"}
    await bot.act(f"/phones/{OMAR}/react", react)
    assert await bot.updates() == []
    await bot.act(f"/chats/{GROUP}/bot", {"status": "administrator", "from": AMINA})
    await bot.act(f"/phones/{OMAR}/react", react | {"emoji": "🔥"})
    assert [set(update) - {"update_id"} for update in await bot.updates()] == [{"my_chat_member"}, {"message_reaction"}]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/phones/1/messages", {"text": "x"}, 404),
        ("/phones/x/messages", {"text": "x"}, 404),
        (f"/phones/{AMINA}/messages", {}, 400),
        (f"/phones/{AMINA}/messages", {"text": ""}, 400),
        (f"/phones/{AMINA}/messages", {"text": "x" * 4097}, 400),
        (f"/phones/{AMINA}/messages", {"text": "x", "thread": "a"}, 400),
        (f"/phones/{AMINA}/messages", {"text": "x", "chat_id": "5"}, 404),
        (f"/phones/{AMINA}/messages", {"text": "x", "chat_id": str(OMAR)}, 409),
        (f"/phones/{AMINA}/messages", {"text": "x", "quoted_id": "5:5"}, 409),
        (f"/phones/{AMINA}/messages", {"text": "x", "anonymous": True}, 409),
        (f"/phones/{AMINA}/messages", {"file": {"base64": "!", "mime_type": "a/b"}}, 400),
        (f"/phones/{AMINA}/messages", {"file": {"base64": "QQ==", "mime_type": "a/b"}, "as": "sticker"}, 400),
        (f"/phones/{AMINA}/react", {"message_id": f"{AMINA}:1", "emoji": "x"}, 409),
        (f"/phones/{AMINA}/block", {"blocked": 1}, 400),
        (f"/phones/{AMINA}/stop", {"draft_id": "1"}, 400),
        (f"/phones/{AMINA}/read", {"message_id": "5:5"}, 409),
        (f"/chats/{GROUP}/messages", {"text": "x"}, 404),
        (f"/chats/{GROUP}/bot", {"from": AMINA, "status": "creator"}, 400),
        ("/chats/-5/migrate", {}, 404),
        ("/chats/x/migrate", {}, 404),
    ],
)
async def test_what_a_person_can_not_do(bot: Bot, path: str, body: dict[str, Any], status: int) -> None:
    found, answer = await bot.control("POST", path, body)
    assert found == status
    assert answer["error"]
    assert await bot.updates() == []


def test_settings_that_can_not_be() -> None:
    from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings

    with pytest.raises(ValueError, match="same id"):
        TelegramSettings(people=(PersonSettings("A", 5), PersonSettings("B", 5)))
    with pytest.raises(ValueError, match="nobody with the id"):
        TelegramSettings(people=(PersonSettings("A", 5),), groups=GROUPS)
    with pytest.raises(ValueError, match="begins with the bot's id"):
        TelegramSettings(token="secret")
    with pytest.raises(ValueError, match="the id of a supergroup"):
        GroupSettings(-5, "x", ())
    with pytest.raises(ValueError, match="only a supergroup has topics"):
        GroupSettings(-5, "x", (), "group", topics=("a",))
