"""Runbooks of files become an agent that goes through them."""

from collections.abc import Mapping

from aof.agents.written.agent import WrittenRunbooks
from aof.agents.written.inputs import PATTERN, Input
from aof.agents.written.runbook import Offer, Runbook, Step
from aof.agents.written.step_tool import programs
from aof.config.runbook import RunbookFile, RunbookInput, RunbookStep
from aof.pipeline.contexts import Contexts
from aof.tools.gate import Gate
from aof.tools.programs.tool import Tables
from aof.tools.runner import Runner


def written_of(
    files: Mapping[str, RunbookFile], gate: Gate, contexts: Contexts, runner: Runner, tables: Tables
) -> WrittenRunbooks | None:
    """None where there are no runbooks.

    Raises:
        ConfigError: One of them can't be used.
    """
    if not files:
        return None
    runbooks = [_runbook(file, contexts) for file in files.values()]
    return WrittenRunbooks(runbooks, gate, programs(runner, tables))


def _runbook(file: RunbookFile, contexts: Contexts) -> Runbook:
    spec = file.spec
    place = contexts.known.get(spec.context or "")
    return Runbook(
        name=file.name,
        description=file.description,
        phrases=spec.phrases.by_language,
        inputs=tuple(_input(name, one) for name, one in spec.inputs.items()),
        steps=tuple(map(_step, spec.steps)),
        actions=tuple(Offer(one.title, one.runbook or "", one.text or "") for one in spec.actions),
        response=spec.response,
        context=place.tools if place else None,
    )


def _input(name: str, one: RunbookInput) -> Input:
    return Input(
        name=name,
        kind="text" if one.type == "string" else one.type,
        pattern=one.pattern or PATTERN,
        choices=one.choices,
        default=one.default,
        least=one.min,
        most=one.max,
        description=one.description,
    )


def _step(step: RunbookStep) -> Step:
    return Step(
        id=step.id,
        run=step.run,
        undo=step.undo or (),
        dry_run=step.dry_run or (),
        expect_exit=step.expect.exit,
        expect_contains=step.expect.contains or "",
        timeout_seconds=step.timeout,
        say=step.say,
        goes_on_after_failure=step.on_failure == "continue",
    )
