"""Which settings of a request a model does not take; sent all the same, they are a warning on each request."""

from collections.abc import Set as AbstractSet
from typing import Any, cast

from pydantic_ai.models import Model

_SAMPLING = frozenset({"temperature", "top_p", "presence_penalty", "frequency_penalty"})


def untaken(model: Model) -> AbstractSet[str]:
    """Those that its vendor's library has no place for, and of a model that reasons those of sampling."""
    profile = cast("dict[str, Any]", model.profile)
    refuses = profile.get("anthropic_disallows_sampling_settings") or profile.get("bedrock_disallows_sampling_settings")
    if profile.get("openai_supports_reasoning"):
        pauses = profile.get("openai_supports_reasoning_effort_none")
        refuses = refuses or not pauses or profile.get("thinking_enabled_by_default")
    return model.unsupported_settings | (_SAMPLING if refuses else frozenset())
