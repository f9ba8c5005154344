"""From a verified webhook to rows that are on disk."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from prometheus_client import Counter

from aof import logs
from aof.clock import Clock
from aof.domain.errors import PayloadRejected, PlatformError, StoreBusy
from aof.domain.message import ButtonPress, InboundEvent, InboundMessage, Receipt, TemplateNews
from aof.domain.template import CLOSED
from aof.logs import get
from aof.metrics import Metrics
from aof.pipeline.pace import Pace
from aof.pipeline.runs import Runs
from aof.pipeline.wait import Bell
from aof.platforms.base import AnswersPresses, AnyPlatform
from aof.store.base import Store
from aof.store.results import Accepted

log = get(__name__)

ResultT = TypeVar("ResultT")

_LARGE_BYTES = 128 * 1024
"""Reading a body beyond this size takes milliseconds and moves off the event loop."""


class Receiver:
    """Keeps webhooks. When `receive` returns, the platform may be told 200."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        runs: Runs,
        paces: Mapping[str, Pace],
        events: Bell,
        parts: Bell,
        max_waiting: int,
        stops_run: Callable[[InboundMessage], bool],
        wants: Callable[[InboundEvent], bool],
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._clock = clock
        self._runs = runs
        self._paces = paces
        self._events = events
        self._parts = parts
        self._max_waiting = max_waiting
        self._stops_run = stops_run
        self._wants = wants
        self._metrics = metrics
        self._counted: dict[str, tuple[Counter, Counter, Counter]] = {}
        self._trouble = ""
        self._answering: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """End what still goes on beside the webhooks that were kept."""
        for task in self._answering:
            task.cancel()
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def trouble(self) -> dict[str, str]:
        """What keeps webhooks from being kept. Where the last one was refused the store is asked again, since a
        balancer that is told of trouble sends none that could show its end.
        """
        if self._trouble:
            with suppress(StoreBusy):
                await self._kept(self._store.probe())
        return {"store": self._trouble} if self._trouble else {}

    async def receive(self, platform: AnyPlatform, payload: bytes, headers: Mapping[str, str]) -> None:
        """Keep every event of a webhook whose signature was verified.

        Raises:
            StoreBusy: Nothing was kept; the platform has to repeat it.
        """
        try:
            events = (
                platform.parse_message(payload, headers)
                if len(payload) <= _LARGE_BYTES
                else await asyncio.to_thread(platform.parse_message, payload, headers)
            )
        except PayloadRejected as error:
            await self._quarantine(platform, payload, error)
            return
        except Exception:  # the platform would bring the same body again and again, and nothing else meanwhile
            log.exception("webhook_broken", platform=platform.name, bytes=len(payload))
            await self._quarantine(platform, payload, PayloadRejected("reading it failed; the log says how"))
            return
        events = [event for event in events if self._wants(event)]
        if not events:
            return
        now = self._clock.now()
        accepted = await self._kept(self._store.accept(events, now=now, max_waiting=self._max_waiting))
        self._count(platform.name, accepted)
        self._tell(platform, events, accepted, now)
        if logs.shows(logging.DEBUG):
            log.debug(
                "webhook_accepted",
                platform=platform.name,
                new=accepted.new,
                kept=accepted.kept,
                receipts=accepted.receipts,
                duplicates=accepted.duplicates,
            )

    async def _quarantine(self, platform: AnyPlatform, payload: bytes, error: PayloadRejected) -> None:
        await self._kept(self._store.quarantine(platform.account, payload, str(error), now=self._clock.now()))
        self._metrics.quarantined.labels(platform.name).inc()
        log.warning("webhook_quarantined", platform=platform.name, bytes=len(payload), reason=error.reason)

    def _heed(self, platform: AnyPlatform, event: InboundMessage | ButtonPress) -> None:
        """Do at once what may not wait in line: a stop behind what it stops, and a word on a tap. A repeated event must
        not stop a later run."""
        if isinstance(event, InboundMessage):
            if self._stops_run(event):
                self._runs.cancel(event)
        elif isinstance(platform, AnswersPresses):
            # beside the webhook, which is told to be kept without waiting for it
            task = asyncio.create_task(_answered(platform, event), name=f"press-{event.event_id}")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def _count(self, platform: str, accepted: Accepted) -> None:
        new, duplicates, quarantined = self._counters(platform)
        for counter, count in (
            (new, accepted.new),
            (duplicates, accepted.duplicates),
            (quarantined, accepted.quarantined),
        ):
            if count:
                counter.inc(count)
        for category in accepted.billed:
            self._metrics.bill(category)

    def _counters(self, platform: str) -> tuple[Counter, Counter, Counter]:
        # finding a label's counter takes longer than counting
        if platform not in self._counted:
            metrics = self._metrics
            new, duplicates = metrics.accepted.labels(platform), metrics.duplicates.labels(platform)
            self._counted[platform] = new, duplicates, metrics.quarantined.labels(platform)
        return self._counted[platform]

    async def _kept(self, write: Awaitable[ResultT]) -> ResultT:
        try:
            result = await write
        except StoreBusy as error:
            self._trouble = str(error)
            raise
        self._trouble = ""
        return result

    def _tell(self, platform: AnyPlatform, events: Sequence[InboundEvent], accepted: Accepted, now: datetime) -> None:
        if accepted.new:
            fresh = set(accepted.fresh)
            for event in events:
                if isinstance(event, InboundMessage | ButtonPress) and event.event_id in fresh:
                    self._heed(platform, event)
            pace = self._paces.get(platform.account)
            if pace is not None:
                pace.came_in(accepted.new, now)
            self._events.ring()
        for news in accepted.templates:
            tell_of_template(platform.name, news)
        if accepted.taken_up or accepted.templates:
            self._parts.ring()
        if accepted.receipts:
            for event in events:
                if isinstance(event, Receipt) and event.state == "failed":
                    log.warning("part_failed", platform=platform.name, part=event.part_id, code=event.code)
            self._parts.ring()


async def _answered(platform: AnswersPresses, press: ButtonPress) -> None:
    try:
        await platform.answer_press(press)
    except PlatformError as error:
        # the press counts all the same; its sender sees a little longer that it is under way
        log.info("press_not_answered", platform=press.platform, code=error.code)


def tell_of_template(platform: str, news: TemplateNews) -> None:
    """Log what an operator has to know of a template: a state in which nothing of it is sent, and another category."""
    named = {"platform": platform, "template": news.name, "language": news.language}
    if news.word:
        logged = log.warning if news.state in CLOSED else log.info
        logged("template_state_told", **named, state=news.word, reason=news.reason)
    category = news.coming_category or news.category
    if (news.former_category or news.coming_category) and category != news.former_category:
        log.warning("template_recategorised", **named, before=news.former_category or news.category, category=category)
    if news.quality:
        log.info("template_quality_told", **named, quality=news.quality)
