"""Platforms and agents by entry point; our own are registered the same way."""

from importlib.metadata import entry_points
from typing import Any, Literal

from aof.domain.errors import ConfigError

Group = Literal["aof.platforms", "aof.agents"]


def names(group: Group) -> frozenset[str]:
    """What is installed, without importing any of it."""
    return frozenset(entry.name for entry in entry_points(group=group))


def find(group: Group, name: str) -> Any:
    """Import one.

    Raises:
        ConfigError: It is not installed, or what it needs is not.
    """
    for entry in entry_points(group=group, name=name):
        try:
            return entry.load()
        except ImportError as error:
            raise ConfigError(f"{group} {name}: {error}. Install it with: pip install 'aof[{name}]'") from error
    raise ConfigError(f"{group} {name}: is not installed")
