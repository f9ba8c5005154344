"""Open questions are brought up once more, and end when their time is over: nothing lapses in silence."""

from dataclasses import dataclass
from datetime import datetime

from aof.clock import Clock
from aof.domain.errors import StoreBusy
from aof.logs import get
from aof.pipeline.cards import Cards
from aof.pipeline.wait import Bell
from aof.store.approvals import ApprovalRow, Approvals

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A loop over what is due."""

    store: Approvals
    clock: Clock
    cards: Cards
    due: Bell
    """Rung when a question was asked."""
    events: Bell
    parts: Bell

    async def run(self) -> None:
        while True:
            next_at: datetime | None = None
            try:
                next_at = await self.once()
            except StoreBusy as error:
                log.warning("store_refused", during="remind", reason=str(error))
            await self.due.wait(next_at)

    async def once(self) -> datetime | None:
        """Do what is due now; return when to look again.

        Raises:
            StoreBusy: Nothing could be kept.
        """
        now = self.clock.now()
        for row in await self.store.lapse(now=now):
            log.info("approval_lapsed", approval=row.id, run=row.run)
            self.events.ring()
        rows, next_at = await self.store.due(now=now)
        for row in rows:
            await self._nudge(row, now)
        return next_at

    async def _nudge(self, row: ApprovalRow, now: datetime) -> None:
        """To everybody who has not voted: those who were asked, and who may decide and can be reached only now."""
        voted = {vote.party for vote in row.votes}
        without = row.editor.key if row.editor else ""
        recipients = [
            one for one in await self.cards.recipients(row.proposal, without=without) if one.party.key not in voted
        ]
        cards = [
            self.cards.card(row.id, row.proposal, to, row.expires_at, now, editor=row.editor, again=True)
            for to in recipients
        ]
        if await self.store.nudge(row.id, cards, now=now):
            log.info("approval_nudged", approval=row.id, run=row.run, cards=len(cards))
            self.parts.ring()
