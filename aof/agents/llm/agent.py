"""An agent that answers with a language model, and looks and acts through its gate alone."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from jsonschema import SchemaError
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults, ModelRetry, RunContext, capture_run_messages
from pydantic_ai.exceptions import AgentRunError, FallbackExceptionGroup, UsageLimitExceeded
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from aof.agents.base import Answered, ApprovalNeeded, Decision, Reply, Resumed, Turn
from aof.agents.llm import explaining, files, memory, pause, usage
from aof.agents.llm.build import CannotBuild
from aof.agents.llm.distinct import DistinctCalls
from aof.agents.llm.fence import Fence, unfenced, with_note
from aof.agents.llm.pause import ANSWER_COMMAND, Paused
from aof.agents.llm.prompt import instructions
from aof.agents.llm.settings import LLMSettings
from aof.agents.llm.structured import MARK, Form, shown
from aof.agents.llm.toolset import GatedTools, Run
from aof.agents.llm.trouble import Trouble
from aof.agents.requested import command_request, without_request
from aof.domain.errors import AgentError
from aof.domain.response import Response, Status
from aof.logs import get
from aof.texts import agents as texts
from aof.texts.calls import command
from aof.texts.language import Language
from aof.texts.machine_words import fenced
from aof.tools.base import Result, Tool, Toolbox
from aof.tools.gate import Asked, Gate

if TYPE_CHECKING:
    from aof.agents.llm.mcp.servers import McpServers

log = get(__name__)

Output = str | DeferredToolRequests


@dataclass(frozen=True, slots=True)
class _Story:
    """The messages of a conversation: what was before the turn, and the turn so far."""

    before: list[ModelMessage]
    turn: list[ModelMessage]

    def all(self) -> list[ModelMessage]:
        return [*self.before, *self.turn]

    def and_then(self, new: list[ModelMessage]) -> "_Story":
        return replace(self, turn=[*self.turn, *new])


class LLMAgent:
    """Keeps nothing between turns but what it was made with; `build` makes one."""

    repeats = False
    """A model names its calls anew each time."""
    reports = False
    """What a model says of its calls proves nothing."""

    def __init__(
        self,
        settings: LLMSettings,
        toolbox: Toolbox,
        gate: Gate,
        model: Model,
        *,
        servers: "McpServers | None" = None,
        secrets: Iterable[str] = (),
    ) -> None:
        """
        Args:
            servers: Offer further tools, while they are there; whoever made them starts and closes them.
            secrets: Taken out of what the model's server says before it is logged.
        """
        self.name = settings.name
        self._settings = settings
        self._toolbox = toolbox
        self._servers = servers
        self._gate = gate
        self._trouble = Trouble(settings, secrets)
        self._form = _form(settings)
        self._command_tool = toolbox.tools.get(settings.command_tool)
        self._offered = self._gated(toolbox.tools)
        self._agent: Agent[Run, Output] = Agent(
            model,
            output_type=[str, DeferredToolRequests],
            deps_type=Run,
            name=settings.name,
            capabilities=[DistinctCalls(), usage.WithinTokens()],
            model_settings=_model_settings(settings),
            retries={
                "tools": settings.max_iterations,
                "output": max(1, settings.output.max_retries if settings.output else 0),
            },
        )
        self._explainer: Agent[None, str] = Agent(model, name=settings.name, model_settings=_model_settings(settings))
        if self._form is not None:
            self._agent.output_validator(self._checked)

    @property
    def digest(self) -> str:
        """Of its configuration, and of what MCP servers say of their tools."""
        own, servers = self._settings.digest, self._servers
        if servers is None or not (theirs := servers.digest()):
            return own
        return hashlib.sha256(f"{own} {theirs}".encode()).hexdigest()

    @property
    def model(self) -> str:
        return f"{self._settings.provider}:{self._settings.model}"

    def describe(self, language: Language) -> str:
        return self._settings.description

    def tool(self, name: str) -> Tool | None:
        own = self._toolbox.tools.get(name)
        return own if own is not None or self._servers is None else self._servers.tool(name)

    def sees(self, mime_type: str) -> bool:
        return files.sees(self._settings, mime_type)

    async def answer(self, turn: Turn) -> Reply:
        if self._servers is not None:
            await self._servers.check()
            turn.scope.record.away.extend(f"{name}: {reason}" for name, reason in self._servers.missing().items())
        turn.scope.record.missing.extend(f"{name}: {reason}" for name, reason in self.missing().items())
        if turn.resumed is not None:
            return await self._resumed(turn, turn.resumed)
        before = memory.recalled(turn.history, self._settings.max_context_messages, agent=self.name)
        return await self._run(turn, _Story(before, []), prompt=turn.text)

    async def close(self) -> None:
        """Let go of the connections to the model's server."""
        async with self._agent:
            pass

    async def explain(self, turn: Turn, state: str, call: str) -> Response:
        paused = pause.read(state, turn.language, agent=self.name)
        if call not in paused.commands:
            raise AgentError(texts.cannot_go_on(turn.language))
        taken = RunUsage()
        try:
            result = await self._explainer.run(
                explaining.question(paused.commands[call], turn.text),
                message_history=explaining.told(paused.messages) or None,
                instructions=explaining.instructions(self._settings.instructions, turn.language),
                usage=taken,
                usage_limits=usage.limits(self._settings, turn.allowance),
                timeout=self._settings.run_timeout_seconds,
            )
        except (AgentRunError, FallbackExceptionGroup) as error:
            raise self._trouble.logged(error, turn.language) from error
        finally:
            usage.write_down(turn.allowance, taken, ())
        return Response(text=unfenced(result.output))

    async def _run(
        self,
        turn: Turn,
        story: _Story,
        *,
        prompt: str | None = None,
        results: DeferredToolResults | None = None,
        asked: Iterable[str] = (),
        run: Run | None = None,
    ) -> Reply:
        """`asked` are the tools of the calls that `results` answer."""
        run, run_id, taken = run or Run(turn.scope), uuid4().hex, RunUsage()
        own: list[ModelMessage] = []
        result = None
        shown = None if prompt is None else files.with_files(prompt, turn.attachments, run.fence)
        with capture_run_messages() as seen:
            try:
                result = await self._agent.run(
                    shown,
                    message_history=story.all() or None,
                    deferred_tool_results=results,
                    toolsets=[self._tools(asked)],
                    instructions=self._instructions(turn),
                    deps=run,
                    usage=taken,
                    usage_limits=usage.limits(self._settings, turn.allowance),
                    timeout=self._settings.run_timeout_seconds,
                    run_id=run_id,
                )
            except UsageLimitExceeded:
                pass
            except (AgentRunError, FallbackExceptionGroup) as error:
                raise self._trouble.logged(error, turn.language) from error
            finally:
                own = [message for message in seen if message.run_id == run_id]
                usage.write_down(turn.allowance, taken, own)
        if result is None:
            return self._partial(turn, story.and_then(own), run, taken)
        story = story.and_then(result.new_messages())
        if isinstance(result.output, DeferredToolRequests):
            return self._paused(story, result.output, run)
        return await self._said(turn, story, result.output)

    def _instructions(self, turn: Turn) -> str:
        demand = self._form.demand() if self._form is not None else ""
        return instructions(
            self._settings.instructions,
            turn,
            has_tools=self._tools().offers_any,
            missing=self.missing(),
            form=demand,
        )

    # -- tools ----------------------------------------------------------------------------------------------------

    def _tools(self, asked: Iterable[str] = ()) -> GatedTools:
        """What can be called now, and the tools that were asked for whether they can or not: the gate answers."""
        if self._servers is None:
            return self._offered
        wanted = {name: tool for name in asked if (tool := self._servers.tool(name)) is not None}
        now = {**wanted, **self._servers.tools(), **self._toolbox.tools}
        if now != self._offered.tools:
            self._offered = self._gated(now)
        return self._offered

    def _gated(self, tools: Mapping[str, Tool]) -> GatedTools:
        # each answer of the model is a retry at most, so the limit on these is the one that ends a run
        return GatedTools(tools, self._gate, retries=self._settings.max_iterations)

    def missing(self) -> Mapping[str, str]:
        away = self._servers.missing() if self._servers is not None else {}
        return {**self._toolbox.missing, **away, **self._tools().unusable}

    # -- the ends of a run ----------------------------------------------------------------------------------------

    def _paused(self, story: _Story, requests: DeferredToolRequests, run: Run) -> ApprovalNeeded:
        asks = tuple(run.asked[call.tool_call_id] for call in requests.approvals)
        return ApprovalNeeded(asks, _state(story, asks, requests), said=unfenced(memory.last_words(story.turn)))

    def _partial(self, turn: Turn, story: _Story, run: Run, taken: RunUsage) -> Answered:
        """At a limit: what the model has said so far, and that it is not all."""
        turn.allowance.short_of = usage.ran_short(self._settings, run, turn.allowance, taken)
        # tokens and calls have limits too, so it may be fewer than the model could have answered
        steps = sum(isinstance(message, ModelResponse) for message in story.turn)
        log.info("run_limited", agent=self.name, steps=steps)
        sentence, words = texts.stopped_at_limit(turn.language, steps), unfenced(memory.said(story.turn))
        text = "\n\n".join(part for part in (words, sentence) if part)
        story = replace(story, turn=memory.closed(story.turn, text))
        # a budget is told of by whoever keeps it
        shown = words if turn.allowance.short_of else text
        return Answered(Response(text=shown, status=Status.WARNING), memory.written(story.turn))

    async def _said(self, turn: Turn, story: _Story, text: str) -> Reply:
        remembered = memory.written(story.turn)
        if self._form is not None:
            return Answered(self._formed(text, self._form, turn.language), remembered)
        text = unfenced(text)
        wanted = command_request(text)
        if wanted is None or self._command_tool is None:
            return Answered(Response(text=text), remembered)
        outcome = await self._gate.call(self._command_tool, {"command": wanted}, turn.scope, ANSWER_COMMAND)
        words = without_request(text)
        if isinstance(outcome, Asked):
            return ApprovalNeeded((outcome,), _state(story, (outcome,), None), said=words)
        return self._ran(turn, story, wanted, outcome, words)

    def _formed(self, text: str, form: Form, language: Language) -> Response:
        value, problems = form.read(text)
        if not problems:
            return Response(text=shown(value))
        output = self._settings.output
        if output is not None and output.on_error == "passthrough":
            return Response(text=f"{text}\n\n`{MARK}`: {problems[0]}", status=Status.WARNING)
        log.warning("answer_misformed", agent=self.name, problems=len(problems))
        raise AgentError(texts.wrong_form(language))

    def _checked(self, ctx: RunContext[Run], output: Output) -> Output:
        """Asks the model again where that is wanted and it may still answer."""
        wanted = self._settings.output
        if isinstance(output, DeferredToolRequests) or self._form is None or wanted is None:
            return output
        if wanted.on_error != "retry" or ctx.retry >= wanted.max_retries:
            return output
        _, problems = self._form.read(output)
        if problems:
            raise ModelRetry("The answer does not fit its form: " + "; ".join(problems))
        return output

    # -- after a pause --------------------------------------------------------------------------------------------

    async def _resumed(self, turn: Turn, resumed: Resumed) -> Reply:
        paused = pause.read(resumed.state, turn.language, agent=self.name)
        story = _Story(paused.messages[: paused.begins], paused.messages[paused.begins :])
        decisions = [resumed.decisions.get(call) for call in paused.commands]
        if not any(decision is not None and decision.approved is True for decision in decisions):
            text, fence = texts.nothing_approved(turn.language, list(paused.commands.values())), Fence()
            noted = text
            for note in _notes(resumed).values():
                noted = with_note(noted, note, fence)
            return Answered(Response(text=text, status=Status.NOTE), memory.written(memory.closed(story.turn, noted)))
        if paused.requests is None:
            return await self._command(turn, story, resumed.decisions[ANSWER_COMMAND])
        asked = [call.tool_name for call in paused.requests.approvals]
        run = Run(turn.scope, notes=_notes(resumed))
        results = pause.results(paused.requests, resumed.decisions, run.fence)
        return await self._run(turn, story, results=results, asked=asked, run=run)

    async def _command(self, turn: Turn, story: _Story, decision: Decision) -> Reply:
        """Run the command of an answer; the model is not asked again."""
        wanted = command_request(memory.said(story.turn))
        if wanted is None or self._command_tool is None:
            raise AgentError(texts.cannot_go_on(turn.language))
        arguments = dict(decision.arguments or {"command": wanted})
        outcome = await self._gate.call(self._command_tool, arguments, turn.scope, ANSWER_COMMAND)
        if isinstance(outcome, Asked):
            return ApprovalNeeded((outcome,), _state(story, (outcome,), None))
        return self._ran(turn, story, str(arguments.get("command", wanted)), outcome, "")

    def _ran(self, turn: Turn, story: _Story, wanted: str, result: Result, words: str) -> Answered:
        """A command of an answer, once it has run or was refused."""
        ended = texts.command_ended(turn.language, wanted, failed=result.failed, is_unknown=result.is_unknown)
        # what changed something is shown by whoever shows the record
        output = "" if turn.scope.record.ran or turn.scope.record.refused else fenced(result.text)
        text = "\n\n".join(part for part in (words, ended, output) if part)
        status = Status.FAILED if result.failed else Status.OK
        kept = memory.written([*story.turn, ModelResponse(parts=[TextPart(f"{ended}\n{result.text[:2000]}")])])
        return Answered(Response(text=text, status=status), kept)


