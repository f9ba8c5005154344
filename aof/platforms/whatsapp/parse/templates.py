"""What Meta tells of templates: their state, their category, how people take them, and what they say."""

import re
from datetime import datetime

from aof.domain.message import TemplateNews
from aof.domain.template import TemplateState
from aof.platforms.fields import Node, node_at, nodes_at, shortened, text_at

_STATES: dict[str, TemplateState] = {
    "APPROVED": "approved",
    "REINSTATED": "approved",
    "UNARCHIVED": "approved",
    # it will be switched off unless it gets better, and is sent until then
    "FLAGGED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "PAUSED": "paused",
    "LOCKED": "paused",
    "DISABLED": "disabled",
    "REJECTED": "rejected",
    "PENDING_DELETION": "deleted",
    "DELETED": "deleted",
    "ARCHIVED": "deleted",
}
"""Meta's words. Source: its page on message_template_status_update. Another word holds nothing: Meta decides then."""
_LONGEST_NAME = 512
_LONGEST_WORD = 64
_LONGEST_TEXT = 1024
_PLACE = re.compile(r"\{\{\s*(\w{1,64})\s*\}\}")
_NO_REASON = "NONE"


def template_news(value: object, at: datetime | None) -> TemplateNews | None:
    """What a change about templates tells; None where it names none.

    Read by its keys, whatever its field is called: Meta's own examples have one under the name of another.
    """
    if not isinstance(value, dict):
        return None
    name = shortened(text_at(value, "message_template_name"), _LONGEST_NAME)
    language = shortened(text_at(value, "message_template_language"), _LONGEST_WORD)
    if not name or not language:
        return None
    word = _word(value, "event")
    body = text_at(value, "message_template_element")[:_LONGEST_TEXT]
    return TemplateNews(
        name=name,
        language=language,
        at=at,
        state=_STATES.get(word),
        word=word,
        reason=_reason(value),
        category=_word(value, "new_category") or _word(value, "message_template_category"),
        former_category=_word(value, "previous_category"),
        coming_category=_word(value, "correct_category"),
        quality=_word(value, "new_quality_score"),
        body=body or None,
        places=tuple(dict.fromkeys(_PLACE.findall(body))),
        buttons=tuple(
            shortened(text_at(button, "message_template_button_text"), _LONGEST_WORD)
            for button in nodes_at(value, "message_template_buttons")
        ),
    )


def _word(value: Node, key: str) -> str:
    return shortened(text_at(value, key), _LONGEST_WORD)


def _reason(value: Node) -> str:
    """Why, in Meta's words, from where it writes most."""
    rejection, other = node_at(value, "rejection_info"), node_at(value, "other_info")
    said = (
        text_at(rejection, "reason") or text_at(value, "reason").removeprefix(_NO_REASON),
        text_at(rejection, "recommendation"),
        text_at(other, "title"),
        text_at(other, "description"),
    )
    return shortened(" ".join(filter(None, said)), _LONGEST_TEXT)
