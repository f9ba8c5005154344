"""Webhooks as Meta writes them, built from their pieces."""

import json
from typing import Any

from aof.domain.message import InboundEvent
from aof.platforms.whatsapp.parse import events_of

Json = dict[str, Any]

OUR_ID = "106540352242922"
OUR_NUMBER = "15550783881"
ACCOUNT = f"whatsapp:{OUR_ID}"
SHEENA = "16505551234"
PABLO = "447700900123"
SHEENA_ID = "US.13491208655302741918"


def item(
    type_: str = "text", node: Any = None, *, id_: str = "wamid.one", from_: str | None = SHEENA, **more: Any
) -> Json:
    """One of `messages`; a text when nothing else is said. A key given as None is left out."""
    content = {"body": "disk"} if type_ == "text" and node is None else node
    whole = {"from": from_, "id": id_, "timestamp": "1749416383", "type": type_, type_: content, **more}
    return {key: value for key, value in whole.items() if value is not None}


def status(state: str = "delivered", *, id_: str = "wamid.sent", **more: Any) -> Json:
    """One of `statuses`. A key given as None is left out."""
    whole = {"id": id_, "status": state, "timestamp": "1750030073", "recipient_id": SHEENA, **more}
    return {key: value for key, value in whole.items() if value is not None}


def contact(wa_id: str | None = SHEENA, name: str = "Sheena", user_id: str | None = None) -> Json:
    whole = {"profile": {"name": name}, "wa_id": wa_id, "user_id": user_id}
    return {key: value for key, value in whole.items() if value is not None}


def value(**lists: Any) -> Json:
    """The value of a change: `messages`, `statuses`, `errors`, `contacts`, and another `metadata` if wanted."""
    metadata = {"display_phone_number": OUR_NUMBER, "phone_number_id": OUR_ID}
    return {"messaging_product": "whatsapp", "metadata": metadata, **lists}


def change(field: str = "messages", **lists: Any) -> Json:
    return {"field": field, "value": value(**lists)}


def webhook(*entries: list[Json]) -> Json:
    """A whole body; each argument is one entry's list of changes."""
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": f"10229012934039{place}", "time": 1739321024 + place, "changes": changes}
            for place, changes in enumerate(entries)
        ],
    }


def parse_bytes(payload: bytes) -> list[InboundEvent]:
    return events_of(payload, platform="whatsapp", account=ACCOUNT, phone_number_id=OUR_ID)


def parse(body: Any) -> list[InboundEvent]:
    return parse_bytes(json.dumps(body).encode())


def parse_items(*items: Any, contacts: Any = None) -> list[InboundEvent]:
    lists = {"messages": list(items)} if contacts is None else {"messages": list(items), "contacts": contacts}
    return parse(webhook([change(**lists)]))


def only(events: list[InboundEvent]) -> Any:
    """The one event that there is."""
    (event,) = events
    return event
