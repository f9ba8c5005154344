"""Everything that happens, as one stream of server-sent events: what the phone page lives on."""

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from heapq import merge
from typing import Any, Protocol

from aiohttp import web

from aof.simulator.clock import Clock
from aof.simulator.journal import Journal, Numbered
from aof.simulator.wire import Wire

Json = dict[str, Any]

MOST_AT_ONCE = 500
"""Entries of one journal that are told at once; of more only the newest."""
PAUSE_SECONDS = 0.05
"""Real seconds in which changes are gathered."""
LOOK_SECONDS = 1.0
"""Real seconds after which the state is looked at though no journal has changed."""
SILENCE_SECONDS = 15.0
"""Real seconds after which the state is told again, though it is the same: a connection that is gone is noticed so."""
DRIFT_SECONDS = 0.5
"""Real seconds by which the clock may go otherwise than the real one before its time is told anew."""
_POSITION = re.compile("[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Held:
    """A message that the business has ready for a phone and does not send."""

    number: str
    """Of the phone, with `+`."""
    text: str
    reason: str


HeldNow = Callable[[], Awaitable[Sequence[Held]]]
"""Asks the business, where the simulator runs beside it; nothing of this goes over the wire."""


async def nothing_held() -> Sequence[Held]:
    """Where the business can't be asked."""
    return ()


class Told(Numbered, Protocol):
    """What is told of a message or an exchange."""

    @property
    def at(self) -> datetime: ...

    def shown(self) -> Json: ...


class Stage(Protocol):
    """What one platform has to tell."""

    clock: Clock
    wire: Wire

    @property
    def transcripts(self) -> Sequence[tuple[str, Journal[Any]]]:
        """What each phone shows, by its number."""

    def shown(self) -> Json:
        """The state, with `phones`; each has its `number`."""


class Events:
    """`GET /_sim/events`."""

    def __init__(self, stage: Stage, *, can_advance: bool, held: HeldNow) -> None:
        self._stage = stage
        self._clock = stage.clock
        self._wire = stage.wire
        self._can_advance = can_advance
        self._held = held
        self._run = secrets.token_hex(4)

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Tell everything so far, then what happens, until the page or the simulator goes."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            }
        )
        await response.prepare(request)
        with suppress(ConnectionError):  # the page was closed
            await self._tell(response, request.headers.get("Last-Event-ID", ""))
        return response

    async def _tell(self, response: web.StreamResponse, last_id: str) -> None:
        journals: list[tuple[str | None, Journal[Any]]] = [
            *self._stage.transcripts,
            (None, self._wire),
        ]
        told = self._positions(last_id, len(journals))
        if told is None:
            told = [0] * len(journals)
            await _write(response, "anew", {})
        loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        before: Json = {}
        told_at, wrote_at = self._clock.now(), loop.time()
        with ExitStack() as listening:
            for _, journal in journals:
                listening.enter_context(journal.listener(woken.set))
            while not self._wire.closed:
                woken.clear()
                now = self._clock.now()
                jumped = abs((now - told_at).total_seconds() - (loop.time() - wrote_at)) > DRIFT_SECONDS
                state = await self._state()
                if jumped or state != before or loop.time() - wrote_at > SILENCE_SECONDS:
                    clock = {"now": now.isoformat(), "can_advance": self._can_advance}
                    await _write(response, "state", state | {"clock": clock})
                    before, told_at, wrote_at = state, now, loop.time()
                changes = [
                    [(entry, number) for entry in journal.changed(after)[-MOST_AT_ONCE:]]
                    for (number, journal), after in zip(journals, told, strict=True)
                ]
                told = [journal.latest for _, journal in journals]
                # what was written comes before the request that answers it, and each journal keeps its own order;
                # whoever reads less than all reads it again
                news = list(merge(*changes, key=lambda item: item[0].at))
                for index, (entry, number) in enumerate(news):
                    id_ = self._id(told) if index == len(news) - 1 else ""
                    await _write(response, *_named(entry, number), id_)
                await _woken(woken)

    async def _state(self) -> Json:
        held = [asdict(part) for part in await self._held()]
        state = self._stage.shown()
        for phone in state["phones"]:
            phone["held"] = [part for part in held if part["number"] == phone["number"]]
        return state

    def _id(self, told: Sequence[int]) -> str:
        return ".".join((self._run, *map(str, told)))

    def _positions(self, last_id: str, count: int) -> list[int] | None:
        """How far the page has read; `None` if it has read nothing, or another run of the simulator."""
        run, *numbers = last_id.split(".")
        if run != self._run or len(numbers) != count or not all(map(_POSITION.fullmatch, numbers)):
            return None
        return [int(number) for number in numbers]


def _named(entry: Told, number: str | None) -> tuple[str, Json]:
    """What an entry is called in the stream, and its data."""
    return ("exchange", entry.shown()) if number is None else ("message", entry.shown() | {"number": number})


async def _woken(event: asyncio.Event) -> None:
    """Return soon after the next change, or after a while."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            await event.wait()
    except TimeoutError:
        return
    await asyncio.sleep(PAUSE_SECONDS)


async def _write(response: web.StreamResponse, name: str, data: Json, id_: str = "") -> None:
    lines = [f"event: {name}", f"data: {json.dumps(data)}", *([f"id: {id_}"] if id_ else [])]
    await response.write(("\n".join(lines) + "\n\n").encode())
