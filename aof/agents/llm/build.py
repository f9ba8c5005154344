"""From settings to an agent, or to the reason why there is none."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aof.agents.llm.mcp.settings import McpSettings
from aof.agents.llm.settings import LLMSettings
from aof.clock import Clock
from aof.domain.errors import AofError
from aof.tools.base import Toolbox
from aof.tools.gate import Gate

if TYPE_CHECKING:
    from aof.agents.llm.agent import LLMAgent
    from aof.agents.llm.mcp.servers import McpServers


class CannotBuild(AofError):
    """The agent can't work here.

    Attributes:
        reason: Why, and what mends it, without a full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def build(
    settings: LLMSettings,
    toolbox: Toolbox,
    gate: Gate,
    *,
    servers: "McpServers | None" = None,
    environment: Mapping[str, str] | None = None,
) -> "LLMAgent":
    """The agent. Imports the library of models and the provider's own, which takes seconds: call it in a thread.

    Args:
        servers: Of `mcp_servers`; whoever made them starts them before the first turn, and closes them.
        environment: Where keys are looked for that the settings don't hold; None: the process's own.

    Raises:
        CannotBuild: A package or a key is missing.
    """
    variables = os.environ if environment is None else environment
    try:
        from aof.agents.llm.agent import LLMAgent  # noqa: PLC0415 -- not before a model is wanted
        from aof.agents.llm.providers import keys, model_of  # noqa: PLC0415 -- the same
    except ImportError as error:
        raise CannotBuild(
            f"the package {error.name or 'pydantic_ai'} is not installed; pip install 'aof[llm]' installs it"
        ) from error
    model = model_of(settings, variables)
    return LLMAgent(settings, toolbox, gate, model, servers=servers, secrets=keys(settings, variables))


def mcp_servers(
    servers: Iterable[McpSettings],
    *,
    clock: Clock,
    path: Sequence[Path],
    redact: Callable[[str], str],
    variables: Mapping[str, str] | None = None,
) -> "McpServers":
    """The servers, not connected yet. Imports the library of the protocol: call it in a thread.

    Args:
        path: Where programs of bare names are looked up.
        redact: Takes the daemon's secrets out of what servers say.
        variables: Where tokens are looked up, at each use; None: the process's own environment.

    Raises:
        CannotBuild: A package is missing.
    """
    try:
        from aof.agents.llm.mcp.servers import McpServers  # noqa: PLC0415 -- not before a server is wanted
    except ImportError as error:
        raise CannotBuild(
            f"the package {error.name or 'mcp'} is not installed; pip install 'aof[llm]' installs it"
        ) from error
    return McpServers(servers, clock=clock, path=path, variables=variables, redact=redact)
