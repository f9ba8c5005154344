"""Who runs models, and how a model is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aof.config.spelling import folded, nearest

_NAMES: Mapping[str, str] = {
    "anthropic": "anthropic",
    "claude": "anthropic",
    "openai": "openai",
    "gpt": "openai",
    "openaichat": "openai",
    "openairesponses": "openai-responses",
    "google": "google",
    "gemini": "google",
    "bedrock": "bedrock",
    "aws": "bedrock",
    "azure": "azure",
    "groq": "groq",
    "ollama": "ollama",
}
"""Every name of a provider, with the one that is used for it."""
_GUESSED = (
    (re.compile(r"claude"), "anthropic"),
    (re.compile(r"gpt|chatgpt|o\d"), "openai"),
    (re.compile(r"gemini"), "google"),
)
"""The beginnings of names that belong to one provider."""
_COMPATIBLE = "openai"
"""Speaks as a server does that is only known by its address."""

KEYS: Mapping[str, str] = {
    "anthropic": "ANTHROPIC_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openai-responses": "OPENAI_API_KEY",
    "google": "GOOGLE_API_KEY",
    "azure": "AZURE_OPENAI_API_KEY",
    "groq": "GROQ_API_KEY",
}
"""The variables that usually hold the keys of providers; the others need none, or find theirs themselves."""

OTHER_KEYS: Mapping[str, tuple[str, ...]] = {"google": ("GEMINI_API_KEY",)}
"""The variables that hold a key of providers as well."""
SECRETS: Mapping[str, tuple[str, ...]] = {
    "bedrock": ("AWS_BEARER_TOKEN_BEDROCK", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    "google": OTHER_KEYS["google"],
    "ollama": ("OLLAMA_API_KEY",),
}
"""The variables of secrets that need not be there."""


@dataclass(frozen=True, slots=True)
class ModelName:
    """A model and who runs it.

    Attributes:
        provider: One of anthropic, openai, openai-responses, google, bedrock, azure, groq, ollama.
        base_url: The address of a server that speaks as the provider's does; None for the provider's own.
    """

    provider: str
    name: str
    base_url: str | None = None

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}"


def known_provider(provider: str) -> str:
    """A name of a provider in its usual spelling.

    Raises:
        ValueError: There is none of this name.
    """
    if folded(provider) in _NAMES:
        return folded(provider)
    meant = nearest(provider, _NAMES)
    remedy = f'Did you mean "{meant}"?' if meant else "Write anthropic, openai, google, bedrock, azure, groq or ollama."
    raise ValueError(f"there is no provider {provider}. {remedy}")


def check_model(text: str, provider: str | None = None, base_url: str | None = None) -> None:
    """Accept a model whose provider is known.

    Raises:
        ValueError: Neither the text nor what stands beside it says a provider that there is.
    """
    head, colon, name = text.partition(":")
    if provider or base_url:
        return
    if colon:
        known_provider(head)
        if not name.strip():
            raise ValueError("names no model after its provider. Write for example anthropic:claude-sonnet-5-5.")
    elif _guessed(text) is None:
        raise ValueError("does not say its provider. Write provider:model, such as anthropic:claude-sonnet-5-5.")


def named_model(text: str, provider: str | None = None, base_url: str | None = None) -> ModelName:
    """A model that `check_model` accepts, with who runs it.

    A provider that stands beside the model wins. With an address a name may hold colons of its own (`llama3:8b`).
    """
    head, colon, rest = text.partition(":")
    said = _NAMES.get(folded(head)) if colon and rest.strip() else None
    beside = _NAMES[folded(provider)] if provider else None
    name = rest.strip() if said and beside in {None, said} else text.strip()
    return ModelName(beside or said or (None if base_url else _guessed(text)) or _COMPATIBLE, name, base_url)


def fallback_model(text: str, first: ModelName) -> ModelName:
    """A model that is tried when the first one fails: on the same server, unless it names another provider."""
    head, colon, _ = text.partition(":")
    said = _NAMES.get(folded(head)) if colon else None
    if first.base_url is None or (said and said != first.provider):
        return named_model(text, None if said or _guessed(text) else first.provider)
    return named_model(text, first.provider, first.base_url)


def _guessed(text: str) -> str | None:
    return next((provider for begins, provider in _GUESSED if begins.match(text.casefold())), None)
