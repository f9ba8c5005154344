"""Tools of MCP servers, behind the gate. Importing this imports no library of the protocol; `servers` does."""

from aof.agents.llm.mcp.settings import McpSettings

__all__ = ["McpSettings"]
