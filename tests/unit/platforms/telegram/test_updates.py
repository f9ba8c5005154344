"""Every other kind of update, and bodies that are none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.errors import PayloadRejected
from aof.domain.message import (
    ButtonPress,
    InboundEvent,
    InboundMessage,
    Notice,
    Reachability,
    Reaction,
    Spoken,
    Unreadable,
)
from aof.platforms.telegram.parse import events_of
from aof.platforms.telegram.parse.update import NOTED, READ
from tests.unit.platforms.telegram.updates import (
    AMINA,
    BOT,
    FORUM,
    GROUP,
    OTHER_BOT,
    PRIVATE,
    Json,
    body,
    bot,
    message,
    read,
    tap,
)

KEYBOARD = {"inline_keyboard": [[{"text": "Ack", "callback_data": "ack"}], [{"text": "No", "callback_data": "no"}]]}
CARRIER = message("CPU 97%", chat=FORUM, number=501, message_thread_id=12, is_topic_message=True, reply_markup=KEYBOARD)


def press(node: Json) -> ButtonPress:
    event = read("callback_query", node)
    assert isinstance(event, ButtonPress)
    return event


def test_a_tap_says_who_tapped_what_and_where() -> None:
    event = press(tap("no", CARRIER))
    assert (event.event_id, event.form, event.action_id, event.title) == (
        "callback:4300000000000000001",
        "callback",
        "no",
        "No",
    )
    assert (event.chat_id, event.group, event.thread) == ("-1001234567890", True, "12")
    assert (event.sender.key, event.shown, event.sent_at) == ("55501", "-1001234567890:501", None)


def test_a_tap_under_a_message_that_is_too_old_to_be_shown_counts() -> None:
    event = press(tap("ack", {"chat": GROUP, "message_id": 2, "date": 0}))
    assert (event.chat_id, event.shown, event.title, event.thread) == ("-1001234567890", "-1001234567890:2", "", "")


@pytest.mark.parametrize("more", [{"inline_message_id": "1234csdbsk4839"}, {}])
def test_a_tap_under_a_message_that_is_not_told_belongs_to_the_persons_own_chat(more: Json) -> None:
    event = press(tap("ack", **more))
    assert (event.chat_id, event.group, event.shown) == ("55501", False, None)


def test_a_query_may_be_named_by_a_number() -> None:
    assert press(tap("ack", CARRIER, id=134567890097)).event_id == "callback:134567890097"


def test_an_anonymous_tap_authorises_nobody() -> None:
    assert press(tap("ack", CARRIER, **{"from": {"id": 1087968824, "is_bot": True}})).sender.key == ""
    assert press(tap("ack", CARRIER, **{"from": OTHER_BOT})).sender.key == ""


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (tap("ack", CARRIER, id=None), "callback_query: id is no usable id"),
        (tap("ack", CARRIER, id=True), "callback_query: id is no usable id"),
        (tap("ack", CARRIER, **{"from": None}), "callback_query: from is no object"),
        (tap("ack", {"message_id": 3}), "callback_query: names no chat"),
        (tap("ack", **{"from": BOT}), "callback_query: names no chat and nobody"),
    ],
)
def test_a_tap_that_says_too_little_is_kept_with_the_reason(node: Json, reason: str) -> None:
    event = read("callback_query", node)
    assert isinstance(event, Unreadable)
    assert event.reason == reason


# --- reactions


def reaction(before: list[Any], after: list[Any], **more: Any) -> Json:
    whole = {"chat": PRIVATE, "message_id": 9, "user": AMINA, "date": 1, "old_reaction": before, "new_reaction": after}
    return {**whole, **more}


LIKE, FIRE = {"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🔥"}


@pytest.mark.parametrize(
    ("before", "after", "emoji"),
    [
        ([], [LIKE], "👍"),
        ([LIKE], [LIKE, FIRE], "🔥"),
        ([LIKE], [], ""),
        ([LIKE, FIRE], [LIKE], "👍"),
        ([], [{"type": "custom_emoji", "custom_emoji_id": "5"}], "custom_emoji"),
        ([], [{"type": "paid"}], "paid"),
    ],
)
def test_a_reaction_is_what_was_added(before: list[Any], after: list[Any], emoji: str) -> None:
    event = read("message_reaction", reaction(before, after))
    assert isinstance(event, Reaction)
    assert (event.message_id, event.emoji, event.sender.key) == ("55501:9", emoji, "55501")


def test_an_anonymous_reaction_is_nobodys() -> None:
    node = reaction([], [LIKE], chat=GROUP, actor_chat=GROUP)
    del node["user"]
    event = read("message_reaction", node)
    assert isinstance(event, Reaction)
    assert (event.sender.key, event.group) == ("", True)


# --- who lets the bot in


def membership(status: str, chat: Json = PRIVATE) -> InboundEvent:
    node = {"chat": chat, "from": AMINA, "date": 5, "old_chat_member": {}, "new_chat_member": {"status": status}}
    return read("my_chat_member", node)


@pytest.mark.parametrize(("status", "reachable"), [("kicked", False), ("member", True)])
def test_a_person_shuts_the_bot_out_and_lets_it_in_again(status: str, reachable: bool) -> None:
    event = membership(status)
    assert isinstance(event, Reachability)
    assert (event.sender.key, event.reachable) == ("55501", reachable)


@pytest.mark.parametrize(("status", "chat"), [("kicked", GROUP), ("member", GROUP), ("left", PRIVATE)])
def test_what_a_group_does_with_the_bot_is_no_word_on_a_person(status: str, chat: Json) -> None:
    event = membership(status, chat)
    assert isinstance(event, Notice)
    assert (event.about, event.subject) == ("my_chat_member", status)


# --- the stop button


def test_the_stop_button_is_a_command_and_shows_an_app_that_knows_rich_messages() -> None:
    rich: list[str] = []
    event = read(
        "stopped_message_generation", {"chat": PRIVATE, "message_thread_id": 44, "draft_id": 7}, at=bot(rich=rich)
    )
    assert isinstance(event, InboundMessage)
    assert (event.text, event.chat_id, event.thread, event.sender.key) == ("/cancel", "55501", "44", "55501")
    assert (event.event_id, event.addressed, rich) == ("update:800000001", True, ["55501"])


def test_a_stop_button_in_a_group_stops_nothing() -> None:
    event = read("stopped_message_generation", {"chat": GROUP, "draft_id": 7})
    assert isinstance(event, Notice)


# --- edits


def test_an_edit_is_kept_and_not_answered() -> None:
    event = read("edited_message", message("disk!", edit_date=1782345999))
    assert isinstance(event, Notice)
    assert (event.about, event.subject, event.event_id) == ("edited", "55501:7", "edit:55501:7:1782345999")


def test_an_edit_of_what_people_of_a_group_say_to_each_other_is_not_kept() -> None:
    assert events_of(body("edited_message", message("lunch at two", chat=GROUP, edit_date=1)), bot()) == []
    event = read("edited_message", message("/status@ops_example_bot", chat=GROUP, edit_date=1))
    assert isinstance(event, Notice)
    answer = message("yes", chat=GROUP, edit_date=1, reply_to_message={"message_id": 3, "from": BOT})
    assert isinstance(read("edited_message", answer), Notice)


# --- other kinds


@pytest.mark.parametrize("kind", sorted(NOTED))
def test_a_kind_that_nobody_asked_for_is_kept(kind: str) -> None:
    event = read(kind, message("/approve", chat={"id": -100, "type": "channel"}))
    assert isinstance(event, Notice)
    assert (event.about, event.event_id) == (kind, "update:800000001")


def test_a_kind_that_nobody_knows_is_quarantined_whole() -> None:
    event = read("hologram", {"chat": PRIVATE})
    assert isinstance(event, Unreadable)
    assert event.reason == "unknown kind of update: hologram"
    assert json.loads(event.raw) == {"update_id": 800_000_001, "hologram": {"chat": PRIVATE}}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b"{",
        b'{"message":{}}',
        b'{"update_id":"x"}',
        b'{"update_id":-1}',
        b'{"update_id":true,"message":{}}',
        b'{"update_id":' + b"9" * 5000 + b"}",
        b"[" * 200_000,
        b'{"update_id":1,"message":' + b'{"a":' * 200_000,
    ],
    ids=lambda payload: repr(payload[:30]),
)
def test_a_body_without_a_number_is_no_update(payload: bytes) -> None:
    with pytest.raises(PayloadRejected) as caught:
        events_of(payload, bot())
    assert caught.value.__cause__ is None


def test_what_was_said_is_kept_as_it_was_written() -> None:
    text = "مرحبا 🔥 \x00"
    written = json.dumps({"update_id": 5, "message": message(text)}, ensure_ascii=False).encode()
    (event,) = events_of(written, bot())
    assert isinstance(event, Spoken)
    assert event.raw.isascii()
    assert json.loads(event.raw)["message"]["text"] == text
    # a store takes no NUL
    assert isinstance(event, InboundMessage)
    assert event.text == "مرحبا 🔥 \ufffd"


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from([AMINA, FORUM]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "chat", "from", "message_id", "id", "text", "entities", "type", "offset", "length", "photo", "data",
                "message", "rich_message", "blocks", "cells", "reply_to_message", "new_chat_member", "status",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(kind=st.sampled_from(READ), node=anything)
def test_whatever_stands_in_an_update_it_is_one_event_or_nobodys(kind: str, node: Any) -> None:
    payload = json.dumps({"update_id": 5, kind: node}).encode()
    events = events_of(payload, bot())
    assert events_of(payload, bot()) == events
    assert len(events) == 1 or (not events and kind == "edited_message")
    for event in events:
        # what the store gets, it can write
        event.model_dump_json().encode()
