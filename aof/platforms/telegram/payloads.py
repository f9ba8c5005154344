"""Parts as requests to the Bot API. Shapes: https://core.telegram.org/bots/api."""

import re
from dataclasses import dataclass, replace
from typing import Any, assert_never

from aof.domain.errors import SendRefused
from aof.domain.message import Address
from aof.domain.response import (
    ButtonsPart,
    DocumentPart,
    EditPart,
    ListPart,
    MediaPart,
    Part,
    ReactionPart,
    TemplatePart,
    TextPart,
)
from aof.platforms.telegram.client import File
from aof.platforms.telegram.errors import MarkupRefused
from aof.platforms.telegram.keyboard import keyboard
from aof.platforms.telegram.limits import CAPTION, LIMITS, RICH
from aof.platforms.telegram.plain import plain_of
from aof.platforms.telegram.reactions import allowed
from aof.texts.language import Language, spoken

Json = dict[str, Any]

_CHAT = re.compile(r"-?[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_MEDIA = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "document": "document",
    "sticker": "sticker",
}
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LINK = re.compile(r"https?://[^\s]{1,2000}")
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Form:
    """One way of saying a part.

    Attributes:
        gives_way: Refusals after which the next way is tried.
    """

    method: str
    params: Json
    file: File | None = None
    gives_way: type[SendRefused] | None = None

    def unanchored(self) -> "Form":
        """The same, answering to no message."""
        return replace(self, params={key: value for key, value in self.params.items() if key != "reply_parameters"})


def forms(to: Address, part: Part, *, reply_to: str | None = None, rich: bool = False) -> tuple[Form, ...]:
    """The ways of saying a part, the best one first; each stands for the whole part.

    Raises:
        SendRefused: The part can't be put into one request as it is.
    """
    match part:
        case TextPart() | ButtonsPart():
            return _texts(to, part, reply_to, rich=rich)
        case EditPart():
            return _edits(to, part)
        case DocumentPart():
            content = part.text.encode("utf-8", "replace")
            file = File("document", part.name, part.mime_type, content)
            return _marked("sendDocument", _new(to, reply_to), "caption", part.caption, file)
        case MediaPart():
            return _media(to, part, reply_to)
        case ReactionPart():
            return (Form("setMessageReaction", {**message_at(to, part.message_id), "reaction": _reaction(part.emoji)}),)
        case ListPart():
            raise SendRefused("Telegram has no lists that open; its choices go out as buttons")
        case TemplatePart():
            raise SendRefused("Telegram has no templates; a person who has pressed Start may be written to at any time")
        case _:
            assert_never(part)


def place(to: Address) -> Json:
    """Where something goes: the chat, and the topic in it.

    Raises:
        SendRefused: The address is none of Telegram's.
    """
    if not _CHAT.fullmatch(to.chat) or (to.thread and not _NUMBER.fullmatch(to.thread)):
        raise SendRefused("the address is no chat of Telegram's")
    found: Json = {"chat_id": int(to.chat)}
    return {**found, "message_thread_id": int(to.thread)} if to.thread else found


def message_at(to: Address, message_id: str) -> Json:
    """A message of the chat.

    Raises:
        SendRefused: The id names none, or one of another chat.
    """
    if not _names_message_of(to, message_id):
        raise SendRefused("the part names no message of this chat")
    return {"chat_id": int(to.chat), "message_id": _number(message_id)}


def plain_text(to: Address, text: str) -> Json:
    """A new message that is shown as it is, and wakes nobody."""
    return {**place(to), "text": text, "link_preview_options": _NO_PREVIEW, "disable_notification": True}


def _new(to: Address, reply_to: str | None) -> Json:
    params = place(to)
    # a press or an edit that is answered to is no message
    if reply_to and _names_message_of(to, reply_to):
        params["reply_parameters"] = {"message_id": _number(reply_to), "allow_sending_without_reply": True}
    return params


def _names_message_of(to: Address, message_id: str) -> bool:
    chat, _, number = message_id.partition(":")
    return chat == to.chat and _CHAT.fullmatch(chat) is not None and _NUMBER.fullmatch(number) is not None


def _number(message_id: str) -> int:
    return int(message_id.partition(":")[2])


def _texts(to: Address, part: TextPart | ButtonsPart, reply_to: str | None, *, rich: bool) -> tuple[Form, ...]:
    params = _new(to, reply_to)
    if isinstance(part, ButtonsPart) and part.buttons:
        params["reply_markup"] = keyboard(part.buttons)
    classic = _marked("sendMessage", {**params, "link_preview_options": _NO_PREVIEW}, "text", part.text)
    if not rich or not part.source or not RICH.allows(part.source):
        return classic
    # of a log nothing should become a mention or a command
    content: Json = {"markdown": part.source, "skip_entity_detection": True}
    if spoken(part.source) is Language.ARABIC:
        content["is_rtl"] = True
    return (Form("sendRichMessage", {**params, "rich_message": content}, gives_way=SendRefused), *classic)


def _edits(to: Address, part: EditPart) -> tuple[Form, ...]:
    """The change, and the same as a new message: what is to be read is read, even if the old one is gone."""
    anew = ButtonsPart(text=part.text, buttons=part.buttons) if part.buttons else TextPart(text=part.text)
    new = _texts(to, anew, None, rich=False)
    if not _names_message_of(to, part.message_id):
        # a group that has moved left its messages behind
        return new
    params = {**message_at(to, part.message_id), "link_preview_options": _NO_PREVIEW}
    return (*_marked("editMessageText", {**params, "reply_markup": keyboard(part.buttons)}, "text", part.text), *new)


def _marked(method: str, params: Json, key: str, html: str, file: File | None = None) -> tuple[Form, ...]:
    """A text with its marks, and without them for when those are refused."""
    if not html:
        return (Form(method, params, file),)
    limit = LIMITS.text if key == "text" else CAPTION
    plain = plain_of(html)
    if not limit.allows(plain):
        plain = limit.cut(plain_of(html, with_addresses=False))
    return (
        Form(method, {**params, key: html, "parse_mode": "HTML"}, file, gives_way=MarkupRefused),
        Form(method, {**params, key: plain}, file),
    )


def _media(to: Address, part: MediaPart, reply_to: str | None) -> tuple[Form, ...]:
    if bool(part.id) == bool(part.link):
        raise SendRefused("a file is sent by the id of an upload or by a link: exactly one of the two")
    # a server of one's own would read a file:// link from its own disk
    if not (_FILE_ID.fullmatch(part.id) if part.id else _LINK.fullmatch(part.link or "")):
        raise SendRefused("a file is sent by an id of Telegram's or by an http(s) link")
    kind = _MEDIA[part.kind]
    if part.caption and kind == "sticker":
        raise SendRefused("Telegram shows no caption with a sticker; send its text as a part of its own")
    params = {**_new(to, reply_to), kind: part.id or part.link}
    return _marked(f"send{kind.capitalize()}", params, "caption", part.caption)


def _reaction(emoji: str) -> list[Json]:
    if not emoji:
        return []
    found = allowed(emoji)
    if found is None:
        raise SendRefused("Telegram takes reactions from a list of its own, and has none like this one")
    return [{"type": "emoji", "emoji": found}]
