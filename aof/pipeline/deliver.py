"""From a queued part to a settled one: gates, rates, one request, and what its outcome means."""

import asyncio
import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from time import monotonic

from aof.clock import Clock
from aof.domain.delivery import next_attempt
from aof.domain.errors import (
    AccountStopped,
    ChatMovedAway,
    LeaseLost,
    OptedOut,
    PlatformError,
    RecipientUnreachable,
    SendDeferred,
    SendHeld,
    StoreBusy,
    WindowClosed,
)
from aof.logs import fingerprint, get
from aof.metrics import Metrics
from aof.pipeline.gates import Delivery, Gates
from aof.pipeline.pace import Pace, recipient
from aof.pipeline.wait import Bell
from aof.platforms.base import AnyPlatform
from aof.store.base import PartLease, Store
from aof.store.results import Dead, Deferred, Held, Moved, PartResult, Sent, Uncertain

log = get(__name__)

MOST_AT_ONCE = 64
"""Parts that are being sent at the same time, each in another conversation."""
LEASE = timedelta(seconds=90)
"""Of one part. Longer than its upload and its request: the adapter's own time-outs end them first."""
LATER = timedelta(minutes=1)
"""Before the next try where the platform's error does not say."""
OPEN_FACTOR = 6
"""Sends found open at start wait so much longer for a receipt: the platform's repeats back off while we are down."""


