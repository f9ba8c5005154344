"""What an agent with a model is told, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import SecretStr

Provider = Literal["openai", "openai-responses", "anthropic", "google", "azure", "bedrock", "groq", "ollama"]


@dataclass(frozen=True, slots=True)
class Fallback:
    """A model that is asked when the one before it fails; its key stands in its provider's variable."""

    provider: Provider
    model: str


@dataclass(frozen=True, slots=True)
class OutputForm:
    """The form of an answer."""

    schema: Mapping[str, Any]
    """JSON Schema."""
    mode: Literal["strict", "lenient", "coerce"] = "strict"
    """strict: no property beyond the named ones; lenient: others pass; coerce: `"42"` becomes 42 as well."""
    on_error: Literal["fail", "retry", "passthrough"] = "fail"
    max_retries: int = 2
    """How often the model is asked again."""


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """One agent."""

    name: str
    provider: Provider
    model: str
    description: str = ""
    base_url: str = ""
    """Of a server that is not the provider's own."""
    api_version: str = ""
    """Of Azure; empty: its variable says it."""
    region: str = ""
    """Of AWS; empty: its variable says it."""
    api_key: SecretStr | None = None
    """None: the provider's own variable holds it."""
    instructions: str = ""
    """Sent as written; nothing in it is expanded."""
    temperature: float | None = None
    max_tokens: int | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    max_iterations: int = 10
    """Answers of the model in one run."""
    max_context_messages: int = 10
    """Of earlier turns."""
    request_timeout_seconds: float = 60
    """Of one attempt; all attempts of one request have twice that."""
    run_timeout_seconds: float = 300
    max_attempts: int = 2
    """Of one request to one model."""
    first_pause_seconds: float = 1
    """Before the second attempt, twice as long before each after it, unless the vendor says how long to wait."""
    longest_pause_seconds: float = 30
    fallbacks: tuple[Fallback, ...] = ()
    output: OutputForm | None = None
    tool_calls_limit: int | None = None
    """In one run."""
    total_tokens_limit: int | None = None
    """In one run, asked and answered."""
    sees: frozenset[str] | None = None
    """How the types of files begin that the model is shown, such as `image/`; None: what models of its provider
    commonly see. Text it is always shown."""
    command_tool: str = "shell"
    """Which tool gets a command that an answer asks approval for; its parameter is `command`."""
    digest: str = ""
    """Of the agent's configuration."""
