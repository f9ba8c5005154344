"""What a server says of itself and returns, as text that may be shown: it was written by strangers."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from mcp_types import (
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    ResourceLink,
    TextContent,
    TextResourceContents,
    Tool,
)

from aof.agents.llm.fence import defused
from aof.tools.cleaning import clean, decoded

MOST_DESCRIPTION = 500
"""Characters of a description, of a tool or of a parameter."""
MOST_RESULT = 64 * 1024
"""Bytes."""
MOST_SCHEMA = 32 * 1024
"""Characters of a tool's parameters as JSON; they go to the model with every request."""
_PROSE = frozenset({"description", "title", "$comment"})


def description(server: str, tool: Tool) -> str:
    """What a tool is for, in its server's words."""
    said = _short(tool.description or tool.title or "")
    return f"Of the MCP server {server}, in its own words: {said}" if said else f"Of the MCP server {server}."


def schema(tool: Tool) -> Mapping[str, Any]:
    """Its parameters, with the prose in them as short and clean as a description."""
    given: Mapping[str, Any] = _cleaned(tool.input_schema)
    return {"type": "object", "properties": {}, **given}


def digest(tool: Tool, risk: str) -> str:
    """Changes with whatever the server says of the tool that a call or a person could go by."""
    told = [tool.name, tool.title, tool.description, tool.input_schema, risk]
    return hashlib.sha256(canonical(told).encode("utf-8", "replace")).hexdigest()


def canonical(value: object) -> str:
    """One text for one value.

    Raises:
        ValueError: It holds what JSON can't.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def result(answer: CallToolResult, redact: Callable[[str], str]) -> str:
    """All that can be read of a result."""
    told = "\n".join(_told(block) for block in answer.content)
    if not told and answer.structured_content is not None:
        told = json.dumps(answer.structured_content, ensure_ascii=False, default=str)
    return text(told, redact) or "(nothing)"


def text(said: str, redact: Callable[[str], str]) -> str:
    """A text of the server's, cleaned, redacted and not longer than it may be."""
    raw = said.encode("utf-8", "replace")
    cut = len(raw) > MOST_RESULT
    shown = redact(decoded(raw[:MOST_RESULT], cut=cut))
    return f"{shown}\n[cut: there is more]" if cut else shown


def _told(block: ContentBlock) -> str:
    match block:
        case TextContent():
            return block.text
        case EmbeddedResource() if isinstance(block.resource, TextResourceContents):
            return block.resource.text
        case ResourceLink():
            return f"[link: {block.name}, {block.uri}]"
        case _:
            return f"[{block.type}: not shown]"


def _short(said: str) -> str:
    one_line = " ".join(clean(said[: 20 * MOST_DESCRIPTION]).split())
    if len(one_line) > MOST_DESCRIPTION:
        one_line = one_line[: MOST_DESCRIPTION - 1] + "…"
    return defused(one_line)


def _cleaned(value: Any, *, is_schema: bool = True) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _short(item)
            if is_schema and key in _PROSE and isinstance(item, str)
            else _cleaned(item, is_schema=key not in {"default", "const", "enum", "examples"})
            for key, item in value.items()
        }
    return [_cleaned(item, is_schema=is_schema) for item in value] if isinstance(value, list) else value
