"""The built-in agent where files give it runbooks: its steps may change something."""

from typing import Protocol

from aof.agents.runbook.agent import RunbookAgent, Written
from aof.domain.response import Action
from aof.texts.language import Language
from aof.tools.base import Tool
from aof.tools.runner import Runner


class WrittenSteps(Written, Protocol):
    """Runbooks whose steps can be changed by whoever approves them."""

    def tool(self, name: str) -> Tool: ...

    def offer_for(self, text: str, language: Language) -> tuple[Action, ...]: ...


class ActingRunbookAgent(RunbookAgent):
    """Like the one without runbooks, and behind the gate for their steps."""

    digest = "runbooks"
    """A changed runbook is found by its own version, step by step."""
    repeats = True
    reports = True

    def __init__(self, runner: Runner, *, written: WrittenSteps) -> None:
        super().__init__(runner, written=written)
        self._steps = written

    def tool(self, name: str) -> Tool | None:
        return self._steps.tool(name)

    def offer_for(self, text: str, language: Language) -> tuple[Action, ...]:
        """The runbooks that a text comes near to, for whoever can't answer it otherwise."""
        return self._steps.offer_for(text, language)
