"""Secrets by which somebody signs in: told once, and kept as digests. Pure but for their randomness."""

import hashlib
import hmac
import secrets
from datetime import timedelta

LINK_LASTS = timedelta(minutes=10)
"""A link signs somebody in within this time, once."""


def new_secret() -> str:
    """256 bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is kept: nobody who reads the store can sign in with it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def csrf_of(secret: str) -> str:
    """What the forms of a session send back: known to who knows the session's secret alone, and kept nowhere."""
    return hmac.new(secret.encode("utf-8", "surrogateescape"), b"forms", hashlib.sha256).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode("utf-8", "surrogateescape"))
