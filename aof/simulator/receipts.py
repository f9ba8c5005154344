"""Statuses of a send, as Meta writes them."""

from typing import Any, Literal

from aof.simulator.bubbles import Bubble
from aof.simulator.clock import Clock
from aof.simulator.envelope import Update
from aof.simulator.settings import PhoneSettings
from aof.simulator.webhooks import Webhooks

Json = dict[str, Any]
Status = Literal["sent", "delivered", "read", "played", "failed"]


def contact_of(phone: PhoneSettings) -> Json:
    """The `contacts[]` entry for a phone's person."""
    profile: Json = {"name": phone.name}
    if phone.username is not None:
        profile["username"] = phone.username
    contact: Json = {"profile": profile}
    if not phone.hides_number:
        contact["wa_id"] = phone.wa_id
    if phone.user_id is not None:
        contact["user_id"] = phone.user_id
    return contact


class Receipts:
    """Tells the business what became of a send."""

    def __init__(self, webhooks: Webhooks, clock: Clock) -> None:
        self._webhooks = webhooks
        self._clock = clock

    def put(
        self,
        bubble: Bubble,
        status: Status,
        phone: PhoneSettings | None,
        number: str | None = None,
        error: Json | None = None,
    ) -> None:
        """`number` is the recipient when no phone has it; `error` an entry of `errors[]`."""
        node: Json = {"id": bubble.id, "status": status, "timestamp": str(int(self._clock.now().timestamp()))}
        node |= _recipient(bubble, phone, number)
        if bubble.part_id is not None:
            node["biz_opaque_callback_data"] = bubble.part_id
        if status in {"sent", "delivered", "read"}:
            node["pricing"] = {
                "billable": True,
                "pricing_model": "PMP",
                "type": "regular",
                "category": bubble.category,
            }
        if error is not None:
            node["errors"] = [error]
        with_contact = phone is not None and phone.user_id is not None and status in {"delivered", "read"}
        contact = contact_of(phone) if phone is not None and with_contact else None
        self._webhooks.put(Update("status", node, contact))


def _recipient(bubble: Bubble, phone: PhoneSettings | None, number: str | None) -> Json:
    shown_number = number if phone is None else None if phone.hides_number else phone.wa_id
    if bubble.group_id is not None:
        group: Json = {"recipient_id": bubble.group_id, "recipient_type": "group"}
        return group | ({"recipient_participant_id": shown_number} if shown_number else {})
    recipient: Json = {} if shown_number is None else {"recipient_id": shown_number}
    if phone is not None and phone.user_id is not None:
        recipient["recipient_user_id"] = phone.user_id
    return recipient
