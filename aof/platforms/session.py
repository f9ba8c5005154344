"""The HTTP client that platforms share."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import aiohttp

BeforeRequest = Callable[[], Awaitable[None]]

MOST_ANSWER_BYTES = 1024 * 1024
"""Of an answer; none to a send comes near it."""
LONGEST_SEND_SECONDS = 30.0
"""Until a send without an answer is given up. Whoever only listens waits longer, and is no longer in reaching."""
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


async def beginning(response: aiohttp.ClientResponse, most_bytes: int = MOST_ANSWER_BYTES) -> bytes:
    """The body, or so many bytes of it."""
    kept = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        kept += chunk
        if len(kept) >= most_bytes:
            response.close()  # the connection can't be used again with a body left in it
            break
    return bytes(kept[:most_bytes])


def patience(seconds: float) -> aiohttp.ClientTimeout:
    """A silent server may have accepted; a server that was never reached has not, and is given up sooner."""
    return aiohttp.ClientTimeout(total=seconds, connect=min(seconds, LONGEST_SEND_SECONDS) / 3)


def what_broke(error: BaseException) -> str:
    """What ended a request, without the request and the answer, which aiohttp's errors can quote."""
    said = "its answer is no HTTP" if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return f"{type(error).__name__}: {said}"
