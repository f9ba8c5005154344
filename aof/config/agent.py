"""`Agent`: who answers with a model, as its file may say it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from aof.config.agent_tools import McpServer, Tool, ToolRestriction
from aof.config.duration import Duration
from aof.config.envelope import API_VERSIONS, Envelope, Name, ResourceMetadata
from aof.config.expand import is_variable_name
from aof.config.model import StrictModel
from aof.config.providers import check_model, fallback_model, known_provider, named_model
from aof.config.spelling import folded

PROMPTS = ("instructions", "system_prompt", "system")

_URL = re.compile(r"https?://[^\s/@?#]+(/[^\s?#]*)?")
_WORD = re.compile(r"[A-Za-z0-9-]{1,63}")
_OF_ONE_PROVIDER = {"api_version": "azure", "region": "bedrock"}
_MEMORIES = re.compile(r"inmemory|file|sqlite|conversation|persistent|postgresql|redis")


def _variable(name: str) -> str:
    if not is_variable_name(name):
        raise ValueError("wants a variable name; write for example OPENAI_API_KEY, without $ and braces")
    return name


def _address(url: str) -> str:
    if "${" not in url and not _URL.fullmatch(url):  # an unset variable costs the agent, and not the daemon
        raise ValueError("is no address of a server; write it like http://localhost:8000/v1")
    return url.rstrip("/")


def _word(text: str) -> str:
    if "${" not in text and not _WORD.fullmatch(text):
        raise ValueError("is not one word of letters, digits and -; write it as the provider does")
    return text


Temperature = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Tokens = Annotated[int, Field(ge=1, le=10_000_000)]
Penalty = Annotated[float, Field(ge=-2, le=2, allow_inf_nan=False)]
BaseUrl = Annotated[str, AfterValidator(_address)]
Variable = Annotated[str, AfterValidator(_variable)]
Word = Annotated[str, AfterValidator(_word)]


def _check_beside(model: str, validation: ValidationInfo) -> None:
    beside = validation.data
    if {"provider", "base_url"} <= beside.keys():  # of which one that is refused says nothing
        check_model(model, beside["provider"], beside["base_url"])


class Model(StrictModel):
    """A model with its settings."""

    other_names: ClassVar[Mapping[str, str]] = {"model": "name", "model_id": "name"}

    provider: str | None = None
    """Who runs the model."""
    base_url: BaseUrl | None = None
    """The address of a server that speaks as the provider's does; where no provider is named, as OpenAI's does."""
    api_version: Word | None = None
    """Of azure: the version of its interface, such as 2024-10-21; without it, `OPENAI_API_VERSION` says it."""
    region: Word | None = None
    """Of bedrock: the region of AWS, such as eu-west-1; without it, `AWS_REGION` or `AWS_DEFAULT_REGION` says it."""
    api_key_env: Variable | None = None
    """The name of the variable that holds the key; without it, the provider's usual one."""
    name: Annotated[str, Field(min_length=1)]
    """Of the model, with or without its provider before a colon."""
    temperature: Temperature | None = None
    """0 to 2."""
    max_tokens: Tokens | None = None
    """The most tokens of one answer."""
    timeout_seconds: Annotated[float, Field(gt=0, le=86400)] | None = None
    """How long one call may take."""

    @field_validator("provider")
    @classmethod
    def _known(cls, provider: str | None, validation: ValidationInfo) -> str | None:
        return provider if provider is None else known_provider(provider)

    @field_validator("name")
    @classmethod
    def _complete(cls, name: str, validation: ValidationInfo) -> str:
        _check_beside(name, validation)
        return name


class ModelParameters(StrictModel):
    """How a model answers."""

    temperature: Temperature | None = None
    """0 to 2."""
    max_tokens: Tokens | None = None
    """The most tokens of one answer."""
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    """0 to 1."""
    frequency_penalty: Penalty | None = None
    """-2 to 2."""
    presence_penalty: Penalty | None = None
    """-2 to 2."""


class MemoryConfig(StrictModel):
    """Where a memory is, and how long."""

    path: str | None = None
    """Of a file."""
    max_messages: Annotated[int, Field(ge=1, le=10000)] | None = None
    """The most messages that are kept."""


