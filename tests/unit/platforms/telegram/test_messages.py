"""What people write to a bot, as events."""

from datetime import UTC, datetime
from typing import Any

import pytest

from aof.domain.message import ChatMoved, InboundMessage, Media, Notice, Unreadable
from tests.unit.platforms.telegram.updates import (
    AMINA,
    AT,
    BOT,
    FORUM,
    GROUP,
    OTHER_BOT,
    PRIVATE,
    Json,
    bot,
    mark,
    message,
    read,
)


def said(node: Json, **more: Any) -> InboundMessage:
    event = read("message", node, **more)
    assert isinstance(event, InboundMessage)
    return event


def test_a_text_says_who_where_and_when() -> None:
    event = said(message("disk full?"))
    assert (event.platform, event.account, event.event_id) == ("telegram", "telegram:9001", "55501:7")
    assert (event.chat_id, event.group, event.thread, event.addressed) == ("55501", False, "", True)
    assert (event.sender.user_id, event.sender.number, event.sender.name) == ("55501", None, "Amina Haddad")
    assert (event.text, event.sent_at) == ("disk full?", datetime.fromtimestamp(AT, UTC))


def test_ids_may_be_written_as_text() -> None:
    event = said(message(chat={"id": "55501", "type": "private"}, message_id="7", **{"from": {"id": "55501"}}))
    assert (event.event_id, event.sender.user_id) == ("55501:7", "55501")


def test_ids_of_more_than_32_bits_are_kept_whole() -> None:
    event = said(message(chat={"id": -(2**52), "type": "supergroup"}, **{"from": {"id": 2**52}}))
    assert (event.chat_id, event.sender.user_id) == (str(-(2**52)), str(2**52))


@pytest.mark.parametrize(
    ("node", "media"),
    [
        (
            {"document": {"file_id": "D1", "file_name": "pod.log", "mime_type": "text/plain", "file_size": 7}},
            Media(kind="document", id="D1", mime_type="text/plain", filename="pod.log", summary="pod.log"),
        ),
        (
            # the largest, wherever it stands
            {"photo": [{"file_id": "big", "width": 9, "height": 9}, {"file_id": "s", "width": 3, "height": 3}]},
            Media(kind="image", id="big"),
        ),
        (
            {
                "animation": {"file_id": "A1", "mime_type": "video/mp4"},
                "document": {"file_id": "A1", "mime_type": "video/mp4"},
            },
            Media(kind="video", id="A1", mime_type="video/mp4"),
        ),
        ({"live_photo": {"file_id": "V"}, "photo": [{"file_id": "P"}]}, Media(kind="image", id="P")),
        ({"voice": {"file_id": "V1", "mime_type": "audio/ogg"}}, Media(kind="voice", id="V1", mime_type="audio/ogg")),
        (
            {"audio": {"file_id": "S1", "performer": "Fairuz", "title": "Nassam"}},
            Media(kind="audio", id="S1", summary="Fairuz – Nassam"),
        ),
        ({"video_note": {"file_id": "N1"}}, Media(kind="video", id="N1")),
        ({"sticker": {"file_id": "K1", "emoji": "🛠"}}, Media(kind="sticker", id="K1", summary="🛠")),
        (
            {"venue": {"title": "Rack 4", "address": "Hall 2"}, "location": {"latitude": 1.5, "longitude": 2}},
            Media(kind="location", summary="Rack 4, Hall 2"),
        ),
        ({"location": {"latitude": 55.5, "longitude": -3}}, Media(kind="location", summary="55.5, -3")),
        (
            {"contact": {"first_name": "Ben", "last_name": "Ito", "phone_number": "+1"}},
            Media(kind="contacts", summary="Ben Ito"),
        ),
        ({"poll": {"question": "Roll back?"}}, Media(kind="unsupported", summary="poll: Roll back?")),
        ({"dice": {"emoji": "🎲", "value": 3}}, Media(kind="unsupported", summary="dice: 🎲")),
        ({"paid_media": {}}, Media(kind="unsupported", summary="paid media")),
        ({"story": {}}, Media(kind="unsupported", summary="story")),
        # what is not as it should be is still something that somebody sent
        ({"document": "x"}, Media(kind="document")),
        ({"photo": {}}, Media(kind="image")),
    ],
)
def test_a_file_or_something_else_comes_along(node: Json, media: Media) -> None:
    event = said(message(None, caption="look", **node))
    assert (event.media, event.text) == (media, "look")


def test_the_pieces_of_an_album_are_messages_of_their_own() -> None:
    album = {"media_group_id": "14", "photo": [{"file_id": "P"}]}
    first, second = said(message(None, number=5, **album)), said(message(None, number=6, **album))
    assert (first.event_id, second.event_id) == ("55501:5", "55501:6")


