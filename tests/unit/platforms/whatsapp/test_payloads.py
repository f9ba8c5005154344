"""Each part is the request body that Meta's reference shows for it."""

from typing import Any

import pytest

from aof.domain.errors import SendRefused
from aof.domain.message import Address
from aof.domain.response import (
    ButtonsPart,
    Choice,
    ListPart,
    MediaPart,
    Part,
    ReactionPart,
    TemplatePart,
    TextPart,
)
from aof.platforms.whatsapp.payloads import message, typing

SHEENA = Address(chat="+16505551234", number="+16505551234")


def choice(id_: str, title: str, description: str = "") -> Choice:
    return Choice(id=id_, title=title, description=description, action_id=id_)


def node_of(part: Part) -> dict[str, Any]:
    """What a part adds to the envelope."""
    body = message(SHEENA, part, part_id="part-7")
    envelope = {"messaging_product", "recipient_type", "to", "biz_opaque_callback_data"}
    return {key: value for key, value in body.items() if key not in envelope}


def test_a_text_is_the_whole_body_of_the_reference() -> None:
    assert message(SHEENA, TextPart(text="*disk* 81 %"), part_id="part-7", reply_to="wamid.asked") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+16505551234",
        "type": "text",
        "text": {"preview_url": False, "body": "*disk* 81 %"},
        "context": {"message_id": "wamid.asked"},
        "biz_opaque_callback_data": "part-7",
    }


@pytest.mark.parametrize(
    ("part", "node"),
    [
        (
            ButtonsPart(text="Two pods", buttons=(choice("view_logs", "View Logs"), choice("events", "Check Events"))),
            {
                "type": "interactive",
                "interactive": {
                    "type": "button",
                    "body": {"text": "Two pods"},
                    "action": {
                        "buttons": [
                            {"type": "reply", "reply": {"id": "view_logs", "title": "View Logs"}},
                            {"type": "reply", "reply": {"id": "events", "title": "Check Events"}},
                        ]
                    },
                },
            },
        ),
        (
            ListPart(text="Which?", label="Choose", rows=(choice("a", "api", "12 restarts"), choice("b", "web"))),
            {
                "type": "interactive",
                "interactive": {
                    "type": "list",
                    "body": {"text": "Which?"},
                    "action": {
                        "button": "Choose",
                        "sections": [
                            {
                                "rows": [
                                    {"id": "a", "title": "api", "description": "12 restarts"},
                                    {"id": "b", "title": "web"},
                                ]
                            }
                        ],
                    },
                },
            },
        ),
        (
            TemplatePart(name="alert", language="en_US", body=("disk", "db-1")),
            {
                "type": "template",
                "template": {
                    "name": "alert",
                    "language": {"code": "en_US"},
                    "components": [
                        {
                            "type": "body",
                            "parameters": [{"type": "text", "text": "disk"}, {"type": "text", "text": "db-1"}],
                        }
                    ],
                },
            },
        ),
        (
            TemplatePart(
                name="opt_in", language="ar", body=("Acme",), buttons=(choice("yes", "نعم"), choice("no", "لا"))
            ),
            {
                "type": "template",
                "template": {
                    "name": "opt_in",
                    "language": {"code": "ar"},
                    "components": [
                        {"type": "body", "parameters": [{"type": "text", "text": "Acme"}]},
                        {
                            "type": "button",
                            "sub_type": "quick_reply",
                            "index": "0",
                            "parameters": [{"type": "payload", "payload": "yes"}],
                        },
                        {
                            "type": "button",
                            "sub_type": "quick_reply",
                            "index": "1",
                            "parameters": [{"type": "payload", "payload": "no"}],
                        },
                    ],
                },
            },
        ),
        (
            TemplatePart(name="hello_world", language="ar"),
            {"type": "template", "template": {"name": "hello_world", "language": {"code": "ar"}}},
        ),
        (
            MediaPart(kind="image", id="2762702990552401", caption="the graph"),
            {"type": "image", "image": {"id": "2762702990552401", "caption": "the graph"}},
        ),
        (
            MediaPart(kind="document", link="https://example.org/a.pdf", filename="a.pdf"),
            {"type": "document", "document": {"link": "https://example.org/a.pdf", "filename": "a.pdf"}},
        ),
        (MediaPart(kind="video", id="1", filename="a.mp4"), {"type": "video", "video": {"id": "1"}}),
        (MediaPart(kind="audio", id="1"), {"type": "audio", "audio": {"id": "1"}}),
        (MediaPart(kind="voice", id="1"), {"type": "audio", "audio": {"id": "1", "voice": True}}),
        (MediaPart(kind="sticker", id="1"), {"type": "sticker", "sticker": {"id": "1"}}),
        (
            ReactionPart(message_id="wamid.x", emoji="👍"),
            {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}},
        ),
        (
            ReactionPart(message_id="wamid.x", emoji=""),
            {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": ""}},
        ),
    ],
)
def test_a_part_is_the_node_of_the_reference(part: Part, node: dict[str, Any]) -> None:
    assert node_of(part) == node


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (Address(chat="+16505551234", number="+16505551234"), {"recipient_type": "individual", "to": "+16505551234"}),
        (Address(chat="+16505551234", number="16505551234"), {"recipient_type": "individual", "to": "+16505551234"}),
        # both are known: the number is what every kind of message takes
        (
            Address(chat="US.1", number="+16505551234", user_id="US.1"),
            {"recipient_type": "individual", "to": "+16505551234"},
        ),
        (Address(chat="US.1", user_id="US.1"), {"recipient_type": "individual", "recipient": "US.1"}),
        # a group is written to as a group, also where a member is known
        (
            Address(chat="Y2FwaQ", number="+16505551234", user_id="US.1", group=True),
            {"recipient_type": "group", "to": "Y2FwaQ"},
        ),
        (Address(chat="SENDER_PHONE_NUMBER"), {"recipient_type": "individual", "to": "SENDER_PHONE_NUMBER"}),
    ],
)
def test_a_part_goes_to_the_number_else_to_the_user_id(to: Address, expected: dict[str, str]) -> None:
    body = message(to, TextPart(text="x"), part_id="p")
    assert {key: body[key] for key in ("recipient_type", "to", "recipient") if key in body} == expected


def test_a_reaction_never_carries_a_context() -> None:
    body = message(SHEENA, ReactionPart(message_id="wamid.x", emoji="👍"), part_id="p", reply_to="wamid.asked")
    assert "context" not in body


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (MediaPart(kind="image"), "exactly one"),
        (MediaPart(kind="image", id="1", link="https://example.org"), "exactly one"),
        (MediaPart(kind="audio", id="1", caption="listen"), "no caption"),
        (MediaPart(kind="voice", id="1", caption="listen"), "no caption with voice"),
        (MediaPart(kind="sticker", id="1", caption="look"), "no caption"),
    ],
)
def test_a_file_that_would_arrive_otherwise_is_refused(part: MediaPart, words: str) -> None:
    with pytest.raises(SendRefused, match=words):
        message(SHEENA, part, part_id="p")


def test_a_parts_id_of_512_fits_and_a_longer_one_is_refused() -> None:
    assert message(SHEENA, TextPart(text="x"), part_id="p" * 512)["biz_opaque_callback_data"] == "p" * 512
    with pytest.raises(SendRefused, match="512"):
        message(SHEENA, TextPart(text="x"), part_id="p" * 513)


def test_typing_is_the_body_of_the_reference() -> None:
    assert typing("wamid.asked") == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": "wamid.asked",
        "typing_indicator": {"type": "text"},
    }
