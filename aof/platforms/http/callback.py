"""One part on its way to a callback, and what the answer means."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import aiohttp

from aof.domain.errors import Backoff, PlatformError, SendDeferred, SendRefused, SendUncertain
from aof.platforms.http import signing
from aof.platforms.session import BeforeRequest, announce, patience

BACKOFF = Backoff(first=timedelta(seconds=1), factor=2.0, longest=timedelta(minutes=5))
LONGEST_WAIT = timedelta(days=1)
"""A longer one in `Retry-After` is a mistake that would park a part for good."""
IDEMPOTENCY_KEY = "Idempotency-Key"
_LATER = frozenset({429, 503})
_UNKNOWN = frozenset({408})
_SECONDS = re.compile(r"[0-9]{1,9}")


async def post(
    http: aiohttp.ClientSession,
    url: str,
    secret: str,
    body: bytes,
    *,
    part_id: str,
    now: datetime,
    seconds: float,
    before_request: BeforeRequest | None,
) -> None:
    """Post one part; return where it was taken.

    Raises:
        SendRefused: It answered 4xx, or leads elsewhere.
        SendDeferred: It can't be reached, or asks to wait.
        SendUncertain: The connection broke, or stayed silent, after it had come about; or the answer tells nothing.
    """
    before_request = await announce(http, before_request)
    try:
        async with http.post(
            url,
            data=body,
            headers={
                "Content-Type": "application/json",
                IDEMPOTENCY_KEY: part_id,
                **signing.headers(secret, body, now),
            },
            allow_redirects=False,
            raise_for_status=False,
            # a silent server may have taken it; one that was never reached has not
            timeout=patience(seconds),
            trace_request_ctx=before_request,
        ) as response:
            error = _error(response.status, response.headers)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as broken:
        raise SendDeferred(
            "the callback can't be reached", backoff=BACKOFF, scope="number", details=type(broken).__name__
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as broken:
        raise SendUncertain(
            "the connection to the callback broke, or stayed silent", details=type(broken).__name__
        ) from None
    if error is not None:
        raise error


def _error(status: int, headers: Mapping[str, str]) -> PlatformError | None:
    if 200 <= status < 300:
        return None
    if status in _LATER:
        wait = _wait(headers.get("Retry-After", ""))
        return SendDeferred("the callback asks to wait", backoff=BACKOFF, wait=wait, scope="number", code=status)
    if 300 <= status < 400:
        return SendRefused("the callback leads elsewhere, and no redirect is followed", code=status)
    if status >= 500 or status in _UNKNOWN:
        return SendUncertain("the callback failed, and may have taken it", code=status)
    return SendRefused("the callback refused it", code=status)


def _wait(said: str) -> timedelta | None:
    # seconds alone: a date would have to be read by a clock that is not ours
    return min(timedelta(seconds=int(said)), LONGEST_WAIT) if _SECONDS.fullmatch(said.strip()) else None
