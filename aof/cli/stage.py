"""What `aof demo` plays on: a simulated WhatsApp and a daemon in one program, on one clock."""

import logging
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from aof import logs
from aof.cli.scripted import APPROVE, KEY, PHONES, SUGGESTIONS, scripted
from aof.clock import SteppedClock
from aof.daemon import Daemon, read
from aof.domain.response import text_of
from aof.simulator import Held, PhoneSettings, Settings, Simulator
from aof.simulator.settings import NUDGE

CONFIG = """\
apiVersion: aof.dev/v1
kind: DaemonConfig
metadata: {{name: demo}}
spec:
  server:
    host: 127.0.0.1
    port: 0
    admin: {{port: 0}}
  platforms:
    whatsapp:
      phone_number_id: "{phone_number_id}"
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
      api_url: {api_url}
      allowed_numbers: [{numbers}]
      templates: {{nudge: {{name: {nudge}, languages: {{en: en_US, ar: ar}}}}}}
"""


PAGE = """\
  people: [{{name: On call, whatsapp: "{0}"}}, {{name: Lead, whatsapp: "{1}"}}]
  operator: {{page: {{people: [{{name: On call, role: admin}}, {{name: Lead, role: operator}}]}}}}
"""
"""Who may sign in on the page for operators."""
HELLO = {"type": "text", "text": {"body": "hello"}}


@dataclass(frozen=True, slots=True)
class Demo:
    """What runs, and where."""

    simulator: Simulator
    daemon: Daemon


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
                number=row.address.number or "",
                text="" if row.part is None else text_of(row.part),
                reason=row.reason or row.gate,
            )
            for row in rows
        ]


@dataclass(frozen=True, slots=True)
class Stage:
    """A simulated WhatsApp, and a folder and an environment for a daemon on it."""

    simulator: Simulator
    clock: SteppedClock
    folder: Path
    environ: Mapping[str, str]
    level: int
    backstage: Backstage
    spec: str = ""
    """More keys under `spec`."""
    more: Mapping[str, str] = field(default_factory=dict)
    """More keys of the platform."""

    @asynccontextmanager
    async def daemon(self, **whatsapp: str) -> AsyncIterator[Daemon]:
        """A daemon with these keys more under `spec.platforms.whatsapp`; the store stays from one to the next."""
        settings = self.simulator.settings
        numbers = ", ".join(f'"{phone.number}"' for phone in settings.phones)
        text = CONFIG.format(
            phone_number_id=settings.phone_number_id, api_url=self.simulator.url, numbers=numbers, nudge=NUDGE
        )
        file = self.folder / "daemon.yaml"
        more = "".join(f"      {key}: {value}\n" for key, value in {**self.more, **whatsapp}.items())
        file.write_text(text + more + self.spec, encoding="utf-8")
        assembly = read(file, self.environ)
        logs.set_up(assembly.redact, level=self.level)
        async with Daemon(assembly, clock=self.clock, environ=self.environ) as daemon:
            self.simulator.webhook_url = f"http://127.0.0.1:{daemon.port}/webhook/whatsapp"
            if not await self.simulator.verify_webhook():
                raise OSError("the daemon did not answer the webhook's verification")
            self.backstage.daemon = daemon
            try:
                yield daemon
            finally:
                self.backstage.daemon = None


@asynccontextmanager
async def staged(
    port: int = 0,
    *,
    level: int = logging.INFO,
    folder: Path | None = None,
    acts: bool = False,
    phones: tuple[PhoneSettings, ...] = (),
) -> AsyncIterator[Stage]:
    """The simulator, and a folder that goes with it.

    Args:
        folder: Kept, so that another stage finds what this one left; None: one that ends with the stage.
        acts: With a service to operate, and an agent that does.
        phones: In place of the two that are there otherwise.

    Raises:
        OSError: The port is taken.
    """
    clock = SteppedClock(running=True)
    credentials = {
        "WHATSAPP_ACCESS_TOKEN": secrets.token_urlsafe(24),
        "WHATSAPP_VERIFY_TOKEN": secrets.token_urlsafe(24),
        "WHATSAPP_APP_SECRET": secrets.token_hex(16),
    }
    settings = Settings(
        access_token=credentials["WHATSAPP_ACCESS_TOKEN"],
        verify_token=credentials["WHATSAPP_VERIFY_TOKEN"],
        app_secret=credentials["WHATSAPP_APP_SECRET"],
    )
    if phones:
        settings = replace(settings, phones=phones)
    if acts:
        settings = replace(settings, phones=PHONES, suggestions=SUGGESTIONS)
        credentials[KEY] = KEY
    backstage = Backstage()
    simulator = Simulator(settings, clock=clock, advance=clock.advance, held=backstage.held)
    await simulator.start(port=port)
    try:
        async with AsyncExitStack() as stack:
            if folder is None:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aof-demo-")))
            folder.mkdir(exist_ok=True)
            stage = Stage(simulator, clock, folder, {**os.environ, **credentials}, level, backstage)
            if not phones:
                stage = replace(stage, spec=PAGE.format(*(phone.number for phone in settings.phones)))
            if acts:
                spec = await stack.enter_async_context(scripted(folder))
                stage = replace(stage, spec=spec, more={"safety": "{read_only: false}"})
            yield stage
    finally:
        await simulator.stop()


@asynccontextmanager
async def running(
    port: int = 0, *, level: int = logging.INFO, folder: Path | None = None, acts: bool = False
) -> AsyncIterator[Demo]:
    """The simulator and the daemon, introduced to each other; arguments as of `staged`.

    Raises:
        OSError: The port is taken.
    """
    goes_on = folder is not None and (folder / "aof.db").exists()
    async with staged(port, level=level, folder=folder, acts=acts) as stage, stage.daemon() as daemon:
        if acts:
            # a card goes only to who has written; and where a demo goes on, the phones are new ones and nobody has
            for phone in PHONES if goes_on else APPROVE:
                stage.simulator.network.write(stage.simulator.phone(phone.number), HELLO)
        yield Demo(stage.simulator, daemon)
