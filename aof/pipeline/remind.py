"""Open questions are brought up once more, and end when their time is over: nothing lapses in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aof.clock import Clock
from aof.domain.errors import StoreBusy
from aof.domain.response import Response, Status
from aof.logs import get
from aof.pipeline.cards import Cards, Place, Recipient, among, later, names
from aof.pipeline.order import Order
from aof.pipeline.wait import Bell
from aof.store.approvals import ApprovalRow, Approvals, Card
from aof.texts import waiting

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
        """To those whose turn it is by the order; in the end to everybody who has not voted: those who were asked, and
        who may decide and can be reached only now."""
        voted = {vote.party for vote in row.votes}
        everybody = await self.cards.recipients(row.proposal, without=row.editor.key if row.editor else "")
        known = [one.party for one in everybody]
        order = Order(row.proposal.approvers, row.asked_at, row.expires_at - row.asked_at)
        reached = order.due(row.reached, now, known)
        before, asked = (among(everybody, order.asked(each, known)) for each in (row.reached, reached))
        newly = [one for one in asked if one not in before] if row.reached else []
        is_last = now >= order.reminds_at
        cards = [
            self._card(row, place, now, before_them=names(before) if to in newly else ())
            for to in asked
            for place in to.places
            if to.party.key not in voted and (is_last or to in newly)
        ]
        next_at = None if is_last else order.next_at(reached)
        told = await self._told(row, order, reached, everybody, names(before), names(newly), now) if newly else []
        if await self.store.nudge(row.id, cards, now=now, told=told, reached=reached, next_at=next_at):
            log.info("approval_nudged", approval=row.id, run=row.run, cards=len(cards))
            self.parts.ring()

    def _card(self, row: ApprovalRow, to: Place, now: datetime, *, before_them: Sequence[str]) -> Card:
        return self.cards.card(
            row.id, row.proposal, to, row.expires_at, now, editor=row.editor, again=not before_them,
            before_them=before_them,
        )  # fmt: skip

    async def _told(
        self,
        row: ApprovalRow,
        order: Order,
        reached: int,
        everybody: Sequence[Recipient],
        before: Sequence[str],
        newly: Sequence[str],
        now: datetime,
    ) -> list[Card]:
        """Whoever asked reads who is asked now, and who is next."""
        run = await self.store.run_of(row.run)
        if run is None or run.account not in self.cards.platforms:
            return []
        language = self.cards.languages.get(row.proposal.requester.name, self.cards.language)
        lines = [waiting.asked_too(language, row.proposal.argv, before, newly)]
        if then := later(order, reached, everybody):
            lines.append(waiting.asked_next(language, names(then), order.next_at(reached) - now))
        response = Response(text="\n\n".join(lines), status=Status.NOTE)
        return [Card(row.conversation, self.cards.said(run.account, response, language))]
