"""One server: connected by one task, dropped when it is sick, connected again after a while."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, TextIO

from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST, CallToolResult, Tool

from aof.agents.llm.mcp.murmur import Murmur
from aof.agents.llm.mcp.starting import CannotStart
from aof.clock import Clock
from aof.logs import get

log = get(__name__)

NOT_REACHABLE = "not reachable"
CHECK_SECONDS = 3.0
"""How long a server may take to say that it is there."""
BETWEEN_CHECKS_SECONDS = 60.0
"""Of ours, beside those before each turn; MCP leaves it to clients, and asks that the network is not overloaded.
https://modelcontextprotocol.io/specification/2025-06-18/basic/utilities/ping"""
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0
_MOST_PAGES = 50
_LOST = frozenset({CONNECTION_CLOSED, INVALID_REQUEST})
"""Codes after which a connection is of no use; a server that was started anew says INVALID_REQUEST to old sessions."""


class NotConnected(Exception):
    """Nothing was sent."""


class Connection:
    """What is known of one server, now and when it was last there."""

    def __init__(
        self,
        name: str,
        client: Callable[[TextIO], Client],
        *,
        clock: Clock,
        shown: Callable[[bytes], str],
        timeout_seconds: float,
        reconnects: bool,
    ) -> None:
        """
        Args:
            client: Makes one that writes what its program says on standard error to the file.
            shown: Bytes of the server, cleaned and redacted, for the log.
        """
        self.name = name
        self.reason = NOT_REACHABLE
        """Why it can't be used; empty while it can."""
        self.listed: Sequence[Tool] = ()
        """Its tools, as it said last."""
        self.tried = asyncio.Event()
        """The first attempt to connect has come to an end."""
        self._make = client
        self._clock = clock
        self._shown = shown
        self._timeout_seconds = timeout_seconds
        self._reconnects = reconnects
        self._client: Client | None = None
        self._lost = asyncio.Event()
        self._closing = False
        self._calls = 0

    async def keep(self) -> None:
        """Connect, and again after each loss, until it is closed."""
        pause = _FIRST_PAUSE_SECONDS
        try:
            while not self._closing:
                self._lost.clear()
                if await self._connected():
                    pause = _FIRST_PAUSE_SECONDS
                self.tried.set()
                if self._closing or not self._reconnects:
                    return
                await self._clock.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        finally:
            # nobody waits for an attempt that will never be made
            self.tried.set()

    async def check(self, seconds: float) -> None:
        """Ask for its tools anew, and drop it where it doesn't answer in time."""
        client = self._client
        # one that works on a call may be too busy to answer, and dropping it would cut the call
        if client is None or self._calls:
            return
        try:
            async with asyncio.timeout(seconds):
                self.listed = await _tools(client)
        except Exception as error:  # noqa: BLE001 -- whatever a library of transports raises
            if self._client is client and not self._calls:
                self._drop(error)

    async def call(self, tool: str, arguments: Mapping[str, Any], seconds: float) -> CallToolResult:
        """
        Raises:
            NotConnected: Nothing was sent.
            TimeoutError: No answer came in time.
            MCPError: The server, or the connection to it, says that it failed.
            Exception: Whatever a library of transports raises.
        """
        client = self._client
        if client is None:
            raise NotConnected
        self._calls += 1
        try:
            async with asyncio.timeout(seconds):
                return await client.call_tool(tool, dict(arguments))
        except TimeoutError:
            raise
        except MCPError as error:
            if error.code in _LOST and self._client is client:
                self._drop(error)
            raise
        except Exception as error:  # whatever it was, the next call begins on a new connection
            if self._client is client:
                self._drop(error)
            raise
        finally:
            self._calls -= 1

    def close(self, task: asyncio.Task[None]) -> None:
        """Ask the task that keeps it to end."""
        self._closing = True
        if self._client is None:
            task.cancel()
        self._lost.set()

    async def _connected(self) -> bool:
        """Connect, and stay so until it is lost; False where there was no connection."""
        was_connected = False
        with Murmur() as murmur:
            try:
                async with AsyncExitStack() as stack:
                    async with asyncio.timeout(self._timeout_seconds):
                        client = await stack.enter_async_context(self._make(murmur.file))
                        self.listed = await _tools(client)
                    self._client, self.reason, was_connected = client, "", True
                    log.info("mcp_connected", server=self.name, tools=len(self.listed))
                    self.tried.set()
                    await self._watch()
            except CannotStart as error:
                self._told(str(error), error, b"")
            except Exception as error:  # noqa: BLE001 -- whatever a library of transports raises
                if not was_connected:
                    self._told(NOT_REACHABLE, error, murmur.last_words)
            finally:
                self._client = None
                self.reason = self.reason or NOT_REACHABLE
        return was_connected

    async def _watch(self) -> None:
        """Ask now and then whether it is there, until it is lost: a loss is known before somebody needs it."""
        while not self._lost.is_set():
            waits = {
                asyncio.ensure_future(one) for one in (self._lost.wait(), self._clock.sleep(BETWEEN_CHECKS_SECONDS))
            }
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in waits:
                    one.cancel()
            if not self._lost.is_set():
                await self.check(CHECK_SECONDS)

    def _drop(self, error: Exception) -> None:
        self._client = None
        self._told(NOT_REACHABLE if self._reconnects else f"{NOT_REACHABLE}; it is not connected again", error, b"")
        self._lost.set()

    def _told(self, reason: str, error: Exception, murmured: bytes) -> None:
        self.reason = reason
        causes = "; ".join(f"{type(one).__name__}: {one}" for one in _single(error))
        log.warning(
            "mcp_unreachable",
            server=self.name,
            reason=self._shown(causes.encode("utf-8", "replace"))[:500],
            stderr=self._shown(murmured),
        )


async def _tools(client: Client) -> Sequence[Tool]:
    found: list[Tool] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


def _single(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _single(one)
    else:
        yield error
