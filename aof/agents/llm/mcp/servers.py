"""The MCP servers of one agent: which of their tools can be used now, and which can't."""

import asyncio
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from jsonschema import SchemaError
from mcp_types import Tool as Listed

from aof.agents.llm.mcp.connection import CHECK_SECONDS, Connection
from aof.agents.llm.mcp.settings import McpSettings
from aof.agents.llm.mcp.tool import McpTool
from aof.agents.llm.mcp.transports import client_of
from aof.agents.llm.mcp.words import MOST_SCHEMA, canonical
from aof.clock import Clock
from aof.tools.base import Tool
from aof.tools.cleaning import decoded
from aof.tools.redaction import Redactor
from aof.tools.runner import NAMES_A_SECRET

_CLOSE_SECONDS = 10.0
_SHOWABLE = re.compile(r"[A-Za-z0-9_./:-]{1,128}")
_ODD = re.compile(r"[^A-Za-z0-9_-]")


class McpServers:
    """Connected with `start`, let go with `close`; at any moment in between `tools` and `missing` say what there is."""

    def __init__(
        self,
        settings: Iterable[McpSettings],
        *,
        clock: Clock,
        path: Sequence[Path],
        variables: Mapping[str, str] | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        """
        Args:
            path: Where programs of bare names are looked up; also theirs.
            variables: Where tokens are looked up, at each use; None: the process's own environment. Programs are given
                its HOME and nothing else of it.
            redact: Takes the daemon's secrets out of whatever a server says.
        """
        found = os.environ if variables is None else variables
        self._servers = [_Server(one, clock, tuple(path), found, redact) for one in settings]
        self._tasks: dict[asyncio.Task[None], Connection] = {}

    async def start(self) -> None:
        """Connect to all of them at once; returns when each is there, or is known not to be."""
        for server in self._servers:
            task = asyncio.create_task(server.connection.keep(), name=f"mcp-{server.connection.name}")
            self._tasks[task] = server.connection
        await asyncio.gather(*(server.connection.tried.wait() for server in self._servers))

    async def close(self) -> None:
        """Disconnect, and end the programs that were started."""
        tasks, self._tasks = self._tasks, {}
        for task, connection in tasks.items():
            connection.close(task)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_CLOSE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def check(self, seconds: float = CHECK_SECONDS) -> None:
        """See whether they are there and what they offer; one that does not answer in time is dropped for now."""
        await asyncio.gather(*(server.connection.check(seconds) for server in self._servers))

    def tools(self) -> Mapping[str, Tool]:
        """Those that can be called now, by the names that a model uses."""
        return {name: tool for server in self._servers if not server.connection.reason for name, tool in server.tools()}

    def tool(self, name: str) -> Tool | None:
        """One of the tools, also of a server that was dropped: its calls fail and nothing is sent."""
        return next((tool for server in self._servers for found, tool in server.tools() if found == name), None)

    def missing(self) -> Mapping[str, str]:
        """Servers and tools that can't be used now, with the reason."""
        found: dict[str, str] = {}
        for server in self._servers:
            if server.connection.reason:
                found[server.connection.name] = server.connection.reason
            else:
                found |= server.unusable()
        return found

    def digest(self) -> str:
        """Of all that the servers said of their tools, whether they are there or not; empty without servers."""
        known = {name: tool.digest for server in self._servers for name, tool in server.tools()}
        return hashlib.sha256(canonical(known).encode()).hexdigest() if self._servers else ""


class _Server:
    """One server and what became of the tools that it listed last."""

    def __init__(
        self,
        settings: McpSettings,
        clock: Clock,
        path: tuple[Path, ...],
        variables: Mapping[str, str],
        redact: Callable[[str], str],
    ) -> None:
        self._settings = settings
        self._variables = variables
        self._redact_known = redact
        self.connection = Connection(
            settings.name,
            lambda errlog: client_of(
                settings, path=path, home=variables.get("HOME", "/"), variables=variables, errlog=errlog
            ),
            clock=clock,
            shown=lambda raw: self._redact(decoded(raw, cut=False)),
            timeout_seconds=settings.timeout_seconds,
            reconnects=settings.reconnects,
        )
        self._listed: Sequence[Listed] = ()
        self._tools: dict[str, McpTool] = {}
        self._unusable: dict[str, str] = {}

    def tools(self) -> Iterable[tuple[str, McpTool]]:
        self._read()
        return self._tools.items()

    def unusable(self) -> Mapping[str, str]:
        self._read()
        return self._unusable

    def _redact(self, text: str) -> str:
        """Without what this server was given as a secret, and without the daemon's."""
        own = [value for name, value in self._settings.env.items() if NAMES_A_SECRET.search(name)]
        own += self._settings.headers.values()
        own.append(self._variables.get(self._settings.token_env, ""))
        return self._redact_known(Redactor(own)(text))

    def _read(self) -> None:
        """Make tools of what the server listed; one that stayed the same stays the same object."""
        listed = self.connection.listed
        if listed is self._listed:
            return
        self._listed, before = listed, self._tools
        self._tools, self._unusable = {}, {}
        wanted = self._settings.tools
        for one in listed:
            if wanted is not None and one.name not in wanted:
                continue
            name = _ODD.sub("_", f"{self._settings.name}_{one.name}")[:64]
            made = self._made(name, one)
            if isinstance(made, str):
                self._unusable[name] = made
            else:
                kept = before.get(name)
                self._tools[name] = kept if kept is not None and kept.digest == made.digest else made
        names = {one.name for one in listed}
        for absent in (name for name in wanted or () if name not in names):
            self._unusable[_ODD.sub("_", f"{self._settings.name}_{absent}")] = "its server does not offer it"

    def _made(self, name: str, listed: Listed) -> McpTool | str:
        if not _SHOWABLE.fullmatch(listed.name):
            return "its name is none that could be shown"
        if name in self._tools:
            return "another tool has this name"
        try:
            made = McpTool(name, listed, self._settings, self.connection, self._redact)
            if len(canonical(made.parameters)) > MOST_SCHEMA:
                return "its parameters are too long for a model"
        except SchemaError as error:
            return f"its parameters are no JSON Schema ({error.message[:100]})"
        except (ValueError, RecursionError):
            return "its parameters are no JSON"
        return made
