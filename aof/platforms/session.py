"""The HTTP client that platforms share."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import aiohttp

BeforeRequest = Callable[[], Awaitable[None]]

KEEP_ALIVE_SECONDS = 5.0
"""A connection kept longer than the platform keeps it would break under a send, which is then uncertain."""


async def _connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    before: BeforeRequest | None = context.trace_request_ctx
    if before is not None:
        await before()


_WATCH = aiohttp.TraceConfig()
_WATCH.on_connection_create_end.append(_connected)
_WATCH.on_connection_reuseconn.append(_connected)


def open_session() -> aiohttp.ClientSession:
    """A session that keeps no cookies and says when a request is about to be written; see `announce`."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[_WATCH])


async def announce(session: aiohttp.ClientSession, before: BeforeRequest | None) -> BeforeRequest | None:
    """What to give a request as its `trace_request_ctx`, so that `before` is awaited when it has a connection.

    On a session that was not made here nobody would await it; then it is awaited at once.
    """
    if before is not None and _WATCH not in session.trace_configs:
        await before()
        return None
    return before
