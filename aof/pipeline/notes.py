"""What is said while an answer is still being made: each note once, however often the turn begins anew."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from aof.clock import Clock
from aof.domain.errors import LeaseLost, StoreBusy
from aof.domain.response import Response, Status
from aof.logs import get
from aof.pipeline.runs import question
from aof.pipeline.typing import QUICK_SECONDS
from aof.pipeline.wait import Bell
from aof.platforms.base import AnyPlatform, render_for
from aof.store.base import EventLease, Store
from aof.texts import chat
from aof.texts.language import Language

log = get(__name__)

KEEPS = timedelta(minutes=10)
"""A note that could not leave by then says nothing that is still true."""
LONG_SECONDS = 120.0
"""A run that takes longer says so, once: whoever waits knows then that it was not forgotten."""


class Notes:
    """Parts that leave before their turn has ended."""

    def __init__(self, store: Store, clock: Clock, parts: Bell) -> None:
        self._store = store
        self._clock = clock
        self._parts = parts

    async def say(
        self, lease: EventLease, platform: AnyPlatform, name: str, response: Response, language: Language
    ) -> None:
        """Send the first part of a short response now; the turn is worth no less where that fails."""
        parts = render_for(platform, response, language).parts
        now = self._clock.now()
        try:
            if parts and await self._store.note(lease, name, parts[0], now=now, until=now + KEEPS):
                self._parts.ring()
        except (LeaseLost, StoreBusy) as error:
            log.info("note_lost", seq=lease.seq, note=name, reason=str(error))

    @asynccontextmanager
    async def while_working(
        self,
        lease: EventLease,
        platform: AnyPlatform,
        language: Language,
        *,
        shows_more: Callable[[], bool] = lambda: False,
    ) -> AsyncIterator[None]:
        """While the body takes its time, say that a question is repeated after a restart and, where no more is shown
        of it, that a run takes long."""
        saying = asyncio.create_task(self._say_in_time(lease, platform, language, shows_more))
        try:
            yield
        finally:
            saying.cancel()
            await asyncio.gather(saying, return_exceptions=True)

    async def _say_in_time(
        self, lease: EventLease, platform: AnyPlatform, language: Language, shows_more: Callable[[], bool]
    ) -> None:
        passed = 0.0
        if lease.interrupted:
            # a quick answer needs no announcement, and every message is billed
            await self._clock.sleep(QUICK_SECONDS)
            passed = QUICK_SECONDS
            text = chat.repeating(language, question(lease.event))
            await self.say(lease, platform, "restarted", Response(text=text, status=Status.NOTE), language)
        await self._clock.sleep(LONG_SECONDS - passed)
        if shows_more():
            return
        text = chat.still_working(language, LONG_SECONDS)
        await self.say(lease, platform, "working", Response(text=text, status=Status.NOTE), language)
