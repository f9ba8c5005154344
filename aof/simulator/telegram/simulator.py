"""Puts the simulator of Telegram together and serves it over HTTP."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from aof.simulator.clock import Clock, RunningClock
from aof.simulator.events import Events, HeldNow, nothing_held
from aof.simulator.journal import Journal
from aof.simulator.served import Served
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


class TelegramSimulator(Served):
    """Telegram's Bot API for one bot, its webhook, and people with phones and groups.

    `faults`, `wire`, `network`, `people` and `updates` may be used directly by a test in the same loop; everything that
    they do can also be asked for over the control API (`aof.simulator.telegram.control`).
    """

    control_body_most = 80 * 1024 * 1024

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
        super().__init__()
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

    def _mount(self, app: web.Application) -> None:
        app.add_subapp(PREFIX, self._control.app())

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        return await self._api.serve(request)

    async def _begin(self) -> None:
        await self.webhook.start()

    async def _finish(self) -> None:
        await self.webhook.stop()

    def _release(self) -> None:
        self._api.late.closing.set()
        self.updates.close()
        self.wire.close()
        for journal in self.network.open_journals():
            journal.close()

    async def _call(self, method: str, parameters: dict[str, Any]) -> None:
        await self._api.call(method, parameters)
