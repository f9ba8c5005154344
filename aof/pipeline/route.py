"""Which agent answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from aof.agents.base import Agent
from aof.domain.message import ButtonPress, InboundMessage


@dataclass(frozen=True, slots=True)
class Route:
    """The agent, and why it was chosen, for the log."""

    agent: Agent
    reason: str


@dataclass(frozen=True, slots=True)
class Router:
    """Chooses by the configuration; today that is the default agent."""

    agents: Mapping[str, Agent]
    default_agent: str

    def choose(self, event: InboundMessage | ButtonPress) -> Route:
        return Route(self.agents[self.default_agent], "default_agent")
