"""`aof chat`: the agents of a configuration, asked in this terminal."""

import asyncio
import getpass
import logging
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from aof import logs
from aof.cli.options import DEFAULT_CONFIG
from aof.cli.printing import visible
from aof.cli.terminal import Keyboard, Screen
from aof.daemon import Assembly, Daemon, read
from aof.daemon.seated import bare, seated
from aof.domain.errors import AofError, ConfigError
from aof.platforms.console import ACCOUNT, Seat
from aof.store.answers import AnswerTo

_INTERRUPTED = 130
"""What shells expect of a program that Ctrl-C ended."""


def chat(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            envvar="AOF_CONFIG",
            help="The DaemonConfig file.",
            show_default="daemon.yaml, if it is here",
        ),
    ] = None,
    as_: Annotated[
        str, typer.Option("--as", help="Who asks: a name of spec.people, or any other.", show_default="you")
    ] = "",
    agent: Annotated[str, typer.Option(help="Who answers.", show_default="the configuration's default agent")] = "",
    store: Annotated[
        Path | None, typer.Option(help="Keep the conversation in this file.", show_default="kept nowhere")
    ] = None,
    allow_changes: Annotated[
        bool, typer.Option("--allow-changes", help="Let what changes run, once whoever may approve it has.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the daemon's log, too.")] = False,
) -> None:
    """Ask an agent in this terminal, or one line after another through a pipe: echo disk | aof chat.

    The same agents, rules, approvals and budgets as on a phone, and no platform: nothing is sent anywhere, no port is
    opened. A number presses the button that it stands beside. /cancel or Ctrl-C stops what runs, Ctrl-D ends.
    Ends with 0; 1 when something could not be answered, 2 for a configuration that can't be used.
    """
    with tempfile.TemporaryDirectory(prefix="aof-chat-") as folder:
        screen = Screen(sys.stdout, prompts=sys.stdin.isatty() and sys.stdout.isatty())
        seat = Seat(as_.strip() or getpass.getuser(), screen.show)
        try:
            chosen = config or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
            whole = read(chosen, os.environ, credentials="optional") if chosen else bare(Path(folder))
            file = store.absolute() if store else Path(folder) / "aof.db"
            assembly = seated(whole, seat, store=file, agent=agent, may_change=allow_changes)
        except ConfigError as error:
            print(visible(str(error)), file=sys.stderr)
            raise typer.Exit(2) from None
        logs.set_up(assembly.redact, level=logging.INFO if verbose else logging.CRITICAL)
        try:
            code = uvloop.run(_talk(assembly, seat, screen))
        except BrokenPipeError:  # whoever read what is printed has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 1
        except (AofError, OSError) as error:
            print(visible(f"aof: {assembly.redact(str(error))}"), file=sys.stderr)
            code = 1
    raise typer.Exit(code)


async def _talk(assembly: Assembly, seat: Seat, screen: Screen) -> int:
    async with Daemon(assembly, listens=False) as daemon:
        talk = _Talk(daemon, seat, screen)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, talk.interrupt)
        screen.greet(seat.person, assembly.config.spec.runtime.default_agent)
        talking = asyncio.create_task(talk.run())
        await asyncio.wait((talking, daemon.failed), return_when=asyncio.FIRST_COMPLETED)
        if not talking.done():
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)
            daemon.failed.result()
        return talking.result()


class _Talk:
    """What is typed until it ends."""

    def __init__(self, daemon: Daemon, seat: Seat, screen: Screen) -> None:
        self._daemon = daemon
        self._seat = seat
        self._screen = screen
        self._keyboard = Keyboard()
        self._open: set[asyncio.Task[AnswerTo]] = set()
        self._unanswered = False
        self._code: int | None = None

    async def run(self) -> int:
        """Return the exit code."""
        while (line := await self._keyboard.line()) is not None:
            if line.strip():
                self._say(line)
            else:
                self._screen.prompt()
            if not self._screen.prompts:
                # one after another, as somebody would who reads the answers
                await self._answered()
        if self._screen.prompts and self._open:
            self._say("/cancel")
        await self._answered()
        self._screen.end()
        return (1 if self._unanswered else 0) if self._code is None else self._code

    def interrupt(self) -> None:
        """Stop what runs; where nothing does, end."""
        if self._open:
            self._say("/cancel")
        if not (self._open and self._screen.prompts):
            self._code = _INTERRUPTED
            self._keyboard.end()

    def _say(self, line: str) -> None:
        daemon, seat = self._daemon, self._seat
        settled = daemon.watch.settled(daemon.store, seat.conversation, ACCOUNT, seat.type(line))
        waiting = asyncio.create_task(settled)
        self._open.add(waiting)
        waiting.add_done_callback(self._end)

    def _end(self, waiting: asyncio.Task[AnswerTo]) -> None:
        self._open.discard(waiting)
        if not waiting.cancelled() and not waiting.exception():
            self._unanswered |= waiting.result().state == "dead"
        if not self._open:
            self._screen.prompt()

    async def _answered(self) -> None:
        while self._open:
            await asyncio.wait(self._open)
