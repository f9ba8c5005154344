"""Cards that are on phones are replaced once their question is over, in the transaction that ends it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from aof.domain.response import EditPart
from aof.store.approvals import ApprovalRow, Settled
from aof.store.base import OutgoingPart
from aof.store.sqlite.outgoing import Slip, queue, ready
from aof.store.sqlite.questions import approval, shown_cards


@dataclass(frozen=True, slots=True)
class Cards:
    """What a transaction needs in order to replace them."""

    store_id: str
    settled: Settled

    def replace(self, connection: sqlite3.Connection, id_: str, now: datetime) -> ApprovalRow | None:
        """Queue what stands in place of each card of a question from now on; return the question as it is now."""
        row = approval(connection, id_)
        if row is None:
            return None
        changed = []
        for part_id, message_id, card in shown_cards(connection, id_, row.asked_at):
            if text := self.settled(row, card):
                edit = EditPart(message_id=message_id, of_part=part_id, text=text)
                slip = Slip(card.at.conversation, "system")
                queue(connection, slip, f"{part_id}:{row.state}", OutgoingPart(edit), now)
                changed.append(card.at.conversation)
        ready(connection, changed)
        return row
