"""What goes out, against a small server of Telegram's shape."""

from typing import Any, cast

import pytest

from aof.domain.errors import (
    AccountStopped,
    ChatMovedAway,
    PlatformError,
    RecipientUnreachable,
    SendDeferred,
    SendRefused,
    SendUncertain,
)
from aof.domain.message import Address, ButtonPress, Sender
from aof.domain.response import ButtonsPart, Choice, DocumentPart, EditPart, Part, ReactionPart, TextPart
from aof.platforms.base import MenuCommand
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.errors import MarkupRefused, MessageGone
from aof.platforms.telegram.sends import Sends
from aof.texts.language import Language
from tests.unit.platforms.telegram.sending.conftest import Telegram

TO = Address(chat="55501", user_id="55501")
GROUP = Address(chat="-1001", group=True, thread="7")
BAD_MARKS = "Bad Request: can't parse entities: Unexpected end tag at byte offset 3"
PLAIN = {"link_preview_options": {"is_disabled": True}}


async def send(sends: Sends, part: Part, to: Address = TO, **more: Any) -> str:
    return await sends.send_part(to, part, part_id="part-7", **more)


def methods(telegram: Telegram) -> list[str]:
    return [method for method, _ in telegram.calls]


async def test_a_part_is_sent_and_named_by_chat_and_number(sends: Sends, telegram: Telegram) -> None:
    begun: list[int] = []

    async def begin() -> None:
        begun.append(len(telegram.calls))

    sent = await send(sends, TextPart(text="<b>disk</b>"), reply_to="55501:3", before_request=begin)
    assert sent == "55501:100"
    assert telegram.calls == [
        (
            "sendMessage",
            {
                "chat_id": 55501,
                "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
                "text": "<b>disk</b>",
                "parse_mode": "HTML",
                **PLAIN,
            },
        )
    ]
    assert begun == [0]


async def test_a_document_is_one_request(sends: Sends, telegram: Telegram) -> None:
    part = DocumentPart(name="تقرير.txt", text="القرص 81 %", caption="<i>all of it</i>")
    assert await send(sends, part, GROUP, reply_to="-1001:3") == "-1001:100"
    ((method, params),) = telegram.calls
    assert method == "sendDocument"
    assert params == {
        "chat_id": -1001,
        "message_thread_id": 7,
        "reply_parameters": {"message_id": 3, "allow_sending_without_reply": True},
        "caption": "<i>all of it</i>",
        "parse_mode": "HTML",
        "document": "القرص 81 %".encode(),
        "document.name": "تقرير.txt",
    }


async def test_edits_and_reactions_keep_the_message_they_are_about(sends: Sends, telegram: Telegram) -> None:
    telegram.refuse("editMessageText", 400, "Bad Request: message is not modified: specified new message content")
    for part in (
        EditPart(message_id="55501:9", text="done"),
        EditPart(message_id="55501:9", text="done"),
        ReactionPart(message_id="55501:9", emoji="✅"),
    ):
        assert await send(sends, part) == "55501:9"
    assert telegram.calls[2][1]["reaction"] == [{"type": "emoji", "emoji": "👍"}]


@pytest.mark.parametrize(
    "part",
    [
        TextPart(text="<b>a</b> &amp; b"),
        ButtonsPart(text="<b>a</b> &amp; b", buttons=(Choice(id="i", title="t", action_id="i"),)),
        DocumentPart(name="a.txt", text="x", caption="<b>a</b> &amp; b"),
    ],
)
async def test_refused_marks_are_sent_plain_once(sends: Sends, telegram: Telegram, part: Part) -> None:
    method = "sendDocument" if isinstance(part, DocumentPart) else "sendMessage"
    telegram.refuse(method, 400, BAD_MARKS)
    begun: list[int] = []

    async def begin() -> None:
        begun.append(len(telegram.calls))

    assert await send(sends, part, before_request=begin) == "55501:100"
    (_, marked), (_, plain) = telegram.calls
    key = "caption" if isinstance(part, DocumentPart) else "text"
    assert "parse_mode" not in plain
    assert plain == {**{name: value for name, value in marked.items() if name != "parse_mode"}, key: "a & b"}
    assert begun == [0]

    telegram.refuse(method, 400, BAD_MARKS)
    telegram.refuse(method, 400, BAD_MARKS)
    with pytest.raises(MarkupRefused):
        await send(sends, part)
    assert len(telegram.calls) == 4


async def test_an_answer_outlives_the_message_it_answers(sends: Sends, telegram: Telegram) -> None:
    telegram.refuse("sendMessage", 400, "Bad Request: message to be replied not found")
    telegram.refuse("sendMessage", 400, BAD_MARKS)
    assert await send(sends, TextPart(text="<b>a</b>"), reply_to="55501:3") == "55501:100"
    assert ["reply_parameters" in params for _, params in telegram.calls] == [True, False, False]
    assert telegram.calls[-1][1]["text"] == "a"