class MemorySettings(StrictModel):
    """What an agent remembers of a conversation."""

    without_effect: ClassVar[frozenset[str]] = frozenset({"ref", "memory_config_ref", "rag", "inline"})
    other_names: ClassVar[Mapping[str, str]] = {"backend": "type", "provider": "type"}

    enabled: bool = True
    """False: nothing is remembered."""
    type: str | None = None
    """InMemory, File, SQLite, conversation or persistent."""
    config: MemoryConfig | None = None
    """Its settings."""
    max_messages: Annotated[int, Field(ge=1, le=10000)] | None = None
    """The most messages that are kept."""
    persistence: str | None = None
    """Where it outlives a restart."""
    ttl: Duration | None = None
    """How long it is kept."""


def _as_json(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


class OutputSchema(StrictModel):
    """The form of an answer, as JSON Schema."""

    type: Any = None
    """As in JSON Schema."""
    description: str = ""
    """As in JSON Schema."""
    properties: Mapping[str, Any] = Field(default_factory=dict)
    """As in JSON Schema."""
    required: tuple[str, ...] = ()
    """As in JSON Schema."""
    items: Any = None
    """As in JSON Schema."""
    enum: tuple[Any, ...] | None = None
    """As in JSON Schema."""
    additional_properties: bool | Mapping[str, Any] | None = None
    """As in JSON Schema."""
    one_of: tuple[Any, ...] | None = None
    """As in JSON Schema."""
    any_of: tuple[Any, ...] | None = None
    """As in JSON Schema."""
    minimum: float | None = None
    """As in JSON Schema."""
    maximum: float | None = None
    """As in JSON Schema."""
    min_length: int | None = None
    """As in JSON Schema."""
    max_length: int | None = None
    """As in JSON Schema."""
    min_items: int | None = None
    """As in JSON Schema."""
    max_items: int | None = None
    """As in JSON Schema."""
    validation_mode: Literal["strict", "lenient", "coerce"] = "strict"
    """What becomes of values that almost fit."""
    on_validation_error: Literal["fail", "retry", "passthrough"] = "fail"
    """What becomes of an answer that does not fit."""
    max_retries: Annotated[int, Field(ge=0, le=10)] = 2
    """How often the model is asked again."""

    @property
    def json_schema(self) -> dict[str, Any]:
        """The form alone, with the keys of JSON Schema."""
        given = self.model_dump(exclude={"validation_mode", "on_validation_error", "max_retries"}, exclude_unset=True)
        return {_as_json(key): list(one) if isinstance(one, tuple) else one for key, one in given.items()}


class Retry(StrictModel):
    """How often a model is asked again after a failure."""

    max_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    """Calls in all."""
    initial_delay: Duration = "1s"
    """Before the second call."""
    max_delay: Duration = "30s"
    """The longest wait."""


class AgentLimits(StrictModel):
    """Where one run ends."""

    max_iterations: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Model calls in one run."""
    max_execution_time_seconds: Annotated[int, Field(ge=1, le=86400)] | None = None
    """How long one run may take."""
    max_tokens_per_run: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    """Tokens of all calls of one run together."""
    max_tool_calls: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Uses of tools in one run."""


class AgentSpec(StrictModel):
    """Everything an agent is told."""

    other_names: ClassVar[Mapping[str, str]] = {
        "llm": "model",
        "max_turns": "max_iterations",
        "environment": "env",
        "retry_policy": "retry",
    }
    without_effect: ClassVar[frozenset[str]] = frozenset(
        {
            "config", "tags", "examples", "resources", "observability", "streaming", "markdown", "sampling",
            "variables", "state", "triggers", "mcp", "context", "model_config_ref",
        }
    )  # fmt: skip

    provider: str | None = None
    """Who runs the model, where its name alone does not say."""
    base_url: BaseUrl | None = None
    """The address of a server that speaks as the provider's does; where no provider is named, as OpenAI's does."""
    api_key_env: Variable | None = None
    """The name of the variable that holds the key of the model; without it, the provider's usual one."""
    model: str | Model | None = None
    """`provider:model`, or its settings as keys; without it, the daemon's `runtime.default_model`."""
    instructions: str | None = None
    """The prompt, left as written: `${…}` in it stays."""
    system_prompt: str | None = None
    """The prompt under another name."""
    system: str | None = None
    """The prompt under another name."""
    description: str = ""
    """What menus say of the agent."""
    temperature: Temperature = 0.7
    """0 to 2."""
    max_tokens: Tokens | None = None
    """The most tokens of one answer; the model's own where nothing is said."""
    parameters_of_model: ModelParameters | None = Field(default=None, alias="model_config")
    """How the model answers."""
    model_params: ModelParameters | None = None
    """How the model answers."""
    parameters: ModelParameters | None = None
    """How the model answers."""
    max_iterations: Annotated[int, Field(ge=1, le=1000)] = 10
    """Model calls in one run."""
    max_context_messages: Annotated[int, Field(ge=0, le=10000)] = 10
    """Messages before this one that the model sees."""
    tools: tuple[str | Tool, ...] = ()
    """What the agent may use: names, or tools with their settings."""
    tool_restrictions: Mapping[str, ToolRestriction] = Field(default_factory=dict)
    """What each tool may do."""
    mcp_servers: tuple[McpServer, ...] = ()
    """Servers that offer tools."""
    memory: str | MemorySettings | None = None
    """What the agent remembers of a conversation; without it, what `spec.memory` of the daemon's file says."""
    output_schema: OutputSchema | None = None
    """The form of its answers, as JSON Schema."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """The environment of tools and MCP servers; never in the prompt."""
    fallback_models: tuple[str, ...] = ()
    """Models that are tried in order when the first one fails."""
    retry: Retry | None = None
    """How often the model is asked again after a failure."""
    limits: AgentLimits | None = None
    """Where one run ends."""

    @field_validator("provider")
    @classmethod
    def _known(cls, provider: str | None) -> str | None:
        return provider if provider is None else known_provider(provider)

    @field_validator("model")
    @classmethod
    def _complete(cls, model: str | Model | None, validation: ValidationInfo) -> str | Model | None:
        if isinstance(model, str):
            _check_beside(model, validation)
        return model

    @field_validator("fallback_models")
    @classmethod
    def _each_complete(cls, models: tuple[str, ...], validation: ValidationInfo) -> tuple[str, ...]:
        for model in models:
            _check_beside(model, validation)
        return models

    @field_validator("mcp_servers")
    @classmethod
    def _each_once(cls, servers: tuple[McpServer, ...]) -> tuple[McpServer, ...]:
        names = [server.name for server in servers]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two servers are called {name}. Give one of them another name.")
        return servers

    @field_validator("memory")
    @classmethod
    def _known_memory(cls, memory: str | MemorySettings | None) -> str | MemorySettings | None:
        kind = memory.type if isinstance(memory, MemorySettings) else memory
        if kind is not None and not _MEMORIES.fullmatch(folded(kind.partition(":")[0])):
            raise ValueError("there is no such memory. Write InMemory, File:./notes.json or SQLite.")
        return memory

    @field_validator("system_prompt", "system")
    @classmethod
    def _one_prompt(cls, prompt: str | None, validation: ValidationInfo) -> str | None:
        others = [name for name in PROMPTS if validation.data.get(name) not in {None, prompt}]
        if prompt is not None and others:
            raise ValueError(f"holds another prompt than {others[0]}. Keep one of them.")
        return prompt

    @model_validator(mode="after")
    def _of_its_provider(self) -> Self:
        if isinstance(self.model, Model):
            beside = self.model
            first = named_model(beside.name, beside.provider or self.provider, beside.base_url or self.base_url)
            there = {first.provider, *(fallback_model(text, first).provider for text in self.fallback_models)}
            for key, provider in _OF_ONE_PROVIDER.items():
                if getattr(beside, key) and provider not in there:
                    raise ValueError(f"has {key}, which only {provider} takes, and its model is {first}. Remove it.")
        return self


class AgentConfig(Envelope):
    """An agent with a model."""

    versions: ClassVar[frozenset[str]] = API_VERSIONS | {"aof.agenticops.org/v1alpha1"}

    kind: Literal["Agent"] = "Agent"
    """What the document is."""
    metadata: ResourceMetadata
    spec: AgentSpec


class FlatAgent(AgentSpec):
    """An agent whose keys all stand at the top, beside its name."""

    api_version: str = "aof.dev/v1"
    """The groups aof.dev, aof.sh and aof.io are one."""
    name: Name
    """Letters, digits and `-`, as in DNS; no other agent has it."""
    model: str | Model
    """`provider:model`, or its settings as keys."""
