"""A step of a runbook as a tool: the command tool that the daemon gives, with what the author wrote beside it."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aof.domain.risk import Risk
from aof.texts import runbooks as texts
from aof.tools.base import CallRefused, Plan, Result, Scope, Tool
from aof.tools.programs import Settings, ShellTool
from aof.tools.programs.tool import Tables
from aof.tools.runner import Runner

STEP = "step"
"""What cards and the ledger call the tool of a step."""


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


ToolFor = Callable[[StepCall | None], Tool]
"""Gives the tool that runs a step, or with None what a changed step is judged by.

It takes `command` and `reason`, judges the command as any other, and ends it after `timeout_seconds`. Where a program
ended otherwise than with 0, its result failed and its last line is `exit code N`.
"""


def programs(runner: Runner, tables: Tables) -> ToolFor:
    """The tools of a daemon: each step may run the program that it begins with, judged by the tables."""

    def tool_for(call: StepCall | None) -> Tool:
        if call is None:
            return ShellTool(None, name=STEP, runner=runner, tables=tables, settings=Settings())
        settings = Settings(timeout_seconds=call.timeout_seconds)
        return ShellTool([call.argv[0]], name=STEP, runner=runner, tables=tables, settings=settings)

    return tool_for


_LOOKS = frozenset({Risk.READ, Risk.SENSITIVE})
_EXIT = re.compile(r"(?:\A|\n)exit code (-?\d{1,10})\Z")


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
        if plan.risk not in _LOOKS and arguments.get("command") == self._call.arguments()["command"]:
            # a command that an approver wrote has neither
            undo, dry_run = await self._aimed(self._call.undo, scope), await self._aimed(self._call.dry_run, scope)
            plan = replace(plan, undo=undo or plan.undo, dry_run=dry_run or plan.dry_run)
        self.planned = plan
        return plan

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        self.performed = True
        return self._judged(await self._within.perform(plan, scope), scope)

    def _judged(self, result: Result, scope: Scope) -> Result:
        """By what the author expects; what nobody can tell stays so."""
        code, text = exit_of(result)
        if result.is_unknown or code is None:
            return result
        if code != self._call.expect_exit:
            return Result(f"{text}\nexit code {code}".lstrip("\n"), failed=True)
        if self._call.expect_contains not in text:
            lacks = texts.lacks(scope.language, self._call.expect_contains)
            return Result(f"{lacks}\n{text}\nexit code {code}", failed=True)
        return Result(text)

    async def _aimed(self, argv: tuple[str, ...], scope: Scope) -> tuple[str, ...]:
        """As it would run, with its target; empty where it never would."""
        if not argv:
            return ()
        try:
            return (await self._within.plan({"command": shlex.join(argv)}, scope)).argv
        except CallRefused:
            return ()

    @property
    def only_looked(self) -> bool:
        """It ran, and the ledger keeps nothing of it."""
        return self.performed and self.planned is not None and self.planned.risk is Risk.READ


def exit_of(result: Result) -> tuple[int | None, str]:
    """How the program ended, and what it printed; None where it did not end by itself."""
    if not result.failed:
        return 0, result.text
    found = _EXIT.search(result.text)
    return (int(found[1]), result.text[: found.start()]) if found else (None, result.text)
