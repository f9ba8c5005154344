"""Parts as JSON, the same in a callback and in the answer to who asks."""

from collections.abc import Sequence
from typing import Any, assert_never

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

Json = dict[str, Any]


def part_json(part: Part) -> Json:
    """What a part shows: its `type`, its text, and its choices with the ids by which they are pressed."""
    match part:
        case TextPart(text=text, numbered=numbered):
            return {"type": "text", "text": text, "buttons": _buttons(numbered)}
        case ButtonsPart(text=text, buttons=choices) | ListPart(text=text, rows=choices):
            return {"type": "text", "text": text, "buttons": _buttons(choices)}
        case EditPart(text=text, buttons=choices, message_id=replaced):
            return {"type": "edit", "replaces": replaced, "text": text, "buttons": _buttons(choices)}
        case ReactionPart(message_id=message, emoji=emoji):
            return {"type": "reaction", "on": message, "emoji": emoji}
        case DocumentPart(name=name, mime_type=mime_type, text=text, caption=caption):
            return {"type": "document", "name": name, "mime_type": mime_type, "content": text, "text": caption}
        case MediaPart():
            return {"type": "media", **part.model_dump(exclude={"type"}, exclude_none=True)}
        case TemplatePart():
            return {"type": "template", "name": part.name, "language": part.language, "body": list(part.body)}
        case _:
            assert_never(part)


def callback_json(to: Address, part: Part, *, part_id: str, reply_to: str | None) -> Json:
    """A part on its way: what it shows, its id, for whom it is, and the event that it answers."""
    whom: Json = {"conversation": to.chat} if to.group else {"sender": to.user_id or to.chat}
    return {"id": part_id, **whom, "answers": reply_to, **part_json(part)}


def _buttons(choices: Sequence[Choice]) -> list[Json]:
    return [
        {"id": choice.id, "title": choice.title, "description": choice.description, "style": choice.style}
        for choice in choices
    ]