# --- replies and topics


def test_a_reply_names_the_message_it_answers_to() -> None:
    event = said(message("yes", reply_to_message={"message_id": 3, "from": BOT, "chat": PRIVATE}))
    assert event.reply_to == "55501:3"


@pytest.mark.parametrize("chat", [FORUM, PRIVATE], ids=["forum", "private"])
def test_a_topic_is_a_thread(chat: Json) -> None:
    event = said(message("/status", chat=chat, message_thread_id=44, is_topic_message=True))
    assert event.thread == "44"


@pytest.mark.parametrize(
    "node",
    [
        {"message_thread_id": 12},  # a row of replies in a group without topics
        {"message_thread_id": 1, "is_topic_message": True},  # the general topic
        {"is_topic_message": True},
        {"message_thread_id": -5, "is_topic_message": True},
    ],
)
def test_what_is_no_topic_of_its_own_has_no_thread(node: Json) -> None:
    assert said(message("/status", chat=FORUM, **node)).thread == ""


@pytest.mark.parametrize(
    "beginning",
    [{"message_id": 44, "from": BOT}, {"message_id": 43, "from": BOT, "forum_topic_created": {"name": "INC-1"}}],
)
def test_the_beginning_of_a_topic_is_nothing_that_is_answered_to(beginning: Json) -> None:
    event = said(
        message("hm", chat=FORUM, message_thread_id=44, is_topic_message=True, reply_to_message=beginning),
    )
    assert (event.reply_to, event.addressed) == (None, False)


# --- groups

MENTIONED = "🔥🔥 @ops_example_bot restart web-3"


@pytest.mark.parametrize(
    ("text", "marks", "words"),
    [
        ("/status prod", [], "/status prod"),
        ("/status@ops_example_bot prod", [], "/status prod"),
        ("/STATUS@OPS_EXAMPLE_BOT", [], "/STATUS"),
        ("/averyveryverylongcommand@ops_example_bot x", [("bot_command", 0)], "/averyveryverylongcommand x"),
        ("@Ops_Example_Bot restart web-3", [("mention", "@Ops_Example_Bot")], "restart web-3"),
        ("@ops_example_bot, restart", [("mention", "@ops_example_bot")], "restart"),
        ("restart web-3 @ops_example_bot", [("mention", "@ops_example_bot")], "restart web-3"),
        (MENTIONED, [("mention", "@ops_example_bot")], "🔥🔥 restart web-3"),
        ("@ops_example_bot", [("mention", "@ops_example_bot")], "@ops_example_bot"),
        ("try /status@ops_example_bot", [("bot_command", "/status@ops_example_bot")], "try /status"),
        ("𝒜 @ops_example_bot\nsecond", [("mention", "@ops_example_bot")], "𝒜\nsecond"),
    ],
)
def test_who_names_the_bot_in_a_group_speaks_to_it(text: str, marks: list[tuple[str, Any]], words: str) -> None:
    entities = [mark(kind, text, piece or text.split(" ", maxsplit=1)[0]) for kind, piece in marks]
    event = said(message(text, chat=GROUP, entities=entities))
    assert (event.addressed, event.text) == (True, words)


def test_a_bot_without_a_name_in_the_text_is_named_by_its_id() -> None:
    text = "Ops, status"
    ours, theirs = (mark("text_mention", text, "Ops", user={"id": one}) for one in (9001, 9002))
    assert said(message(text, chat=GROUP, entities=[ours])).text == "status"
    event = said(message(text, chat=GROUP, entities=[theirs]))
    assert (event.addressed, event.text) == (False, text)


@pytest.mark.parametrize(
    "node",
    [
        message("the disk is full", chat=GROUP),
        message("/status@other_bot", chat=GROUP),
        message("/status@other_bot", chat=GROUP, reply_to_message={"message_id": 3, "from": BOT}),
        message("@other_bot hi", chat=GROUP, entities=[mark("mention", "@other_bot hi", "@other_bot")]),
        message("mail me@ops_example_bot.test", chat=GROUP),  # nothing marked it
        message("either/or", chat=GROUP),
        message("/ status", chat=GROUP),
        message("/etc/passwd", chat=GROUP),
        message("yes", chat=GROUP, reply_to_message={"message_id": 3, "from": AMINA}),
        message("yes", chat=GROUP, external_reply={"origin": {"type": "user", "sender_user": BOT}}),
        message("x", chat=GROUP, entities=[{"type": "mention", "offset": 5, "length": 10**9}, "x", {}, {"type": 3}]),
    ],
    ids=lambda node: node["text"],
)
def test_what_people_of_a_group_say_to_each_other_is_not_for_the_bot(node: Json) -> None:
    event = said(node)
    assert (event.addressed, event.text) == (False, node["text"])


