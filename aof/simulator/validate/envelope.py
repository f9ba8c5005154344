"""The outer fields of a send, and which check the type asks for."""

import re
from collections.abc import Callable

from aof.simulator.validate.contacts import check_contacts
from aof.simulator.validate.interactive import check_interactive
from aof.simulator.validate.media import check_audio, check_document, check_image, check_sticker, check_video
from aof.simulator.validate.plain import check_location, check_reaction, check_text
from aof.simulator.validate.report import Node
from aof.simulator.validate.template import check_template

CHECKS: dict[str, Callable[[Node], None]] = {
    "audio": check_audio,
    "document": check_document,
    "image": check_image,
    "interactive": check_interactive,
    "location": check_location,
    "reaction": check_reaction,
    "sticker": check_sticker,
    "template": check_template,
    "text": check_text,
    "video": check_video,
}
TYPES = tuple(sorted([*CHECKS, "contacts"]))
OPAQUE_MOST = 512
NUMBER = re.compile(r"\+?[0-9 ()\-]+")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
GROUP_ID = re.compile(r"[A-Za-z0-9+/=_\-]{1,256}")


def check(body: Node) -> None:
    """One body of `POST /messages`: a message, or the mark that one was read."""
    if not _is_utf8(body.value):
        body.report.param("Invalid parameter", "The request body is not valid UTF-8")  # synthetic details
        return
    body.one_of("messaging_product", ("whatsapp",))
    if "status" in body.value:
        _check_read(body)
        return
    _check_recipient(body)
    context = body.node("context", required=False)
    if context is not None:
        context.text("message_id")
    opaque = body.text("biz_opaque_callback_data", required=False)
    body.report.length("Biz opaque callback data", opaque, OPAQUE_MOST, least=0)
    kind = "text" if body.value.get("type") is None else body.one_of("type", TYPES)
    if kind is None:
        return
    if kind == "contacts":
        check_contacts(body)
        return
    content = body.node(kind)
    if content is not None:
        CHECKS[kind](content)
    if kind == "reaction" and context is not None:
        body.report.value("Context is not supported for reaction messages.")  # synthetic


def _check_read(body: Node) -> None:
    body.one_of("status", ("read",))
    body.text("message_id")
    typing = body.node("typing_indicator", required=False)
    if typing is not None:
        typing.one_of("type", ("text",))


def _check_recipient(body: Node) -> None:
    kind = body.one_of("recipient_type", ("individual", "group"), required=False)
    if body.value.get("to") is None and body.value.get("recipient") is not None:
        user = body.text("recipient")
        if user is not None and not USER_ID.fullmatch(user):
            body.report.value("Recipient is not a valid business-scoped user id.")  # synthetic
        return
    to = body.text("to")
    if to is None:
        return
    digits = sum(character.isdigit() for character in to)
    valid = GROUP_ID.fullmatch(to) if kind == "group" else NUMBER.fullmatch(to) and 5 <= digits <= 17
    if not valid:
        body.report.value("Recipient is not a valid phone number or group id.")  # synthetic


def _is_utf8(value: object) -> bool:
    """JSON can spell lone surrogates, which no UTF-8 can hold. A loop, because the body may be nested deeply."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str) and any("\ud800" <= character <= "\udfff" for character in item):
            return False
        if isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return True
