"""What `aof demo` plays on: simulated platforms and a daemon in one program, on one clock."""

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp

from aof import logs
from aof.cli.cast import THREE, TWO, people
from aof.cli.scripted import APPROVE, KEY, SUGGESTIONS, scripted
from aof.cli.simulated import OnTelegram, OnWhatsApp, Simulated
from aof.clock import SteppedClock
from aof.daemon import Daemon, read
from aof.domain.response import text_of
from aof.simulator import Held, PhoneSettings, Simulator

CONFIG = """\
apiVersion: aof.dev/v1
kind: DaemonConfig
metadata: {name: demo}
spec:
  server:
    host: 127.0.0.1
    port: 0
    admin: {port: 0}
  platforms:
"""
ONE = ("whatsapp",)
"""The platform of most demos."""


@dataclass(slots=True)
class Backstage:
    """What the daemon on the stage keeps back, for the phone page."""

    daemon: Daemon | None = None

    async def held(self) -> Sequence[Held]:
        if self.daemon is None:
            return ()
        rows = await self.daemon.store.parts(states=["held"])
        return [
            Held(
                number=row.address.number or row.address.user_id or "",
                text="" if row.part is None else text_of(row.part),
                reason=row.reason or row.gate,
            )
            for row in rows
        ]


@dataclass(frozen=True, slots=True)
class Stage:
    """Simulated platforms, and a folder and an environment for a daemon on them."""

    platforms: tuple[Simulated, ...]
    """The first shows the page."""
    clock: SteppedClock
    folder: Path
    environ: Mapping[str, str]
    level: int
    backstage: Backstage
    spec: str = ""
    """More keys under `spec`."""
    more: Mapping[str, str] = field(default_factory=dict)
    """More keys of each platform."""

    @property
    def url(self) -> str:
        """Where the page and the control API of the first platform are."""
        return self.platforms[0].url

    @property
    def names(self) -> list[str]:
        """Whose phones are there."""
        return [name for name, _ in self.platforms[0].phones]

    @property
    def simulator(self) -> Simulator:
        """The simulated WhatsApp, which has to be there."""
        (found,) = [one.simulator for one in self.platforms if isinstance(one, OnWhatsApp)]
        return found

    @asynccontextmanager
    async def daemon(self, **keys: str) -> AsyncIterator[Daemon]:
        """A daemon with these keys more for each platform; the store stays from one to the next."""
        more = "".join(f"      {key}: {value}\n" for key, value in {**self.more, **keys}.items())
        sections = "".join(one.section() + more for one in self.platforms)
        file = self.folder / "daemon.yaml"
        file.write_text(CONFIG + sections + self.spec, encoding="utf-8")
        assembly = read(file, self.environ)
        logs.set_up(assembly.redact, level=self.level)
        async with Daemon(assembly, clock=self.clock, environ=self.environ) as daemon:
            for one in self.platforms:
                await one.meet(daemon)
            self.backstage.daemon = daemon
            try:
                yield daemon
            finally:
                self.backstage.daemon = None


@dataclass(frozen=True, slots=True)
class Demo:
    """What runs, and where."""

    stage: Stage
    daemon: Daemon


@asynccontextmanager
async def staged(
    port: int = 0,
    *,
    level: int = logging.INFO,
    folder: Path | None = None,
    acts: bool = False,
    platforms: Sequence[str] = ONE,
    phones: tuple[PhoneSettings, ...] = (),
) -> AsyncIterator[Stage]:
    """The simulators, and a folder that goes with them.

    Args:
        port: Of the page; 0 takes a free one.
        folder: Kept, so that another stage finds what this one left; None: one that ends with the stage.
        acts: With a service to operate, and an agent that does.
        platforms: `whatsapp`, `telegram`, or both.
        phones: On WhatsApp, in place of those that are there otherwise; nobody is known by name then.

    Raises:
        OSError: The port is taken.
    """
    clock, backstage = SteppedClock(running=True), Backstage()
    played = _played(clock, backstage, acts=acts, platforms=platforms, phones=phones)
    async with AsyncExitStack() as stack:
        for number, one in enumerate(played):
            await one.start(0 if number else port)
            stack.push_async_callback(one.stop)
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aof-demo-")))
        folder.mkdir(exist_ok=True)
        credentials = {name: value for one in played for name, value in one.credentials.items()}
        stage = Stage(played, clock, folder, {**os.environ, **credentials}, level, backstage)
        if not phones:
            stage = replace(stage, spec=people(THREE if acts else TWO, platforms))
        if acts:
            spec = await stack.enter_async_context(scripted(folder))
            environ = {**stage.environ, KEY: KEY}
            stage = replace(stage, environ=environ, spec=stage.spec + spec, more={"safety": "{read_only: false}"})
        yield stage


def _played(
    clock: SteppedClock,
    backstage: Backstage,
    *,
    acts: bool,
    platforms: Sequence[str],
    phones: tuple[PhoneSettings, ...],
) -> tuple[Simulated, ...]:
    players, suggestions = (THREE, SUGGESTIONS) if acts else (TWO, None)
    phones = phones or tuple(PhoneSettings(player.name, player.number) for player in players)
    telegram = OnTelegram.cast(players, clock, backstage.held, suggestions) if "telegram" in platforms else None
    if "whatsapp" not in platforms:
        return () if telegram is None else (telegram,)
    whatsapp = OnWhatsApp.cast(phones, clock, backstage.held, suggestions, telegram)
    return (whatsapp,) if telegram is None else (whatsapp, telegram)


@asynccontextmanager
async def running(
    port: int = 0,
    *,
    level: int = logging.INFO,
    folder: Path | None = None,
    acts: bool = False,
    platforms: Sequence[str] = ONE,
) -> AsyncIterator[Demo]:
    """The simulators and the daemon, introduced to each other; arguments as of `staged`.

    Raises:
        OSError: The port is taken.
    """
    goes_on = folder is not None and (folder / "aof.db").exists()
    async with (
        staged(port, level=level, folder=folder, acts=acts, platforms=platforms) as stage,
        stage.daemon() as daemon,
    ):
        if acts:
            # a card goes only to who has written; and where a demo goes on, the phones are new ones and nobody has
            await _greet(stage, {player.name for player in (THREE if goes_on else APPROVE)})
        yield Demo(stage, daemon)


async def _greet(stage: Stage, names: set[str]) -> None:
    for one in stage.platforms:
        async with aiohttp.ClientSession(one.url) as control:
            for name, phone in one.phones:
                if name in names:
                    async with control.post(f"/_sim/phones/{phone}/messages", json={"text": "hello"}) as response:
                        response.raise_for_status()
