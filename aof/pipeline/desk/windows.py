"""What is refused beforehand, since a closed window or a closed template would only hold it again."""

from functools import partial

from aof.domain import window
from aof.domain.response import TemplatePart
from aof.domain.template import CLOSED
from aof.pipeline.desk.base import Desk, Refused
from aof.store.operators import Conversation, OutboxRow
from aof.texts import desk as texts
from aof.texts.language import Language

WINDOW = "window"
"""The gate of a platform that is only written to freely for a while."""


def is_window_open(desk: Desk, account: str, found: Conversation) -> bool:
    """Whether somebody may be sent anything now."""
    return found.address.group or window.is_open(found.window_from, desk.platforms[account].window, desk.now())


async def refuse_closed_window(desk: Desk, row: OutboxRow) -> None:
    """Say beforehand that a part would only be parked again.

    Raises:
        Refused: Its person has to write first, and is asked already, or nothing is configured that asks them.
    """
    if row.gate != WINDOW or row.address.group:
        return
    alias = row.address.user_id or row.address.number or row.address.chat
    found = await desk.store.conversation_with(row.account, alias)
    if found is None or is_window_open(desk, row.account, found):
        return
    asked = [one for one in await desk.store.closed_windows() if one.conversation == found.conversation]
    if desk.platforms[row.account].nudge(Language.ENGLISH) is None or (asked and asked[0].nudge):
        raise Refused(partial(texts.has_to_write_first, number=row.seq))


async def refuse_closed_template(desk: Desk, account: str, part: TemplatePart) -> None:
    """Say beforehand that a template is not sent in its state.

    Raises:
        Refused: It is in a state in which nothing of it is sent.
    """
    for known in await desk.store.templates(account=account, name=part.name):
        if known.language == part.language.replace("-", "_") and known.state in CLOSED:
            raise Refused(partial(texts.template_closed, name=part.name, of=part.language, state=known.state))
