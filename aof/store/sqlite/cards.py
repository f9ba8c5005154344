"""Cards that are on phones are replaced once their question is over, in the transaction that ends it."""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from aof.domain.response import EditPart
from aof.store.approvals import ApprovalRow, Settled, ShownCard
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
        cards = shown_cards(connection, row.asked_at, question=id_)
        _replace(connection, cards, lambda card: self.settled(row, card), row.state, now)
        return row


def replace_offers(
    connection: sqlite3.Connection,
    action: str,
    since: datetime,
    settled: Callable[[ShownCard], str],
    became: str,
    now: datetime,
) -> None:
    """The same of all cards that offer an action."""
    _replace(connection, shown_cards(connection, since, action=action), settled, became, now)


def _replace(
    connection: sqlite3.Connection,
    cards: Iterable[tuple[str, str, ShownCard]],
    settled: Callable[[ShownCard], str],
    became: str,
    now: datetime,
) -> None:
    changed = []
    for part_id, message_id, card in cards:
        if text := settled(card):
            edit = EditPart(message_id=message_id, of_part=part_id, text=text)
            slip = Slip(card.at.conversation, "system")
            queue(connection, slip, f"{part_id}:{became}", OutgoingPart(edit), now)
            changed.append(card.at.conversation)
    ready(connection, changed)
