"""Being let in by a code that an operator gave out, and where the links that show one lead."""

import asyncio
from datetime import datetime

from aof.clock import Clock
from aof.domain.errors import StoreBusy
from aof.domain.message import InboundMessage
from aof.domain.pairing import invitation_in
from aof.logs import get
from aof.platforms.base import InvitesByLink
from aof.store.base import EventLease, Store
from aof.store.invitations import CODE_PLACE

log = get(__name__)

STORE_SECONDS = 1.0
"""Before what could not be written is written once more."""


async def let_in(store: Store, lease: EventLease, now: datetime) -> str:
    """The name under which a stranger is let in by what they wrote; empty where they are not, for whatever reason.

    Raises:
        StoreBusy: It can't be kept now.
    """
    event = lease.event
    code = invitation_in(event.text) if isinstance(event, InboundMessage) and not event.group else None
    return await store.use_invitation(lease, code, now=now) if code is not None else ""


async def keep_link(
    store: Store, account: str, platform: InvitesByLink, connected: asyncio.Event, clock: Clock
) -> None:
    """Let those who sit beside the daemon know how a link of this account looks, once it is connected."""
    await connected.wait()
    while True:
        try:
            await store.keep_invite_link(account, platform.invite_link(CODE_PLACE))
        except StoreBusy as error:
            log.warning("store_refused", during="keep_invite_link", reason=str(error))
            await clock.sleep(STORE_SECONDS)
        else:
            return
