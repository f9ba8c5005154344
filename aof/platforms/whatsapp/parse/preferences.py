"""What people tell WhatsApp about marketing, past the chat: the `user_preferences` of a webhook."""

from typing import Literal

from aof.domain.message import Preference, Sender
from aof.platforms.fields import (
    Node,
    ascii_json,
    id_at,
    moment_at,
    shortened,
    text_at,
)
from aof.platforms.whatsapp.parse.numbers import number_of

_STATES: dict[str, Literal["in", "out"]] = {"stop": "out", "resume": "in"}
_CATEGORY = "marketing_messages"
_LONGEST_WORDS = 200


def preference(item: Node, contacts: list[Node], *, platform: str, account: str, event_id: str) -> Preference | None:
    """One preference; None where it is of another kind, or names nobody."""
    state = _STATES.get(text_at(item, "value"))
    sender = _sender(item, contacts)
    if state is None or text_at(item, "category") != _CATEGORY or not sender.key:
        return None
    return Preference(
        platform=platform,
        account=account,
        event_id=event_id,
        sender=sender,
        state=state,
        words=shortened(text_at(item, "detail"), _LONGEST_WORDS),
        sent_at=moment_at(item, "timestamp"),
        raw=ascii_json(item),
    )


def _sender(item: Node, contacts: list[Node]) -> Sender:
    given, user_id = id_at(item, "wa_id"), id_at(item, "user_id")
    for contact in contacts:
        if given and not user_id and id_at(contact, "wa_id") == given:
            user_id = id_at(contact, "user_id")
    return Sender(number=number_of(given), user_id=user_id)
