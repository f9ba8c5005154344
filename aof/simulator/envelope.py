"""How Meta writes a webhook: the envelope, its exact bytes, and the signature over them."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from aof.simulator.settings import Settings

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that the business is to be told."""

    kind: Literal["message", "status", "payload"]
    node: Json
    """A `messages[]` or `statuses[]` entry; for `payload` the whole body."""
    contact: Json | None = None
    lane: str | None = None
    """Updates of the same lane are posted in order."""
    acknowledged: Callable[[], None] | None = None


def payload(settings: Settings, updates: Sequence[Update]) -> Json:
    """One webhook. Up to two updates share a change and up to four an entry, so that a batch has several of each."""
    if len(updates) == 1 and updates[0].kind == "payload":
        return updates[0].node
    entries = [
        {
            "id": settings.business_account_id,
            "changes": [{"value": _value(settings, change), "field": "messages"} for change in _pieces(entry, 2)],
        }
        for entry in _pieces(updates, 4)
    ]
    return {"object": "whatsapp_business_account", "entry": entries}


def _value(settings: Settings, updates: Sequence[Update]) -> Json:
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": settings.display_phone_number,
            "phone_number_id": settings.phone_number_id,
        },
    }
    contacts: list[Json] = []
    for update in updates:
        if update.contact is not None and update.contact not in contacts:
            contacts.append(update.contact)
    if contacts:
        value["contacts"] = contacts
    for key, kind in (("messages", "message"), ("statuses", "status")):
        nodes = [update.node for update in updates if update.kind == kind]
        if nodes:
            value[key] = nodes
    return value


def _pieces(updates: Sequence[Update], size: int) -> Iterable[Sequence[Update]]:
    return (updates[start : start + size] for start in range(0, len(updates), size))


def wire_bytes(body: Json) -> bytes:
    """The body as PHP writes it: `\\u00e4` for ä, and `\\/` for a slash."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(app_secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
