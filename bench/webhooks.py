"""Signed webhooks as Meta sends them, made as fast as they can be: nothing of it may hold up the load.

A text message is about 700 bytes, each with an id of its own; senders take turns. Receipts are Meta's three for each
message that was sent: sent, delivered, read.
"""

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from typing import Any

PHONE_NUMBER_ID = "106540352242922"
SECRET = "secret-of-the-bench"  # noqa: S105 -- signs what this machine sends to itself
SENDERS = 1_000
"""How many people write, where nothing else is said."""
STATES = ("sent", "delivered", "read")

TEXT = (
    "Could you look at the second web server, please? Since this morning the dashboards load slowly and two colleagues "
    "see time-outs on the login page."
)


def _webhook(**lists: list[dict[str, Any]]) -> str:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_NUMBER_ID},
        **lists,
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":"))


_CONTACT = {"profile": {"name": "Sheena Nelson"}, "wa_id": "@FROM@", "user_id": "@USER@"}
_MESSAGE = {
    "from": "@FROM@",
    "from_user_id": "@USER@",
    "id": "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0@ID@AA==",
    "timestamp": "1764158400",
    "type": "text",
    "text": {"body": TEXT},
}
_STATUS = {
    "id": "@WAMID@",
    "status": "@STATE@",
    "timestamp": "1764158400",
    "recipient_id": "@TO@",
    "biz_opaque_callback_data": "@PART@",
    "conversation": {"id": "6ceb9d929c9bdc4f90e967a32f8639b4", "origin": {"type": "service"}},
    "pricing": {"billable": True, "pricing_model": "PMP", "category": "service", "type": "free_customer_service"},
}
_OF_MESSAGE = _webhook(contacts=[_CONTACT], messages=[_MESSAGE])
_OF_STATUS = _webhook(statuses=[_STATUS])
_KEY = hmac.new(SECRET.encode(), digestmod=hashlib.sha256)


def message(n: int, senders: int = SENDERS) -> bytes:
    """The body of the webhook of message `n`, from the sender whose turn it is."""
    sender = n % senders
    filled = _OF_MESSAGE.replace("@FROM@", f"49151{sender:08}").replace("@USER@", f"DE.1349120865{sender:08}")
    return filled.replace("@ID@", f"{n:012}").encode()


def status(state: str, wamid: str, part: str, to: str) -> bytes:
    """The body of the webhook of one receipt."""
    filled = _OF_STATUS.replace("@STATE@", state).replace("@WAMID@", wamid)
    return filled.replace("@PART@", part).replace("@TO@", to).encode()


def signature(body: bytes) -> str:
    key = _KEY.copy()
    key.update(body)
    return f"sha256={key.hexdigest()}"


def request(path: str, body: bytes) -> bytes:
    """A whole request with the body and its signature."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nX-Hub-Signature-256: {signature(body)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def messages(path: str, start: int = 0, senders: int = SENDERS) -> Iterator[bytes]:
    """Requests without end, each with a message of its own."""
    return (request(path, message(n, senders)) for n in itertools.count(start))
