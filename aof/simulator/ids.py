"""Ids in the shapes that Meta gives them. Never seeded: a store that outlives a run must not meet the same id twice."""

import base64
import secrets


def message_id(wa_id: str) -> str:
    """A `wamid.`: base64 over a few bytes, the other side's number and 16 hexadecimal digits."""
    number = wa_id.encode()[:64]
    token = secrets.token_hex(10).upper().encode()
    raw = b"\x1d\x18" + bytes([len(number)]) + number + b"\x15\x02\x00\x11\x18" + bytes([len(token)]) + token + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()


def trace_id() -> str:
    """An `fbtrace_id`."""
    return "A" + secrets.token_urlsafe(16)


def media_id() -> str:
    """Digits alone, as every Graph object id."""
    return str(10**15 + secrets.randbelow(9 * 10**15))
