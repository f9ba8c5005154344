"""What could not be read or answered: taken up again."""

from functools import partial

from aof.domain.errors import PayloadRejected
from aof.domain.message import InboundEvent, Unreadable
from aof.pipeline.desk.base import Desk, Refused
from aof.platforms.base import ReadsAgain
from aof.store.operators import Quarantined, Replayed
from aof.texts import desk as texts


async def replay(desk: Desk, row: Quarantined) -> Replayed:
    """Read it anew, or answer it anew, behind what came after it.

    Raises:
        Refused: It still can't be read, or somebody else has taken it up.
    """
    events = [] if row.id.startswith("e") else _read_again(desk, row)
    replayed = await desk.store.replay(row.id, events, by=desk.by, now=desk.now())
    if replayed == "gone":
        raise Refused(partial(texts.replayed_by_others, id_=row.id))
    return replayed


def _read_again(desk: Desk, row: Quarantined) -> list[InboundEvent]:
    platform = desk.platforms.get(row.account)
    if platform is None:
        raise Refused(partial(texts.belongs_nowhere, id_=row.id, account=row.account))
    if not isinstance(platform, ReadsAgain):
        raise Refused(partial(texts.reads_once, platform=platform.name))
    try:
        events = list(platform.read_again(row.raw))
    except PayloadRejected as error:
        raise Refused(partial(texts.still_unreadable, id_=row.id, why=error.reason)) from error
    if not events:
        raise Refused(partial(texts.nothing_in_it, id_=row.id))
    unreadable = next((event for event in events if isinstance(event, Unreadable)), None)
    if unreadable is not None:
        raise Refused(partial(texts.still_unreadable, id_=row.id, why=unreadable.reason))
    return events
