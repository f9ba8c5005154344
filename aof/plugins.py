"""Platforms and agents by entry point; our own are registered the same way."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any, Literal

from aof.domain.errors import ConfigError

Group = Literal["aof.platforms", "aof.agents"]


@cache
def _entries(group: Group) -> EntryPoints:
    # whoever asks reads a file of every package that is installed
    return entry_points(group=group)


def names(group: Group) -> frozenset[str]:
    """What is installed, without importing any of it."""
    return frozenset(entry.name for entry in _entries(group))


class Installed(Mapping[str, Any]):
    """What is installed of a group, by name; each is imported when it is first asked for.

    Asking raises ConfigError where what it needs is not installed.
    """

    def __init__(self, group: Group) -> None:
        self._group = group
        self._names = names(group)
        self._found: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._found:
            self._found[name] = find(self._group, name)
        return self._found[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


def find(group: Group, name: str) -> Any:
    """Import one.

    Raises:
        ConfigError: It is not installed, or what it needs is not.
    """
    for entry in _entries(group).select(name=name):
        try:
            return entry.load()
        except ImportError as error:
            raise ConfigError(f"{group} {name}: {error}. Install it with: pip install 'aof[{name}]'") from error
    raise ConfigError(f"{group} {name}: is not installed")
