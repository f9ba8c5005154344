"""What Telegram would not take is refused, in Telegram's words."""

import json
from typing import Any

import aiohttp
import pytest

from tests.unit.simulator.telegram.stage import AMINA, FORUM, OMAR, Bot

URL_BUTTON = {"text": "a", "url": "https://aof.example"}


def button(**more: Any) -> dict[str, Any]:
    return {"text": "OK", "callback_data": "ok"} | more


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": list(rows)}}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": None}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🔥" * 2049}, "message is too long"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x", "parse_mode": "Textile"}, "unsupported parse_mode"),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "the simulator does not support parse_mode MarkdownV2; write HTML"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": 5}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"chat_id": 5.5}, "chat not found"),
        ({"message_thread_id": 77}, "message thread not found"),
        ({"message_thread_id": "x"}, "invalid message_thread_id specified"),
        ({"reply_parameters": {"message_id": 77}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": "x"}}, 'field "message_id" of ReplyParameters: must be of type Number'),
        ({"reply_parameters": "{"}, "can't parse JSON object"),
        ({"business_connection_id": "x"}, "the simulator does not support business_connection_id"),
        ({"entities": [{"type": "loud", "offset": 0, "length": 1}]}, "unsupported type 'loud' specified"),
        (keyboard([button(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(callback_data="é" * 33)]), "BUTTON_DATA_INVALID"),
        (keyboard([button(callback_data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([{"callback_data": "x"}]), 'can\'t find field "text" in InlineKeyboardButton'),
        (keyboard([button(text="  ")]), "inline keyboard button text must be non-empty"),
        (keyboard([{"text": "a"}]), "text buttons are unallowed in the inline keyboard"),
        (keyboard([button(url="https://x.example")]), "exactly one of the optional fields"),
        (keyboard([button(style="green")]), "invalid button style specified"),
        (keyboard([{"text": "a", "url": "javascript:x"}]), "Wrong HTTP URL"),
        (keyboard([{"text": "a", "copy_text": {"text": "x" * 257}}]), "text has 257 characters"),
        (keyboard([button()] * 9), "REPLY_MARKUP_TOO_LONG"),
        (keyboard(*[[button()]] * 101), "REPLY_MARKUP_TOO_LONG"),
        ({"reply_markup": {"inline_keyboard": [button()]}}, "expected an Array"),
        ({"reply_markup": "{'a'}"}, "can't parse JSON object"),
        ({"reply_markup": [1]}, "expected an Object"),
    ],
)
async def test_a_message_that_is_none(bot: Bot, parameters: dict[str, Any], words: str) -> None:
    status, description = await bot.refused("sendMessage", **({"chat_id": AMINA, "text": "hello"} | parameters))
    assert status == 400
    assert description.startswith("Bad Request: ")
    assert words in description
    assert await bot.messages() == []


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("ä<table>", 'Unsupported start tag "table" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x">', 'Can\'t find end tag corresponding to start tag "a"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_markup_that_is_none(bot: Bot, html: str, words: str) -> None:
    refusal = await bot.refused("sendMessage", chat_id=AMINA, text=html, parse_mode="HTML")
    assert refusal == (400, f"Bad Request: can't parse entities: {words}")


@pytest.mark.parametrize(
    ("method", "parameters", "words"),
    [
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"message_id": 77, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1}, "message text is empty"),
        ("editMessageText", {"message_id": 1, "text": "x", "rich_message": {"markdown": "x"}}, "are given"),
        ("editMessageText", {"message_id": 1, "text": "hers"}, "message can't be edited"),
        ("editMessageCaption", {"message_id": 2, "caption": "x"}, "there is no caption in the message to edit"),
        ("deleteMessage", {"message_id": 77}, "message to delete not found"),
        ("deleteMessages", {"message_ids": []}, "message_ids has 0 items"),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action in request"),
        ("setMessageReaction", {"message_id": 77}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "✅"}]}, "REACTION_INVALID"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "loud"}]}, "has an unknown type"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}] * 2}, "TOO_MANY"),
        ("sendMessageDraft", {"draft_id": 0, "text": "x"}, "draft identifier must be non-zero"),
        ("sendMessageDraft", {"chat_id": FORUM, "draft_id": 1, "text": "x"}, "TEXTDRAFT_PEER_INVALID"),
        ("sendRichMessage", {"rich_message": {}}, "exactly one of the fields"),
        ("sendRichMessage", {"rich_message": {"markdown": "x", "html": "x"}}, "exactly one of the fields"),
        ("sendRichMessage", {"rich_message": {"html": "x"}}, "does not support rich messages in html"),
        ("sendRichMessage", {"rich_message": {"markdown": "x" * 32_769}}, "rich message is too long"),
        ("sendRichMessage", {"rich_message": {"markdown": "- x\n" * 501}}, "too many blocks"),
        ("sendRichMessage", {"rich_message": {"markdown": ">" * 17 + "x"}}, "nested too deeply"),
        ("sendRichMessage", {"rich_message": {"markdown": f"{'|a' * 21}|\n{'|-' * 21}|\n"}}, "too many columns"),
        ("sendDocument", {"document": "https://aof.example/x.pdf"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {}, 'parameter "document" is required'),
        ("getFile", {"file_id": "nothing"}, "invalid file_id"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "text has 201 characters"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID",
        ),
        ("setMyCommands", {"commands": [{"command": "A b", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": "x" * 257}]}, "description has 257 characters"),
        ("setMyCommands", {"commands": [], "language_code": "english"}, "invalid language_code specified"),
        ("createForumTopic", {"name": "x"}, "the chat is not a forum"),
        ("createForumTopic", {"chat_id": FORUM, "name": "x"}, "not enough rights to create a topic"),
        ("leaveChat", {}, "can't be changed in private chats"),
        ("getUpdates", {"limit": 0}, "limit has 0 value"),
        ("getUpdates", {"offset": "x"}, "invalid offset specified"),
        ("setWebhook", {"url": "http://aof.example/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ("setWebhook", {"url": "https://aof.example:8000/x"}, "can be set up only on ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "https://[x"}, "invalid webhook URL specified"),
        ("setWebhook", {"url": "https://aof.example/", "secret_token": "a b"}, "secret token contains unallowed"),
        ("setWebhook", {"url": "https://aof.example/", "secret_token": "a" * 257}, "secret token is too long"),
        ("setWebhook", {"url": "https://aof.example/", "max_connections": 101}, "max_connections has 101"),
        ("setWebhook", {}, 'parameter "url" is required'),
    ],
)
async def test_other_requests_that_can_not_be(bot: Bot, method: str, parameters: dict[str, Any], words: str) -> None:
    await bot.write("hers")
    await bot.send("mine")
    refusal = await bot.refused(method, **({"chat_id": AMINA} | parameters))
    assert refusal[0] == 400
    assert words in refusal[1]
    assert (await bot.last())["edited"] is False


async def test_who_has_not_pressed_start_can_not_be_written_to(bot: Bot) -> None:
    refusal = await bot.refused("sendMessage", chat_id=OMAR, text="hello")
    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    await bot.write("/start", OMAR)
    assert (await bot.send(chat_id=OMAR))["text"] == "hello"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot7000000001:wrong/getMe", 401, "Unauthorized"),
        ("/bot{token}/getEverything", 404, "Not Found: method not found"),
        ("/bot{token}", 404, "Not Found"),
        ("/file/bot{token}/photos/file_0.jpg", 404, "Not Found"),
        ("/elsewhere", 404, "Not Found"),
    ],
)
async def test_a_path_that_leads_nowhere(bot: Bot, path: str, status: int, words: str) -> None:
    url = bot.simulator.url + path.format(token=bot.simulator.settings.token)
    async with bot.http.get(url) as response:
        assert (response.status, (await response.json())["description"]) == (status, words)


async def test_bodies_come_in_four_ways(bot: Bot) -> None:
    keys = {"inline_keyboard": [[URL_BUTTON]]}
    plain = {"chat_id": str(AMINA), "text": "a", "reply_markup": json.dumps(keys), "disable_notification": "true"}
    form = aiohttp.FormData({}, default_to_multipart=True)
    for name, value in plain.items():
        form.add_field(name, value)
    path = bot.path("SENDMESSAGE")
    ways: list[dict[str, Any]] = [
        {"json": {"chat_id": AMINA, "text": "a", "reply_markup": keys}},
        {"data": plain},
        {"data": form},
        {"params": plain},
    ]
    for way in ways:
        async with bot.http.post(path, **way) as response:
            answer = await response.json()
            assert answer["result"]["reply_markup"] == keys, answer
    assert [message["keyboard"][0][0]["value"] for message in await bot.messages()] == ["https://aof.example"] * 4


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff", b'{"a":' * 2000])
async def test_a_body_that_is_no_object(bot: Bot, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with bot.http.post(bot.path("sendMessage"), data=body, headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["ok"] is False


async def test_what_a_method_does_not_have_is_passed_over_and_noted(bot: Bot) -> None:
    await bot.send(mesage_thread_id=3)
    _, wire = await bot.control("GET", "/wire")
    assert wire["exchanges"][-1]["field"] == "passed over in silence: mesage_thread_id"


async def test_secrets_are_not_shown_on_the_wire(bot: Bot) -> None:
    await bot.call("setWebhook", url="http://127.0.0.1:9/x", secret_token="hush-hush")
    await bot.call("deleteWebhook")
    async with bot.http.get(bot.simulator.url + "/bot123:another-token/getMe"):
        pass
    _, wire = await bot.control("GET", "/wire")
    shown = json.dumps(wire)
    assert "/bot…/setWebhook" in json.dumps(wire, ensure_ascii=False)
    for secret in (bot.simulator.settings.token, "hush-hush", "another-token"):
        assert secret not in shown
