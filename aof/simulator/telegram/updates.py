"""What the bot is to be told and has not taken yet: by polling or by webhook."""

import asyncio
import random
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aof.simulator.clock import Clock
from aof.simulator.telegram.faults import Faults
from aof.simulator.telegram.refusals import OTHER_POLLER, Refused
from aof.simulator.telegram.waiting import Update, Waiting, nothing

Json = dict[str, Any]

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
)
ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KEPT = timedelta(hours=24)
QUIET = timedelta(days=7)
"""After so long without an update the next id is any."""
LONGEST_POLL_SECONDS = 50
COLLECT_SECONDS = 1.0
"""How long updates are collected for another order before what there is goes on."""
COLLECT_SIZE = 8


class Updates:
    """The queue. `arrived` is called with the lane of whatever was put in."""

    def __init__(self, clock: Clock, faults: Faults, seed: int) -> None:
        self._clock = clock
        self._faults = faults
        self._random = random.Random(seed)  # noqa: S311 -- an order, not a secret
        self._queue = Waiting()
        self._collected: list[Update] = []
        self._collecting: asyncio.Task[None] | None = None
        self._last_id = 100_000_000 + secrets.randbelow(800_000_000)
        self._last_at: datetime | None = None
        self._poller: asyncio.Future[Refused] | None = None
        self._something_new = asyncio.Event()
        self._closed = False
        self.allowed: list[str] | None = None
        """As last asked for; `None`: never."""
        self.forgotten = 0
        """Updates that were not taken within 24 h."""
        self.arrived: Callable[[str], None] = lambda _lane: None

    # -- putting in ---------------------------------------------------------------------------------------------

    def allows(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_WHEN_ASKED

    def put(self, kind: str, node: Json, lane: str, taken: Callable[[], None] = nothing) -> None:
        """Tell the bot, if it wants to know."""
        if self.allows(kind):
            self.put_body({kind: node}, lane, taken)
        else:
            taken()

    def put_body(self, body: Json, lane: str, taken: Callable[[], None] = nothing) -> int:
        """Tell the bot anything; the update's number."""
        now = self._clock.now()
        given = body.get("update_id")
        number = given if isinstance(given, int) and not isinstance(given, bool) else self._next_id(now)
        update = Update(number, {"update_id": number} | body, now, lane, taken)
        if self._faults.on("reorder"):
            self._collect(update)
        else:
            self._let_in(update)
        return number

    def _next_id(self, now: datetime) -> int:
        if self._last_at is not None and now - self._last_at > QUIET:
            self._last_id = 100_000_000 + secrets.randbelow(800_000_000)
        self._last_id += 1
        self._last_at = now
        return self._last_id

    def _collect(self, update: Update) -> None:
        self._collected.append(update)
        if len(self._collected) >= COLLECT_SIZE:
            self.flush()
        elif self._collecting is None:
            self._collecting = asyncio.get_running_loop().create_task(self._flush_later())

    async def _flush_later(self) -> None:
        await self._clock.sleep(COLLECT_SECONDS)
        self._collecting = None
        self.flush()

    def flush(self) -> None:
        """Let go what was collected, in another order."""
        updates, self._collected = self._collected, []
        if not updates:
            return
        self._faults.take("reorder")
        order = updates[:]
        self._random.shuffle(order)
        if order == updates:
            order = [*updates[1:], updates[0]]
        for update in order:
            self._let_in(update)

    def _let_in(self, update: Update) -> None:
        self._queue.add(update)
        self._something_new.set()
        self.arrived(update.lane)

    def close(self) -> None:
        """Let a poller go, and nothing out any more."""
        self._closed = True
        self._something_new.set()
        if self._collecting is not None:
            self._collecting.cancel()

    # -- looking ------------------------------------------------------------------------------------------------

    def waiting(self) -> Waiting:
        """What has not been taken, without what is too old by now."""
        self.forgotten += self._queue.forget(self._clock.now() - KEPT)
        return self._queue

    @property
    def pending(self) -> int:
        return len(self.waiting()) + len(self._collected)

    # -- taking out ---------------------------------------------------------------------------------------------

    def settle(self, update: Update) -> None:
        """The bot has it."""
        if self._queue.remove(update):
            update.taken()

    def drop(self) -> None:
        """Forget all that waits."""
        self._queue.clear()
        self._collected.clear()

    async def poll(self, offset: int | None, limit: int, timeout_seconds: float) -> list[Json]:
        """`getUpdates`, which confirms all before `offset`.

        Raises:
            Refused: Another poller took over, or a webhook.
        """
        self._confirm(offset)
        mine = self._take_over()
        until = self._clock.now() + timedelta(seconds=min(timeout_seconds, LONGEST_POLL_SECONDS))
        try:
            while not (found := self._batch(limit)):
                self._something_new.clear()
                left = (until - self._clock.now()).total_seconds()
                if self._closed or left <= 0 or not await self._something(mine, left):
                    break
            if mine.done():
                raise mine.result()
        finally:
            if self._poller is mine:
                self._poller = None
        return [update.body for update in found]

    def _confirm(self, offset: int | None) -> None:
        if offset is None:
            return
        waiting = self.waiting()
        if offset < 0:
            kept = sorted(waiting, key=lambda update: update.update_id)[offset:]
            offset = min((update.update_id for update in kept), default=0)
        for update in waiting:
            if update.update_id < offset:
                self.settle(update)

    def end_poll(self, refusal: Refused) -> None:
        """Refuse whoever polls now."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(refusal)

    def _take_over(self) -> asyncio.Future[Refused]:
        self.end_poll(Refused(*OTHER_POLLER))
        self._poller = asyncio.get_running_loop().create_future()
        return self._poller

    async def _something(self, mine: asyncio.Future[Refused], seconds: float) -> bool:
        """Wait until an update or another poller comes; false where the time was over first."""
        timer = asyncio.create_task(self._clock.sleep(seconds))
        arrival = asyncio.create_task(self._awaited())
        waited: set[asyncio.Future[Any]] = {timer, arrival, mine}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            return not mine.done() and (arrival.done() or not timer.done())
        finally:
            timer.cancel()
            arrival.cancel()

    async def _awaited(self) -> None:
        await self._something_new.wait()

    def _batch(self, limit: int) -> list[Update]:
        waiting = self.waiting()
        # what is left out must be later than all that is told, or confirming these would forget it
        chosen = set(sorted(update.update_id for update in waiting)[:limit])
        return [update for update in waiting if update.update_id in chosen][:limit]