async def test_what_was_to_replace_a_message_that_is_gone_comes_as_a_new_one(sends: Sends, telegram: Telegram) -> None:
    buttons = (Choice(id="i", title="t", action_id="i"),)
    telegram.refuse("editMessageText", 400, "Bad Request: message to edit not found")
    assert await send(sends, EditPart(message_id="55501:9", text="<b>done</b>", buttons=buttons)) == "55501:100"
    telegram.refuse("editMessageText", 400, BAD_MARKS)
    telegram.refuse("editMessageText", 400, "Bad Request: message can't be edited")
    assert await send(sends, EditPart(message_id="55501:9", text="<b>done</b>")) == "55501:101"
    assert methods(telegram) == ["editMessageText", "sendMessage", "editMessageText", "editMessageText", "sendMessage"]
    assert telegram.calls[1][1]["reply_markup"] == telegram.calls[0][1]["reply_markup"]
    assert "reply_markup" not in telegram.calls[4][1]


async def test_a_reaction_on_a_message_that_is_gone_is_refused(sends: Sends, telegram: Telegram) -> None:
    telegram.refuse("setMessageReaction", 400, "Bad Request: message to react not found")
    with pytest.raises(MessageGone):
        await send(sends, ReactionPart(message_id="55501:9", emoji="👀"))
    assert len(telegram.calls) == 1


