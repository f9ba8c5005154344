"""How both sides of the HTTP platform prove who wrote: HMAC-SHA256 over a time and the bytes."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

TIMESTAMP = "X-AOF-Timestamp"
"""Unix seconds at which it was signed, which are signed too."""
SIGNATURE = "X-AOF-Signature"

_SIGNED = re.compile(r"v1=([0-9a-f]{64})")
_SECONDS = re.compile(r"[0-9]{1,12}")


def headers(secret: str, content: bytes, now: datetime) -> dict[str, str]:
    """The two headers that prove to who knows the secret that `content` comes from another who does."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: f"v1={_digest(secret.encode(), timestamp, content).hex()}"}


def is_signed(
    secrets: Sequence[bytes],
    content: bytes,
    signature: str,
    timestamp: str,
    *,
    now: datetime,
    within: timedelta,
) -> bool:
    """Whether one of the secrets signed these bytes, at a time no further than `within` from now, past or to come."""
    found = _SIGNED.fullmatch(signature)
    if found is None or signed_at(timestamp) is None:
        return False
    given = bytes.fromhex(found.group(1))
    # all are always tried, so that the time does not tell which of them is in use
    fits = [hmac.compare_digest(_digest(secret, timestamp, content), given) for secret in secrets]
    return any(fits) and abs(now.timestamp() - int(timestamp)) <= within.total_seconds()


def signed_at(timestamp: str) -> int | None:
    """Unix seconds; None where the header holds none."""
    return int(timestamp) if _SECONDS.fullmatch(timestamp) else None


def told(headers_: Mapping[str, str]) -> str:
    """The timestamp among the headers of a request."""
    return headers_.get(TIMESTAMP, "")


def _digest(secret: bytes, timestamp: str, content: bytes) -> bytes:
    return hmac.digest(secret, timestamp.encode("ascii") + b"." + content, hashlib.sha256)