def test_an_answer_to_the_bot_and_a_caption_that_names_it_are_for_it() -> None:
    assert said(message("yes", chat=GROUP, reply_to_message={"message_id": 3, "from": BOT})).addressed
    caption = "@ops_example_bot what is this"
    entities = [mark("mention", caption, "@ops_example_bot")]
    event = said(message(None, chat=GROUP, photo=[{"file_id": "P"}], caption=caption, caption_entities=entities))
    assert (event.addressed, event.text) == (True, "what is this")


def test_in_a_chat_of_two_everything_is_for_the_bot() -> None:
    assert said(message("/status@other_bot")).addressed
    assert said(message("/start abc-123_X")).text == "/start abc-123_X"
    assert said(message("/start@ops_example_bot abc")).text == "/start abc"


def test_before_the_bots_name_is_known_any_bot_may_be_this_one() -> None:
    assert said(message("/status@ops_example_bot", chat=GROUP), at=bot(None)).addressed
    assert not said(message("/status@somebody", chat=GROUP), at=bot(None)).addressed


# --- who is somebody


@pytest.mark.parametrize(
    "node",
    [
        # an anonymous administrator, with the custom title
        {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}, "sender_chat": GROUP},
        {"from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
        # a person in the name of a channel, and a channel's post in its discussion group
        {"from": {"id": 136817688, "is_bot": True}, "sender_chat": {"id": -1009, "type": "channel", "title": "News"}},
        {"from": {"id": 777000, "is_bot": False}, "sender_chat": {"id": -1009, "type": "channel", "title": "News"}},
        # who claims to be somebody beside it
        {"from": AMINA, "sender_chat": GROUP},
        {"from": None},
        {"from": {"id": -5}},
        {"from": "Amina"},
    ],
)
def test_nobody_is_authorised_by_what_nobody_says(node: Json) -> None:
    event = said(message("/approve", chat=GROUP, **node))
    assert (event.sender.key, event.addressed) == ("", True)


def test_an_anonymous_administrators_title_is_shown() -> None:
    node = message("/x", chat=GROUP, sender_chat=GROUP, author_signature="Chief")
    assert said(node).sender.name == "Chief"
    del node["author_signature"]
    assert said(node).sender.name == "prod-oncall"


@pytest.mark.parametrize(
    ("node", "about", "subject"),
    [
        (message("hello", chat=GROUP, **{"from": OTHER_BOT}), "bot", "gif"),
        (message("/approve", via_bot=OTHER_BOT), "via_bot", "gif"),
        (message(None, chat=GROUP, new_chat_members=[BOT]), "new_chat_members", ""),
        (message(None, successful_payment={"currency": "USD"}), "successful_payment", ""),
        (message(None, chat=FORUM, forum_topic_created={"name": "x"}), "forum_topic_created", ""),
        (message(None, web_app_data={"data": "/approve"}), "web_app_data", ""),
    ],
)
def test_what_no_person_says_is_kept_and_not_answered(node: Json, about: str, subject: str) -> None:
    event = read("message", node)
    assert isinstance(event, Notice)
    assert (event.about, event.subject, event.event_id) == (about, subject, "update:800000001")


# --- groups that move


def test_both_words_on_a_move_are_the_same_event() -> None:
    old = read("message", message(None, chat={"id": -4567, "type": "group"}, migrate_to_chat_id=-1009999))
    new = read("message", message(None, chat={"id": -1009999, "type": "supergroup"}, migrate_from_chat_id=-4567))
    assert isinstance(old, ChatMoved)
    assert isinstance(new, ChatMoved)
    assert (old.old_chat, old.new_chat, old.event_id) == ("-4567", "-1009999", "moved:-4567:-1009999")
    assert (new.old_chat, new.new_chat, new.event_id) == (old.old_chat, old.new_chat, old.event_id)


# --- for one person's eyes

EPHEMERAL = {"ephemeral_message_id": 77, "receiver_user": BOT, "number": 0, "chat": GROUP}


def test_what_only_the_bot_sees_in_a_group_is_answered_where_only_they_see_it() -> None:
    event = said(message("/secret", **EPHEMERAL))
    assert (event.chat_id, event.group, event.thread, event.sender.key) == ("55501", False, "", "55501")
    # Telegram gives the same number again
    assert event.event_id == "update:800000001"


@pytest.mark.parametrize("more", [{"receiver_user": AMINA}, {"from": None}, {"sender_chat": GROUP}])
def test_what_is_for_somebody_elses_eyes_is_not_answered(more: Json) -> None:
    event = read("message", message("/secret", **{**EPHEMERAL, **more}))
    assert isinstance(event, Notice)
    assert event.about == "ephemeral"


