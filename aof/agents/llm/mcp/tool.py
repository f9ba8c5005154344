"""A tool of an MCP server as any other tool: a plan that is judged, and then exactly that plan."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, CallToolResult, Tool

from aof.agents.llm.mcp import words
from aof.agents.llm.mcp.connection import Connection, NotConnected
from aof.agents.llm.mcp.settings import McpSettings
from aof.agents.llm.schemas import Schema
from aof.domain.risk import Risk
from aof.tools.base import CallRefused, Plan, Result, Scope

_NOT_BEGUN = frozenset({INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND})
"""Codes by which a server says that it did nothing."""


class McpTool:
    """Named `<server>_<tool>`."""

    def __init__(
        self, name: str, tool: Tool, settings: McpSettings, connection: Connection, redact: Callable[[str], str]
    ) -> None:
        """Raises jsonschema.SchemaError where its parameters are no schema."""
        self.name = name
        self.description = words.description(settings.name, tool)
        self.parameters = words.schema(tool)
        self.risk, self._why = risk_of(tool, settings)
        self.digest = words.digest(tool, self.risk)
        self._called = tool.name
        self._server = settings.name
        self._seconds = settings.timeouts.get(tool.name, settings.timeout_seconds)
        self._connection = connection
        self._redact = redact
        self._schema = Schema(self.parameters)

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        try:
            written = words.canonical(dict(arguments))
        except (TypeError, ValueError, RecursionError) as error:
            raise CallRefused("its arguments are no JSON") from error
        problems = self._schema.problems(json.loads(written))
        if problems:
            raise CallRefused(f"its arguments do not fit: {'; '.join(problems)}")
        return Plan(
            tool=self.name,
            arguments=json.loads(written),
            argv=("mcp", self._server, self._called, written),
            risk=self.risk,
            why=self._why,
            target={"mcp": self._server},
        )

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        _, _, called, written = plan.argv
        changes = plan.risk not in {Risk.READ, Risk.SENSITIVE}
        try:
            answer = await self._connection.call(called, json.loads(written), self._seconds)
        except NotConnected:
            return Result(f"{self._server} is not reachable; nothing was sent", failed=True)
        except TimeoutError:
            said = f"{self._server} did not answer within {self._seconds:g} s"
            return Result(said, failed=True, is_unknown=changes)
        except MCPError as error:
            said = words.text(error.message, self._redact)
            return Result(f"{self._server}: {said}", failed=True, is_unknown=changes and error.code not in _NOT_BEGUN)
        except Exception as error:  # noqa: BLE001 -- whatever a library of transports raises
            said = f"the connection to {self._server} broke ({type(error).__name__})"
            return Result(said, failed=True, is_unknown=changes)
        return self._result(answer)

    def _result(self, answer: CallToolResult) -> Result:
        return Result(words.result(answer, self._redact), failed=bool(answer.is_error))


def risk_of(tool: Tool, settings: McpSettings) -> tuple[Risk, str]:
    """The class of a tool, and who says so."""
    written = settings.classes.get(tool.name)
    if written is not None:
        return written, "its class in the agent's file"
    if settings.trust_hints and tool.annotations is not None and tool.annotations.read_only_hint is True:
        return Risk.READ, "its server says that it only looks, and the agent's file trusts that"
    return Risk.WRITE, "a tool of a server that no file gives a class"
