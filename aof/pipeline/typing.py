"""The typing indicator while an answer is being made."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aof.clock import Clock
from aof.domain.errors import PlatformError
from aof.domain.message import Decided
from aof.logs import get
from aof.platforms.base import AnyPlatform, ShowsTyping
from aof.store.base import EventLease

log = get(__name__)

StillAdmitted = Callable[[], Awaitable[bool]]
"""Whether whoever asked has not been sent away meanwhile."""

QUICK_SECONDS = 1.0
"""An answer that is there sooner is not announced: one request less, and no indicator that outlives its answer."""
RENEWED_EARLY_SECONDS = 5.0


@asynccontextmanager
async def typing_shown(
    platform: AnyPlatform,
    lease: EventLease,
    clock: Clock,
    still_admitted: StillAdmitted,
    *,
    shows_more: Callable[[], bool] = lambda: False,
) -> AsyncIterator[None]:
    """Show that somebody is typing for as long as the body takes, renewed before the platform lets it go; not once
    more is shown of it."""
    # a run that goes on after people decided has no message of its own to be typed under
    is_asked = not isinstance(lease.event, Decided)
    if not isinstance(platform, ShowsTyping) or not is_asked or platform.held_by() is not None:
        yield
        return
    shown = asyncio.create_task(_show(platform, lease, clock, still_admitted, shows_more))
    try:
        yield
    finally:
        shown.cancel()
        await asyncio.gather(shown, return_exceptions=True)


async def _show(
    platform: ShowsTyping,
    lease: EventLease,
    clock: Clock,
    still_admitted: StillAdmitted,
    shows_more: Callable[[], bool],
) -> None:
    lasts = platform.typing_lasts.total_seconds()
    await clock.sleep(QUICK_SECONDS)
    while await still_admitted() and not shows_more():
        try:
            await platform.show_typing(lease.address, lease.event.event_id)
        except PlatformError as error:
            # an answer is worth no less without it, and the deliverer meets the same trouble with more care
            log.info("typing_refused", platform=lease.event.platform, code=error.code)
        await clock.sleep(lasts - min(RENEWED_EARLY_SECONDS, lasts / 5))
