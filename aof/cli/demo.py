"""`aof demo`: two people on a simulated WhatsApp or Telegram, and the daemon, in one program on one clock."""

import asyncio
import errno
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import aiohttp
import typer
import uvloop

from aof.cli.entrance import entrance
from aof.cli.outbox import why_nothing_leaves
from aof.cli.phone import shown
from aof.cli.rehearsal import rehearse_flow
from aof.cli.serve import ended
from aof.cli.simulated import OnTelegram, Simulated
from aof.cli.stage import Demo, running, staged
from aof.daemon import Daemon
from aof.daemon.desk import sit_down
from aof.domain.errors import AofError
from aof.pipeline.desk.base import Refused
from aof.pipeline.desk.outbox import LIVE_SEND, release_held

ANSWER_SECONDS = 60.0
"""How long `--once` waits for an answer before it says that none came."""


class Agent(StrEnum):
    """Who answers in the demo."""

    RUNBOOK = "runbook"
    SCRIPTED = "scripted"


class Platform(StrEnum):
    """Where the people of the demo are."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    BOTH = "both"

    @property
    def platforms(self) -> tuple[str, ...]:
        return ("whatsapp", "telegram") if self is Platform.BOTH else (self.value,)


def demo(
    once: Annotated[
        str | None,
        typer.Option(help="Send this one message through the whole path, print what the phone shows, and end."),
    ] = None,
    platform: Annotated[
        Platform, typer.Option(help="Where the people are; on both, each is one person with two phones.")
    ] = Platform.WHATSAPP,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is; 0 takes a free port.")] = 8090,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate", help="Rehearse the live gate with --once (or disk), then with an opportunity, in Arabic."
        ),
    ] = False,
    agent: Annotated[
        Agent, typer.Option(help="runbook only looks; scripted operates a small service, with approvals.")
    ] = Agent.RUNBOOK,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the store here, to go on after the demo was killed.", show_default=False)
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the daemon's whole log.")] = False,
    open_: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser, where there is a screen.")
    ] = True,
) -> None:
    """Try the daemon without an account: two people, "On call" and "Lead", talk to it over a simulated WhatsApp.

    With --platform telegram over a simulated Telegram. A page shows their phones and what goes over the wire.
    Nothing leaves this machine and nothing is kept. Ends with 0; with --once, 1 when no answer came.
    """
    if once is not None and not once.strip():
        raise typer.BadParameter("--once needs a message, such as disk.")
    if gate and platform is not Platform.WHATSAPP:
        raise typer.BadParameter("--gate is about WhatsApp, whose messages are billed; leave --platform out.")
    platforms = platform.platforms
    try:
        if gate:
            code = uvloop.run(_rehearse(once or "disk", level=logging.INFO if verbose else logging.CRITICAL))
        elif once is not None:
            code = uvloop.run(_once(once, platforms, level=logging.INFO if verbose else logging.CRITICAL))
        else:
            level = logging.INFO if verbose else logging.WARNING
            acts = agent is Agent.SCRIPTED
            code = uvloop.run(_stay(port, platforms, level=level, show=open_, folder=folder, acts=acts))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = f"port {port} is taken. Choose another with --port, or 0 for a free one." if taken else str(error)
        print(f"aof: {reason}", file=sys.stderr)
        raise typer.Exit(1) from None
    except AofError as error:
        print(f"aof: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    raise typer.Exit(code)


async def _once(text: str, platforms: Sequence[str], *, level: int) -> int:
    code = 0
    async with running(level=level, platforms=platforms) as demo_:
        for one in demo_.stage.platforms:
            code = max(code, await _once_on(one, demo_.daemon, text))
    return code


async def _once_on(one: Simulated, daemon: Daemon, text: str) -> int:
    (name, phone), *_ = one.phones
    async with aiohttp.ClientSession(one.url) as control:
        sent = await _json(control, "POST", f"/_sim/phones/{phone}/messages", json={"text": text})
        messages, answered = await _answered(control, daemon, phone, until_delivered=one.platform == "whatsapp")
    print(f"{name} ({phone})" if one.platform == "whatsapp" else f"{name} ({one.title} {phone})")
    _print(messages)
    if not answered:
        print(f"aof: no answer within {ANSWER_SECONDS:g} s to {sent['id']}", file=sys.stderr)
    return 0 if answered else 1


async def _answered(
    control: aiohttp.ClientSession, daemon: Daemon, phone: str, *, until_delivered: bool = True
) -> tuple[list[dict[str, Any]], bool]:
    """What the phone shows once the daemon has nothing more to say, and whether it said anything.

    Args:
        until_delivered: Wait for the receipts, where the platform gives any.
    """
    messages: list[dict[str, Any]] = []
    latest = 0
    open_states = ("queued", "sending", "uncertain", *(("sent",) if until_delivered else ()))
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                params = {"changed_after": str(latest), "wait": "0.2"}
                page = await _json(control, "GET", f"/_sim/phones/{phone}/messages", params=params)
                latest = page["latest"]
                counts = await daemon.store.counts()
                busy = counts.events.get("new", 0) + counts.events.get("running", 0)
                busy += sum(counts.parts.get(state, 0) for state in open_states)
                messages = (await _json(control, "GET", f"/_sim/phones/{phone}/messages"))["messages"]
                if not busy and any(message["direction"] == "in" for message in messages):
                    return messages, True
    except TimeoutError:
        return messages, False


async def _rehearse(text: str, *, level: int) -> int:
    print("An answer against the live gate")
    code = await rehearse(text, level=level)
    print("\nAn opportunity against the live gate")
    return code or await rehearse_flow(level=level)


async def rehearse(text: str, *, level: int) -> int:
    """The live gate from end to end: what is held, that opening it lets nothing out, and how it leaves."""
    async with staged(level=level) as stage, aiohttp.ClientSession(stage.simulator.url) as control:
        number = stage.simulator.settings.phones[0].number
        print(f"1. allow_live_send is false, and {number} writes: {text}")
        async with stage.daemon(hold_on_loopback="true", allow_live_send="false") as daemon:
            await _json(control, "POST", f"/_sim/phones/{number}/messages", json={"text": text})
            async with asyncio.timeout(ANSWER_SECONDS):
                while not (await daemon.store.counts()).parts.get("held"):  # noqa: ASYNC110 -- it rings for nobody outside
                    await asyncio.sleep(0.05)
            await _show(control, number)
            async with sit_down(daemon.assembly) as desk:
                for reason in await why_nothing_leaves(desk):
                    print(f"   {reason}")
                try:
                    await release_held(desk, gate=LIVE_SEND)
                except Refused as refused:
                    print(f"   aof outbox release --gate live_send: {refused}.")
        print("2. allow_live_send is true, and the daemon was restarted: what was held stays held.")
        async with stage.daemon(hold_on_loopback="true", allow_live_send="true") as daemon:
            await _show(control, number)
            async with sit_down(daemon.assembly) as desk:
                released = await release_held(desk, gate=LIVE_SEND)
            print(f"3. aof outbox release --gate live_send: released {released}.")
            messages, answered = await _answered(control, daemon, number)
            _print(messages)
        return 0 if answered else 1


async def _show(control: aiohttp.ClientSession, number: str) -> None:
    messages = (await _json(control, "GET", f"/_sim/phones/{number}/messages"))["messages"]
    arrived = sum(message["direction"] == "in" for message in messages)
    _print(messages)
    print("   The phone shows no answer: it is held." if not arrived else f"   The phone shows {arrived}.")


def _print(messages: list[dict[str, Any]]) -> None:
    for message in messages:
        print(shown(message))


async def _json(control: aiohttp.ClientSession, method: str, path: str, **given: Any) -> dict[str, Any]:
    async with control.request(method, path, **given) as response:
        response.raise_for_status()
        body: dict[str, Any] = await response.json()
        return body


async def _stay(port: int, platforms: Sequence[str], *, level: int, show: bool, folder: Path | None, acts: bool) -> int:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with running(port, level=level, folder=folder, acts=acts, platforms=platforms) as demo_:
        print(_where(demo_, await entrance(demo_.daemon, demo_.stage.names[0]), acts=acts), flush=True)
        if show and sys.stdout.isatty() and _has_screen():
            await asyncio.to_thread(webbrowser.open, f"{demo_.stage.url}/")
        await ended(told, demo_.daemon)
    return 0


def _where(demo_: Demo, page: str, *, acts: bool) -> str:
    stage, daemon, names = demo_.stage, demo_.daemon, demo_.stage.names
    said = " and ".join([", ".join(names[:-1]), names[-1]])
    places = " and ".join(f"a simulated {one.title}" for one in stage.platforms)
    controls = " and ".join(f"{one.url}/_sim/phones" for one in stage.platforms)
    who = f"{'Three' if len(names) == 3 else 'Two'} {'phones' if len(stage.platforms) == 1 else 'people'}"
    lines = [
        f"{who} are on {places}: {said}. Type on their phones here:",
        f"  {stage.url}/",
        f"The daemon: http://127.0.0.1:{daemon.port}/health and http://127.0.0.1:{daemon.admin_port}/ready",
        f"The page for operators, as {names[0]}; the link signs in once, within 10 minutes:",
        f"  {page}",
        f"For programs: {controls} (docs/reference/simulator-api.md)",
    ]
    if acts:
        lines.append('Write "api is slow" on the first phone; the others approve.')
        # the id of a bot's account stands in its token
        tokens = [pair for one in stage.platforms if isinstance(one, OnTelegram) for pair in one.credentials.items()]
        needed = "".join(f"{name}={token} " for name, token in tokens)
        lines.append(f"Who did what: {needed}aof audit export --config {daemon.store.path.parent}/daemon.yaml")
    return "\n".join([*lines, "Ctrl-C ends it."])


def _has_screen() -> bool:
    """Else a browser of the terminal would take this terminal over."""
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
