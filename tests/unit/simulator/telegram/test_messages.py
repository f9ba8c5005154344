"""What the bot sends, changes and takes away, and what a phone shows of it."""

import io
from typing import Any

import aiohttp
import pytest

from aof.simulator.telegram.entities import as_html
from aof.simulator.telegram.markup import read_html
from tests.unit.simulator.stage import HandClock
from tests.unit.simulator.telegram.stage import AMINA, FORUM, GROUP, OMAR, Bot

KEYS = {"inline_keyboard": [[{"text": "Approve", "callback_data": "a:1", "style": "success"}]]}
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20

RICH = (
    "## Disk",
    "is **full**:",
    "| host | use |\n|---|--:|\n| web-3 | 97 |",
    "1. look\n2. `rm`",
    "> sure?",
    "```sh\ndf\n```",
    "---",
)


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("a &lt;b&gt; &amp; &quot;&#33;&#x21; &nbsp;", 'a <b> & "!! &nbsp;', []),
        ("<b>a</b>", "a", [("bold", 0, 1)]),
        ("🔥<strong>é</strong>", "🔥é", [("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        (
            "<u>a</u><s>b</s><ins>c</ins><del>d</del>",
            "abcd",
            [("underline", 0, 1), ("strikethrough", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)],
        ),
        ("<code>a<b>c</b></code>", "ac", [("code", 0, 2)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", [("blockquote", 0, 2)]),
        ('<a href="https://x.example/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ("<a href='nonsense'>x</a>", "x", []),
        ("<b></b>x", "x", []),
    ],
)
def test_markup_becomes_entities_and_is_sound_when_written_again(
    html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    found, ours = read_html(html)
    assert found == text
    assert [(one["type"], one["offset"], one["length"]) for one in ours] == entities
    assert read_html(as_html(found, ours))[0] == text


async def test_a_message_is_shown_as_it_was_sent(bot: Bot) -> None:
    question = await bot.write("what is up?")
    number = int(question.partition(":")[2])
    sent = await bot.send(
        " <b>Disk</b> 97% /help ", parse_mode="HTML", reply_markup=KEYS, reply_parameters={"message_id": number}
    )
    assert sent["text"] == "Disk 97% /help"
    assert [entity["type"] for entity in sent["entities"]] == ["bold", "bot_command"]
    assert sent["reply_to_message"]["message_id"] == number
    assert "reply_to_message" not in sent["reply_to_message"]
    shown = await bot.last()
    assert shown["id"] == f"{AMINA}:{sent['message_id']}"
    assert (shown["direction"], shown["type"], shown["status"]) == ("in", "text", "delivered")
    assert shown["html"] == "<b>Disk</b> 97% /help"
    assert shown["buttons"] == [{"id": "a:1", "title": "Approve"}]
    assert shown["keyboard"] == [
        [{"id": "a:1", "text": "Approve", "style": "success", "kind": "callback", "value": None}]
    ]
    assert shown["quoted_id"] == question


async def test_a_message_that_answers_one_that_is_gone_is_sent_all_the_same_if_it_says_so(bot: Bot) -> None:
    sent = await bot.send(reply_parameters={"message_id": 77, "allow_sending_without_reply": True})
    assert "reply_to_message" not in sent


async def test_an_edit_replaces_text_and_buttons(bot: Bot) -> None:
    sent = await bot.send("Approve?", reply_markup=KEYS)
    where = {"chat_id": AMINA, "message_id": sent["message_id"]}
    assert "not modified" in (await bot.refused("editMessageText", **where, text="Approve?", reply_markup=KEYS))[1]
    edited = await bot.call("editMessageText", **where, text="<i>Approved</i>", parse_mode="HTML")
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= edited["date"]
    shown = await bot.last()
    assert (shown["text"], shown["html"], shown["buttons"], shown["edited"]) == (
        "Approved",
        "<i>Approved</i>",
        [],
        True,
    )
    await bot.call("editMessageReplyMarkup", **where, reply_markup=KEYS)
    assert (await bot.last())["text"] == "Approved"
    assert [button["title"] for button in (await bot.last())["buttons"]] == ["Approve"]
    assert "not modified" in (await bot.refused("editMessageReplyMarkup", **where, reply_markup=KEYS))[1]
    await bot.call("editMessageText", **where, rich_message={"markdown": "# Done"})
    assert (await bot.last())["blocks"] == [{"type": "heading", "size": 1, "text": "Done"}]


async def test_a_message_is_taken_away(bot: Bot, clock: HandClock) -> None:
    old = await bot.send("old")
    clock.advance(49 * 3600)
    first, second = await bot.send("one"), await bot.send("two")
    await bot.call("deleteMessages", chat_id=AMINA, message_ids=[first["message_id"], 99])
    await bot.call("deleteMessage", chat_id=AMINA, message_id=second["message_id"])
    refusal = await bot.refused("deleteMessage", chat_id=AMINA, message_id=old["message_id"])
    assert refusal == (400, "Bad Request: message can't be deleted for everyone")
    assert [message["deleted"] for message in await bot.messages()] == [False, True, True]


async def test_a_rich_message_is_shown_in_blocks(bot: Bot) -> None:
    markdown = "\n\n".join(RICH)
    sent = await bot.call("sendRichMessage", chat_id=AMINA, rich_message={"markdown": markdown, "is_rtl": True})
    assert sent["rich_message"]["is_rtl"] is True
    shown = await bot.last()
    assert shown["type"] == "rich"
    assert [block["type"] for block in shown["blocks"]] == [
        "heading",
        "paragraph",
        "table",
        "list",
        "blockquote",
        "pre",
        "divider",
    ]
    assert shown["blocks"][1]["text"] == ["is ", {"type": "bold", "text": "full"}, ":"]
    assert shown["blocks"][2]["cells"][1][1] == {"text": "97", "align": "right", "valign": "top"}
    assert shown["text"].splitlines() == [
        "Disk",
        "is full:",
        "host | use",
        "web-3 | 97",
        "1. look",
        "2. rm",
        "sure?",
        "df",
    ]


async def upload(bot: Bot, method: str, name: str, content: bytes, **fields: str) -> tuple[int, Any]:
    form = aiohttp.FormData(fields)
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/x-test")
    kind = method.removeprefix("send").lower()
    form.add_field("chat_id", str(AMINA))
    form.add_field(kind, "attach://file")
    async with bot.http.post(bot.path(method), data=form) as response:
        return response.status, await response.json()


async def test_a_document_is_shown_fetched_and_sent_again(bot: Bot) -> None:
    status, answer = await upload(bot, "sendDocument", "log.txt", b"lines", caption="<b>log</b>", parse_mode="HTML")
    assert status == 200
    document = answer["result"]["document"]
    assert (document["file_name"], document["file_size"], document["mime_type"]) == ("log.txt", 5, "application/x-test")
    shown = await bot.last()
    assert (shown["type"], shown["text"], shown["html"], shown["file"]["name"]) == (
        "document",
        "log",
        "<b>log</b>",
        "log.txt",
    )
    file = await bot.call("getFile", file_id=document["file_id"])
    url = f"{bot.simulator.url}/file/bot{bot.simulator.settings.token}/{file['file_path']}"
    async with bot.http.get(url) as response:
        assert await response.read() == b"lines"
    async with bot.http.get(f"{bot.simulator.url}/_sim/files/{document['file_id']}") as response:
        assert await response.read() == b"lines"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    again = await bot.call("sendDocument", chat_id=AMINA, document=document["file_id"])
    assert again["document"] == document
    await bot.call("editMessageCaption", chat_id=AMINA, message_id=again["message_id"], caption="twice")
    assert (await bot.last())["text"] == "twice"
    refusal = await bot.refused("editMessageText", chat_id=AMINA, message_id=again["message_id"], text="x")
    assert refusal == (400, "Bad Request: there is no text in the message to edit")


@pytest.mark.parametrize(
    ("method", "content", "refusal"),
    [
        ("sendPhoto", b"no picture", (400, "Bad Request: IMAGE_PROCESS_FAILED")),
        ("sendPhoto", PNG + bytes(10 * 1024 * 1024), (400, "Bad Request: too big photo")),
        ("sendDocument", b"", (400, "Bad Request: file must be non-empty")),
        ("sendDocument", bytes(50 * 1024 * 1024 + 1), (413, "Request Entity Too Large")),
    ],
)
async def test_a_file_that_is_none_or_too_large(
    bot: Bot, method: str, content: bytes, refusal: tuple[int, str]
) -> None:
    status, answer = await upload(bot, method, "x", content)
    assert (status, answer["description"]) == refusal
    assert await bot.messages() == []


async def test_what_is_larger_than_20_mb_can_not_be_fetched(bot: Bot) -> None:
    _, answer = await upload(bot, "sendDocument", "x", bytes(20 * 1024 * 1024 + 1))
    refusal = await bot.refused("getFile", file_id=answer["result"]["document"]["file_id"])
    assert refusal == (400, "Bad Request: file is too big")


async def test_a_draft_grows_is_stopped_and_goes(bot: Bot, clock: HandClock) -> None:
    await bot.call("sendMessageDraft", chat_id=AMINA, draft_id=7, text="<b>loo</b>", parse_mode="HTML", can_stop=True)
    await bot.call("sendMessageDraft", chat_id=AMINA, draft_id=7, text="looking", can_stop=True)
    draft = (await bot.phone())["drafts"]
    assert [(one["draft_id"], one["text"], one["can_stop"]) for one in draft] == [(7, "looking", True)]
    assert await bot.messages() == []
    assert await bot.act(f"/phones/{AMINA}/stop") == {"draft_id": 7}
    assert (await bot.next_update())["stopped_message_generation"]["draft_id"] == 7
    assert (await bot.phone())["drafts"] == []
    assert (await bot.control("POST", f"/phones/{AMINA}/stop"))[0] == 409
    await bot.call("sendRichMessageDraft", chat_id=AMINA, draft_id=8, rich_message={"markdown": ""})
    await bot.call("sendRichMessageDraft", chat_id=AMINA, draft_id=9, rich_message={"markdown": "# x"})
    assert [one["text"] for one in (await bot.phone())["drafts"]] == ["", "x"]
    clock.advance(31)
    assert (await bot.phone())["drafts"] == []
    await bot.call("sendMessageDraft", chat_id=AMINA, draft_id=10)
    await bot.send("the answer")
    assert (await bot.phone())["drafts"] == []


async def test_a_chat_action_lasts_five_seconds_or_until_a_message(bot: Bot, clock: HandClock) -> None:
    for end in (lambda: bot.send("hello"), None):
        await bot.call("sendChatAction", chat_id=AMINA, action="typing")
        assert (await bot.phone())["typing_until"] is not None
        if end is not None:
            await end()
        else:
            clock.advance(5)
        assert (await bot.phone())["typing_until"] is None


async def test_a_reaction_of_the_bot_replaces_its_last(bot: Bot) -> None:
    written = await bot.write("hi")
    where = {"chat_id": AMINA, "message_id": int(written.partition(":")[2])}
    for emoji in ("👀", "👍"):
        await bot.call("setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": emoji}])
        assert (await bot.last())["reaction"] == emoji
    await bot.call("setMessageReaction", **where)
    assert (await bot.last())["reaction"] is None


async def test_each_person_sees_the_menu_in_their_language(bot: Bot) -> None:
    commands = [{"command": "help", "description": "What I can do"}]
    arabic = [{"command": "help", "description": "ما أستطيع"}]
    await bot.call("setMyCommands", commands=commands)
    await bot.call("setMyCommands", commands=arabic, language_code="ar", scope={"type": "all_private_chats"})
    assert (await bot.phone(AMINA))["menu"] == commands
    assert (await bot.phone(OMAR))["menu"] == arabic
    assert await bot.call("getMyCommands", language_code="ar") == []
    await bot.call("deleteMyCommands", scope={"type": "all_private_chats"}, language_code="ar")
    assert (await bot.phone(OMAR))["menu"] == commands


async def test_what_the_bot_can_learn_of_itself_and_of_chats(started: Any) -> None:
    bot: Bot = await started(can_read_all=True)
    me = await bot.call("getMe")
    assert (me["id"], me["is_bot"], me["can_read_all_group_messages"]) == (7000000001, True, True)
    assert (await bot.call("getChat", chat_id=FORUM))["is_forum"] is True
    assert (await bot.call("getChatMember", chat_id=GROUP, user_id=me["id"]))["status"] == "member"
    assert (await bot.call("getChatMember", chat_id=GROUP, user_id=OMAR))["user"]["first_name"] == "Omar"
    await bot.call("leaveChat", chat_id=GROUP)
    refusal = await bot.refused("sendMessage", chat_id=GROUP, text="x")
    assert refusal == (403, "Forbidden: bot is not a member of the group chat")
