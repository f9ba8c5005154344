"""Every type of message becomes the event it is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aof.domain.message import ButtonPress, IdentityChanged, InboundMessage, Media, Notice, Reaction, Sender, Unreadable
from tests.unit.platforms.whatsapp.webhooks import (
    ACCOUNT,
    OUR_NUMBER,
    PABLO,
    SHEENA,
    SHEENA_ID,
    Json,
    contact,
    item,
    only,
    parse,
    parse_items,
    value,
    webhook,
)


def test_a_text_says_who_where_when_and_what() -> None:
    one = item(context={"from": OUR_NUMBER, "id": "wamid.asked"})
    event = only(parse_items(one, contacts=[contact(user_id=SHEENA_ID)]))
    assert event == InboundMessage(
        platform="whatsapp",
        account=ACCOUNT,
        event_id="wamid.one",
        chat_id=SHEENA_ID,
        sender=Sender(user_id=SHEENA_ID, number=f"+{SHEENA}", name="Sheena"),
        sent_at=datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC),
        text="disk",
        reply_to="wamid.asked",
        raw=json.dumps(one, separators=(",", ":")),
    )


FILE = {"id": "1003383421387256", "mime_type": "x/y", "sha256": "wvqXMe6n=", "url": "https://lookaside.test/1"}


@pytest.mark.parametrize(
    ("type_", "node", "text", "media"),
    [
        ("image", {**FILE, "caption": "the graph"}, "the graph", {"kind": "image"}),
        ("video", {**FILE, "caption": "ساعة"}, "ساعة", {"kind": "video"}),
        ("audio", FILE, "", {"kind": "audio"}),
        ("audio", {**FILE, "voice": False}, "", {"kind": "audio"}),
        ("audio", {**FILE, "voice": True}, "", {"kind": "voice"}),
        ("voice", FILE, "", {"kind": "voice"}),
        (
            "document",
            {**FILE, "filename": "app.log"},
            "",
            {"kind": "document", "filename": "app.log", "summary": "app.log"},
        ),
        ("sticker", {**FILE, "animated": True}, "", {"kind": "sticker"}),
    ],
)
def test_a_file_keeps_its_caption_and_its_id(type_: str, node: Json, text: str, media: Json) -> None:
    event = only(parse_items(item(type_, node)))
    assert event.text == text
    assert event.media == Media.model_validate({"id": FILE["id"], "mime_type": "x/y", "sha256": "wvqXMe6n=", **media})


@pytest.mark.parametrize(
    ("type_", "node", "text", "summary"),
    [
        (
            "location",
            {"latitude": 37.5, "longitude": -122, "name": "Philz", "address": "101 Ave"},
            "",
            "Philz, 101 Ave",
        ),
        ("location", {"latitude": 37.5, "longitude": -122}, "", "37.5, -122"),
        (
            "contacts",
            [{"name": {"formatted_name": "Barbara"}}, "a string", {"name": {"formatted_name": "لوسيا"}}],
            "",
            "Barbara, لوسيا",
        ),
        (
            "order",
            {"text": "please", "product_items": [{"product_retailer_id": "di9", "quantity": 2, "item_price": 30}]},
            "please",
            "2 × di9",
        ),
        ("order", {"product_items": [{"product_retailer_id": str(n), "quantity": 1} for n in range(12)]}, "", None),
        ("unsupported", {"type": "poll_creation"}, "", "poll_creation"),
    ],
)
def test_what_is_no_file_is_told_in_a_few_words(type_: str, node: Any, text: str, summary: str | None) -> None:
    event = only(parse_items(item(type_, node)))
    assert (event.text, event.media.kind) == (text, type_)
    assert event.media.summary == (summary or ", ".join(f"1 × {n}" for n in range(10)) + " and 2 more")


def test_an_unsupported_message_without_a_type_tells_metas_words() -> None:
    one = item("unsupported", errors=[{"code": 131051, "title": "Message type unknown", "message": "x"}])
    assert only(parse_items(one)).media == Media(kind="unsupported", summary="Message type unknown")


@pytest.mark.parametrize(
    ("node", "form", "action_id", "title"),
    [
        (
            {"type": "button_reply", "button_reply": {"id": "view_logs", "title": "View Logs"}},
            "button",
            "view_logs",
            "View Logs",
        ),
        ({"type": "list_reply", "list_reply": {"id": "r 1", "title": "T", "description": "D"}}, "list", "r 1", "T"),
    ],
)
def test_a_tap_is_a_press_of_its_own_type(node: Json, form: str, action_id: str, title: str) -> None:
    event = only(parse_items(item("interactive", node, context={"from": OUR_NUMBER, "id": "wamid.shown"})))
    assert isinstance(event, ButtonPress)
    assert (event.form, event.action_id, event.title, event.shown) == (form, action_id, title, "wamid.shown")
    assert event.text == f"{form}:{action_id}"


@pytest.mark.parametrize("typed", ["button:view_logs", "list:view_logs"])
def test_typing_the_words_of_a_press_is_no_press(typed: str) -> None:
    assert isinstance(only(parse_items(item(node={"body": typed}))), InboundMessage)


@pytest.mark.parametrize(
    ("node", "action_id"),
    [
        ({"payload": "STOP", "text": "Stop"}, "STOP"),
        ({"text": "Stop"}, "Stop"),
        ({"payload": "", "text": "Stop"}, "Stop"),
    ],
)
def test_a_tap_on_a_templates_quick_reply_is_a_press(node: Json, action_id: str) -> None:
    event = only(parse_items(item("button", node)))
    assert (event.kind, event.form, event.action_id, event.title) == ("press", "button", action_id, "Stop")


def test_a_filled_form_tells_its_fields_without_the_token() -> None:
    answers = json.dumps({"flow_token": "secret-ish", "severity": "high", "count": 3, "nested": {"x": 1}})
    node = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": answers}}
    event = only(parse_items(item("interactive", node)))
    assert event.media == Media(kind="form", summary="severity: high, count: 3")


@pytest.mark.parametrize("broken", ["{", "[1]", "[" * 100_000, None])
def test_a_form_that_can_not_be_read_tells_metas_word_for_it(broken: str | None) -> None:
    node = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": broken}}
    assert only(parse_items(item("interactive", node))).media == Media(kind="form", summary="Sent")


@pytest.mark.parametrize(("node", "emoji"), [({"emoji": "👍"}, "👍"), ({"emoji": ""}, ""), ({}, "")])
def test_a_reaction_names_its_message_and_an_absent_emoji_takes_it_away(node: Json, emoji: str) -> None:
    event = only(parse_items(item("reaction", {"message_id": "wamid.sent", **node})))
    assert isinstance(event, Reaction)
    assert (event.message_id, event.emoji) == ("wamid.sent", emoji)


@pytest.mark.parametrize("type_", ["edit", "revoke"])
def test_an_edit_and_a_revoke_are_kept_and_never_answered(type_: str) -> None:
    event = only(parse_items(item(type_, {"original_message_id": "wamid.before"})))
    assert isinstance(event, Notice)
    assert (event.about, event.subject, event.event_id) == (type_, "wamid.before", "wamid.one")


@pytest.mark.parametrize(
    ("one", "about"),
    [
        (item("request_welcome", {}), "request_welcome"),
        (item("system", {"type": "customer_identity_changed", "body": "x"}), "system"),
        (item("system", {"type": "user_changed_number", "body": "to nowhere"}), "system"),
        (item("interactive", {"type": "call_permission_reply", "call_permission_reply": {}}), "call_permission_reply"),
    ],
)
def test_what_nobody_said_is_a_notice(one: Json, about: str) -> None:
    event = only(parse_items(one))
    assert (event.kind, event.about) == ("notice", about)


def test_a_changed_number_moves_the_identity() -> None:
    event = only(parse_items(item("system", {"type": "user_changed_number", "wa_id": PABLO, "body": "x"})))
    assert isinstance(event, IdentityChanged)
    assert (event.old_number, event.new_number) == (f"+{SHEENA}", f"+{PABLO}")
    assert (event.old_user_id, event.new_user_id) == (None, None)


def test_a_changed_user_id_moves_the_identity() -> None:
    node = {"type": "user_changed_user_id", "user_id": "US.2", "previous_user_id": "US.1"}
    event = only(parse_items(item("system", node, from_=None)))
    assert (event.old_user_id, event.new_user_id) == ("US.1", "US.2")
    assert (event.old_number, event.new_number) == (None, None)


def test_a_changed_number_is_read_under_its_other_name_too() -> None:
    event = only(parse_items(item("system", {"type": "user_changed_number", "new_wa_id": PABLO})))
    assert event.new_number == f"+{PABLO}"


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (item("hologram", {"id": "1"}), "unknown message type: hologram"),
        (item("interactive", {"type": "dance_reply"}), "unknown interactive type: dance_reply"),
    ],
)
def test_a_type_that_nobody_knows_yet_is_kept_under_its_own_id(one: Json, reason: str) -> None:
    event = only(parse_items(one))
    assert isinstance(event, Unreadable)
    assert (event.reason, event.event_id) == (reason, "wamid.one")
    assert json.loads(event.raw) == one


@pytest.mark.parametrize(
    "one",
    [
        item("text", {}),
        item("text", {"body": 7}),
        item("text", "disk"),
        item(type_="text", id_="", node={"body": "disk"}),
        item(id_="x" * 513),
        item(id_="nul\x00"),
        {"from": SHEENA, "type": "text", "text": {"body": "disk"}},
        {"from": SHEENA, "id": 7, "type": "text", "text": {"body": "disk"}},
        {"from": SHEENA, "id": "a"},
        item(from_=None),
        item("reaction", {"emoji": "👍"}),
        item("button", {}),
        item("interactive", {"type": "button_reply", "button_reply": {"title": "no id"}}),
        item("system", []),
    ],
)
def test_an_item_that_lacks_what_it_is_about_is_quarantined_alone(one: Json) -> None:
    before, after = item(id_="wamid.before"), item(id_="wamid.after")
    first, broken, last = parse_items(before, one, after)
    assert (first.event_id, last.event_id) == ("wamid.before", "wamid.after")
    assert isinstance(broken, Unreadable)
    assert broken.event_id.startswith("unreadable:")
    assert json.loads(broken.raw) == one
    assert only(parse_items(one)).event_id == broken.event_id


def test_an_id_of_512_characters_is_an_id() -> None:
    assert only(parse_items(item(id_="x" * 512))).event_id == "x" * 512


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1749416383", datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)),
        (1749416383, datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)),
        ("TIMESTAMP", None),
        ("9" * 30, None),
        (int("9" * 30), None),
        (int("9" * 4000), None),
        ("253402300800", None),  # the year 10000
        ("-1", None),
        (-1, None),
        ("0", None),
        (1.5, None),
        (True, None),
        ("١٧٤٩٤١٦٣٨٣", None),
        (None, None),
        ({}, None),
    ],
)
def test_a_time_that_can_not_be_read_is_none(written: Any, expected: datetime | None) -> None:
    assert only(parse_items(item(timestamp=written))).sent_at == expected


@pytest.mark.parametrize(("body", "text"), [("a\x00b", "a�b"), ("a\ud83db", "a�b"), ("\udc00", "�"), ("😀", "😀")])
def test_what_no_store_takes_is_replaced_in_texts(body: str, text: str) -> None:
    event = only(parse_items(item(node={"body": body}), contacts=[contact(name=body)]))
    assert (event.text, event.sender.name) == (text, text)
    event.model_dump_json().encode()
    assert event.raw.isascii()


def test_right_to_left_text_and_bidi_marks_survive() -> None:
    body = "\u200fقرص\u2067disk\u2069"
    assert only(parse_items(item(node={"body": body}))).text == body


@pytest.mark.parametrize(
    ("given", "number", "chat_id"),
    [
        (SHEENA, f"+{SHEENA}", f"+{SHEENA}"),
        (f"+{SHEENA}", f"+{SHEENA}", f"+{SHEENA}"),
        ("SENDER_PHONE_NUMBER", None, "SENDER_PHONE_NUMBER"),
        ("123456", None, "123456"),
        ("1" * 16, None, "1" * 16),
        ("١٦٥٠٥٥٥١٢٣٤", None, "١٦٥٠٥٥٥١٢٣٤"),
    ],
)
def test_what_is_no_number_names_a_chat_and_no_number(given: str, number: str | None, chat_id: str) -> None:
    event = only(parse_items(item(from_=given)))
    assert (event.sender.number, event.chat_id) == (number, chat_id)


def test_the_user_id_stands_before_the_number() -> None:
    event = only(parse_items(item(from_user_id=SHEENA_ID)))
    assert (event.chat_id, event.sender.key, event.sender.number) == (SHEENA_ID, SHEENA_ID, f"+{SHEENA}")


def test_a_withheld_number_leaves_the_user_id() -> None:
    event = only(parse_items(item(from_user_id=SHEENA_ID, from_=None), contacts=[contact(None, user_id=SHEENA_ID)]))
    assert event.sender == Sender(user_id=SHEENA_ID, name="Sheena")
    assert (event.chat_id, event.group) == (SHEENA_ID, False)


def test_a_number_that_only_the_contact_shows_is_taken_from_there() -> None:
    one = item(from_user_id=SHEENA_ID, from_=None)
    assert only(parse_items(one, contacts=[contact(user_id=SHEENA_ID)])).sender.number == f"+{SHEENA}"


def test_a_contact_is_never_lent_to_somebody_else() -> None:
    event = only(parse_items(item(), contacts=[contact(PABLO, "Pablo", "GB.1")]))
    assert event.sender == Sender(number=f"+{SHEENA}")


def test_a_contact_with_another_user_id_is_another_person() -> None:
    event = only(parse_items(item(from_user_id=SHEENA_ID), contacts=[contact(SHEENA, "Somebody", "US.other")]))
    assert event.sender == Sender(user_id=SHEENA_ID, number=f"+{SHEENA}")


def test_a_group_is_its_own_chat_and_keeps_its_sender() -> None:
    event = only(parse_items(item(group_id="Y2FwaV9ncm91cA"), contacts=[contact()]))
    assert (event.chat_id, event.group, event.sender.number) == ("Y2FwaV9ncm91cA", True, f"+{SHEENA}")


@pytest.mark.parametrize("shown", [OUR_NUMBER, f"+{OUR_NUMBER}", "+1 555-078-3881"])
def test_our_own_words_are_never_answered(shown: str) -> None:
    body = webhook([{"field": "messages", "value": value(messages=[item(from_=OUR_NUMBER)])}])
    body["entry"][0]["changes"][0]["value"]["metadata"]["display_phone_number"] = shown
    event = only(parse(body))
    assert (event.kind, event.about, event.event_id) == ("notice", "echo", "wamid.one")


def test_nobody_taps_for_us_so_a_tap_is_no_echo() -> None:
    one = item("button", {"payload": "x", "text": "X"}, from_=OUR_NUMBER)
    assert only(parse_items(one)).kind == "press"
