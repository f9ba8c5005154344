"""The agents of one configuration: the built-in ones at once, those with a model when their library is there."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from pydantic import SecretStr

from aof import plugins
from aof.agents.base import Agent
from aof.agents.llm import CannotBuild, Fallback, LLMSettings, McpSettings, OutputForm, build, mcp_servers
from aof.agents.llm.settings import Provider
from aof.agents.runbook import ActingRunbookAgent, RunbookAgent
from aof.agents.unavailable import Unavailable
from aof.clock import Clock
from aof.config.agent_file import AgentFile, AgentSettings
from aof.config.agent_tools import McpServer, ToolEntry
from aof.daemon.acting import Acting
from aof.daemon.assembly import Assembly
from aof.daemon.runbooks import written_of
from aof.domain.response import Action
from aof.logs import get
from aof.operator.tool import NAME as OPPORTUNITY
from aof.pipeline.consult import Offer
from aof.texts.language import Language
from aof.tools.base import Tool, Toolbox
from aof.tools.classify import Tables
from aof.tools.programs import Verbs
from aof.tools.runner import Runner
from aof.tools.toolbox import ToolSpec, tools_of

if TYPE_CHECKING:
    from aof.agents.llm.mcp.servers import McpServers

log = get(__name__)

FALLBACK_AGENT = "runbook"
"""Whatever the files choose, there is always one agent that needs nothing."""
_NO_OPERATORS = "there are no operators; write spec.operator.operators"
_NO_SUCH_TOOL = "there is no built-in tool of this name; an MCP server can offer it"
_DEADLINE = timedelta(seconds=5)
"""Before the daemon's own deadline of a run, so that the agent's word on it comes first."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What agents are built with."""

    assembly: Assembly
    acting: Acting
    runner: Runner
    tables: Tables
    environ: Mapping[str, str]
    clock: Clock
    higher: dict[str, Tool] = field(default_factory=dict)
    """Tools that live above the room of tools, by name."""
    closing: AsyncExitStack = field(default_factory=AsyncExitStack)
    """Lets go of what agents hold: connections, and programs that were started."""

    @classmethod
    def of(cls, assembly: Assembly, acting: Acting, environ: Mapping[str, str], clock: Clock) -> "Workshop":
        runner = Runner(assembly.config.spec.tools.path, environ, assembly.redact)
        tables = Tables.built_in()
        for file in assembly.classifications:
            tables = tables.extended(file.tools, file.patterns)
        return cls(assembly, acting, runner, tables, environ, clock)

    def built_in(self) -> dict[str, Agent]:
        """The agents that need no model; of the others what says that they are not there yet."""
        written = written_of(self.assembly.runbooks, self.acting.gate, self.acting.contexts, self.runner, self.tables)
        classes: dict[str, Callable[..., Any]] = {
            FALLBACK_AGENT: plugins.find("aof.agents", FALLBACK_AGENT), **self.assembly.agents
        }  # fmt: skip
        agents = {name: cast("Agent", made(self.runner)) for name, made in classes.items()}
        if written is not None and classes[FALLBACK_AGENT] is RunbookAgent:
            agents[FALLBACK_AGENT] = ActingRunbookAgent(self.runner, written=written)
        for file in self.assembly.agent_files.values():
            agents[file.name] = _unavailable(file, file.unavailable or "it is being made ready")
        return agents

    def offer(self, agents: Mapping[str, Agent]) -> Offer:
        """What works without a model, for where one fails."""

        def fitting(text: str, language: Language) -> tuple[str, tuple[Action, ...]]:
            agent = agents.get(FALLBACK_AGENT)
            if not isinstance(agent, ActingRunbookAgent):
                return "", ()
            return FALLBACK_AGENT, agent.offer_for(text, language)

        return fitting

    async def add_models(self, agents: dict[str, Agent]) -> None:
        """Put the agents with a model in place; one that can't be built stays, with the reason."""
        for file in self.assembly.agent_files.values():
            if file.unavailable or file.settings is None:
                continue
            try:
                agents[file.name] = await self._with_model(file, file.settings)
            except CannotBuild as error:
                log.warning("agent_unavailable", agent=file.name, reason=error.reason)
                agents[file.name] = _unavailable(file, error.reason)
            except Exception:  # one agent that breaks while it is built leaves the others, and the daemon, at work
                log.exception("agent_not_built", agent=file.name)
                agents[file.name] = _unavailable(file, "it could not be made ready; the log says why")
        if self.assembly.agent_files:
            log.info("agents_ready", agents=sorted(agents))

    async def _with_model(self, file: AgentFile, settings: AgentSettings) -> Agent:
        # the libraries of vendors take seconds to import, and webhooks come in meanwhile
        servers = await asyncio.to_thread(self._servers, settings) if settings.mcp_servers else None
        agent = await asyncio.to_thread(
            build,
            self._settings(file, settings),
            self._toolbox(settings),
            self.acting.gate,
            servers=servers,
            environment=self.environ,
        )
        self.closing.push_async_callback(agent.close)
        if servers is not None:
            self.closing.push_async_callback(servers.close)
            await servers.start()
        return agent

    def _servers(self, settings: AgentSettings) -> "McpServers":
        return mcp_servers(
            [_server(one, settings.tools) for one in settings.mcp_servers],
            clock=self.clock,
            path=self.assembly.config.spec.tools.path,
            redact=self.assembly.redact,
            variables=self.environ,
        )

    def _settings(self, file: AgentFile, settings: AgentSettings) -> LLMSettings:
        sampling, runtime = settings.sampling, self.assembly.config.spec.runtime
        key = self.environ.get(settings.api_key_env or "") if settings.api_key_env else None
        window = self.assembly.config.spec.memory.context_window
        deadline = settings.deadline_seconds or runtime.task_timeout_secs
        return LLMSettings(
            name=file.name,
            provider=cast("Provider", settings.model.provider),
            model=settings.model.name,
            description=file.description,
            base_url=settings.model.base_url or "",
            api_version=settings.api_version,
            region=settings.region,
            api_key=SecretStr(key) if key else None,
            instructions=settings.prompt,
            temperature=sampling.temperature,
            max_tokens=sampling.max_tokens,
            top_p=sampling.top_p,
            frequency_penalty=sampling.frequency_penalty,
            presence_penalty=sampling.presence_penalty,
            max_iterations=settings.max_iterations,
            max_context_messages=window if settings.max_context_messages is None else settings.max_context_messages,
            request_timeout_seconds=settings.call_timeout_seconds or 60,
            run_timeout_seconds=min(deadline, max(1.0, runtime.task_timeout_secs - _DEADLINE.total_seconds())),
            max_attempts=settings.retry.max_attempts,
            first_pause_seconds=settings.retry.initial_delay_seconds,
            longest_pause_seconds=settings.retry.max_delay_seconds,
            fallbacks=tuple(Fallback(cast("Provider", one.provider), one.name) for one in settings.fallback_models),
            output=_output(settings),
            tool_calls_limit=settings.max_tool_calls,
            total_tokens_limit=settings.max_tokens_per_run,
            digest=file.digest,
        )

    def _toolbox(self, settings: AgentSettings) -> Toolbox:
        restrictions = {
            name: Verbs(allowed=rule.allowed_verbs, blocked=rule.blocked_verbs)
            for name, rule in settings.restrictions.items()
        }
        made = tools_of(
            _specs(settings.tools),
            runner=self.runner,
            tables=self.tables,
            restrictions=restrictions,
            environment=settings.env,
            variables=self.environ,
        )
        missing = {**made.missing, **dict.fromkeys(settings.missing_tools, _NO_SUCH_TOOL)}
        tools = dict(made.tools)
        for entry in settings.tools:
            if entry.kind == OPPORTUNITY and OPPORTUNITY in self.higher:
                tools[OPPORTUNITY] = self.higher[OPPORTUNITY]
            elif entry.kind == OPPORTUNITY:
                missing[OPPORTUNITY] = _NO_OPERATORS
        return Toolbox(tools, missing)


