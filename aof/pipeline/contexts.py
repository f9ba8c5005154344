"""Where tools work for a person: what they chose in this chat, else what the configuration says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aof.store.base import EventLease
from aof.tools.base import Context


@dataclass(frozen=True, slots=True)
class Place:
    """A context as people see it."""

    name: str
    title: str
    """What menus and answers call it, with its emoji."""
    description: str
    agent: str
    """Who answers where it is chosen; empty: it changes nothing about that."""
    tools: Context


@dataclass(frozen=True, slots=True)
class Contexts:
    """All contexts of the configuration."""

    known: Mapping[str, Place] = field(default_factory=dict)
    default: str = ""

    def of(self, lease: EventLease) -> Place | None:
        """What is current in this chat for the sender; None where no context is configured or none is meant."""
        return self.known.get(lease.context) or self.known.get(self.default)
