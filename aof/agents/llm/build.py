"""From settings to an agent, or to the reason why there is none."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aof.agents.llm.settings import LLMSettings
from aof.domain.errors import AofError
from aof.tools.base import Toolbox
from aof.tools.gate import Gate

if TYPE_CHECKING:
    from aof.agents.llm.agent import LLMAgent


class CannotBuild(AofError):
    """The agent can't work here.

    Attributes:
        reason: Why, and what mends it, without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def build(
    settings: LLMSettings, toolbox: Toolbox, gate: Gate, *, environment: Mapping[str, str] | None = None
) -> "LLMAgent":
    """The agent. Imports the library of models and the provider's own, which takes seconds: call it in a thread.

    Args:
        environment: Where keys are looked for that the settings don't hold; None: the process's own.

    Raises:
        CannotBuild: A package or a key is missing.
    """
    variables = os.environ if environment is None else environment
    try:
        from aof.agents.llm.agent import LLMAgent  # noqa: PLC0415  # not before a model is wanted
        from aof.agents.llm.providers import keys, model_of  # noqa: PLC0415
    except ImportError as error:
        raise CannotBuild(
            f"the package {error.name or 'pydantic_ai'} is not installed; pip install 'aof[llm]' installs it"
        ) from error
    return LLMAgent(settings, toolbox, gate, model_of(settings, variables), secrets=keys(settings, variables))
