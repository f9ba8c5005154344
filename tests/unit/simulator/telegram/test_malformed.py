"""Whatever is asked of the simulated Bot API, it answers or refuses; it never breaks."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aof.simulator.telegram.entities import as_html
from aof.simulator.telegram.markup import read_html
from aof.simulator.telegram.refusals import Refused
from aof.simulator.telegram.table import PARAMETERS
from tests.unit.simulator.bodies import replaced
from tests.unit.simulator.telegram.stage import AMINA, FORUM, OMAR, Bot

KEYS = {
    "inline_keyboard": [[{"text": "Yes", "callback_data": "a", "style": "danger"}, {"text": "No", "url": "http://x.y"}]]
}
RICH = {"markdown": "# x\n\n|a|\n|-|\n|b|\n\n- c\n  1. d", "is_rtl": True}
REPLY = {"message_id": 1, "allow_sending_without_reply": True}
SCOPE = {"type": "chat", "chat_id": AMINA}
FILE = {"chat_id": AMINA, "caption": "<b>x</b>", "parse_mode": "HTML", "reply_markup": KEYS}
SOUND: dict[str, dict[str, Any]] = {
    "getMe": {},
    "getUpdates": {"offset": 1, "limit": 5, "timeout": 0, "allowed_updates": ["message"]},
    "setWebhook": {"url": "https://x.example/y", "max_connections": 5, "secret_token": "a_b"},
    "deleteWebhook": {"drop_pending_updates": False},
    "getWebhookInfo": {},
    "sendMessage": {
        "chat_id": AMINA,
        "text": "a 🔥",
        "entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "http://x.y"}],
        "reply_parameters": REPLY,
        "reply_markup": KEYS,
        "link_preview_options": {"is_disabled": True},
    },
    "sendRichMessage": {"chat_id": AMINA, "rich_message": RICH, "reply_markup": KEYS},
    "sendMessageDraft": {"chat_id": AMINA, "draft_id": 5, "text": "x", "can_stop": True},
    "sendRichMessageDraft": {"chat_id": AMINA, "draft_id": 5, "rich_message": RICH, "keep_on_stop": True},
    "editMessageText": {"chat_id": AMINA, "message_id": 2, "text": "<i>x</i>", "parse_mode": "HTML"},
    "editMessageCaption": {"chat_id": AMINA, "message_id": 3, "caption": "x", "reply_markup": KEYS},
    "editMessageReplyMarkup": {"chat_id": AMINA, "message_id": 2, "reply_markup": {"inline_keyboard": []}},
    "deleteMessage": {"chat_id": AMINA, "message_id": 2},
    "deleteMessages": {"chat_id": AMINA, "message_ids": [2, 3]},
    "sendChatAction": {"chat_id": AMINA, "action": "typing"},
    "setMessageReaction": {"chat_id": AMINA, "message_id": 1, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    "answerCallbackQuery": {"callback_query_id": "press", "text": "x", "show_alert": True},
    **{f"send{kind.capitalize()}": FILE | {kind: "file"} for kind in ("photo", "document", "audio", "video", "voice")},
    "getFile": {"file_id": "file"},
    "setMyCommands": {"commands": [{"command": "a", "description": "b"}], "scope": SCOPE, "language_code": "en"},
    "getMyCommands": {"scope": SCOPE},
    "deleteMyCommands": {"scope": SCOPE},
    "getChat": {"chat_id": FORUM},
    "getChatMember": {"chat_id": FORUM, "user_id": OMAR},
    "createForumTopic": {"chat_id": FORUM, "name": "x"},
    "leaveChat": {"chat_id": FORUM},
}
WRONG = (None, -1, True, 1.5, "", "x", "{", "9" * 30, "\ud800", [], {}, [[]], [None], {"type": "x"}, [{"x": {}}])


@pytest.mark.parametrize("method", PARAMETERS)
async def test_a_wrong_value_at_any_place_is_answered_or_refused(bot: Bot, method: str) -> None:
    simulator = bot.simulator
    phone = simulator.phone(AMINA)

    async def prepare() -> None:
        simulator.network.chats[AMINA].posts.clear()
        simulator.network.chats[AMINA]._last_id = 0
        simulator.network.chats[FORUM].bot = "administrator"
        simulator.people.write(phone, phone.chat, {"text": "hi"})
        file = simulator.files._by_id["file"] = simulator.files.store("document", "a.txt", "text/plain", b"a")
        for asked, parameters in (
            ("sendMessage", {"text": "x", "reply_markup": KEYS}),
            ("sendDocument", {"document": file.id}),
        ):
            await simulator._api._methods.call(asked, {"chat_id": AMINA, **parameters}, {})
        simulator.people.presses["press"] = simulator.people.presses[simulator.people.press(phone, f"{AMINA}:2", "a")]

    async def ask(parameters: Any) -> int:
        await prepare()
        try:
            result, _, _ = await simulator._api._methods.call(method, parameters, {})
        except Refused as refused:
            return refused.code
        return 500 if result is None else 200

    assert await ask(SOUND[method]) == 200
    for wrong in WRONG:
        for changed in replaced(SOUND[method], wrong):
            assert await ask(changed) in {200, 400, 403}, changed
    for shown in [entry.shown() for entry in phone.transcript]:
        read_html(shown["html"])
    assert simulator.shown()["platform"] == "telegram"


@settings(max_examples=200)
@given(st.text(st.sampled_from("ab<>&/;\"'= 🔥é\nbipcode"), max_size=40))
def test_any_markup_is_read_or_refused_and_sound_when_written_again(written: str) -> None:
    try:
        text, entities = read_html(written)
    except Refused:
        return
    again, same = read_html(as_html(text, entities))
    assert again == text
    assert {(one["type"], one["offset"], one["length"]) for one in same} == {
        (one["type"], one["offset"], one["length"]) for one in entities
    }
