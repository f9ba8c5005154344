"""What a long run is doing, shown where its platform can show it, and never at the cost of an answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aof.clock import Clock
from aof.domain.errors import PlatformError, SendDeferred, StoreBusy
from aof.logs import get
from aof.pipeline.pace import Pace, recipient
from aof.platforms.base import AnyPlatform, ShowsProgress
from aof.store.base import EventLease
from aof.texts import progress as texts
from aof.texts.language import Language
from aof.tools.base import Record

log = get(__name__)

StillAdmitted = Callable[[], Awaitable[bool]]

AFTER = timedelta(seconds=3)
"""An answer that is there sooner needs no progress."""
AFTER_IN_GROUPS = timedelta(seconds=10)
"""There it is a message that everybody sees come and go."""
KEPT_ALIVE = timedelta(seconds=15)
"""Of a chat of two: what is shown there goes by itself after half a minute, so it is shown again in good time."""
LEAST_TOKENS = 2.0
"""What a chat, and the account, has to have left: one for this, and one for the answer."""
LATER = timedelta(seconds=30)
"""After a refusal that names no wait."""
MOST_FAILURES = 3
"""In a row; then this run goes on without."""
IN_FLIGHT_SECONDS = 1.0
"""How long an answer waits for one that is under way: shown after it, it would say what is not true any more."""


@dataclass(slots=True, eq=False)
class Shown:
    """What is shown of one run."""

    lease: EventLease
    language: Language
    record: Record | None = None
    thinks: bool = False
    is_shown: bool = False
    """Whoever waits sees it."""
    message: str | None = None
    """What has to be taken away in the end."""
    call: asyncio.Task[str | None] | None = None
    """The request under way."""
    failures: int = field(default=0)


class Progress:
    """Shows it."""

    def __init__(
        self,
        clock: Clock,
        platforms: Mapping[str, AnyPlatform],
        paces: Mapping[str, Pace],
        *,
        redact: Callable[[str], str],
        stopped: Callable[[], Container[str]],
    ) -> None:
        """
        Args:
            stopped: The accounts whose platform takes nothing.
        """
        self._clock = clock
        self._platforms = platforms
        self._paces = paces
        self._redact = redact
        self._stopped = stopped
        self._runs: dict[int, Shown] = {}
        self._hiding: set[asyncio.Task[None]] = set()

    def began(self, lease: EventLease, record: Record, *, thinks: bool) -> None:
        """An agent is at work on an event; the record tells what runs."""
        if (shown := self._runs.get(lease.seq)) is not None:
            shown.record, shown.thinks = record, thinks

    @asynccontextmanager
    async def while_working(
        self, lease: EventLease, language: Language, still_admitted: StillAdmitted
    ) -> AsyncIterator[Shown]:
        """Show what is done for as long as the body takes, and take it away then."""
        shown, platform = Shown(lease, language), self._platforms.get(lease.event.account)
        if platform is None or not isinstance(platform, ShowsProgress):
            yield shown
            return
        self._runs[lease.seq] = shown
        showing = asyncio.create_task(self._show(platform, shown, still_admitted))
        try:
            yield shown
        finally:
            self._runs.pop(lease.seq, None)
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
            if shown.call is not None:
                await asyncio.wait({shown.call}, timeout=IN_FLIGHT_SECONDS)
            if shown.call is not None or shown.message is not None:
                hiding = asyncio.create_task(self._hide(platform, shown))
                self._hiding.add(hiding)
                hiding.add_done_callback(self._hiding.discard)

    async def drain(self, grace_seconds: float) -> None:
        """Let what is being taken away be gone."""
        if self._hiding:
            await asyncio.wait(self._hiding, timeout=grace_seconds)
        left = list(self._hiding)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _show(self, platform: ShowsProgress, shown: Shown, still_admitted: StillAdmitted) -> None:
        is_group, began = shown.lease.event.group, self._clock.now()
        every = platform.progress_every_in_groups if is_group else platform.progress_every
        await self._clock.sleep((AFTER_IN_GROUPS if is_group else AFTER).total_seconds())
        said, said_at = "", began
        while shown.failures < MOST_FAILURES:
            now = self._clock.now()
            text, wait = self._text(shown, now - began, is_group=is_group), every
            is_due = text != said or (not is_group and now - said_at >= KEPT_ALIVE)
            if is_due and self._has_room(shown.lease, now) and await _is_admitted(still_admitted):
                self._take(shown.lease, now)
                refused = await self._ask(platform, shown, text)
                if refused is None:
                    said, said_at = text, now
                else:
                    wait = max(wait, refused)
            await self._clock.sleep(wait.total_seconds())
        shown.is_shown = False

    async def _ask(self, platform: ShowsProgress, shown: Shown, text: str) -> timedelta | None:
        """Show a text; None where it is shown, else how long to be silent."""
        lease = shown.lease
        shown.call = asyncio.create_task(platform.show_progress(lease.address, lease.seq, text, shown.message))
        try:
            # who stops waiting for it wants to know all the same what has to be taken away
            shown.message = await asyncio.shield(shown.call)
        except PlatformError as error:
            shown.call, shown.failures = None, shown.failures + 1
            return self._silence(lease, error)
        except Exception:  # a fault of an adapter costs the progress, and not the answer
            log.exception("progress_broken", seq=lease.seq)
            shown.call, shown.failures = None, MOST_FAILURES
            return LATER
        shown.call, shown.is_shown, shown.failures = None, True, 0
        return None

    def _silence(self, lease: EventLease, error: PlatformError) -> timedelta:
        log.info("progress_refused", platform=lease.event.platform, code=error.code, reason=error.reason)
        if not isinstance(error, SendDeferred):
            return LATER
        wait = error.wait or max(LATER, error.backoff.first)
        pace, now = self._paces[lease.event.account], self._clock.now()
        if error.scope == "number":
            pace.slow_down(wait, now)
        elif error.wait is not None:
            # the answer would meet the same refusal
            pace.slow_pair_down(recipient(lease), error.wait, now, group=lease.event.group)
        return wait

    async def _hide(self, platform: ShowsProgress, shown: Shown) -> None:
        if shown.call is not None:
            (ended,) = await asyncio.gather(shown.call, return_exceptions=True)
            shown.message = ended if isinstance(ended, str) else shown.message
        if shown.message is None:
            return
        try:
            await platform.hide_progress(shown.lease.address, shown.message)
        except PlatformError as error:
            log.info("progress_refused", platform=shown.lease.event.platform, code=error.code, reason=error.reason)

    def _text(self, shown: Shown, passed: timedelta, *, is_group: bool) -> str:
        commands = [self._redact(texts.command(argv)) for argv in shown.record.doing] if shown.record else []
        # a clock that ticks each second would cost a request each second
        step = 15 if is_group or passed >= timedelta(minutes=1) else 5
        coarse = timedelta(seconds=passed.total_seconds() // step * step)
        return texts.doing(shown.language, commands, coarse, thinks=shown.thinks)

    def _has_room(self, lease: EventLease, now: datetime) -> bool:
        account = lease.event.account
        platform, pace = self._platforms[account], self._paces[account]
        if account in self._stopped() or platform.held_by() is not None:
            return False
        return pace.spares(recipient(lease), LEAST_TOKENS, now, group=lease.event.group)

    def _take(self, lease: EventLease, now: datetime) -> None:
        self._paces[lease.event.account].sent(recipient(lease), now, group=lease.event.group)


async def _is_admitted(still_admitted: StillAdmitted) -> bool:
    try:
        return await still_admitted()
    except StoreBusy:
        return False
