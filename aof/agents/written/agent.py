"""Runbooks out of files: answers what starts one, and leaves everything else alone."""

from collections.abc import Iterable, Sequence

from aof.agents.base import Reply, Turn
from aof.agents.runbook.intent import Intent
from aof.agents.written.asking import action_id, given, pressed, values_or_question
from aof.agents.written.choosing import Choosing, Chosen, Doubt
from aof.agents.written.problems import problems
from aof.agents.written.progress import Progress, load
from aof.agents.written.report import told
from aof.agents.written.runbook import Runbook
from aof.agents.written.running import Running
from aof.agents.written.step_tool import ToolFor
from aof.domain.errors import ConfigError
from aof.domain.response import Action, Response, Status
from aof.texts import runbooks as texts
from aof.texts.language import Language
from aof.tools.base import Tool
from aof.tools.gate import Gate


class WrittenRunbooks:
    """Needs no model, and keeps nothing of a person between turns."""

    def __init__(self, runbooks: Sequence[Runbook], gate: Gate, tool_for: ToolFor) -> None:
        """
        Raises:
            ConfigError: One of them can't be used; one problem a line.
        """
        if found := problems(runbooks):
            raise ConfigError("\n".join(found))
        self._runbooks = {runbook.name: runbook for runbook in runbooks}
        self._choosing = Choosing(runbooks)
        self._running = Running(gate, tool_for)

    def __len__(self) -> int:
        return len(self._runbooks)

    def tool(self, name: str) -> Tool:
        """For a step that somebody changes: judged as any other command."""
        return self._running.tool()

    def topics(self, language: Language) -> tuple[Action, ...]:
        """One action a runbook: pressing it starts it, and so does the command `/<name>`."""
        return tuple(runbook.action(language) for runbook in self._runbooks.values())

    def offer_for(self, text: str, language: Language) -> tuple[Action, ...]:
        """The runbooks that a text comes near to, the likeliest first: for whoever can't answer it otherwise."""
        match self._choosing.read(text):
            case Chosen(runbook, typed):
                action = runbook.action(language)
                return (action.model_copy(update={"id": action_id(runbook, given(runbook, typed))}),)
            case Doubt(near):
                return tuple(one.action(language) for one in near if isinstance(one, Runbook))
            case None:
                return ()

    async def answer(self, turn: Turn) -> Reply | None:
        """What to say; None where no runbook is meant."""
        if turn.resumed is not None:
            return await self._resumed(turn)
        if turn.press is not None:
            asked = pressed(turn.press.action_id)
            return None if asked is None else await self._pressed(*asked, turn)
        match self._choosing.read(turn.text):
            case Chosen(runbook, typed):
                return await self._started(runbook, typed, turn)
            case Doubt(near):
                return self._doubted(near, turn.language)
            case None:
                return None

    async def _started(self, runbook: Runbook, typed: Iterable[tuple[str, str]], turn: Turn) -> Reply:
        values = values_or_question(runbook, tuple(typed), turn.language)
        if isinstance(values, Response):
            return values
        return await self._running.go_on(Progress(runbook, values), turn.scope, turn.language, {})

    async def _pressed(self, name: str, typed: list[tuple[str, str]], turn: Turn) -> Reply:
        runbook = self._runbooks.get(name)
        if runbook is None or not {each for each, _ in typed} <= {each.name for each in runbook.inputs}:
            return Response(text=texts.no_such(turn.language), status=Status.NOTE, actions=self.topics(turn.language))
        return await self._started(runbook, typed, turn)

    async def _resumed(self, turn: Turn) -> Reply | None:
        paused = load(turn.resumed.state) if turn.resumed is not None else None
        if paused is None or turn.resumed is None:
            return None
        runbook = self._runbooks.get(paused.name)
        if runbook is None or runbook.version != paused.version:
            # what waits was asked for by other steps; nothing of it is run
            ran = told(paused.outcomes, turn.language)
            text = "\n\n".join(filter(None, (texts.changed(turn.language, paused.name), ran)))
            return Response(text=text, status=Status.FAILED)
        return await self._running.go_on(paused.of(runbook), turn.scope, turn.language, turn.resumed.decisions)

    def _doubted(self, near: tuple[Runbook | Intent, ...], language: Language) -> Response:
        actions = tuple(one.action(language) for one in near)
        return Response(text=texts.did_you_mean(language), status=Status.NOTE, actions=actions)
