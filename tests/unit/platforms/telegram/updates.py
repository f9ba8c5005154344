"""Updates as Telegram writes them, built from their pieces."""

import json
from typing import Any

from aof.domain.message import InboundEvent
from aof.platforms.telegram.parse import Bot, events_of

Json = dict[str, Any]

BOT_ID = 9001
BOT: Json = {"id": BOT_ID, "is_bot": True, "first_name": "OpsBot", "username": "Ops_Example_Bot"}
AMINA: Json = {"id": 55501, "is_bot": False, "first_name": "Amina", "last_name": "Haddad", "username": "amina"}
OTHER_BOT: Json = {"id": 700, "is_bot": True, "first_name": "Gif", "username": "gif"}
PRIVATE: Json = {"id": 55501, "type": "private", "first_name": "Amina"}
GROUP: Json = {"id": -1001234567890, "type": "supergroup", "title": "prod-oncall"}
FORUM: Json = {**GROUP, "is_forum": True}
AT = 1782345600


def message(text: str | None = "disk", *, chat: Json = PRIVATE, number: int = 7, **more: Any) -> Json:
    """One message of Amina; a key given as None is left out."""
    whole = {"message_id": number, "from": AMINA, "chat": chat, "date": AT, "text": text, **more}
    return {key: value for key, value in whole.items() if value is not None}


def tap(data: str | None = "ack", carrier: Json | None = None, **more: Any) -> Json:
    whole = {"id": "4300000000000000001", "from": AMINA, "data": data, "message": carrier, **more}
    return {key: value for key, value in whole.items() if value is not None}


def mark(kind: str, text: str, piece: str, **more: Any) -> Json:
    """An entity over a piece of a text, counted as Telegram counts."""
    before = text[: text.index(piece)]
    return {"type": kind, "offset": _units(before), "length": _units(piece), **more}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def body(kind: str, node: Any, number: int = 800_000_001) -> bytes:
    return json.dumps({"update_id": number, kind: node}).encode()


def bot(username: str | None = "ops_example_bot", rich: list[str] | None = None) -> Bot:
    return Bot("telegram", f"telegram:{BOT_ID}", BOT_ID, username, (rich if rich is not None else []).append)


def read(kind: str, node: Any, *, at: Bot | None = None) -> InboundEvent:
    """The one event of an update."""
    (event,) = events_of(body(kind, node), at or bot())
    return event