async def test_a_refusal_that_took_its_time_is_followed_by_no_second_request(
    sends: Sends, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((0.0, 31.0))
    monkeypatch.setattr("aof.platforms.telegram.sends.monotonic", lambda: next(times))
    telegram.refuse("sendMessage", 400, BAD_MARKS)
    with pytest.raises(SendDeferred, match="too slowly"):
        await send(sends, TextPart(text="<b>a</b>"))
    assert len(telegram.calls) == 1


@pytest.mark.parametrize(
    ("code", "words", "parameters", "error"),
    [
        (400, "Bad Request: message is too long", {}, SendRefused),
        (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": -1009},
            ChatMovedAway,
        ),
        (401, "Unauthorized", {}, AccountStopped),
        (403, "Forbidden: bot was blocked by the user", {}, RecipientUnreachable),
        (429, "Too Many Requests: retry after 7", {"retry_after": 7}, SendDeferred),
        (500, "Internal Server Error", {}, SendUncertain),
    ],
)
async def test_other_refusals_are_passed_on_at_once(
    sends: Sends, telegram: Telegram, code: int, words: str, parameters: dict[str, int], error: type[PlatformError]
) -> None:
    telegram.refuse("sendMessage", code, words, **parameters)
    with pytest.raises(PlatformError) as caught:
        await send(sends, TextPart(text="<b>a</b>"))
    assert type(caught.value) is error
    assert len(telegram.calls) == 1


@pytest.mark.parametrize("result", [True, {}, {"message_id": None}, {"message_id": "x"}])
async def test_a_message_without_a_name_is_uncertain(sends: Sends, telegram: Telegram, result: Any) -> None:
    telegram.next["sendMessage"].append((200, {"ok": True, "result": result}))
    with pytest.raises(SendUncertain):
        await send(sends, TextPart(text="a"))


# --- rich messages

RICH = TextPart(text="<b>t</b>", source="# t")


async def test_a_rich_message_goes_only_where_it_can_be_seen(sends: Sends, telegram: Telegram) -> None:
    await send(sends, RICH)
    sends.saw_rich("55501")
    await send(sends, RICH)
    await send(sends, TextPart(text="no source"))
    await send(sends, RICH, GROUP)
    assert methods(telegram) == ["sendMessage", "sendRichMessage", "sendMessage", "sendMessage"]


@pytest.mark.parametrize(("rich", "can"), [("on", True), ("off", False)])
def test_the_configuration_has_the_last_word_on_rich_messages(rich: Any, can: bool) -> None:
    sends = Sends(cast("Client", None), rich=rich)
    sends.saw_rich("1")
    assert (sends.can_rich("1"), sends.can_rich("2")) == (can, can)


@pytest.mark.parametrize(
    ("code", "words"), [(400, "Bad Request: RICH_MESSAGE_INVALID"), (404, "Not Found: method not found")]
)
async def test_a_refused_rich_message_goes_in_marks_and_then_plain(
    sends: Sends, telegram: Telegram, code: int, words: str
) -> None:
    sends.saw_rich("55501")
    telegram.refuse("sendRichMessage", code, words)
    telegram.refuse("sendMessage", 400, BAD_MARKS)
    assert await send(sends, RICH) == "55501:100"
    assert methods(telegram) == ["sendRichMessage", "sendMessage", "sendMessage"]
    assert telegram.calls[-1][1]["text"] == "t"


async def test_nobody_who_shut_the_bot_out_is_asked_a_second_time(sends: Sends, telegram: Telegram) -> None:
    sends.saw_rich("55501")
    telegram.refuse("sendRichMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(RecipientUnreachable):
        await send(sends, RICH)
    assert len(telegram.calls) == 1


# --- what is shown meanwhile


async def test_typing_is_shown_in_the_topic(sends: Sends, telegram: Telegram) -> None:
    await sends.show_typing(GROUP, "-1001:3")
    assert telegram.calls == [("sendChatAction", {"chat_id": -1001, "message_thread_id": 7, "action": "typing"})]


async def test_a_chat_that_is_to_wait_gets_no_typing_and_no_progress(sends: Sends, telegram: Telegram) -> None:
    telegram.refuse("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600)
    with pytest.raises(SendDeferred):
        await send(sends, TextPart(text="a"), GROUP)
    await sends.show_typing(GROUP, "-1001:3")
    assert await sends.show_progress(GROUP, 1, "looking", "-1001:100") == "-1001:100"
    assert await sends.show_progress(GROUP, 1, "looking", None) is None
    assert len(telegram.calls) == 1
    await sends.show_typing(TO, "55501:3")
    assert len(telegram.calls) == 2


async def test_progress_in_a_chat_of_two_is_a_draft_with_a_stop_button(sends: Sends, telegram: Telegram) -> None:
    assert await sends.show_progress(TO, 3, "looking at <web-1>", None) is None
    assert await sends.show_progress(TO.model_copy(update={"thread": "9"}), 3, "😀" * 3000, None) is None
    (_, first), (_, second) = telegram.calls
    assert methods(telegram) == ["sendMessageDraft"] * 2
    assert first == {"chat_id": 55501, "draft_id": 3, "text": "looking at <web-1>", "can_stop": True}
    assert second["message_thread_id"] == 9
    assert len(second["text"].encode("utf-16-le")) // 2 <= 4096


async def test_three_failures_in_a_row_end_the_drafts_of_one_run(sends: Sends, telegram: Telegram) -> None:
    async def fail(times: int) -> None:
        for _ in range(times):
            telegram.refuse("sendMessageDraft", 500, "Internal Server Error")
            with pytest.raises(SendDeferred):
                await sends.show_progress(TO, 3, "a", None)

    await fail(2)
    await sends.show_progress(TO, 3, "a", None)
    await fail(3)
    asked = len(telegram.calls)
    assert await sends.show_progress(TO, 3, "a", None) is None
    assert len(telegram.calls) == asked
    await sends.show_progress(TO, 4, "a", None)
    assert len(telegram.calls) == asked + 1


async def test_progress_in_a_group_is_one_message_that_changes_and_goes(sends: Sends, telegram: Telegram) -> None:
    shown = await sends.show_progress(GROUP, 3, "looking", None)
    assert shown == "-1001:100"
    assert await sends.show_progress(GROUP, 3, "reading", shown) == shown
    telegram.refuse("editMessageText", 400, "Bad Request: message is not modified")
    assert await sends.show_progress(GROUP, 3, "reading", shown) == shown
    await sends.hide_progress(GROUP, shown)
    telegram.refuse("deleteMessage", 400, "Bad Request: message to delete not found")
    await sends.hide_progress(GROUP, shown)
    change = {"chat_id": -1001, "message_id": 100, "text": "reading", **PLAIN}
    gone = {"chat_id": -1001, "message_id": 100}
    assert telegram.calls == [
        (
            "sendMessage",
            {"chat_id": -1001, "message_thread_id": 7, "text": "looking", **PLAIN, "disable_notification": True},
        ),
        ("editMessageText", change),
        ("editMessageText", change),
        ("deleteMessage", gone),
        ("deleteMessage", gone),
    ]


# --- taps and the menu


def press(event_id: str) -> ButtonPress:
    return ButtonPress(
        platform="telegram",
        account="telegram:1",
        event_id=event_id,
        chat_id="55501",
        sender=Sender(user_id="55501"),
        action_id="a",
        form="callback",
    )


async def test_a_tap_is_answered_and_too_late_harms_nobody(sends: Sends, telegram: Telegram) -> None:
    await sends.answer_press(press("callback:42"))
    telegram.refuse("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    await sends.answer_press(press("callback:42"))
    await sends.answer_press(press("update:7"))
    assert telegram.calls == [("answerCallbackQuery", {"callback_query_id": "42"})] * 2


async def test_the_menu_is_told_in_each_language_and_taken_away_where_it_is_empty(
    sends: Sends, telegram: Telegram
) -> None:
    listed = [
        MenuCommand("help", "What I can do"),
        MenuCommand("not-for-telegram", "x"),
        MenuCommand("long", "d" * 300),
        MenuCommand("bare", ""),
    ]
    await sends.publish_menu({Language.ENGLISH: listed, Language.ARABIC: []})
    default = {"scope": {"type": "default"}}
    assert telegram.calls == [
        (
            "setMyCommands",
            {
                "commands": [
                    {"command": "help", "description": "What I can do"},
                    {"command": "long", "description": "d" * 255 + "…"},
                    {"command": "bare", "description": "bare"},
                ],
                **default,
                "language_code": "",
            },
        ),
        ("deleteMyCommands", {**default, "language_code": "ar"}),
    ]
