"""Which trigger takes an event, and which agent answers it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from time import monotonic

import regex

from aof.agents.base import Agent
from aof.domain.message import ButtonPress, InboundEvent, InboundMessage
from aof.logs import get

log = get(__name__)

BUILTIN = "builtin"
"""In place of an agent's name: the daemon's own command of that name."""

PATTERN_SECONDS = 0.02
"""For all patterns on one event: while they are tried every other chat stands still."""
_CHANNEL, _SENDER, _PATTERN, _PLATFORM = 100, 80, 60, 10


class Budget:
    """The time that is left for the patterns of all triggers on one event."""

    def __init__(self) -> None:
        self._ends = monotonic() + PATTERN_SECONDS

    def found(self, pattern: regex.Pattern[str], text: str) -> bool:
        """Whether a pattern is in a text; what is not found in time is not there."""
        try:
            return pattern.search(text, timeout=max(1e-6, self._ends - monotonic())) is not None
        except TimeoutError:
            log.warning("pattern_abandoned", seconds=PATTERN_SECONDS)
            return False


@dataclass(frozen=True, slots=True)
class Binding:
    """What a command of a trigger does."""

    agent: str
    """An agent's name, or `builtin`."""
    description: str = ""
    response: str = ""
    """Said at once, before the agent answers."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One source of messages with filters, commands and a default agent of its own.

    A filter that is None lets everything pass; one that is empty nothing.
    """

    name: str = ""
    commands: Mapping[str, Binding] = field(default_factory=dict)
    """By the word after the slash, in small letters."""
    default_command: Binding | None = None
    """For a command that is neither bound nor the daemon's own."""
    default_agent: str = ""
    channels: frozenset[str] | None = None
    """Ids of chats."""
    numbers: frozenset[str] | None = None
    """With `users` one list of senders."""
    users: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    """Numbers and user ids."""
    patterns: tuple[regex.Pattern[str], ...] | None = None
    """One of them has to be found in a typed text; a tap has none."""
    events: frozenset[str] | None = None
    """`message`, `command`, `interactive`."""
    reads_all: bool = False
    """It takes, in a group, also what people say to each other."""

    def score(
        self, event: InboundMessage | ButtonPress, budget: Budget | None = None, group: Collection[str] = ()
    ) -> int:
        """0 where a filter lets the event not pass; the more of them it passed, the higher.

        Args:
            group: What other ids the event's group has, or had.
        """
        budget = budget or Budget()
        sender, pressed = event.sender, isinstance(event, ButtonPress)
        if self.events is not None and self.events.isdisjoint(_kinds(event)):
            return 0
        if isinstance(event, InboundMessage) and not (event.addressed or self.reads_all):
            return 0
        if sender.user_id in self.excluded or sender.number in self.excluded:
            return 0
        if self.channels is not None and self.channels.isdisjoint((event.chat_id, *group)):
            return 0
        names_senders = self.numbers is not None or self.users is not None
        if names_senders and sender.number not in (self.numbers or ()) and sender.user_id not in (self.users or ()):
            return 0
        reads = self.patterns is not None and not pressed
        if reads and not any(budget.found(pattern, event.text) for pattern in self.patterns or ()):
            return 0
        return _PLATFORM + _CHANNEL * (self.channels is not None) + _SENDER * names_senders + _PATTERN * reads


def _kinds(event: InboundMessage | ButtonPress) -> frozenset[str]:
    if isinstance(event, ButtonPress):
        return frozenset({"interactive"})
    return frozenset({"message", "command"} if event.text.lstrip().startswith("/") else {"message"})


ANY = Trigger()
"""Of an account for which the configuration names none."""


@dataclass(frozen=True, slots=True)
class Route:
    """The agent, and why it was chosen, for the log."""

    agent: Agent
    reason: str


@dataclass(frozen=True, slots=True)
class Router:
    """Chooses by the configuration and by what a person chose."""

    agents: Mapping[str, Agent]
    default_agent: str
    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    """By account."""

    def wants(self, event: InboundEvent) -> bool:
        """Whether an event is kept at all: what people of a group say to each other is not, unless a trigger reads it
        there."""
        if not isinstance(event, InboundMessage) or event.addressed:
            return True
        return bool(self.triggers.get(event.account)) and self.trigger_of(event) is not None

    def trigger_of(self, event: InboundMessage | ButtonPress, group: Collection[str] = ()) -> Trigger | None:
        """The trigger whose filters fit best, of several the first by name; None where all refuse the event.

        Args:
            group: What other ids the event's group has, or had: a filter may still name a former one.
        """
        triggers = self.triggers.get(event.account, ())
        if not triggers:
            return ANY
        budget = Budget()
        scored = [(trigger.score(event, budget, group), trigger) for trigger in triggers]
        score, best = min(scored, key=lambda pair: (-pair[0], pair[1].name))
        return best if score else None

    def of_choice(self, trigger: Trigger, chosen: str, offered_by: str) -> Route:
        """Who answers a tap: whoever offered the choice, and where they are gone whoever answers free text."""
        if offered_by in self.agents:
            return Route(self.agents[offered_by], "offered")
        return self.choose(trigger, chosen)

    def choose(self, trigger: Trigger, chosen: str, of_context: str = "") -> Route:
        """Who answers free text: whom the person chose, else the agent of their context, else whom the trigger names,
        else the default."""
        if chosen in self.agents:
            return Route(self.agents[chosen], "chosen")
        if of_context in self.agents:
            return Route(self.agents[of_context], "context")
        if trigger.default_agent:
            return Route(self.agents[trigger.default_agent], f"trigger {trigger.name}")
        return Route(self.agents[self.default_agent], "default_agent")
