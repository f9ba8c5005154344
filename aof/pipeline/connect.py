"""Introducing the daemon to a platform, and asking one for events that brings none by itself."""

import asyncio
import random
from datetime import datetime, timedelta
from itertools import count

from aof.clock import Clock
from aof.domain.delivery import next_attempt
from aof.domain.errors import AccountStopped, PlatformError, SendDeferred, StoreBusy
from aof.logs import get
from aof.pipeline.receive import Receiver
from aof.platforms.base import NO_HEADERS, AnyPlatform, Connects, Polls

log = get(__name__)

STOPPED = timedelta(minutes=1)
"""Between two tries where the platform refuses the credentials: whoever mends that there need not restart us."""
LATER = timedelta(seconds=5)
"""Before the next try where the platform's error does not say."""
NOTHING_SECONDS = 0.2
"""From one question to the next, where the answer to the first was nothing."""
STORE_SECONDS = 1.0
"""Before the same events are kept once more, where the store could not."""


class Connector:
    """Connects one account, and polls it where it is configured to be polled."""

    def __init__(self, platform: AnyPlatform, receiver: Receiver, clock: Clock) -> None:
        self.platform = platform
        self._receiver = receiver
        self._clock = clock
        # waits that end at the same time would meet the same refusal together
        self._random = random.Random()  # noqa: S311 -- spreads waits, guards nothing
        self.trouble = ""
        """What keeps this account's events from coming in; empty where nothing does."""
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Connect, then poll without end; it returns where nothing is left to do."""
        if isinstance(self.platform, Connects):
            self.trouble = "it is not connected yet"
            await self._connect(self.platform)
        self.connected.set()
        if isinstance(self.platform, Polls) and self.platform.polls:
            await self._poll(self.platform)

    async def _connect(self, platform: Connects) -> None:
        for attempt in count():
            try:
                await platform.connect()
            except PlatformError as error:
                await self._wait(error, attempt)
            else:
                self.trouble = ""
                log.info("platform_connected", platform=self.platform.name)
                return

    async def _poll(self, platform: Polls) -> None:
        after: int | None = None
        refusals = 0
        while True:
            asked_at = self._clock.now()
            try:
                found = await platform.poll(after)
            except PlatformError as error:
                await self._wait(error, refusals)
                refusals += 1
                continue
            refusals, self.trouble = 0, ""
            if not found:
                # All up to `after` is forgotten now. To name it once more would forget what comes next, too, where the
                # platform goes on with a lower number: Telegram does after a quiet week
                after = None
                await self._pause(asked_at)
            for number, update in found:
                await self._keep(update)
                # only now: what the platform is told to forget has to be on disk
                after = number

    async def _pause(self, asked_at: datetime) -> None:
        """Where the platform did not wait for something to come."""
        left = NOTHING_SECONDS - (self._clock.now() - asked_at).total_seconds()
        if left > 0:
            await self._clock.sleep(left)

    async def _keep(self, update: bytes) -> None:
        while True:
            try:
                await self._receiver.receive(self.platform, update, NO_HEADERS)
            except StoreBusy as error:
                log.warning("store_refused", during="poll", reason=str(error))
                await self._clock.sleep(STORE_SECONDS)
            else:
                return

    async def _wait(self, error: PlatformError, attempt: int) -> None:
        match error:
            case AccountStopped():
                wait = STOPPED
            case SendDeferred():
                wait = next_attempt(attempt, error, spread=self._random.random())
            case _:
                wait = LATER
        self.trouble = str(error)
        log.warning(
            "platform_unreachable",
            platform=self.platform.name,
            code=error.code,
            reason=error.reason,
            wait_seconds=round(wait.total_seconds(), 3),
        )
        await self._clock.sleep(wait.total_seconds())
