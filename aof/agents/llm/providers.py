"""Models by their provider: which class speaks to it, which extra brings it, which variable holds its key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model
from pydantic_ai.models.fallback import FallbackModel

from aof.agents.llm.build import CannotBuild
from aof.agents.llm.retrying import Retrying
from aof.agents.llm.settings import LLMSettings
from aof.logs import get

log = get(__name__)

NO_KEY = "none"
"""Sent to a server of one's own that asks for no key."""


@dataclass(frozen=True, slots=True)
class _Access:
    """How one model is reached."""

    model: str
    base_url: str | None
    key: str | None
    settings: LLMSettings
    environment: Mapping[str, str]


def model_of(settings: LLMSettings, environment: Mapping[str, str]) -> Model:
    """The model with its fallbacks behind it; a fallback that can't be had is left out, and logged.

    Raises:
        CannotBuild: The model itself can't be had.
    """
    key = settings.api_key.get_secret_value() if settings.api_key else None
    first = _one(settings.provider, _Access(settings.model, settings.base_url or None, key, settings, environment))
    others = []
    for fallback in settings.fallbacks:
        # a server of one's own serves all of its models; the key is the one provider's
        same = fallback.provider == settings.provider
        base_url = settings.base_url if same and settings.base_url else None
        try:
            access = _Access(fallback.model, base_url, key if same else None, settings, environment)
            others.append(_one(fallback.provider, access))
        except CannotBuild as error:
            log.warning("fallback_skipped", agent=settings.name, model=fallback.model, reason=error.reason)
    return FallbackModel(first, *others) if others else first


def keys(settings: LLMSettings, environment: Mapping[str, str]) -> list[str]:
    """Every key that a model of these settings may be reached with."""
    own = [settings.api_key.get_secret_value()] if settings.api_key else []
    named = [environment.get(name, "") for source in _SOURCES.values() for name in (*source.keys, *source.secrets)]
    return [key for key in (*own, *named) if key]


def _one(provider: str, access: _Access) -> Model:
    source = _SOURCES[provider]
    key = access.key or next((access.environment[name] for name in source.keys if access.environment.get(name)), None)
    if key is None and source.needs_key and not (access.base_url and source.is_spoken_by_others):
        raise CannotBuild(f"its key is missing; the variable {source.keys[0]} holds it")
    try:
        model = source.make(replace(access, key=key))
    except ImportError as error:
        raise CannotBuild(
            f"the package of {provider} is not installed; pip install 'aof[{source.extra}]' installs it"
        ) from error
    except UserError as error:
        raise CannotBuild(" ".join(error.message.rstrip(".").split())) from error
    return Retrying(
        model,
        attempts=access.settings.max_attempts,
        first_pause_seconds=access.settings.first_pause_seconds,
        longest_pause_seconds=access.settings.longest_pause_seconds,
    )


# Each import stands in its function: one provider's package is no reason to miss another's.


def _openai(access: _Access) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415 -- brought by an extra

    provider = OpenAIProvider(base_url=access.base_url, api_key=access.key or NO_KEY)
    return OpenAIChatModel(access.model, provider=provider)


def _openai_responses(access: _Access) -> Model:
    from pydantic_ai.models.openai import OpenAIResponsesModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415 -- brought by an extra

    provider = OpenAIProvider(base_url=access.base_url, api_key=access.key or NO_KEY)
    return OpenAIResponsesModel(access.model, provider=provider)


def _azure(access: _Access) -> Model:
    endpoint = access.base_url or access.environment.get("AZURE_OPENAI_ENDPOINT")
    if not endpoint:
        raise CannotBuild("its address is missing; base_url or the variable AZURE_OPENAI_ENDPOINT holds it")
    from pydantic_ai.models.openai import OpenAIChatModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.azure import AzureProvider  # noqa: PLC0415 -- brought by an extra

    version: str | None = access.settings.api_version or None
    if _serves_v1(endpoint):
        if version:
            raise CannotBuild("its address ends with /v1, where there is no api_version; remove one of them")
    else:
        version = version or access.environment.get("OPENAI_API_VERSION")
        if not version:
            raise CannotBuild("its api_version is missing; the model's api_version or OPENAI_API_VERSION holds it")
    provider = AzureProvider(azure_endpoint=endpoint, api_key=access.key, api_version=version)
    return OpenAIChatModel(access.model, provider=provider)


