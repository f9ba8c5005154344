"""Messages that waited too long: nothing of them runs unasked, and nothing is dropped. Their sender says what to do."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aof.clock import Clock
from aof.domain.message import ButtonPress, InboundMessage, Spoken
from aof.domain.response import Action, Response, Status
from aof.pipeline.press import LATE_RUN, LATE_SKIP, Menu, Resolved, meaning
from aof.pipeline.said import Answer, Effects
from aof.pipeline.starting import Starting
from aof.store.base import EventLease, Store
from aof.store.parking import Moves, Waiting
from aof.texts import late as texts
from aof.texts.language import Language


@dataclass(frozen=True, slots=True)
class Late:
    """Tells what is late, asks about it, and does as it is told."""

    store: Store
    clock: Clock
    starting: Starting
    after: timedelta
    """The age from which a message is not run unasked; zero: none is too old."""

    def is_late(self, lease: EventLease) -> bool:
        """Whether an event is too old by the platform's clock, and nobody asked for it again."""
        return not lease.wanted and self._is_old(lease.event, lease.received_at)

    def was_typed_before(self, meant: Resolved | None, lease: EventLease) -> bool:
        """Whether a typed number only seems to mean Run or Skip: it was sent before anybody was asked."""
        is_ours = isinstance(meant, Menu) and meant.action_id in {LATE_RUN, LATE_SKIP}
        typed = isinstance(lease.event, InboundMessage)
        return typed and is_ours and (lease.wanted or self._is_old(lease.event, lease.received_at))

    async def answer(self, lease: EventLease, meant: Resolved | None, language: Language) -> Answer | None:
        """The question what to do with a late event and all that is late with it; None where it would start no agent.

        Raises:
            StoreBusy: What else waits can't be looked up now.
        """
        if not await self._starts_agent(lease, meant, language):
            return None
        found = await self._found(lease, language)
        own = Waiting(lease.seq, _spoken(lease), lease.received_at, parked=False)
        parks = [one for one in found if not one.parked]
        facts = {"by": lease.event.sender.key, "parked": [one.event.event_id for one in (own, *parks)]}
        effects = Effects(moves=Moves(parks=tuple(one.seq for one in parks)), facts=facts)
        response = self._question([*found, own], language)
        return Answer("late", state="parked", response=response, language=language, route="late", effects=effects)

    async def decided(self, lease: EventLease, action_id: str, language: Language) -> Answer:
        """What comes of Run or Skip: it is about everything that is parked of whoever tapped, in this chat.

        Raises:
            StoreBusy: What waits can't be looked up now.
        """
        sender = lease.event.sender.key
        parked = [one for one in await self.store.waiting(lease.conversation, sender) if one.parked]
        if not parked:
            return Answer.sentence("answered", texts.nothing_waits(language), language, status=Status.NOTE)
        if action_id == LATE_RUN and self.is_late(lease):
            # the tap waited too long itself
            return Answer("answered", response=self._question(parked, language), language=language, route="late")
        seqs = tuple(one.seq for one in parked)
        facts = {"by": sender, "events": [one.event.event_id for one in parked]}
        if action_id == LATE_RUN:
            text, effects = texts.running(language, len(seqs)), Effects(moves=Moves(runs=seqs), facts=facts)
            return Answer.sentence("taken_up", text, language, status=Status.OK, effects=effects)
        text, effects = texts.skipped(language, len(seqs)), Effects(moves=Moves(skips=seqs), facts=facts)
        return Answer.sentence("skipped", text, language, status=Status.OK, effects=effects)

    def _is_old(self, event: Spoken, received_at: datetime) -> bool:
        return bool(self.after) and self.clock.now() - (event.sent_at or received_at) > self.after

    async def _found(self, lease: EventLease, language: Language) -> list[Waiting]:
        """All that this event's sender is asked about beside it: what is parked already, and what is as late."""
        found = []
        for one in await self.store.waiting(lease.conversation, lease.event.sender.key):
            if one.parked:
                found.append(one)
            elif self._is_old(one.event, one.received_at):
                other = replace(lease, seq=one.seq, event=one.event, received_at=one.received_at, expected=None)
                meant = await meaning(self.store, lease.conversation, one.event, self.clock.now())
                meant = None if self.was_typed_before(meant, other) else meant
                if await self._starts_agent(other, meant, language):
                    found.append(one)
        return found

    async def _starts_agent(self, lease: EventLease, meant: Resolved | None, language: Language) -> bool:
        """Whether an agent would answer, or something be lifted. What else the daemon answers itself does no harm,
        however late it is."""
        if meant is None and self.starting.lifts(lease, language):
            return True
        event = lease.event
        if meant is None and isinstance(event, InboundMessage) and not event.text.strip():
            return False
        return await self.starting.starts_agent(lease, meant, language)

    def _question(self, waiting: list[Waiting], language: Language) -> Response:
        ordered = sorted(waiting, key=lambda one: one.seq)
        longest = max(self.clock.now() - (one.event.sent_at or one.received_at) for one in ordered)
        return Response(
            text=texts.waited(language, longest, [_said(one.event) for one in ordered]),
            status=Status.WARNING,
            actions=(
                Action(id=LATE_RUN, title=texts.run_title(language)),
                Action(id=LATE_SKIP, title=texts.skip_title(language)),
            ),
        )


def _spoken(lease: EventLease) -> InboundMessage | ButtonPress:
    assert isinstance(lease.event, InboundMessage | ButtonPress)  # noqa: S101 -- what people decided is never late
    return lease.event


def _said(event: InboundMessage | ButtonPress) -> str:
    return (event.title or event.text) if isinstance(event, ButtonPress) else event.text
