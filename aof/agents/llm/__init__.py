"""Agents that answer with a language model. Importing this imports no library of models; `build` does."""

from aof.agents.llm.build import CannotBuild, build, mcp_servers
from aof.agents.llm.mcp import McpSettings
from aof.agents.llm.settings import Fallback, LLMSettings, OutputForm

__all__ = ["CannotBuild", "Fallback", "LLMSettings", "McpSettings", "OutputForm", "build", "mcp_servers"]