# --- rich messages


def blocks(*found: Json) -> Json:
    return {"rich_message": {"blocks": list(found)}}


def cell(text: object) -> Json:
    return {"text": text, "align": "left", "valign": "top"}


def paragraph(*words: object) -> Json:
    return {"type": "paragraph", "text": list(words)}


RICH: list[tuple[Json, str]] = [
    ({"type": "heading", "size": 2, "text": "Report"}, "## Report"),
    ({"type": "heading", "size": 99, "text": ["Re", {"type": "bold", "text": "port"}]}, "###### Report"),
    (paragraph("CPU ", {"type": "bold", "text": ["9", {"type": "italic", "text": "7%"}]}), "CPU 97%"),
    (paragraph("run ", {"type": "code", "text": "df -h"}), "run `df -h`"),
    (paragraph({"type": "url", "text": "here", "url": "https://a.test"}), "here (https://a.test)"),
    (paragraph({"type": "url", "text": "https://a.test", "url": "https://a.test"}), "https://a.test"),
    (paragraph({"type": "custom_emoji", "custom_emoji_id": "5", "alternative_text": "🔥"}), "🔥"),
    (paragraph({"type": "mention", "text": "@ops_example_bot", "username": "ops_example_bot"}, " restart"), "restart"),
    (paragraph({"type": "mention", "text": "@amina", "username": "amina"}, " restart"), "@amina restart"),
    ({"type": "pre", "language": "sh", "text": "df -h"}, "```sh\ndf -h\n```"),
    ({"type": "table", "cells": [[cell("host"), cell("cpu")], [cell("web"), cell("97")]]},
     "| host | cpu |\n|---|---|\n| web | 97 |"),
    ({"type": "list", "items": [{"label": "•", "blocks": [paragraph("one")]}, {"label": "2.",
      "blocks": [paragraph("two")], "has_checkbox": True, "is_checked": True}]}, "- one\n2. [x] two"),
    ({"type": "blockquote", "blocks": [paragraph("a"), paragraph("b")]}, "> a\n> \n> b"),
    ({"type": "expandable_blockquote", "text": "a"}, "> a"),
    ({"type": "details", "summary": "More", "blocks": [paragraph("inside")]}, "More\n\ninside"),
    ({"type": "photo", "photo": [], "caption": {"text": "the rack"}}, "the rack"),
    ({"type": "not yet known", "text": "still words"}, "still words"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "text"), RICH)
def test_a_rich_message_is_read_as_text(block: Json, text: str) -> None:
    rich: list[str] = []
    event = said(message(None, **blocks(block)), at=bot(rich=rich))
    assert (event.text, event.media) == (text, None)
    # the app that wrote it can show one
    assert rich == ["55501"]


def test_a_rich_message_names_the_bot_in_a_group_which_says_nothing_of_other_peoples_apps() -> None:
    rich: list[str] = []
    named = paragraph({"type": "text_mention", "text": "Ops", "user": BOT}, " status")
    event = said(message(None, chat=GROUP, **blocks(named)), at=bot(rich=rich))
    assert (event.text, event.addressed, rich) == ("status", True, [])
    assert said(message(None, chat=GROUP, **blocks(paragraph("/status@ops_example_bot")))).text == "/status"
    assert not said(message(None, chat=GROUP, **blocks(paragraph("hm")))).addressed


def test_a_rich_message_without_words_is_something_that_can_not_be_read() -> None:
    event = said(message(None, **blocks({"type": "divider"})))
    assert event.media == Media(kind="unsupported", summary="rich message")


def test_blocks_within_blocks_end_somewhere() -> None:
    nested: Json = paragraph("the bottom")
    for _ in range(200):
        nested = {"type": "details", "summary": "x", "blocks": [nested]}
    text = said(message(None, **blocks(nested))).text
    assert "bottom" not in text
    assert text.count("x") == 32


# --- what can't be read


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (message("x", chat={}), "message: names no chat"),
        (message("x", chat={"id": 0, "type": "private"}), "message: names no chat"),
        (message("x", number=0), "message: message_id is no usable number"),
        (message("x", message_id=True), "message: message_id is no usable number"),
        ({**message(None), "text": {}}, "message: text is no text"),
        (message(None, hologram={"file_id": "x"}), "a message that holds nothing known"),
        (message(None), "a message that holds nothing known"),
        ([], "message: message is no object"),
    ],
)
def test_what_can_not_be_read_is_kept_with_the_reason(node: Any, reason: str) -> None:
    event = read("message", node)
    assert isinstance(event, Unreadable)
    assert event.reason == reason