def _notes(resumed: Resumed) -> dict[str, str]:
    return {call: decision.note for call, decision in resumed.decisions.items() if decision.note}


def _state(story: _Story, asks: tuple[Asked, ...], requests: DeferredToolRequests | None) -> str:
    commands = {ask.proposal.call: command(ask.proposal.argv) for ask in asks}
    return Paused(memory.to_go_on_from(story.all()), len(story.before), commands, requests).json()


def _form(settings: LLMSettings) -> Form | None:
    if settings.output is None:
        return None
    try:
        return Form(settings.output)
    except SchemaError as error:
        raise CannotBuild(f"its output_schema is no JSON Schema: {error.message}") from error


def _model_settings(settings: LLMSettings) -> ModelSettings:
    made = ModelSettings(
        timeout=settings.request_timeout_seconds,
        # one clock over all attempts, so that retries of a silent server don't multiply
        request_timeout=2 * settings.request_timeout_seconds,
        # `Retrying` does that
        max_retries=0,
    )
    if settings.temperature is not None:
        made["temperature"] = settings.temperature
    if settings.max_tokens is not None:
        made["max_tokens"] = settings.max_tokens
    if settings.top_p is not None:
        made["top_p"] = settings.top_p
    if settings.frequency_penalty is not None:
        made["frequency_penalty"] = settings.frequency_penalty
    if settings.presence_penalty is not None:
        made["presence_penalty"] = settings.presence_penalty
    return made