class _Closed(SendHeld):
    """A gate was closed at the last moment, with all that follows from it."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.gate, held.reason)
        self.held = held


class Deliverer:
    """Sends parts: in order and one at a time within a conversation, parallel across conversations."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        platforms: Mapping[str, AnyPlatform],
        paces: Mapping[str, Pace],
        gates: Gates,
        *,
        parts: Bell,
        delivery: Delivery,
        log_key: str,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._clock = clock
        self._platforms = platforms
        self._paces = paces
        self._gates = gates
        self._parts = parts
        self._delivery = delivery
        self._log_key = log_key
        self._metrics = metrics
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._beginning = {account: asyncio.Semaphore(pace.begun_at_once) for account, pace in paces.items()}
        # waits that end at the same time would meet the same refusal together
        self._random = random.Random()  # noqa: S311 -- spreads waits, guards nothing
        self.stopped: dict[str, AccountStopped] = {}
        """Accounts whose platform takes nothing any more, and why."""
        self._written: set[str] = set()
        """Those of them that operators can see, and resume."""

    async def run(self) -> None:
        """Send until `stop`; what is under way then goes on."""
        while not self._stopping:
            next_at = None
            room, paused, opens_at = self._room()
            if room > 0:
                try:
                    await self._write_stops()
                    found = await self._store.lease_parts(
                        now=self._clock.now(),
                        lease_for=LEASE,
                        most=room,
                        open_wait=self._delivery.uncertain_wait * OPEN_FACTOR,
                        paused=paused,
                    )
                except StoreBusy as error:
                    log.warning("store_refused", during="lease_parts", reason=str(error))
                else:
                    next_at = found.next_at
                    for lease in found.leases:
                        task = asyncio.create_task(self._deliver(lease), name=f"part-{lease.part_id}")
                        self._sending.add(task)
                        task.add_done_callback(self._end)
                    if self._resume_all_but(found.stopped) or found.leases:
                        continue
            times = [at for at in (next_at, opens_at) if at is not None]
            await self._parts.wait(min(times, default=None))

    async def stop(self, grace_seconds: float) -> int:
        """Start nothing new and wait for what is being sent; return how many were left open.

        Those come back as uncertain: their requests may have been carried out.
        """
        self._stopping = True
        self._parts.ring()
        if self._sending:
            await asyncio.wait(self._sending, timeout=grace_seconds)
        left = list(self._sending)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)

    def _resume_all_but(self, stopped: Collection[str]) -> bool:
        """Send again for the accounts that an operator has taken off the list; return whether there are any."""
        resumed = self._written.difference(stopped)
        for account in resumed:
            self._written.discard(account)
            self.stopped.pop(account, None)
            log.info("account_resumed", platform=account.partition(":")[0])
        return bool(resumed)

    async def _write_stops(self) -> None:
        """Let operators see which accounts are stopped; what can't be written now is written later."""
        for account in self.stopped.keys() - self._written:
            error = self.stopped[account]
            await self._store.stop_account(account, error.code, str(error), now=self._clock.now())
            self._written.add(account)

    def _room(self) -> tuple[int, frozenset[str], datetime | None]:
        """How much may be leased now, which accounts may not, and when one of them may again."""
        now = self._clock.now()
        room = MOST_AT_ONCE - len(self._sending)
        paused = set(self.stopped)
        opens_at: datetime | None = None
        for account, pace in self._paces.items():
            wait = pace.number_wait(now)
            if wait > timedelta():
                paused.add(account)
                opens_at = min(opens_at or now + wait, now + wait)
            else:
                room = min(room, pace.room(now))
        return room, frozenset(paused), opens_at

    def _end(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._parts.ring()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_broken", part=task.get_name().removeprefix("part-"), exc_info=error)

    async def _deliver(self, lease: PartLease) -> None:
        began = monotonic()
        try:
            result = self._gates.before(lease, self._clock.now()) or self._paced(lease) or await self._send(lease)
        except LeaseLost as error:
            log.info("part_overtaken", part=lease.part_id, reason=str(error))
            return
        await self._settle(lease, result)
        outcome, waited = type(result).__name__.lower(), (self._clock.now() - lease.created_at).total_seconds()
        self._metrics.settled.labels(outcome).inc()
        if isinstance(result, Sent):
            self._metrics.sent.observe(waited)
        fields: dict[str, object] = {}
        match result:
            case Deferred():
                fields = {
                    "wait_seconds": round(result.wait.total_seconds(), 3),
                    "code": result.code,
                    "reason": result.reason,
                }
            case Uncertain():
                fields = {"wait_seconds": result.wait.total_seconds(), "reason": result.reason}
            case Held():
                fields = {"gate": result.gate, "reason": result.reason}
            case Dead():
                fields = {"code": result.code, "reason": result.reason}
            case Moved():
                fields = {"reason": result.reason}
            case Sent():
                fields = {"repeated": True} if lease.uncertain else {}
        logged = log.info if isinstance(result, Sent) else log.warning
        logged(
            f"part_{outcome}",
            part=lease.part_id,
            conversation=fingerprint(lease.conversation, self._log_key),
            kind=lease.part.type,
            attempt=lease.attempt,
            seconds=round(monotonic() - began, 3),
            waited_seconds=round(waited, 3),
            **fields,
        )

    def _paced(self, lease: PartLease) -> Deferred | None:
        """Our own rates: the platform is not asked what we know it refuses."""
        pace, now = self._paces[lease.account], self._clock.now()
        wait = pace.pair_wait(recipient(lease), now, group=lease.address.group)
        if wait > timedelta():
            return Deferred(wait, 0, "paced: this recipient has had its share", counts=False)
        pace.sent(recipient(lease), now, group=lease.address.group)
        return None

    async def _send(self, lease: PartLease) -> PartResult:
        platform = self._platforms[lease.account]
        if lease.account in self.stopped:
            return Deferred(timedelta(), 0, "the account was stopped", counts=False)
        try:
            message_id = await platform.send_part(
                lease.address,
                lease.part,
                part_id=lease.part_id,
                reply_to=lease.reply_to,
                before_request=lambda: self._begin(lease),
            )
        except StoreBusy as error:
            # the only one who asks the store is `begin`: nothing was written
            return Deferred(timedelta(seconds=1), 0, str(error), counts=False)
        except SendHeld as error:
            return error.held if isinstance(error, _Closed) else Held(error.gate, error.reason)
        except WindowClosed as error:
            return self._gates.after_refusal(lease, error)
        except SendDeferred as error:
            wait = next_attempt(lease.deferrals, error, spread=self._random.random())
            self._slow_down(lease, error, wait)
            return Deferred(wait, error.code, str(error))
        except AccountStopped as error:
            self.stopped[lease.account] = error
            log.error(  # noqa: TRY400 -- the platform's words say it; a traceback of ours adds nothing
                "account_stopped", platform=platform.name, code=error.code, reason=error.reason, details=error.details
            )
            return Deferred(timedelta(), error.code, str(error), counts=False)
        except PlatformError as error:
            return self._by_certainty(error)
        return Sent(message_id)

    def _slow_down(self, lease: PartLease, error: SendDeferred, wait: timedelta) -> None:
        pace, now = self._paces[lease.account], self._clock.now()
        if error.scope == "number":
            pace.slow_down(wait, now)
        elif error.wait is not None:
            # whatever else goes to this chat would meet the same refusal, and prolong it
            pace.slow_pair_down(recipient(lease), error.wait, now, group=lease.address.group)

    def _by_certainty(self, error: PlatformError) -> PartResult:
        """What is left is decided by one question: may the part be on the phone?"""
        if isinstance(error, ChatMovedAway):
            return Moved(error.new_chat, str(error))
        match error.retry:
            case "unsafe":
                return Uncertain(self._delivery.uncertain_wait, str(error))
            case "later":
                return Deferred(LATER, error.code, str(error))
            case "never":
                return Dead(
                    error.code,
                    str(error),
                    opted_out=isinstance(error, OptedOut),
                    unreachable=isinstance(error, RecipientUnreachable),
                )

    async def _begin(self, lease: PartLease) -> None:
        # Of parts begun in one commit a crash leaves those in doubt that had not been written yet
        async with self._beginning[lease.account]:
            standing = await self._store.begin(lease)
        # a connection may take its time, and a word that somebody was sent away has come true when it was given
        if (held := self._gates.at_the_request(lease, standing, self._clock.now())) is not None:
            raise _Closed(held)

    async def _settle(self, lease: PartLease, result: PartResult) -> None:
        """Write the outcome. While the store is busy the outcome is kept here: a lost one costs a second copy."""
        deadline = self._clock.now() + LEASE
        while True:
            try:
                await self._store.settle(lease, result, now=self._clock.now())
            except LeaseLost:
                log.warning("lease_lost", part=lease.part_id)
                return
            except StoreBusy as error:
                log.warning("store_refused", during="settle", part=lease.part_id, reason=str(error))
                if self._clock.now() >= deadline:
                    return
                await self._clock.sleep(1.0)
            else:
                return
