"""`python -m bench.contestants.parked_parts FOLDER PARTS`: milliseconds of parking and of what follows, as JSON.

One person is silent for a day, so many parts are parked for them, and then they write. The platform takes everything at
once and the rates are out of the way: what is measured is the daemon's own store, gates and loop.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import uvloop

from aof import logs
from aof.clock import SystemClock
from aof.domain.message import Address, InboundMessage, Sender
from aof.domain.response import Part, TemplatePart, TextPart
from aof.metrics import Metrics
from aof.pipeline.admit import Access, Mode
from aof.pipeline.deliver import Deliverer
from aof.pipeline.gates import Delivery, Gates
from aof.pipeline.pace import Pace
from aof.pipeline.wait import Bell
from aof.platforms.base import AnyPlatform, Rates
from aof.store.sqlite import SQLiteStore
from aof.texts.language import Language

ACCOUNT, NUMBER = "instant:1", "+15550001001"
FAST = Rates(per_second=1e6, pair_burst=10**6, pair_refill=timedelta(microseconds=1))
SECONDS = 300.0


class Instant:
    """A platform with a window that takes everything at once."""

    name = "instant"
    window = timedelta(hours=24)

    def __init__(self) -> None:
        self.sent: list[tuple[float, Part]] = []
        self._grown = asyncio.Condition()

    async def until_sent(self, count: int) -> None:
        """Wait until so many parts were sent."""
        async with asyncio.timeout(SECONDS), self._grown:
            await self._grown.wait_for(lambda: len(self.sent) >= count)

    def held_by(self) -> None:
        return None

    def nudge(self, language: Language) -> TemplatePart:
        return TemplatePart(name="waiting", language=language)

    async def send_part(
        self, to: Address, part: Part, *, part_id: str, before_request: Callable[[], Awaitable[None]], **_: object
    ) -> str:
        await before_request()
        self.sent.append((perf_counter(), part))
        async with self._grown:
            self._grown.notify_all()
        return f"id.{part_id}"


def said(event_id: str) -> InboundMessage:
    sender = Sender(number=NUMBER)
    return InboundMessage(
        platform="instant", account=ACCOUNT, event_id=event_id, chat_id=NUMBER, sender=sender, text="x"
    )


async def measure(folder: Path, parts: int) -> dict[str, list[float]]:
    store, clock, instant = await SQLiteStore.open(folder / "aof.db"), SystemClock(), Instant()
    platforms = cast("dict[str, AnyPlatform]", {ACCOUNT: instant})
    bell, now = Bell(clock), datetime.now(UTC)
    deliverer = Deliverer(
        store,
        clock,
        platforms,
        {ACCOUNT: Pace(FAST, now)},
        Gates(platforms, {ACCOUNT: Access(Mode.EVERYONE)}, Delivery()),
        parts=bell,
        delivery=Delivery(),
        log_key="bench",
        metrics=Metrics(),
    )
    await store.accept([said("first")], now=now - timedelta(hours=25))
    found = await store.conversation_with(ACCOUNT, NUMBER)
    if found is None:
        raise RuntimeError("nobody wrote")
    texts: list[Any] = [TextPart(text=str(n)) for n in range(parts)]
    await store.send(found.conversation, texts, by="bench", now=now)
    began = perf_counter()
    running = asyncio.create_task(deliverer.run())
    # the nudge leaves behind all that is parked
    await instant.until_sent(1)
    parked = (perf_counter() - began) * 1e3 / parts

    began = perf_counter()
    accepted = await store.accept([said("second")], now=datetime.now(UTC))
    word = (perf_counter() - began) * 1e3
    if accepted.taken_up != parts:
        raise RuntimeError(f"{accepted.taken_up} of {parts} parts were taken up")
    began = perf_counter()
    bell.ring()
    await instant.until_sent(1 + parts)
    if [part for _, part in instant.sent[1:]] != texts:
        raise RuntimeError("they did not leave in their order")
    times = [began, *(at for at, _ in instant.sent[1:])]
    await deliverer.stop(10)
    await running
    await store.close()
    return {"parked": [parked], "word": [word], "part": [(b - a) * 1e3 for a, b in pairwise(times)]}


if __name__ == "__main__":
    # a line for each parked part would be what is measured
    logs.set_up(str, level=logging.ERROR)
    sys.stdout.write(json.dumps(uvloop.run(measure(Path(sys.argv[1]), int(sys.argv[2])))))
