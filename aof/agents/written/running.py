"""Takes the steps of a runbook one after another through the gate, up to the first that waits for people."""

from collections.abc import Mapping
from dataclasses import replace

from aof.agents.base import ApprovalNeeded, Decision, Reply
from aof.agents.written.progress import Outcome, Progress, State
from aof.agents.written.report import report, told
from aof.agents.written.runbook import Step, filled, replaced
from aof.agents.written.step_tool import StepCall, StepTool, ToolFor, exit_of
from aof.texts.language import Language
from aof.tools.base import Result, Scope, Tool
from aof.tools.gate import Asked, Gate


class Running:
    """Keeps nothing between turns: the ledger and the state of a pause hold all that a run needs."""

    def __init__(self, gate: Gate, tool_for: ToolFor) -> None:
        self._gate = gate
        self._tool_for = tool_for

    def tool(self) -> Tool:
        """For any one command; the tables say which there are."""
        return self._tool_for(None)

    async def go_on(
        self, progress: Progress, scope: Scope, language: Language, decisions: Mapping[str, Decision]
    ) -> Reply:
        """From the first step: what was done before is answered from the ledger, or from the state."""
        edits = {call: one.arguments for call, one in decisions.items() if one.approved and one.arguments is not None}
        progress = replace(progress, edited={**progress.edited, **edits})
        if progress.runbook.context is not None:
            scope = replace(scope, context=progress.runbook.context)
        stopped = False
        for step in progress.runbook.steps:
            argv = filled(step.run, progress.values)
            if stopped:
                progress = progress.and_then(Outcome(step.id, argv, "withheld", is_kept=True))
                continue
            outcome = progress.kept(step.id) or await self._taken(step, progress, scope, decisions.get(step.id))
            if isinstance(outcome, Asked):
                # one at a time: whoever approves a step knows how those before it went
                return ApprovalNeeded((outcome,), progress.dump(), told(progress.outcomes, language))
            progress = progress.and_then(outcome)
            stopped = not outcome.lets_go_on(step)
        return report(progress, language)

    async def _taken(self, step: Step, progress: Progress, scope: Scope, decision: Decision | None) -> Outcome | Asked:
        call = _call(step, progress)
        tool = StepTool(call, self._tool_for(call))
        recorded = len(scope.record.ran)
        result = await self._gate.call(tool, progress.edited.get(step.id) or call.arguments(), scope, step.id)
        if isinstance(result, Asked):
            return result
        argv = call.argv if tool.planned is None else tool.planned.argv
        if tool.only_looked or len(scope.record.ran) > recorded:
            code, text = exit_of(result)
            ended = code if result.failed else step.expect_exit
            return Outcome(step.id, argv, _state(result), text, ended, is_kept=tool.only_looked)
        why = result.text.removeprefix("not run: ").removeprefix("refused: ")
        if decision is not None and not decision.approved and decision.reason not in why:
            why = f"{why}: {decision.reason}"
        return Outcome(step.id, argv, "withheld", why, is_kept=True)


def _state(result: Result) -> State:
    return "unknown" if result.is_unknown else "failed" if result.failed else "done"


def _call(step: Step, progress: Progress) -> StepCall:
    values = progress.values
    said = replaced(step.say, lambda name: values[name])
    return StepCall(
        argv=filled(step.run, values),
        undo=filled(step.undo, values),
        dry_run=filled(step.dry_run, values),
        expect_exit=step.expect_exit,
        expect_contains=step.expect_contains,
        timeout_seconds=step.timeout_seconds,
        reason=said or f"step {step.id} of {progress.runbook.name}",
    )
