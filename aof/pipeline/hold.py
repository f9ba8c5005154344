"""Messages that came while a run of their sender waits for people, where a file says that they wait with it."""

from dataclasses import dataclass

from aof.domain.response import Response, Status
from aof.pipeline.consult import ConsultStore
from aof.pipeline.parties import Parties
from aof.pipeline.press import Resolved
from aof.pipeline.said import Answer, Effects
from aof.pipeline.starting import Starting
from aof.store.approvals import RunRow
from aof.store.base import EventLease
from aof.texts import chat, waiting
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Holding:
    """`while_paused: queue`: holds back what would start an agent; what the daemon answers itself is answered."""

    store: ConsultStore
    parties: Parties
    starting: Starting
    most: int
    """Events that may wait for one run; 0: none do."""

    async def answer(self, lease: EventLease, meant: Resolved | None, language: Language) -> Answer | None:
        """What becomes of an event that waits for a run; None where it waits for none.

        The first that waits is told so, and for what; those behind it are not.

        Raises:
            StoreBusy: What waits can't be looked up now.
        """
        # a tap, and a number that stands for one, is about what is shown now
        run = await self._waited_for(lease) if meant is None else None
        if run is None or not await self.starting.starts_agent(lease, meant, language):
            return None
        count = await self.store.held_back(run.run)
        if count >= self.most:
            return Answer.sentence("overflowed", chat.too_many_waiting(language), language, status=Status.WARNING)
        response = None
        if not count:
            commands = [row.proposal.argv for row in run.approvals if row.state == "asked"]
            response = Response(text=waiting.held_back(language, commands), status=Status.NOTE)
        effects = Effects(behind=run.run, facts={"by": lease.event.sender.key, "behind": run.run})
        return Answer("queued", state="parked", response=response, language=language, route="queued", effects=effects)

    async def _waited_for(self, lease: EventLease) -> RunRow | None:
        """The oldest run here that waits for people, in a group only one of this sender's own."""
        event, paused = lease.event, await self.store.paused_in(lease.conversation)
        own = self.parties.of(event.platform, event.sender, lease.standing).key
        return next((run for run in paused if not event.group or run.requester.key == own), None)
