"""Posts updates to the business, signed, concurrently, again and again until they are acknowledged."""

import asyncio
import itertools
import random
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import aiohttp

from aof.simulator.clock import Clock
from aof.simulator.envelope import Update, payload, signature, wire_bytes
from aof.simulator.faults import Faults
from aof.simulator.settings import Settings
from aof.simulator.wire import Exchange, Wire, shown_body

GIVE_UP = timedelta(days=7)
CONCURRENT = 100
COLLECT_SECONDS = 1.0
"""How long updates are collected for a batch or another order before what there is goes out."""
REORDER_SIZE = 8
LONGEST_ANSWER = 4096


class Webhooks:
    """The sending side of Meta's webhooks. `put` needs a running loop; `start` and `stop` frame its life."""

    def __init__(self, settings: Settings, clock: Clock, faults: Faults, wire: Wire) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._wire = wire
        self._random = random.Random(settings.seed)  # noqa: S311 -- an order, not a secret
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Lock] = {}
        self._places = asyncio.Semaphore(CONCURRENT)
        self._held: list[Update] = []
        self._collected: list[Update] = []
        self._url: str | None = None
        self._url_known = asyncio.Event()
        self._stopped = False
        self.pending = 0
        """Updates that the business has not acknowledged yet; held, withheld and given-up ones are not among them."""
        self.given_up = 0
        self.url = settings.webhook_url

    @property
    def url(self) -> str | None:
        """Where updates go. Without one they wait."""
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        self._url = url
        if url is None:
            self._url_known.clear()
        else:
            self._url_known.set()

    @property
    def held(self) -> int:
        """Statuses kept back by `hold_receipts`."""
        return len(self._held)

    def shown(self) -> dict[str, Any]:
        """The entry of the control API."""
        return {"url": self.url, "pending": self.pending, "held": self.held, "given_up": self.given_up}

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._settings.webhook_timeout_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        self._faults.changed = self._faults_changed

    async def stop(self) -> None:
        self._stopped = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def put(self, update: Update) -> None:
        """Tell the business; returns at once. After `stop` nobody is told."""
        if self._stopped:
            return
        if update.kind == "status":
            if self._faults.take("withhold_receipts"):
                exchange = self._wire.open("webhook", "POST", self._url or "", {}, update.node, self._clock.now())
                self._wire.close_exchange(exchange, "withheld")
                return
            if self._faults.on("hold_receipts"):
                self._held.append(update)
                return
        self.pending += 1
        if update.kind != "payload" and (self._faults.on("batch") or self._faults.on("reorder")):
            self._collect(update)
        else:
            self._post_soon([update])

    def flush(self) -> None:
        """Post what was collected, in batches or in another order as the faults say."""
        updates, self._collected = self._collected, []
        if not updates:
            return
        batch = self._faults.take("batch")
        reorder = self._faults.take("reorder")
        if reorder:
            updates = self._reordered(updates)
        size = int(batch.amount) if batch else 1
        groups = [updates[start : start + size] for start in range(0, len(updates), size)]
        if reorder:
            self._spawn(self._post_in_turn(groups))
        else:
            for group in groups:
                self._post_soon(group)

    async def verify(self, challenge: str = "1158201444") -> bool:
        """Meta's GET when a callback address is entered: true if the business answers with the challenge."""
        if self._url is None:
            return False
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self._settings.verify_token}
        exchange = self._wire.open("verification", "GET", self._url, {}, None, self._clock.now())
        try:
            async with self._open_session().get(self._url, params=query, allow_redirects=False) as response:
                answer = await response.content.read(LONGEST_ANSWER)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._wire.close_exchange(exchange, f"no answer: {type(error).__name__}")
            return False
        verified = response.status == 200 and answer == challenge.encode()
        text = answer.decode("utf-8", "replace")
        self._wire.close_exchange(exchange, "verified" if verified else "refused", response.status, text)
        return verified

    # -- collecting ---------------------------------------------------------------------------------------------

    def _collect(self, update: Update) -> None:
        self._collected.append(update)
        batch = self._faults.on("batch")
        if len(self._collected) >= (batch.amount if batch else REORDER_SIZE):
            self.flush()
        elif len(self._collected) == 1:
            self._spawn(self._flush_later())

    async def _flush_later(self) -> None:
        await self._clock.sleep(COLLECT_SECONDS)
        self.flush()

    def _reordered(self, updates: list[Update]) -> list[Update]:
        order = updates[:]
        self._random.shuffle(order)
        if order == updates:
            order = [*updates[1:], updates[0]]
        return order

    def _faults_changed(self) -> None:
        if self._collected and not (self._faults.on("batch") or self._faults.on("reorder")):
            self.flush()
        if self._held and not self._faults.on("hold_receipts"):
            held, self._held = self._held, []
            for update in held:
                self.put(update)

    # -- posting ------------------------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _post_soon(self, group: Sequence[Update]) -> None:
        self._spawn(self._deliver(group, asyncio.Event()))

    async def _post_in_turn(self, groups: Sequence[Sequence[Update]]) -> None:
        for group in groups:
            tried = asyncio.Event()
            self._spawn(self._deliver(group, tried))
            await tried.wait()

    async def _deliver(self, group: Sequence[Update], tried: asyncio.Event) -> None:
        """Post one webhook until it is acknowledged, or for seven days."""
        body = wire_bytes(payload(self._settings, group))
        began = self._clock.now()
        wait_seconds = self._settings.first_retry_seconds
        async with AsyncExitStack() as lane:
            if len(group) == 1 and group[0].lane is not None and self._settings.in_order:
                await lane.enter_async_context(self._lanes.setdefault(group[0].lane, asyncio.Lock()))
            acknowledged = await self._post(group, body, 1)
        tried.set()
        for attempt in itertools.count(2):
            if acknowledged:
                break
            if self._clock.now() + timedelta(seconds=wait_seconds) - began > GIVE_UP:
                self.given_up += len(group)
                break
            await self._clock.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, self._settings.longest_retry_seconds)
            acknowledged = await self._post(group, body, attempt)
        self.pending -= len(group)
        if acknowledged:
            for update in group:
                if update.acknowledged is not None:
                    update.acknowledged()

    async def _post(self, group: Sequence[Update], body: bytes, attempt: int) -> bool:
        await self._url_known.wait()
        async with self._places:
            acknowledged = await self._post_once(group, body, attempt)
        duplicate = self._faults.take("duplicate") if attempt == 1 else None
        for _ in range(int(duplicate.amount) if duplicate else 0):
            self._spawn(self._post_copy(group, body))
        return acknowledged

    async def _post_copy(self, group: Sequence[Update], body: bytes) -> None:
        async with self._places:
            await self._post_once(group, body, 1)

    async def _post_once(self, group: Sequence[Update], body: bytes, attempt: int) -> bool:
        exchange = self._opened(group, body, attempt)
        headers = exchange.headers | {"User-Agent": "facebookexternalua", "Accept": "*/*"}
        try:
            post = self._open_session().post(str(self._url), data=body, headers=headers, allow_redirects=False)
            async with post as response:
                answer = await response.content.read(LONGEST_ANSWER)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:  # ValueError: an address that is none
            self._wire.close_exchange(exchange, f"no answer: {type(error).__name__}")
            return False
        except asyncio.CancelledError:
            self._wire.close_exchange(exchange, "stopped")
            raise
        outcome = "acknowledged" if response.status == 200 else "refused"
        if response.status == 200 and self._faults.take("drop_ack"):
            outcome = "acknowledgement lost"
        self._wire.close_exchange(exchange, outcome, response.status, shown_body(answer))
        return outcome == "acknowledged"

    def _opened(self, group: Sequence[Update], body: bytes, attempt: int) -> Exchange:
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(self._settings.app_secret, body),
        }
        url = self._url or ""
        return self._wire.open("webhook", "POST", url, headers, shown_body(body), self._clock.now(), attempt)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the simulator has not been started")
        return self._session
