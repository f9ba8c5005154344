"""Whether an event would start an agent, before it does."""

from dataclasses import dataclass

from aof.clock import Clock
from aof.domain.message import Decided, InboundMessage
from aof.pipeline.approve import Deciding
from aof.pipeline.commands import Commands, is_greeting
from aof.pipeline.consult import Consulting
from aof.pipeline.menus import Asked
from aof.pipeline.operate import Operating
from aof.pipeline.press import Pressed, Resolved
from aof.pipeline.route import Trigger
from aof.store.base import EventLease
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Starting:
    """Tells what the daemon answers itself from what an agent does."""

    clock: Clock
    commands: Commands
    consulting: Consulting
    deciding: Deciding
    operating: Operating | None = None

    async def starts_agent(self, lease: EventLease, meant: Resolved | None, language: Language) -> bool:
        """Whether an agent would answer.

        Raises:
            StoreBusy: What it is about can't be looked up now.
        """
        event = lease.event
        trigger = self.trigger_of(lease)
        if trigger is None:
            return False
        if meant is not None:
            return isinstance(meant, Pressed)
        if not isinstance(event, InboundMessage):
            return False
        if event.text.lstrip().startswith("/"):
            return self.commands.starts_agent(event, self.asked(lease, trigger, language))
        has_text = bool(event.text.strip())
        if (lease.expected is not None and has_text) or await self.deciding.asked_about(lease, event) is not None:
            # about a call that waits: it has its own time
            return False
        if has_text and self.operating is not None and await self.operating.draft_of(lease, event):
            # it only makes another draft
            return False
        return event.media is not None if not has_text else not is_greeting(event)

    def lifts(self, lease: EventLease, language: Language) -> bool:
        """Whether a command of the daemon lets something happen again that was stopped."""
        event, trigger = lease.event, self.trigger_of(lease)
        if trigger is None or not isinstance(event, InboundMessage):
            return False
        return self.commands.lifts(event, self.asked(lease, trigger, language))

    def trigger_of(self, lease: EventLease) -> Trigger | None:
        event = lease.event
        return None if isinstance(event, Decided) else self.consulting.router.trigger_of(event, lease.address.group_ids)

    def asked(self, lease: EventLease, trigger: Trigger, language: Language) -> Asked:
        agent = self.consulting.route(lease, trigger).agent
        return Asked(lease, trigger, agent, language, self.clock.now())
