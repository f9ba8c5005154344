"""Posts updates to the bot's webhook: one after the other of a chat, of several chats at once, again and again until
each is taken.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp

from aof.simulator import strict_json
from aof.simulator.clock import Clock
from aof.simulator.telegram.faults import Faults
from aof.simulator.telegram.settings import TelegramSettings
from aof.simulator.telegram.updates import Updates
from aof.simulator.telegram.waiting import Update
from aof.simulator.wire import Exchange, Wire

Json = dict[str, Any]
LONGEST_ANSWER = 64 * 1024
MOST_CONNECTIONS = 40
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
WRONG_SECRET = "not-the-secret-of-this-bot"  # noqa: S105 -- what an attacker might try

Call = Callable[[str, Json], Awaitable[None]]


class Webhook:
    """The sending side. `start` and `stop` frame its life; `call` carries out a method that stands in an answer."""

    def __init__(
        self, settings: TelegramSettings, clock: Clock, faults: Faults, wire: Wire, updates: Updates, call: Call
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._faults = faults
        self._wire = wire
        self._updates = updates
        self._call = call
        self._session: aiohttp.ClientSession | None = None
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._copies: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._secret: str | None = None
        self.url = ""
        self.max_connections = MOST_CONNECTIONS
        self.last_error: tuple[int, str] | None = None
        """Unix time and Telegram's words."""
        updates.arrived = self._look

    def shown(self) -> Json:
        """The entry of the control API."""
        return {
            "url": self.url or None,
            "pending": self._updates.pending,
            "held": 0,
            "given_up": self._updates.forgotten,
            "last_error": self.last_error[1] if self.last_error else None,
        }

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self._settings.webhook_timeout_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        await self._halt()
        self.url = ""
        if self._session is not None:
            await self._session.close()

    async def _halt(self) -> None:
        tasks = [*self._lanes.values(), *self._copies]
        self._lanes.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def set(self, url: str, secret: str | None = None, max_connections: int = MOST_CONNECTIONS) -> None:
        """Post there from now on; an empty address ends it."""
        await self._halt()
        self.url, self._secret, self.max_connections = url, secret, max_connections
        self.last_error = None
        self._places = asyncio.Semaphore(max_connections)
        for lane in self._updates.waiting().lanes:
            self._look(lane)

    # -- posting ------------------------------------------------------------------------------------------------

    def _look(self, lane: str) -> None:
        """Begin with a chat, if nobody is at it already."""
        if self.url and self._session is not None and lane not in self._lanes:
            self._lanes[lane] = asyncio.get_running_loop().create_task(self._follow(lane))

    async def _follow(self, lane: str) -> None:
        wait_seconds = self._settings.first_retry_seconds
        while (update := self._updates.waiting().first_of(lane)) is not None:
            update.attempts += 1
            taken, retry_after = await self._post(update)
            if taken:
                wait_seconds = self._settings.first_retry_seconds
                self._updates.settle(update)
                continue
            await self._clock.sleep(wait_seconds if retry_after is None else retry_after)
            wait_seconds = min(2 * wait_seconds, self._settings.longest_retry_seconds)
        # nothing is awaited between the look and this, so nothing falls between
        self._lanes.pop(lane, None)

    async def _post(self, update: Update) -> tuple[bool, float | None]:
        if update.attempts == 1:
            self._post_more(update)
        async with self._places:
            return await self._post_once(update, self._secret)

    def _post_more(self, update: Update) -> None:
        duplicate = self._faults.take("duplicate")
        for _ in range(int(duplicate.amount) if duplicate else 0):
            self._spawn(self._post_copy(update, self._secret))
        if self._faults.take("wrong_secret"):
            self._spawn(self._post_copy(update, WRONG_SECRET))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._copies.add(task)
        task.add_done_callback(self._copies.discard)

    async def _post_copy(self, update: Update, secret: str | None) -> None:
        async with self._places:
            await self._post_once(update, secret)

    async def _post_once(self, update: Update, secret: str | None) -> tuple[bool, float | None]:
        """Whether it was taken, and for how many seconds the bot wants to be left alone."""
        headers = {"Content-Type": "application/json"}
        exchange = self._wire.open(
            "webhook", "POST", self.url, headers, update.body, self._clock.now(), update.attempts
        )
        if secret is not None:
            headers[SECRET_HEADER] = secret
        try:
            if self._session is None:
                raise RuntimeError("the simulator has not been started")
            post = self._session.post(self.url, json=update.body, headers=headers, allow_redirects=False)
            async with post as response:
                answer = await response.content.read(LONGEST_ANSWER)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:  # ValueError: an address that is none
            self._failed(exchange, f"no answer: {type(error).__name__}", _words(error))
            return False, None
        except asyncio.CancelledError:
            self._wire.close_exchange(exchange, "stopped")
            raise
        if not 200 <= response.status < 300:
            words = f"Wrong response from the webhook: {response.status} {response.reason}"
            self._failed(exchange, "refused", words, response.status)
            return False, _seconds(response.headers.get("Retry-After"))
        lost = self._faults.take("drop_ack") is not None
        self._wire.close_exchange(exchange, "acknowledgement lost" if lost else "acknowledged", response.status)
        if lost:
            return False, None
        await self._obey(answer)
        return True, None

    def _failed(self, exchange: Exchange, outcome: str, words: str, status: int | None = None) -> None:
        self._wire.close_exchange(exchange, outcome, status)
        self.last_error = int(self._clock.now().timestamp()), words

    async def _obey(self, answer: bytes) -> None:
        """An answer may hold one request; nobody learns what became of it."""
        try:
            asked = strict_json.loads(answer)
        except ValueError:
            return
        if isinstance(asked, dict) and isinstance(asked.get("method"), str):
            await self._call(asked["method"], asked)


def _words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Read timeout expired" if isinstance(error, TimeoutError) else "Connection reset by peer"


def _seconds(header: str | None) -> float | None:
    return float(header) if header is not None and header.isdecimal() else None
