"""Puts the simulator together and serves it over HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from aof.simulator.approved import Approved
from aof.simulator.bubbles import Bubble
from aof.simulator.clock import Clock, RunningClock
from aof.simulator.control import Control
from aof.simulator.events import Events, HeldNow, nothing_held
from aof.simulator.faults import Faults
from aof.simulator.graph import Graph
from aof.simulator.journal import Journal
from aof.simulator.media import Media
from aof.simulator.media_api import MediaApi
from aof.simulator.network import Network
from aof.simulator.phone import Phone
from aof.simulator.sends import Sends
from aof.simulator.served import Served
from aof.simulator.settings import Settings
from aof.simulator.switches import PREFIX, Switches
from aof.simulator.webhooks import Webhooks
from aof.simulator.wire import Wire

NOTHING: Mapping[str, Callable[[], web.Application]] = {}


class Simulator(Served):
    """Meta's Graph API, its webhooks, and people with phones.

    `faults`, `wire`, `network` and `webhooks` may be used directly by a test in the same loop; everything that they
    do can also be asked for over the control API (`aof.simulator.control`).
    """

    control_body_most = 32 * 1024 * 1024

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | None = None,
        advance: Callable[[float], None] | None = None,
        held: HeldNow = nothing_held,
        beside: Mapping[str, Callable[[], web.Application]] = NOTHING,
    ) -> None:
        """Without a clock it runs on one of its own, which the control API can move; `advance` moves a given one.
        `held` tells the phone page what the business keeps back. `beside` are control APIs of other simulators, by
        name: they are served here, too, and the phone page shows their phones.
        """
        super().__init__()
        if clock is None:
            own = RunningClock()
            clock, advance = own, advance or own.advance
        self.settings = settings or Settings()
        self.clock = clock
        self.faults = Faults()
        self.wire = Wire()
        self.media = Media()
        self.webhooks = Webhooks(self.settings, clock, self.faults, self.wire)
        self.network = Network(self.settings, clock, self.webhooks)
        self.templates = Approved(self.settings, clock, self.webhooks)
        sends = Sends(self.network, self.media, self.faults, self.templates)
        media_api = MediaApi(self.media, clock)
        self._graph = Graph(self.settings, clock, sends, media_api, self.faults, self.wire)
        self._beside = {f"{PREFIX}/{name}": made for name, made in beside.items()}
        events = Events(self, can_advance=advance is not None, held=held)
        switches = Switches(self.wire, self.faults, clock, events, advance)
        self._control = Control(self.network, self.webhooks, self.wire, media_api, self.templates, switches)

    @property
    def webhook_url(self) -> str | None:
        """Where updates go; without one they wait."""
        return self.webhooks.url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.webhooks.url = url

    @property
    def transcripts(self) -> list[tuple[str, Journal[Bubble]]]:
        """What each phone shows, by its number."""
        return [(phone.settings.number, phone.transcript) for phone in self.network.phones]

    def shown(self) -> dict[str, Any]:
        """What the stream of events tells beside messages and exchanges."""
        now = self.clock.now()
        return {
            "platform": "whatsapp",
            "beside": list(self._beside),
            "phones": [phone.shown(now) for phone in self.network.phones],
            "webhooks": self.webhooks.shown(),
            "faults": self.faults.shown(),
            "suggestions": self.settings.suggestions,
        }

    def phone(self, number: str) -> Phone:
        """The phone with that number.

        Raises:
            KeyError: There is none.
        """
        found = self.network.phone_with_number(number.removeprefix("+"))
        if found is None:
            raise KeyError(number)
        return found

    async def verify_webhook(self) -> bool:
        """Meta's GET when a callback address is entered; true if the business answers with the challenge."""
        return await self.webhooks.verify()

    def _mount(self, app: web.Application) -> None:
        for prefix, made in self._beside.items():
            app.add_subapp(prefix, made())
        app.add_subapp(PREFIX, self._control.app())

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        return await self._graph.serve(request)

    async def _begin(self) -> None:
        await self.webhooks.start()

    async def _finish(self) -> None:
        await self.webhooks.stop()

    def _release(self) -> None:
        self._graph.late.closing.set()
        self.wire.close()
        for phone in self.network.phones:
            phone.transcript.close()
