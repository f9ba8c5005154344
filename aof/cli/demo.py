"""`aof demo`: a simulated WhatsApp with two phones, and the daemon, in one program on one clock."""

import asyncio
import errno
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer
import uvloop

from aof import logs
from aof.cli.phone import shown
from aof.cli.serve import ended
from aof.clock import SteppedClock
from aof.daemon import Daemon, read
from aof.domain.errors import AofError
from aof.simulator import Settings, Simulator

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
"""

ANSWER_SECONDS = 60.0
"""How long `--once` waits for an answer before it says that none came."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What runs, and where."""

    simulator: Simulator
    daemon: Daemon


def demo(
    once: Annotated[
        str | None,
        typer.Option(help="Send this one message through the whole path, print what the phone shows, and end."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the simulator listens; 0 takes a free port.")
    ] = 8090,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the daemon's log with --once, too.")] = False,
) -> None:
    """Try the daemon without an account: two phones, "On call" and "Lead", talk to it over a simulated WhatsApp.

    Nothing leaves this machine and nothing is kept. Ends with 0; with --once, 1 when no answer came.
    """
    if once is not None and not once.strip():
        raise typer.BadParameter("--once needs a message, such as disk.")
    try:
        ended = uvloop.run(_once(once, quiet=not verbose) if once is not None else _stay(port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = f"port {port} is taken. Choose another with --port, or 0 for a free one." if taken else str(error)
        print(f"aof: {reason}", file=sys.stderr)
        raise typer.Exit(1) from None
    except AofError as error:
        print(f"aof: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    raise typer.Exit(ended)


@asynccontextmanager
async def running(port: int = 0, *, quiet: bool = False) -> AsyncIterator[Demo]:
    """The simulator and the daemon, introduced to each other, in a folder that goes with them.

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
    simulator = Simulator(settings, clock=clock, advance=clock.advance)
    await simulator.start(port=port)
    try:
        with tempfile.TemporaryDirectory(prefix="aof-demo-") as folder:
            file = Path(folder) / "daemon.yaml"
            numbers = ", ".join(f'"{phone.number}"' for phone in settings.phones)
            text = CONFIG.format(phone_number_id=settings.phone_number_id, api_url=simulator.url, numbers=numbers)
            file.write_text(text, encoding="utf-8")
            environ = {**os.environ, **credentials}
            assembly = read(file, environ)
            logs.set_up(assembly.redact, level=logging.CRITICAL if quiet else logging.INFO)
            async with Daemon(assembly, clock=clock, environ=environ) as daemon:
                simulator.webhook_url = f"http://127.0.0.1:{daemon.port}/webhook/whatsapp"
                if not await simulator.verify_webhook():
                    raise OSError("the daemon did not answer the webhook's verification")
                yield Demo(simulator, daemon)
    finally:
        await simulator.stop()


async def _once(text: str, *, quiet: bool) -> int:
    async with running(quiet=quiet) as demo_, aiohttp.ClientSession(demo_.simulator.url) as control:
        phones = await _json(control, "GET", "/_sim/phones")
        phone = phones["phones"][0]
        number = phone["number"]
        sent = await _json(control, "POST", f"/_sim/phones/{number}/messages", json={"text": text})
        messages, answered = await _answered(control, demo_.daemon, number)
        print(f"{phone['name']} ({number})")
        for message in messages:
            print(shown(message))
    if not answered:
        print(f"aof: no answer within {ANSWER_SECONDS:g} s to {sent['id']}", file=sys.stderr)
    return 0 if answered else 1


async def _answered(control: aiohttp.ClientSession, daemon: Daemon, number: str) -> tuple[list[dict[str, Any]], bool]:
    """What the phone shows once the daemon has nothing more to say, and whether it said anything."""
    messages: list[dict[str, Any]] = []
    latest = 0
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                params = {"changed_after": str(latest), "wait": "0.2"}
                page = await _json(control, "GET", f"/_sim/phones/{number}/messages", params=params)
                latest = page["latest"]
                counts = await daemon.store.counts()
                busy = counts.events.get("new", 0) + counts.events.get("running", 0)
                busy += sum(counts.parts.get(state, 0) for state in ("queued", "sending", "uncertain", "sent"))
                messages = (await _json(control, "GET", f"/_sim/phones/{number}/messages"))["messages"]
                if not busy and any(message["direction"] == "in" for message in messages):
                    return messages, True
    except TimeoutError:
        return messages, False


async def _json(control: aiohttp.ClientSession, method: str, path: str, **given: Any) -> dict[str, Any]:
    async with control.request(method, path, **given) as response:
        response.raise_for_status()
        body: dict[str, Any] = await response.json()
        return body


async def _stay(port: int) -> int:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with running(port) as demo_:
        print(_where(demo_), flush=True)
        await ended(told, demo_.daemon)
    return 0


def _where(demo_: Demo) -> str:
    url = demo_.simulator.url
    first, second = demo_.simulator.settings.phones[:2]
    messages = f"{url}/_sim/phones/{first.number}/messages"
    daemon = demo_.daemon
    return "\n".join(
        (
            f"Two phones are on the simulated WhatsApp at {url}:",
            f"  {first.name} {first.number}    {second.name} {second.number}",
            "Type on the first one:",
            f"""  curl -s {messages} -H 'Content-Type: application/json' -d '{{"text": "disk"}}'""",
            "See what it shows, and what went over the wire:",
            f"  curl -s {messages}",
            f"  curl -s {url}/_sim/wire",
            f"The daemon: http://127.0.0.1:{daemon.port}/health and http://127.0.0.1:{daemon.admin_port}/ready",
            "Control-C ends both.",
        )
    )
