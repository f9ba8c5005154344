"""`aof serve`: the daemon, until it is told to stop."""

import asyncio
import os
import signal
import sys

import typer
import uvloop

from aof import logs
from aof.cli.options import DEFAULT_CONFIG, ConfigOption
from aof.cli.printing import visible
from aof.daemon import Assembly, Daemon, read
from aof.domain.errors import AofError, ConfigError


def serve(
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Run the daemon. SIGTERM and SIGINT finish or return what is under way, then end it.

    Ends with 0 after a signal, 2 for a configuration that can't be used, 1 when it can't go on.
    """
    try:
        assembly = read(config, os.environ)
    except ConfigError as error:
        print(visible(str(error)), file=sys.stderr)
        raise typer.Exit(2) from None
    logs.set_up(assembly.redact)
    for warning in assembly.warnings:
        # the key stands apart: `access_token: is …` in one text would be taken for a secret and blotted out
        where = f"{warning.file}:{warning.line}" if warning.line else warning.file
        said = f"{warning.problem}. {warning.remedy}".rstrip(". ") + "."
        logs.get(__name__).warning("config_doubted", file=where, key=warning.key, problem=said)
    try:
        uvloop.run(_serve(assembly))
    except (AofError, OSError) as error:
        print(visible(f"aof: {assembly.redact(str(error))}"), file=sys.stderr)
        raise typer.Exit(1) from None


async def _serve(assembly: Assembly) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    async with Daemon(assembly) as daemon:
        await ended(told, daemon)


async def ended(told: asyncio.Event, daemon: Daemon) -> None:
    """Wait for a signal.

    Raises:
        BaseException: What keeps the daemon from going on, if that comes first.
    """
    signalled = asyncio.create_task(told.wait())
    try:
        await asyncio.wait((signalled, daemon.failed), return_when=asyncio.FIRST_COMPLETED)
    finally:
        signalled.cancel()
    if daemon.failed.done():
        daemon.failed.result()