def _serves_v1(endpoint: str) -> bool:
    """Whether Azure serves OpenAI's own paths there, without a version."""
    address = urlsplit(endpoint)
    return address.path.rstrip("/").endswith("/v1") or (address.hostname or "").endswith(".models.ai.azure.com")


def _ollama(access: _Access) -> Model:
    from pydantic_ai.models.ollama import OllamaModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415 -- brought by an extra

    base_url = access.base_url or access.environment.get("OLLAMA_BASE_URL") or "http://localhost:11434"
    if not urlsplit(base_url).path.strip("/"):
        base_url = f"{base_url.rstrip('/')}/v1"
    return OllamaModel(access.model, provider=OllamaProvider(base_url=base_url, api_key=access.key or NO_KEY))


def _anthropic(access: _Access) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415 -- brought by an extra

    return AnthropicModel(access.model, provider=AnthropicProvider(api_key=access.key, base_url=access.base_url))


def _google(access: _Access) -> Model:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415 -- brought by an extra

    return GoogleModel(access.model, provider=GoogleProvider(api_key=access.key, base_url=access.base_url))


def _bedrock(access: _Access) -> Model:
    environment = access.environment
    region = access.settings.region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not region:
        raise CannotBuild("its region is missing; the model's region or the variable AWS_REGION holds it")
    from pydantic_ai.models.bedrock import BedrockConverseModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.bedrock import BedrockProvider  # noqa: PLC0415 -- brought by an extra

    from aof.agents.llm.bedrock import client_of  # noqa: PLC0415 -- brought by an extra

    client = client_of(
        region=region,
        base_url=access.base_url,
        key=access.key,
        environment=environment,
        timeout_seconds=access.settings.request_timeout_seconds,
    )
    return BedrockConverseModel(access.model, provider=BedrockProvider(bedrock_client=client))


def _groq(access: _Access) -> Model:
    from pydantic_ai.models.groq import GroqModel  # noqa: PLC0415 -- brought by an extra
    from pydantic_ai.providers.groq import GroqProvider  # noqa: PLC0415 -- brought by an extra

    return GroqModel(access.model, provider=GroqProvider(api_key=access.key, base_url=access.base_url))


@dataclass(frozen=True, slots=True)
class _Source:
    """One provider."""

    make: Callable[[_Access], Model]
    extra: str
    keys: tuple[str, ...]
    """Variables that may hold its key."""
    secrets: tuple[str, ...] = ()
    """Variables that hold other secrets of it."""
    needs_key: bool = True
    is_spoken_by_others: bool = False
    """Servers of one's own understand its requests, and many of them ask for no key."""


_SOURCES = {
    "openai": _Source(_openai, "llm", ("OPENAI_API_KEY",), is_spoken_by_others=True),
    "openai-responses": _Source(_openai_responses, "llm", ("OPENAI_API_KEY",), is_spoken_by_others=True),
    "azure": _Source(_azure, "llm", ("AZURE_OPENAI_API_KEY",)),
    "ollama": _Source(_ollama, "llm", ("OLLAMA_API_KEY",), needs_key=False),
    "anthropic": _Source(_anthropic, "anthropic", ("ANTHROPIC_API_KEY",)),
    "google": _Source(_google, "google", ("GOOGLE_API_KEY", "GEMINI_API_KEY")),
    "bedrock": _Source(
        _bedrock,
        "bedrock",
        ("AWS_BEARER_TOKEN_BEDROCK",),
        ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        needs_key=False,
    ),
    "groq": _Source(_groq, "groq", ("GROQ_API_KEY",)),
}
