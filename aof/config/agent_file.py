"""An agent of a file in one shape, whichever of AOF's many spellings the file has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from aof.config.agent import (
    PROMPTS,
    AgentSpec,
    FlatAgent,
    MemorySettings,
    Model,
    ModelParameters,
    OutputSchema,
    Retry,
)
from aof.config.agent_tools import McpServer, ToolEntry, ToolRestriction, servers_of, toolset
from aof.config.duration import seconds_of
from aof.config.providers import KEYS, SECRETS, ModelName, fallback_model, named_model
from aof.config.spelling import folded


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model answers; None leaves it to the model."""

    temperature: float
    max_tokens: int | None
    top_p: float | None
    frequency_penalty: float | None
    presence_penalty: float | None


@dataclass(frozen=True, slots=True)
class AgentMemory:
    """What an agent remembers of a conversation.

    Attributes:
        kept: In the daemon's store, in the process until it ends, or not at all.
        max_messages: The most that are kept; None leaves it to the daemon.
        ttl_seconds: How long after the last message; None leaves it to the daemon.
    """

    kept: Literal["store", "process", "nothing"]
    max_messages: int | None = None
    ttl_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a model is asked again after a failure."""

    max_attempts: int
    initial_delay_seconds: float
    max_delay_seconds: float


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """Everything an agent is told.

    Attributes:
        fallback_models: Tried in order when the first model fails.
        api_key_env: The variable with the key of the model, where the file names one.
        call_timeout_seconds: How long one call of the model may take.
        prompt: As written; "" for none.
        max_iterations: Model calls in one run.
        max_context_messages: Messages before this one that the model sees; None leaves it to the daemon.
        deadline_seconds: How long one run may take; None leaves it to the daemon.
        max_tokens_per_run: Tokens of all calls of one run together.
        missing_tools: What the file names and nobody has.
        mcp_servers: Also those that the file has among the tools.
        memory: None leaves it to the daemon.
        env: Of tools and MCP servers; never in the prompt.
        api_version: Of Azure's interface; "" leaves it to its variable.
        region: Of AWS; "" leaves it to its variables.
    """

    model: ModelName
    fallback_models: tuple[ModelName, ...]
    api_key_env: str | None
    call_timeout_seconds: float | None
    prompt: str
    sampling: Sampling
    max_iterations: int
    max_context_messages: int | None
    deadline_seconds: float | None
    max_tokens_per_run: int | None
    max_tool_calls: int | None
    tools: tuple[ToolEntry, ...]
    missing_tools: tuple[str, ...]
    restrictions: Mapping[str, ToolRestriction]
    mcp_servers: tuple[McpServer, ...]
    memory: AgentMemory | None
    output_schema: OutputSchema | None
    env: Mapping[str, str]
    retry: Retries
    api_version: str = ""
    region: str = ""

    def key_variable(self, model: ModelName) -> str | None:
        """The variable that holds the key of one of its models; None where it needs none, or finds it itself."""
        first = self.model
        if self.api_key_env and (model.provider, model.base_url) == (first.provider, first.base_url):
            return self.api_key_env
        return None if model.base_url else KEYS.get(model.provider)

    @property
    def key_variables(self) -> tuple[str, ...]:
        """Of all its models."""
        named = (self.key_variable(model) for model in (self.model, *self.fallback_models))
        return tuple(dict.fromkeys(name for name in named if name))

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """Whatever may hold a secret of one of its models, also where it is not needed."""
        providers = [model.provider for model in (self.model, *self.fallback_models)]
        usual = (name for one in providers for name in (KEYS.get(one, ""), *SECRETS.get(one, ())))
        return tuple(dict.fromkeys(name for name in (*self.key_variables, *usual) if name))


@dataclass(frozen=True, slots=True)
class AgentFile:
    """An agent of a file, as far as it can be used.

    Attributes:
        model: `provider:model`, as it stands in the file.
        file: As problems name it.
        line: Where its document begins.
        unavailable: Why it can't answer.
        settings: None where the file does not say all of them; such an agent is unavailable.
        digest: Changes with whatever the document says. A secret counts by the name of its variable.
    """

    name: str
    description: str
    model: str
    file: str
    line: int
    unavailable: str
    settings: AgentSettings | None
    digest: str


def settings_of(spec: AgentSpec | FlatAgent, default_model: str | None) -> AgentSettings | None:
    """The settings of an agent; None where neither it nor the daemon names a model."""
    beside = spec.model if isinstance(spec.model, Model) else None
    written = beside.name if beside else spec.model or default_model
    if not isinstance(written, str):
        return None
    provider = (beside.provider if beside else None) or (spec.provider if spec.model else None)
    base_url = (beside.base_url if beside else None) or (spec.base_url if spec.model else None)
    model = named_model(written, provider, base_url)
    limits, retry = spec.limits, spec.retry or Retry()
    tools, missing = toolset(spec.tools)
    return AgentSettings(
        model=model,
        fallback_models=tuple(fallback_model(text, model) for text in spec.fallback_models),
        api_version=(beside.api_version if beside else None) or "",
        region=(beside.region if beside else None) or "",
        api_key_env=(beside.api_key_env if beside else None) or spec.api_key_env,
        call_timeout_seconds=beside.timeout_seconds if beside else None,
        prompt=next((text for text in (getattr(spec, name) for name in PROMPTS) if text is not None), ""),
        sampling=_sampling(spec, beside),
        max_iterations=_iterations(spec),
        max_context_messages=spec.max_context_messages if "max_context_messages" in spec.model_fields_set else None,
        deadline_seconds=limits.max_execution_time_seconds if limits else None,
        max_tokens_per_run=limits.max_tokens_per_run if limits else None,
        max_tool_calls=limits.max_tool_calls if limits else None,
        tools=tools,
        missing_tools=missing,
        restrictions=spec.tool_restrictions,
        mcp_servers=(*spec.mcp_servers, *servers_of(spec.tools)),
        memory=None if spec.memory is None else _memory(spec.memory),
        output_schema=spec.output_schema,
        env=spec.env,
        retry=Retries(retry.max_attempts, seconds_of(retry.initial_delay), seconds_of(retry.max_delay)),
    )


def _sampling(spec: AgentSpec, beside: Model | None) -> Sampling:
    """Of several places that say a number the nearest to the top counts."""
    nested: list[Model | ModelParameters | None] = [
        beside,
        spec.parameters_of_model,
        spec.model_params,
        spec.parameters,
    ]

    def first(key: str) -> float | None:
        found = (getattr(place, key, None) for place in nested if place is not None)
        return next((number for number in found if number is not None), None)

    temperature = spec.temperature if "temperature" in spec.model_fields_set else first("temperature")
    tokens = spec.max_tokens if spec.max_tokens is not None else first("max_tokens")
    return Sampling(
        temperature=spec.temperature if temperature is None else temperature,
        max_tokens=None if tokens is None else int(tokens),
        top_p=first("top_p"),
        frequency_penalty=first("frequency_penalty"),
        presence_penalty=first("presence_penalty"),
    )


def _iterations(spec: AgentSpec) -> int:
    given = [spec.max_iterations] if "max_iterations" in spec.model_fields_set else []
    if spec.limits and spec.limits.max_iterations is not None:
        given.append(spec.limits.max_iterations)
    return min(given, default=spec.max_iterations)


def _memory(memory: str | MemorySettings) -> AgentMemory:
    if isinstance(memory, str):
        kind, _, rest = memory.partition(":")
        _, _, most = rest.rpartition(":")
        return AgentMemory(_kept(kind), int(most) if most.isdecimal() and int(most) else None)
    if not memory.enabled:
        return AgentMemory("nothing")
    most_messages = memory.max_messages or (memory.config.max_messages if memory.config else None)
    kind = memory.type or memory.persistence or ("" if memory.config is None else "inmemory")
    return AgentMemory(_kept(kind), most_messages, seconds_of(memory.ttl) if memory.ttl else None)


def _kept(kind: str) -> Literal["store", "process"]:
    # what AOF keeps elsewhere is kept in the store, so that it is not lost where the file asked that it stays
    return "process" if folded(kind) == "inmemory" else "store"
