"""The HTTP platform as the contract suite meets it: events of a program, signed at one moment."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp

from aof.platforms.base import AnyPlatform
from aof.platforms.http import HTTPConfig, HTTPPlatform

MOMENT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
HEADERS = {"X-AOF-Timestamp": str(int(MOMENT.timestamp()))}


def build(http: aiohttp.ClientSession, secrets: tuple[str, str, str]) -> AnyPlatform:
    """With a callback, so that it sends; what it believes is signed with the third secret, the former one."""
    secret, callback_secret, former_secret = secrets
    config = HTTPConfig.model_validate(
        {
            "secret": [secret, former_secret],
            "callback_url": "https://status.example.org/aof",
            "callback_secret": callback_secret,
            "allow_everyone": True,
        }
    )
    platform = HTTPPlatform(config, http)
    platform.keep_time(lambda: MOMENT)
    return platform


def signature(body: bytes, secret: str) -> str:
    signed = hmac.new(secret.encode(), f"{HEADERS['X-AOF-Timestamp']}.".encode() + body, hashlib.sha256)
    return f"v1={signed.hexdigest()}"


def event(**said: Any) -> bytes:
    return json.dumps({"id": "one", "sender": {"id": "ada", "name": "Ada"}, **said}).encode()
