"""A step of a runbook as a tool: the command tool that the daemon gives, with what the author wrote beside it."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aof.domain.risk import Risk
from aof.texts import runbooks as texts
from aof.tools.base import Plan, Result, Scope, Tool


@dataclass(frozen=True, slots=True)
class StepCall:
    """One command of a step, with its values in it."""

    argv: tuple[str, ...]
    undo: tuple[str, ...]
    dry_run: tuple[str, ...]
    expect_exit: int
    expect_contains: str
    timeout_seconds: float
    reason: str

    def arguments(self) -> dict[str, Any]:
        """As the tool takes them; what it splits again are the same words."""
        return {"command": shlex.join(self.argv), "reason": self.reason}


ToolFor = Callable[[StepCall], Tool]
"""Gives the tool that runs a step: it takes `command` and `reason`, classifies the command as any other, ends it after
`timeout_seconds`, and fails where it ends otherwise than with `expect_exit`."""


class StepTool:
    """Plans and performs through the tool within; adds undo and dry run to the plan, and looks at the output."""

    def __init__(self, call: StepCall, within: Tool) -> None:
        self._call = call
        self._within = within
        self.name = within.name
        self.description = within.description
        self.parameters = within.parameters
        self.planned: Plan | None = None
        """The last plan; None where the call was refused."""
        self.performed = False

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        self.planned = None
        plan = await self._within.plan(arguments, scope)
        if arguments.get("command") == self._call.arguments()["command"]:
            # a command that an approver wrote has neither
            plan = replace(plan, undo=self._call.undo or plan.undo, dry_run=self._call.dry_run or plan.dry_run)
        self.planned = plan
        return plan

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        self.performed = True
        result = await self._within.perform(plan, scope)
        expected = self._call.expect_contains
        if result.failed or not expected or expected in result.text:
            return result
        return Result(f"{texts.lacks(scope.language, expected)}\n{result.text}", failed=True)

    @property
    def only_looked(self) -> bool:
        """It ran, and the ledger keeps nothing of it."""
        return self.performed and self.planned is not None and self.planned.risk is Risk.READ
