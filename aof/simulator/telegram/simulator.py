"""Puts the simulator of Telegram together and serves it over HTTP."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from aof.simulator.clock import Clock, RunningClock
from aof.simulator.events import Events, HeldNow, nothing_held
from aof.simulator.guard import to_the_page
from aof.simulator.journal import Journal
from aof.simulator.listening import end, listen
from aof.simulator.switches import PREFIX, Switches
from aof.simulator.telegram.api import BotApi
from aof.simulator.telegram.control import Control
from aof.simulator.telegram.faults import Faults
from aof.simulator.telegram.files import Files
from aof.simulator.telegram.menu import Menu
from aof.simulator.telegram.methods import Methods
from aof.simulator.telegram.network import Network
from aof.simulator.telegram.people import People
from aof.simulator.telegram.phone import Phone
from aof.simulator.telegram.posts import Entry
from aof.simulator.telegram.rates import Rates
from aof.simulator.telegram.receiving import Receiving
from aof.simulator.telegram.sending import Sending
from aof.simulator.telegram.settings import TelegramSettings
from aof.simulator.telegram.updates import Updates
from aof.simulator.telegram.webhook import Webhook
from aof.simulator.wire import Wire

CONTROL_BODY_MOST = 80 * 1024 * 1024
"""Bytes of a control request; a file travels in base64."""
STOP_SECONDS = 1.0
"""Real seconds that open requests have to end when it stops."""


class TelegramSimulator:
    """Telegram's Bot API for one bot, its webhook, and people with phones and groups.

    `faults`, `wire`, `network`, `people` and `updates` may be used directly by a test in the same loop; everything that
    they do can also be asked for over the control API (`aof.simulator.telegram.control`).
    """

    def __init__(
        self,
        settings: TelegramSettings | None = None,
        *,
        clock: Clock | None = None,
        advance: Callable[[float], None] | None = None,
        held: HeldNow = nothing_held,
    ) -> None:
        """Without a clock it runs on one of its own, which the control API can move; `advance` moves a given one.
        `held` tells the phone page what the bot keeps back.
        """
        if clock is None:
            own = RunningClock()
            clock, advance = own, advance or own.advance
        self.settings = settings or TelegramSettings()
        self.clock = clock
        self.faults = Faults()
        self.wire = Wire()
        self.files = Files()
        self.menu = Menu()
        self.updates = Updates(clock, self.faults, self.settings.seed)
        self.network = Network(self.settings, clock, self.updates)
        self.people = People(self.network)
        self.webhook = Webhook(self.settings, clock, self.faults, self.wire, self.updates, self._call)
        sending = Sending(self.network, self.people, self.files, Rates(self.settings))
        receiving = Receiving(self.faults, self.updates, self.webhook)
        methods = Methods(self.network, sending, receiving, self.files, self.menu)
        self._api = BotApi(self.settings, clock, methods, self.files, self.faults, self.wire)
        events = Events(self, can_advance=advance is not None, held=held)
        switches = Switches(self.wire, self.faults, clock, events, advance)
        self._control = Control(self.network, self.people, self.files, self.menu, self.webhook, self.wire, switches)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self.url = ""
        """Where it listens, once started, e.g. `http://127.0.0.1:8090`."""

    @property
    def transcripts(self) -> list[tuple[str, Journal[Entry]]]:
        """What each phone shows, by its number."""
        return [(str(phone.id), phone.transcript) for phone in self.network.phones]

    def shown(self) -> dict[str, Any]:
        """What the stream of events tells beside messages and exchanges."""
        return self._control.shown() | {"faults": self.faults.shown(), "suggestions": self.settings.suggestions}

    def control_app(self) -> web.Application:
        """Its control API with its page, to be served by another simulator as well."""
        return self._control.app()

    def phone(self, user_id: int | str) -> Phone:
        """The phone of that person.

        Raises:
            KeyError: There is none.
        """
        found = self.network.phone(int(user_id))
        if found is None:
            raise KeyError(user_id)
        return found

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: It can't listen there.
        """
        app = web.Application(client_max_size=CONTROL_BODY_MOST)
        app.add_subapp(PREFIX, self._control.app())
        app.router.add_get("/", to_the_page)
        app.router.add_route("*", "/{path:.*}", self._api.serve)
        app.on_shutdown.append(self._let_go)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        await self.webhook.start()
        try:
            self._server, listening = await listen(self._runner, host, port)
        except OSError:
            await self.stop()
            raise
        self.url = f"http://[{host}]:{listening}" if ":" in host else f"http://{host}:{listening}"

    async def stop(self) -> None:
        """End every open request and webhook, and the server."""
        if self._server is not None:
            await end(self._server)
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.webhook.stop()

    async def _call(self, method: str, parameters: dict[str, Any]) -> None:
        await self._api.call(method, parameters)

    async def _let_go(self, app: web.Application) -> None:
        self._api.closing.set()
        self.updates.close()
        self.wire.close()
        for journal in self.network.open_journals():
            journal.close()
        await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
