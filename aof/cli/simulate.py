"""`aof simulate`: the platform's side of WhatsApp or Telegram on this machine, or a check of send bodies for Meta."""

import asyncio
import errno
import signal
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from aof.cli.cast import ops_group
from aof.cli.printing import visible_line
from aof.simulator import Settings, Simulator
from aof.simulator.check import check_file
from aof.simulator.guard import is_loopback
from aof.simulator.telegram import TelegramSettings, TelegramSimulator

DEFAULTS, BOT = Settings(), TelegramSettings()
SERVER = "Where it listens"
ACCOUNT = "The account (give the daemon the same)"


class Platform(StrEnum):
    """What is simulated."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"


def simulate(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE…", help="Bodies of sends, with --check.")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Judge FILE… by Meta's limits and exit.")] = False,
    utf16: Annotated[bool, typer.Option("--utf16", help="Count lengths in UTF-16 units: stricter with emoji.")] = False,
    platform: Annotated[Platform, typer.Option(help="What is simulated.")] = Platform.WHATSAPP,
    host: Annotated[str, typer.Option(help="A loopback address.", rich_help_panel=SERVER)] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.", rich_help_panel=SERVER)] = 8090,
    webhook_url: Annotated[
        str,
        typer.Option(help="Where the daemon takes WhatsApp's webhooks; a bot says it itself.", rich_help_panel=SERVER),
    ] = "http://127.0.0.1:8080/webhook/whatsapp",
    phone_number_id: Annotated[
        str, typer.Option(envvar="WHATSAPP_PHONE_NUMBER_ID", rich_help_panel=ACCOUNT)
    ] = DEFAULTS.phone_number_id,
    business_account_id: Annotated[
        str, typer.Option(envvar="WHATSAPP_BUSINESS_ACCOUNT_ID", rich_help_panel=ACCOUNT)
    ] = DEFAULTS.business_account_id,
    access_token: Annotated[
        str, typer.Option(envvar="WHATSAPP_ACCESS_TOKEN", rich_help_panel=ACCOUNT)
    ] = DEFAULTS.access_token,
    app_secret: Annotated[
        str, typer.Option(envvar="WHATSAPP_APP_SECRET", rich_help_panel=ACCOUNT)
    ] = DEFAULTS.app_secret,
    verify_token: Annotated[
        str, typer.Option(envvar="WHATSAPP_VERIFY_TOKEN", rich_help_panel=ACCOUNT)
    ] = DEFAULTS.verify_token,
    bot_token: Annotated[str, typer.Option(envvar="TELEGRAM_BOT_TOKEN", rich_help_panel=ACCOUNT)] = BOT.token,
) -> None:
    """Stand in for Meta's WhatsApp Cloud API or Telegram's Bot API, with two people's phones, until Ctrl-C.

    With --check: say for each FILE whether Meta would take it as the body of a send; exit 1 if it would refuse one.
    """
    if check:
        _check(files or [], utf16=utf16)
        return
    if files:
        raise typer.BadParameter("FILE… needs --check.")
    if not is_loopback(host):
        raise typer.BadParameter(f"{host} is not a loopback address; whoever reaches the simulator acts as its phones.")
    account = Settings(
        phone_number_id=phone_number_id,
        business_account_id=business_account_id,
        access_token=access_token,
        app_secret=app_secret,
        verify_token=verify_token,
        webhook_url=webhook_url,
        count="utf16" if utf16 else "code_points",
    )
    try:
        if platform is Platform.TELEGRAM:
            asyncio.run(_serve(TelegramSimulator(_bot(bot_token)), host, port))
        else:
            asyncio.run(_serve(Simulator(account), host, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = f"port {port} is taken. Choose another with --port, or 0 for a free one." if taken else str(error)
        typer.echo(f"aof: {reason}", err=True)
        raise typer.Exit(1) from None


def _check(files: list[Path], *, utf16: bool) -> None:
    if not files:
        raise typer.BadParameter("--check needs at least one FILE.")
    verdicts = [check_file(path, "utf16" if utf16 else "code_points") for path in files]
    for verdict in verdicts:
        typer.echo(visible_line(verdict.line()))
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(1)


def _bot(token: str) -> TelegramSettings:
    try:
        return TelegramSettings(token=token, groups=(ops_group(BOT.people),))
    except ValueError as error:
        raise typer.BadParameter(f"--bot-token: {error}.") from None


async def _serve(simulator: Simulator | TelegramSimulator, host: str, port: int) -> None:
    stopping = asyncio.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, stopping.set)
    await simulator.start(host, port)
    for line in _of_whatsapp(simulator) if isinstance(simulator, Simulator) else _of_telegram(simulator):
        typer.echo(line)
    typer.echo("Ctrl-C stops it.")
    try:
        await stopping.wait()
    finally:
        await simulator.stop()


def _of_whatsapp(simulator: Simulator) -> Iterator[str]:
    settings = simulator.settings
    yield f"Phones       {simulator.url}/"
    yield f"Graph API    {simulator.url}/v25.0/{settings.phone_number_id}/messages"
    yield f"Control API  {simulator.url}/_sim/phones"
    yield f"Webhooks to  {settings.webhook_url}"
    for phone in settings.phones:
        yield f"Phone        {phone.name}, {phone.number}"
    yield f"Daemon       api_url: {simulator.url}, and in its environment:"
    yield f"             WHATSAPP_PHONE_NUMBER_ID={settings.phone_number_id}"
    yield _variable("WHATSAPP_ACCESS_TOKEN", settings.access_token, DEFAULTS.access_token)
    yield _variable("WHATSAPP_APP_SECRET", settings.app_secret, DEFAULTS.app_secret)
    yield _variable("WHATSAPP_VERIFY_TOKEN", settings.verify_token, DEFAULTS.verify_token)


def _of_telegram(simulator: TelegramSimulator) -> Iterator[str]:
    settings = simulator.settings
    yield f"Phones       {simulator.url}/"
    yield f"Bot API      {simulator.url}/bot<token>/getMe"
    yield f"Control API  {simulator.url}/_sim/phones"
    for person in settings.people:
        yield f"Person       {person.name}, {person.user_id}"
    for group in settings.groups:
        yield f"Group        {group.title}, {group.id}"
    yield f"Daemon       api_url: {simulator.url}, and in its environment:"
    yield _variable("TELEGRAM_BOT_TOKEN", settings.token, BOT.token)


def _variable(name: str, value: str, simulated: str) -> str:
    """What was given may be a real secret; only our own stand-ins are printed."""
    return f"             {name}={value if value == simulated else '(as given)'}"
