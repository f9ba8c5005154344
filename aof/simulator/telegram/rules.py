"""What Telegram demands of texts and keyboards beyond types, and says only in prose or by refusing."""

from collections.abc import Sequence
from typing import Any

from aof.simulator.telegram.entities import ALL_KINDS, found_in, trimmed, units
from aof.simulator.telegram.markup import read_html
from aof.simulator.telegram.refusals import bad, unsupported

Json = dict[str, Any]

TEXT_MOST = 4096
CAPTION_MOST = 1024
ROW_MOST = 8
BUTTONS_MOST = 100
"""Neither number is in the description; python-telegram-bot has both among its constants."""
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 "
    "😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 "
    "👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡"
)
REACTIONS = frozenset(_EMOJI.split())
"""What a bot may react with."""
STYLES = frozenset({"danger", "success", "primary"})
BUTTON_KINDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
UNSUPPORTED = (
    "business_connection_id",
    "inline_message_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "ephemeral_message_parameters",
)
"""Parameters for which the simulator has no world."""


def check_supported(parameters: Json) -> None:
    """Raises:
    Refused: A parameter asks for something that the simulator does not play.
    """
    for name in UNSUPPORTED:
        if name in parameters:
            raise unsupported(name, name)


def text_of(parameters: Json, *, caption: bool = False, may_be_empty: bool = False) -> tuple[str, list[Json]]:
    """The text of a message, without its markup, and all its entities.

    Raises:
        Refused: The markup can't be read, or nothing or too much is left.
    """
    name = "caption" if caption else "text"
    written: str = parameters.get(name, "")
    mode = str(parameters.get("parse_mode", "")).lower()
    if mode == "html":
        text, entities = read_html(written)
    elif mode in {"markdown", "markdownv2"}:
        raise unsupported(f"parse_mode {parameters['parse_mode']}; write HTML", "parse_mode")
    elif mode:
        raise bad("unsupported parse_mode", "parse_mode")
    else:
        text, entities = written, _given(parameters.get("caption_entities" if caption else "entities", []), written)
    text, entities = trimmed(text, entities)
    if not text and not may_be_empty:
        raise bad("message text is empty", name)
    if units(text) > (CAPTION_MOST if caption else TEXT_MOST):
        raise bad("message caption is too long" if caption else "message is too long", name)
    return text, found_in(text, entities)


def _given(entities: Sequence[Json], text: str) -> list[Json]:
    size = units(text)
    for one in entities:
        if one["type"] not in ALL_KINDS:
            raise bad(f"can't parse MessageEntity: unsupported type {one['type'][:40]!r} specified", "entities")
    # Telegram leaves out what lies outside of the text
    return [one for one in entities if one["offset"] >= 0 < one["length"] and one["offset"] + one["length"] <= size]


def keyboard_of(markup: Json | None) -> Json | None:
    """An inline keyboard as the message keeps it; None where it has none.

    Raises:
        Refused: Telegram would not take it.
    """
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    if any(len(row) > ROW_MOST for row in rows) or sum(map(len, rows)) > BUTTONS_MOST:
        raise bad("REPLY_MARKUP_TOO_LONG", "reply_markup")
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    text = button["text"].strip()
    if not text:
        raise bad("inline keyboard button text must be non-empty", "reply_markup")
    kinds = [kind for kind in BUTTON_KINDS if kind in button]
    if not kinds:
        raise bad("text buttons are unallowed in the inline keyboard", "reply_markup")
    if len(kinds) > 1:
        raise bad("exactly one of the optional fields of an inline keyboard button must be used", "reply_markup")
    if "style" in button and button["style"] not in STYLES:
        raise bad("invalid button style specified", "reply_markup")
    if "url" in button and not button["url"].lower().startswith(("http://", "https://", "tg://", "ton://")):
        raise bad(f"inline keyboard button URL '{button['url'][:100]}' is invalid: Wrong HTTP URL", "reply_markup")
