"""An agent's tools as a model calls them: every call goes to the gate, and nothing else holds a tool."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import SchemaError
from pydantic_ai import RunContext
from pydantic_ai.exceptions import ApprovalRequired, ToolFailed
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from aof.agents.llm.fence import Fence, with_note
from aof.agents.llm.schemas import Schema
from aof.tools.base import Scope, Tool
from aof.tools.gate import Asked, Gate

_AN_OBJECT = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""OpenAI's, the strictest."""


@dataclass(slots=True)
class Run:
    """What the calls of one run share."""

    scope: Scope
    fence: Fence = field(default_factory=Fence)
    asked: dict[str, Asked] = field(default_factory=dict)
    """The questions, by call."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What people wrote along with their decisions, by call."""
    lacks_tokens: bool = False
    """It ended before a request that would have taken more tokens than it may."""


class GatedTools(AbstractToolset[Run]):
    """Tools whose calls are judged by a gate, one after another."""

    def __init__(self, tools: Mapping[str, Tool], gate: Gate, *, retries: int) -> None:
        self.tools: Mapping[str, Tool] = dict(tools)
        self._gate = gate
        self._schemas: dict[str, Schema] = {}
        self.unusable: dict[str, str] = {}
        """Tools that a model can't call, with the reason."""
        self._offered: dict[str, ToolsetTool[Run]] = {}
        for name, tool in sorted(tools.items()):
            reason = self._read(name, tool)
            if reason:
                self.unusable[name] = reason
                continue
            definition = ToolDefinition(
                name=name,
                description=tool.description,
                parameters_json_schema={"type": "object", "properties": {}, **tool.parameters},
                # a change must not overtake another, nor the look that was to come before it
                sequential=True,
            )
            self._offered[name] = ToolsetTool(
                toolset=self, tool_def=definition, max_retries=retries, args_validator=_AN_OBJECT
            )

    def _read(self, name: str, tool: Tool) -> str:
        """Why a vendor would refuse every request that offers this tool; empty where none would."""
        if not _NAME.fullmatch(name):
            return "its name is none that models can call"
        if tool.parameters.get("type", "object") != "object":
            return "its parameters are no object"
        try:
            self._schemas[name] = Schema(tool.parameters)
        except SchemaError as error:
            return f"its parameters are no JSON Schema ({error.message})"
        return ""

    @property
    def offers_any(self) -> bool:
        """Whether a model has anything to call."""
        return bool(self._offered)

    @property
    def id(self) -> str:
        return "gated"

    async def get_tools(self, ctx: RunContext[Run]) -> dict[str, ToolsetTool[Run]]:
        return self._offered

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[Run], tool: ToolsetTool[Run]
    ) -> str:
        run, call = ctx.deps, str(ctx.tool_call_id)
        problems = self._schemas[name].problems(tool_args)
        if problems:
            raise ToolFailed("not run, the arguments do not fit: " + "; ".join(problems))
        outcome = await self._gate.call(self.tools[name], tool_args, run.scope, call)
        if isinstance(outcome, Asked):
            run.asked[call] = outcome
            raise ApprovalRequired(metadata={"argv": list(outcome.proposal.argv)})
        text = with_note(run.fence.around(name, outcome.text), run.notes.get(call, ""), run.fence)
        if outcome.failed:
            raise ToolFailed(text)
        return text
