"""A running daemon: its parts put together, its order of start and stop."""

import asyncio
import os
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Self

from aiohttp.web import Application, RouteDef

from aof.agents.base import Agent
from aof.clock import Clock, SystemClock
from aof.daemon.access import access_of
from aof.daemon.acting import acting_of
from aof.daemon.agents import Workshop
from aof.daemon.assembly import Assembly
from aof.daemon.budgets import budgeting_of
from aof.daemon.flow import Flow, flow_of
from aof.daemon.lag import watch_lag
from aof.daemon.log_key import log_key_of
from aof.daemon.page import pages_of, ways_in
from aof.daemon.platforms import platforms_of, routes_of
from aof.daemon.routing import triggers_of
from aof.domain.errors import StoreBusy
from aof.logs import get
from aof.metrics import Metrics
from aof.pipeline.answer import Answerer, Limits
from aof.pipeline.attach import Attaching
from aof.pipeline.closed_gates import closed_gates
from aof.pipeline.commands import Commands, stops_run
from aof.pipeline.connect import Connector
from aof.pipeline.deliver import Deliverer
from aof.pipeline.gates import Delivery, Gates
from aof.pipeline.invite import keep_link
from aof.pipeline.menu import Publisher, publishers
from aof.pipeline.menus import Menus
from aof.pipeline.pace import Pace
from aof.pipeline.progress import Progress
from aof.pipeline.receive import Receiver
from aof.pipeline.remind import Reminder
from aof.pipeline.route import Router
from aof.pipeline.runs import Runs
from aof.pipeline.speak import Speaker
from aof.pipeline.wait import Bell
from aof.pipeline.watch import Watch
from aof.platforms.base import AnyPlatform, InvitesByLink
from aof.platforms.session import open_session
from aof.store.sqlite import SQLiteStore
from aof.tools.gate import Gate
from aof.web.api.notifications import NotificationRoutes
from aof.web.api.opportunities import OpportunityRoutes
from aof.web.api.requests import PREFIX
from aof.web.guard import bearer
from aof.web.health import Health
from aof.web.metrics import Figures
from aof.web.server import Server

log = get(__name__)

GRACE_SECONDS = 10.0
"""How long running turns, and after them sends, may take after a SIGTERM. With the ports' own time all ends before the
30 s after which orchestrators kill."""
SWEEP_SECONDS = 3600.0
SWEEP_BATCH = 500
ANY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 -- listens on all, and is asked on one of them


