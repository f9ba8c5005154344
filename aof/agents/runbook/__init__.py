"""The agent that answers from fixed commands and readings, with no model."""

from aof.agents.runbook.acting import ActingRunbookAgent
from aof.agents.runbook.agent import RunbookAgent

__all__ = ["ActingRunbookAgent", "RunbookAgent"]
