"""Updates as Telegram brings them to a webhook: what the load sends, and what is parsed by itself."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from bench.webhooks import SENDERS, TEXT

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:token-of-the-bench-0123456789"
SECRET = "secret-of-the-bench"  # noqa: S105 -- shown to what this machine itself serves
USERNAME = "bench_bot"

_WHEN = 1_764_158_400
_PERSON = {"id": 49_151_000_001, "is_bot": False, "first_name": "Sheena", "last_name": "Nelson", "language_code": "en"}
_CHAT = {"id": 49_151_000_001, "first_name": "Sheena", "last_name": "Nelson", "type": "private"}
_BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Bench", "username": USERNAME}


def _message(**more: Any) -> dict[str, Any]:
    return {"message_id": 5_001, "from": _PERSON, "chat": _CHAT, "date": _WHEN, **more}


_ASKED = {**_message(text="Restart web-2?"), "from": _BOT}
_ROW = [
    {"text": "Approve", "callback_data": "appr:kX93hsd2:yes"},
    {"text": "Deny", "callback_data": "appr:kX93hsd2:no"},
]
_SIZES = [
    {
        "file_id": f"AgACAgIAAxkBAAIBY2Vn0123456789abcdefghijklmnopqrstuvwx{size}",
        "file_unique_id": f"AQADu9cxG3x{size}",
        "file_size": size * 90,
        "width": size,
        "height": size * 3 // 4,
    }
    for size in (90, 320, 800, 1280)
]
KINDS: Mapping[str, Mapping[str, Any]] = {
    "a text": {"update_id": 300_000_001, "message": _message(text=TEXT)},
    "a tap": {
        "update_id": 300_000_002,
        "callback_query": {
            "id": "4382bfdwdsb323b2d9",
            "from": _PERSON,
            "message": {**_ASKED, "reply_markup": {"inline_keyboard": [_ROW]}},
            "chat_instance": "-3788215711311124125",
            "data": "appr:kX93hsd2:yes",
        },
    },
    "a photo in reply": {
        "update_id": 300_000_003,
        "message": _message(photo=_SIZES, caption="That is what I see", reply_to_message=_ASKED),
    },
}
"""One of each, whose parsing is measured."""

_TEXT_OF = json.dumps(
    {
        "update_id": "@UPDATE@",
        "message": {
            **_message(text=TEXT),
            "message_id": "@UPDATE@",
            "from": {**_PERSON, "id": "@FROM@"},
            "chat": {**_CHAT, "id": "@FROM@"},
        },
    },
    separators=(",", ":"),
)


def update(n: int, senders: int = SENDERS) -> bytes:
    """The body of update `n`: a text from the sender whose turn it is, in a private chat."""
    person = str(49_151_000_000 + n % senders)
    return _TEXT_OF.replace('"@UPDATE@"', str(n + 1)).replace('"@FROM@"', person).encode()


def request(path: str, body: bytes) -> bytes:
    """A whole request with the body and the secret."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip, deflate\r\n"
        f"Content-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def updates(path: str, start: int = 0) -> Iterator[bytes]:
    """Requests without end, each with an update of its own."""
    return (request(path, update(n)) for n in itertools.count(start))
