"""A configuration with one terminal in the place of its platforms."""

import dataclasses
from pathlib import Path

from aof import plugins
from aof.config.load import read_files
from aof.config.platform import PlatformSafety
from aof.config.spelling import nearest
from aof.daemon.assembly import Assembly, assemble
from aof.domain.errors import ConfigError
from aof.platforms.console import ConsoleConfig, ConsolePlatform, Seat

BARE = "apiVersion: aof.dev/v1\nkind: DaemonConfig\nspec: {platforms: {console: {}}}\n"
"""What is enough for the agent that is built in."""


def bare(folder: Path) -> Assembly:
    """The assembly of no configuration at all."""
    file = folder / "chat.yaml"
    file.write_text(BARE, encoding="utf-8")
    return assemble(read_files(file, {"console": ConsoleConfig}, {}), {"console": ConsolePlatform})


def seated(assembly: Assembly, seat: Seat, *, store: Path, agent: str = "", may_change: bool = False) -> Assembly:
    """The same agents, people, rules and budgets, for one person at one terminal; nothing else is listened or sent to.

    Args:
        store: In place of the configured one, which a daemon may hold.
        agent: Who answers free text; empty: whom the configuration names.
        may_change: Whether what changes or removes may run once it is approved.

    Raises:
        ConfigError: There is no such agent.
    """
    spec = assembly.config.spec
    platform = ConsoleConfig(seat=seat, safety=PlatformSafety(read_only=not may_change))
    runtime = spec.runtime.model_copy(update={"default_agent": agent or spec.runtime.default_agent})
    changed = {
        "platforms": {ConsolePlatform.name: platform},
        "runtime": runtime,
        "store": spec.store.model_copy(update={"url": f"sqlite:///{store}"}),
        # its cards would go to another platform
        "operator": None,
    }
    config = assembly.config.model_copy(update={"spec": spec.model_copy(update=changed)})
    agents = {**assembly.agents, **_built_in(agent, assembly)}
    return dataclasses.replace(
        assembly, config=config, agents=agents, platforms={ConsolePlatform.name: ConsolePlatform}, warnings=()
    )


def _built_in(agent: str, assembly: Assembly) -> dict[str, type]:
    if not agent or agent in assembly.agent_files or agent in assembly.agents:
        return {}
    built_in = plugins.names("aof.agents")
    if agent in built_in:
        return {agent: plugins.find("aof.agents", agent)}
    meant = nearest(agent, [*built_in, *assembly.agent_files])
    known = ", ".join(sorted({*built_in, *assembly.agent_files}))
    raise ConfigError(
        f"there is no agent {agent}. " + (f'Did you mean "{meant}"?' if meant else f"Write one of {known}.")
    )