def _specs(entries: tuple[ToolEntry, ...]) -> Iterator[ToolSpec]:
    for entry in entries:
        if entry.kind in {"mcp", OPPORTUNITY}:
            continue
        config = entry.config
        roots = (*(config.allowed_paths or ()), *((config.base_dir,) if config.base_dir else ()))
        yield ToolSpec(
            name=entry.name,
            kind={"shell": "Shell", "file": "File", "http": "http"}.get(entry.kind, ""),
            verb=entry.verb,
            allowed_commands=config.allowed_commands,
            blocked_commands=config.blocked_commands,
            working_directory=config.working_directory,
            timeout_seconds=entry.timeout_seconds or config.timeout_seconds or 60.0,
            allowed_paths=roots,
            read_only=config.read_only,
            base_url=config.base_url or config.endpoint,
            allowed_methods=config.allowed_methods,
            headers=config.headers,
            token_env=config.auth.token_env if config.auth else "",
            private_networks=config.private_networks,
        )


def _server(server: McpServer, entries: tuple[ToolEntry, ...]) -> McpSettings:
    """A tool that the agent lists by its server is one of those that are used."""
    listed = [entry for entry in entries if entry.kind == "mcp" and entry.server == server.name]
    names = tuple(entry.name for entry in listed)
    return McpSettings(
        name=server.name,
        command=server.command or (),
        args=server.args,
        env=server.env,
        url=server.url or "",
        transport=server.transport,
        headers=server.headers,
        token_env=server.auth.token_env if server.auth else "",
        tools=server.tools if server.tools is not None or not names else names,
        classes=server.classes,
        trust_hints=server.trust_hints,
        timeout_seconds=server.timeout_secs,
        timeouts={entry.name: entry.timeout_seconds for entry in listed if entry.timeout_seconds is not None},
        reconnects=server.auto_reconnect,
    )


def _output(settings: AgentSettings) -> OutputForm | None:
    wanted = settings.output_schema
    if wanted is None:
        return None
    return OutputForm(
        schema=wanted.json_schema,
        mode=wanted.validation_mode,
        on_error=wanted.on_validation_error,
        max_retries=wanted.max_retries,
    )


def _unavailable(file: AgentFile, reason: str) -> Unavailable:
    return Unavailable(file.name, description=file.description, model=file.model, reason=reason)
