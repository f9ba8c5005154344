"""Puts the simulator together and serves it over HTTP."""

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from aof.simulator.approved import Approved
from aof.simulator.bubbles import Bubble
from aof.simulator.clock import Clock, RunningClock
from aof.simulator.control import Control
from aof.simulator.events import Events, HeldNow, nothing_held
from aof.simulator.faults import Faults
from aof.simulator.graph import Graph
from aof.simulator.guard import to_the_page
from aof.simulator.journal import Journal
from aof.simulator.listening import end, listen
from aof.simulator.media import Media
from aof.simulator.media_api import MediaApi
from aof.simulator.network import Network
from aof.simulator.phone import Phone
from aof.simulator.sends import Sends
from aof.simulator.settings import Settings
from aof.simulator.switches import PREFIX, Switches
from aof.simulator.webhooks import Webhooks
from aof.simulator.wire import Wire

CONTROL_BODY_MOST = 32 * 1024 * 1024
"""Bytes of a control request; a file travels in base64."""
NOTHING: Mapping[str, Callable[[], web.Application]] = {}
STOP_SECONDS = 1.0
"""Real seconds that open requests have to end when it stops."""


class Simulator:
    """Meta's Graph API, its webhooks, and people with phones.

    `faults`, `wire`, `network` and `webhooks` may be used directly by a test in the same loop; everything that they
    do can also be asked for over the control API (`aof.simulator.control`).
    """

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
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self.url = ""
        """Where it listens, once started, e.g. `http://127.0.0.1:8090`."""

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

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: It can't listen there.
        """
        app = web.Application(client_max_size=CONTROL_BODY_MOST)
        for prefix, made in self._beside.items():
            app.add_subapp(prefix, made())
        app.add_subapp(PREFIX, self._control.app())
        app.router.add_get("/", to_the_page)
        app.router.add_route("*", "/{path:.*}", self._graph.serve)
        app.on_shutdown.append(self._let_go)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        await self.webhooks.start()
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
        await self.webhooks.stop()

    async def _let_go(self, app: web.Application) -> None:
        self._graph.closing.set()
        self.wire.close()
        for phone in self.network.phones:
            phone.transcript.close()
        await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
