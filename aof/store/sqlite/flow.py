"""The operator flow, as the pipeline, the API and the command line ask for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from aof.domain.opportunity import OpportunityState
from aof.store.base import Elsewhere
from aof.store.opportunities import (
    Departure,
    DraftRow,
    Kept,
    Move,
    Moved,
    NewMove,
    NewNotification,
    NewOpportunity,
    NotificationPress,
    NotificationRow,
    OpportunityRow,
)
from aof.store.sqlite import notifications, opportunities
from aof.store.sqlite.connections import Connections


class SQLiteFlow(Connections):
    """Implements `Opportunities`."""

    async def add_opportunity(
        self, new: NewOpportunity, cards: Sequence[Elsewhere], *, now: datetime
    ) -> tuple[Kept, OpportunityRow]:
        return await self._writer.do(lambda connection: opportunities.add(connection, self.store_id, new, cards, now))

    async def opportunity(self, id_: str) -> OpportunityRow | None:
        return await self._read(lambda reader: opportunities.find(reader, id_))

    async def opportunities(
        self, *, states: Collection[OpportunityState] = (), most: int = 100
    ) -> list[OpportunityRow]:
        return await self._read(lambda reader: opportunities.listed(reader, states, most))

    async def moves_of_opportunity(self, id_: str) -> list[Move]:
        return await self._read(lambda reader: opportunities.moves(reader, id_))

    async def draft(self, id_: str) -> DraftRow | None:
        return await self._read(lambda reader: opportunities.draft(reader, id_))

    async def drafts_of(self, opportunity: str) -> list[DraftRow]:
        return await self._read(lambda reader: opportunities.drafts_of(reader, opportunity))

    async def departures_of(self, opportunity: str) -> list[Departure]:
        return await self._read(lambda reader: opportunities.departures_of(reader, self.store_id, opportunity))

    async def move_of_event(self, opportunity: str, event: str) -> Moved | None:
        return await self._read(lambda reader: opportunities.move_of_event(reader, opportunity, event))

    async def move_opportunity(self, new: NewMove, *, now: datetime) -> Moved:
        return await self._writer.do(lambda connection: opportunities.move(connection, self.store_id, new, now))

    async def draft_shown(self, conversation: str, message_id: str) -> str:
        return await self._read(lambda reader: opportunities.draft_shown(reader, conversation, message_id))

    async def notify(self, new: NewNotification, *, now: datetime) -> tuple[Kept, NotificationRow]:
        return await self._writer.do(lambda connection: notifications.notify(connection, self.store_id, new, now))

    async def notification(self, id_: str) -> NotificationRow | None:
        return await self._read(lambda reader: notifications.find(reader, self.store_id, id_))

    async def press_notification(
        self, id_: str, action: str, by: str, *, event: str, now: datetime
    ) -> tuple[NotificationPress, bool] | None:
        return await self._writer.do(lambda connection: notifications.press(connection, id_, action, by, event, now))