class Daemon:
    """One running daemon. `start` and `stop`, or `async with`.

    Args:
        listens: False: no port is opened, and nothing comes in but what platforms are asked for.
    """

    def __init__(
        self,
        assembly: Assembly,
        *,
        clock: Clock | None = None,
        environ: Mapping[str, str] | None = None,
        listens: bool = True,
    ) -> None:
        self._listens = listens
        self.assembly = assembly
        self.clock = clock or SystemClock()
        self._environ = os.environ if environ is None else environ
        self._stack = AsyncExitStack()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Has an exception when the daemon can't go on and has to be stopped."""
        self.port = self.admin_port = 0
        self.flow: Flow | None = None
        """The operator flow; None where nobody decides."""
        self._store_is_dead = False
        self.watch = Watch()
        """Tells when something in a conversation has ended."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Open the store, start the loops, and listen last.

        Raises:
            StoreError: The store can't be used.
            OSError: A port can't be listened on.
        """
        try:
            await self._start()
        except BaseException:  # a cancelled start, too, leaves no port and no lock behind
            await self._stack.aclose()
            raise

    async def stop(self) -> None:
        """Take nothing new, finish or return what runs, then close everything."""
        log.info("daemon_stopping", most_seconds=2 * GRACE_SECONDS)
        await self._stack.aclose()
        log.info("daemon_stopped")

    async def _start(self) -> None:
        spec, clock, stack = self.assembly.config.spec, self.clock, self._stack
        metrics = Metrics()
        self.store = store = await SQLiteStore.open(
            spec.store.file, on_death=self._store_died, on_commit=metrics.commit.observe, on_news=self.watch.ring
        )
        stack.push_async_callback(store.close)
        await self._settle_what_was_left(store)
        http = open_session()
        stack.push_async_callback(http.close)
        by_name = platforms_of(self.assembly, http, clock)
        platforms = {platform.account: platform for platform in by_name.values()}
        paces = {account: Pace(platform.rates, clock.now()) for account, platform in platforms.items()}
        access = {account: access_of(self.assembly, platform) for account, platform in platforms.items()}
        log_key = log_key_of(self.assembly, store.store_id)
        self.acting = acting = acting_of(self.assembly, store, clock, platforms)
        events, parts, questions, runs = Bell(clock), Bell(clock), Bell(clock), Runs(acting.parties.linked)
        workshop = Workshop.of(self.assembly, acting, self._environ, clock)
        stack.push_async_callback(workshop.closing.aclose)
        agents = workshop.built_in()
        menus = Menus(store, runs, agents, sorted(by_name), started_at=clock.now())
        router = Router(agents, spec.runtime.default_agent, triggers_of(self.assembly.triggers, platforms))
        budgeting = budgeting_of(self.assembly, store, clock, metrics)
        progress = Progress(clock, platforms, paces, redact=self.assembly.redact, stopped=lambda: deliverer.stopped)
        consulting = acting.consulting(store, clock, router, budgeting, workshop.offer(agents), progress.began)
        deciding = acting.deciding(store, clock, consulting)
        self.flow = flow = flow_of(self.assembly, store, clock, platforms, agents, ring=parts.ring)
        workshop.higher.update(flow.tools() if flow is not None else {})
        operating = flow.operating(store, acting.parties) if flow is not None else None
        speaker = Speaker(
            store,
            clock,
            router,
            Commands(menus, deciding, acting.contexts, operating),
            access,
            consulting,
            deciding,
            Attaching(platforms),
            language=spec.runtime.language,
            max_age=timedelta(seconds=spec.runtime.max_message_age_secs),
            most_held_back=spec.runtime.max_waiting_per_conversation if spec.approval.while_paused == "queue" else 0,
            operating=operating,
        )
        answerer = Answerer(
            store,
            clock,
            speaker,
            platforms,
            runs=runs,
            events=events,
            parts=parts,
            questions=questions,
            limits=Limits(
                max_concurrent_tasks=spec.runtime.max_concurrent_tasks,
                max_tasks_per_user=spec.runtime.max_tasks_per_user,
                task_timeout_secs=spec.runtime.task_timeout_secs,
            ),
            progress=progress,
            log_key=log_key,
            metrics=metrics,
        )
        delivery = Delivery(
            uncertain=spec.delivery.uncertain, uncertain_wait=timedelta(seconds=spec.delivery.uncertain_wait_seconds)
        )
        deliverer = Deliverer(
            store,
            clock,
            platforms,
            paces,
            Gates(platforms, access, delivery, language=spec.runtime.language),
            parts=parts,
            delivery=delivery,
            log_key=log_key,
            metrics=metrics,
        )
        receiver = Receiver(
            store,
            clock,
            runs=runs,
            paces=paces,
            events=events,
            parts=parts,
            max_waiting=spec.runtime.max_waiting_per_conversation,
            stops_run=lambda message: stops_run(message, router),
            wants=router.wants,
            metrics=metrics,
        )
        stack.push_async_callback(receiver.close)
        connectors = {account: Connector(platform, receiver, clock) for account, platform in platforms.items()}
        self._loop(watch_lag(metrics), "lag")
        self._loop(self._sweep(), "sweep")
        self._loop(deliverer.run(), "deliver")
        stack.push_async_callback(self._drain, deliverer, "parts")
        reminder = Reminder(store, clock, acting.cards, due=questions, events=events, parts=parts)
        self._loop(reminder.run(), "remind")
        stack.push_async_callback(self._drain_effects, acting.gate)
        self._loop(self._answer(answerer, workshop, agents), "answer")
        stack.push_async_callback(self._drain, answerer, "turns")
        health = self._health(receiver, deliverer, connectors, platforms)
        figures = Figures(
            metrics,
            store.counts,
            platforms=by_name,
            stopped=lambda: {platforms[account].name for account in deliverer.stopped},
            gated=lambda: {platform.name for platform in platforms.values() if platform.held_by()},
        )
        pages = pages_of(
            self.assembly,
            store,
            clock,
            platforms,
            acting.cards,
            log_key=log_key,
            broken=health.broken,
            decisions=flow.decisions if flow else None,
        )
        await self._listen(
            [
                *routes_of(self.assembly, by_name, receiver, store, self.watch, clock, metrics),
                *health.routes(for_operators=False),
            ],
            [*health.routes(for_operators=True), *figures.routes(), *self._for_programs(flow), *ways_in(tuple(pages))],
            pages,
        )
        self._connect(connectors, publishers(platforms, router, clock, has_contexts=bool(acting.contexts.known)))
        stack.callback(self.watch.end)
        log.info(
            "daemon_started",
            host=spec.server.host,
            port=self.port,
            admin_host=spec.server.admin.host,
            admin_port=self.admin_port,
            platforms=sorted(by_name),
            who_may_talk={account: str(found.mode) for account, found in access.items()},
            agent=spec.runtime.default_agent,
            agents=sorted(agents),
            triggers=[trigger.name for trigger in self.assembly.triggers if trigger.enabled],
        )
        _tell_of_gates(platforms)

    def _for_programs(self, flow: Flow | None) -> list[RouteDef]:
        operator = self.assembly.config.spec.operator
        shown = operator.api_token if operator is not None else None
        token = shown.get_secret_value() if shown is not None else None
        opportunities = OpportunityRoutes(self.store, flow.intake if flow else None, token)
        notifications = NotificationRoutes(flow.notifications if flow else None, token)
        return [*opportunities.routes(), *notifications.routes()]

    def _health(
        self,
        receiver: Receiver,
        deliverer: Deliverer,
        connectors: Mapping[str, Connector],
        platforms: Mapping[str, AnyPlatform],
    ) -> Health:
        warnings = "; ".join(map(str, self.assembly.warnings))

        async def broken() -> dict[str, str]:
            away = {account: connector.trouble for account, connector in connectors.items() if connector.trouble}
            return await receiver.trouble() | away | {one: str(why) for one, why in deliverer.stopped.items()}

        async def noted() -> dict[str, str]:
            return closed_gates(platforms) | ({"configuration": warnings} if warnings else {})

        return Health(self.clock, broken, noted)

    async def _listen(
        self, for_platforms: Sequence[RouteDef], for_operators: Sequence[RouteDef], pages: Mapping[str, Application]
    ) -> None:
        """Open both ports, and let those who stand beside the daemon know where operators may ask."""
        if not self._listens:
            return
        server = self.assembly.config.spec.server
        public = Server(for_platforms)
        self._stack.push_async_callback(public.stop)
        token = server.admin.token
        # a page has sessions of its own: a browser can't show the token, and its cookies open nothing else
        guard = bearer(token.get_secret_value(), not_below=(PREFIX, *pages), pages=pages.values()) if token else None
        admin = Server(for_operators, [guard] if guard else [], pages)
        self._stack.push_async_callback(admin.stop)
        self.port = await public.start(server.host, server.port)
        self.admin_port = await admin.start(server.admin.host, server.admin.port)
        host = "127.0.0.1" if server.admin.host in ANY_ADDRESS else server.admin.host
        self.store.announce(f"http://{f'[{host}]' if ':' in host else host}:{self.admin_port}")

    async def _settle_what_was_left(self, store: SQLiteStore) -> None:
        """What the last run of the daemon left open, where nobody knows how it ended."""
        now = self.clock.now()
        await store.resume_all(now=now)
        for step in await store.settle_unknown(now=now):
            log.warning("step_unknown", run=step.run, tool=step.tool)
        for held in await store.settle_in_full():
            log.warning("reservation_unknown", tokens=held.tokens, tool_calls=held.tool_calls)

    def _connect(self, connectors: Mapping[str, Connector], menus: Mapping[str, Publisher]) -> None:
        """Once we listen: a platform that is told of this daemon may deliver at once."""
        for account, connector in connectors.items():
            self._loop(connector.run(), f"connect-{account}")
            if account in menus:
                self._loop(menus[account].run(connector.connected), f"menu-{account}")
            if isinstance(platform := connector.platform, InvitesByLink):
                self._loop(keep_link(self.store, account, platform, connector.connected, self.clock), f"link-{account}")

    async def _answer(self, answerer: Answerer, workshop: Workshop, agents: dict[str, Agent]) -> None:
        """What is asked before the agents with a model are there waits in the store for them."""
        await workshop.add_models(agents)
        await answerer.run()

    def _loop(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a loop for as long as the daemon runs; one that ends by a fault ends the daemon."""
        task = asyncio.create_task(work, name=name)
        self._stack.push_async_callback(_end, task)

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                self._fail(error)

        task.add_done_callback(ended)

    def _fail(self, error: BaseException) -> None:
        if not self.failed.done():
            log.critical("daemon_failed", exc_info=error)
            self.failed.set_exception(error)

    def _store_died(self, error: BaseException) -> None:
        self._store_is_dead = True
        self._fail(error)

    async def _drain(self, loop: Answerer | Deliverer, what: str) -> None:
        # without a store nothing that would end within the grace could be written down
        left = await loop.stop(0.0 if self._store_is_dead else GRACE_SECONDS)
        log.info("loop_drained", what=what, returned=left)

    async def _drain_effects(self, gate: Gate) -> None:
        if left := await gate.drain(GRACE_SECONDS):
            log.warning("effects_cut", left=left)

    async def _sweep(self) -> None:
        """Erase what is older than its time, a small batch after another."""
        kept = self.assembly.config.spec.store
        while True:
            try:
                erased = await self.store.sweep(
                    now=self.clock.now(),
                    keep=timedelta(days=kept.keep_days),
                    keep_ids=timedelta(days=kept.keep_ids_days),
                    batch=SWEEP_BATCH,
                )
            except StoreBusy as error:
                log.warning("store_refused", during="sweep", reason=str(error))
                erased = 0
            if erased:
                log.info("store_swept", rows=erased)
            else:
                await self.clock.sleep(SWEEP_SECONDS)


def _tell_of_gates(platforms: Mapping[str, AnyPlatform]) -> None:
    for account, reason in closed_gates(platforms).items():
        log.warning("gate_closed", account=account, reason=reason)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
