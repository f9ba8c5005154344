"""Parts as the bodies of requests to `/messages`. Shapes: Meta's Cloud API reference, messages."""

from typing import Any, assert_never

from aof.domain.errors import SendRefused
from aof.domain.message import Address
from aof.domain.response import (
    ButtonsPart,
    Choice,
    DocumentPart,
    EditPart,
    ListPart,
    MediaPart,
    Part,
    ReactionPart,
    TemplatePart,
    TextPart,
)
from aof.platforms.whatsapp.limits import OPAQUE_ID

Json = dict[str, Any]

_CAPTIONED = frozenset({"image", "video", "document"})


def message(to: Address, part: Part, *, part_id: str, reply_to: str | None = None) -> Json:
    """The body that sends one part.

    Raises:
        SendRefused: The part can't be put into one request as it is.
    """
    if not OPAQUE_ID.allows(part_id):
        raise SendRefused(f"a part's id may be {OPAQUE_ID.most} characters long at most")
    kind, node = _content(part)
    body: Json = {
        "messaging_product": "whatsapp",
        "recipient_type": "group" if to.group else "individual",
        **_recipient(to),
        "type": kind,
        kind: node,
        "biz_opaque_callback_data": part_id,
    }
    # Meta refuses a context beside a reaction, which names its message itself
    if reply_to and not isinstance(part, ReactionPart):
        body["context"] = {"message_id": reply_to}
    return body


def typing(message_id: str) -> Json:
    """The body that shows that an answer to a message is being written; it marks the message as read, too."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": message_id,
        "typing_indicator": {"type": "text"},
    }


def _recipient(to: Address) -> Json:
    if to.group:
        return {"to": to.chat}
    if to.number:
        # without the plus Meta would put the business's own country code before the number
        return {"to": to.number if to.number.startswith("+") else f"+{to.number}"}
    if to.user_id:
        return {"recipient": to.user_id}
    return {"to": to.chat}


def _content(part: Part) -> tuple[str, Any]:
    match part:
        case TextPart():
            return "text", {"preview_url": False, "body": part.text}
        case ButtonsPart():
            buttons = [{"type": "reply", "reply": {"id": each.id, "title": each.title}} for each in part.buttons]
            return "interactive", {"type": "button", "body": {"text": part.text}, "action": {"buttons": buttons}}
        case ListPart():
            action = {"button": part.label, "sections": [{"rows": [_row(each) for each in part.rows]}]}
            return "interactive", {"type": "list", "body": {"text": part.text}, "action": action}
        case TemplatePart():
            return "template", _template(part)
        case MediaPart():
            return _media(part)
        case DocumentPart():
            raise SendRefused("a file is uploaded first, and sent by its id")
        case ReactionPart():
            return "reaction", {"message_id": part.message_id, "emoji": part.emoji}
        case EditPart():
            raise SendRefused("WhatsApp changes no message that was sent")
        case _:
            assert_never(part)


def _row(choice: Choice) -> Json:
    row = {"id": choice.id, "title": choice.title}
    return {**row, "description": choice.description} if choice.description else row


def _template(part: TemplatePart) -> Json:
    node: Json = {"name": part.name, "language": {"code": part.language}}
    components: list[Json] = []
    if part.body:
        components.append({"type": "body", "parameters": [{"type": "text", "text": text} for text in part.body]})
    components += [
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": str(index),
            "parameters": [{"type": "payload", "payload": button.id}],
        }
        for index, button in enumerate(part.buttons)
    ]
    return {**node, "components": components} if components else node


def _media(part: MediaPart) -> tuple[str, Json]:
    if bool(part.id) == bool(part.link):
        raise SendRefused("a file is sent by the id of an upload or by a link: exactly one of the two")
    kind = "audio" if part.kind == "voice" else part.kind
    node: Json = {"id": part.id} if part.id else {"link": part.link}
    if part.caption:
        if kind not in _CAPTIONED:
            raise SendRefused(f"WhatsApp shows no caption with {part.kind}; send its text as a part of its own")
        node["caption"] = part.caption
    if part.filename and kind == "document":
        node["filename"] = part.filename
    if part.kind == "voice":
        node["voice"] = True
    return kind, node
