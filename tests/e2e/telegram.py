"""A daemon and a simulated Telegram, talking over real HTTP on this machine, alone or beside a simulated WhatsApp."""

import asyncio
import dataclasses
import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp

from aof.agents.base import Agent
from aof.clock import SteppedClock
from aof.simulator import Settings, Simulator
from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings, TelegramSimulator
from tests.e2e import world as whatsapp
from tests.e2e.world import CREDENTIALS, SECONDS, Side, World, document, whatsapp_platform
from tests.ports import free_port

AMINA, OMAR, STRANGER = "55501", "55502", "55599"
GROUP, FORUM = "-4567", "-1001234567890"
ALERTS, DEPLOYS = "2", "3"
"""The forum's topics."""
BOT = "simulated_ops_bot"
TOKEN = "7000000001:token-of-the-test"
SECRET = "webhook-secret-of-the-test"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TELEGRAM_CREDENTIALS = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET}
_EVERYBODY = (int(AMINA), int(OMAR), int(STRANGER))
SETTINGS = TelegramSettings(
    token=TOKEN,
    username=BOT,
    people=(
        PersonSettings("Amina", int(AMINA), "amina", started=True),
        PersonSettings("Omar", int(OMAR), started=True),
        PersonSettings("Stranger", int(STRANGER), started=True),
    ),
    groups=(
        GroupSettings(int(GROUP), "oncall", _EVERYBODY, "group"),
        GroupSettings(int(FORUM), "prod", _EVERYBODY, topics=("alerts", "deploys")),
    ),
)
Mode = Literal["webhook", "polling"]


class Phone(whatsapp.Phone):
    """A person's phone with Telegram, over the simulator's control API."""

    async def does(self, verb: str, **body: Any) -> dict[str, Any]:
        """`edit`, `react`, `stop`, `block` and the like."""
        return await self._post(verb, body)

    async def state(self) -> dict[str, Any]:
        """What the phone shows beside its messages."""
        async with self._control.get("/_sim/phones") as response:
            phones = (await response.json())["phones"]
        return next(phone for phone in phones if phone["number"] == self.number)

    async def message(self, message_id: str) -> dict[str, Any]:
        """A message as it is now."""
        return next(message for message in await self.messages() if message["id"] == message_id)


class TelegramSide(Side):
    """The simulated Telegram."""

    @property
    def amina(self) -> Phone:
        return self.phone(AMINA)

    @property
    def omar(self) -> Phone:
        return self.phone(OMAR)

    @property
    def stranger(self) -> Phone:
        return self.phone(STRANGER)

    def phone(self, number: str) -> Phone:
        return self.phones.setdefault(number, Phone(self.control, number))

    async def posts(self, chat: str, sender: str, text: str, **more: Any) -> str:
        """Somebody writes in a group; the message's id."""
        return str((await self._act(chat, "messages", {"from": sender, "text": text, **more}))["id"])

    async def presses_in(self, chat: str, sender: str, message_id: str, action_id: str) -> None:
        await self._act(chat, "press", {"from": sender, "message_id": message_id, "action_id": action_id})

    async def migrates(self, chat: str) -> str:
        """The group becomes a supergroup; its new id."""
        return str((await self._act(chat, "migrate", {}))["id"])

    async def _act(self, chat: str, verb: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async with self.control.post(f"/_sim/chats/{chat}/{verb}", json=body) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == 200, answer
            return answer

    async def group(self, chat: str) -> list[dict[str, Any]]:
        """What the bot has written in a group."""
        async with self.control.get(f"/_sim/chats/{chat}/messages") as response:
            return [message for message in (await response.json())["messages"] if message["direction"] == "in"]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Every request for one method so far."""
        return [exchange for exchange in await self.sends() if exchange["url"].endswith(f"/{method}")]

    async def brings(self, update: Mapping[str, Any]) -> None:
        """Any object reaches the bot as an update, brought or asked for."""
        async with self.control.post("/_sim/webhooks", json=update) as response:
            assert response.status == 200, await response.text()

    async def taken(self) -> None:
        """Wait until the daemon has taken every update."""
        async with asyncio.timeout(SECONDS):
            while await self._pending():
                pass

    async def _pending(self) -> int:
        async with self.control.get("/_sim/phones") as response:
            return int((await response.json())["webhooks"]["pending"])


class TelegramWorld(TelegramSide, World):
    """As `World`, whose phones are those of people on Telegram."""

    simulator: TelegramSimulator

    @property
    def on_call(self) -> Phone:
        return self.amina

    @property
    def lead(self) -> Phone:
        return self.omar

    def _tell_platform(self) -> None:
        """The daemon itself tells Telegram where it is."""

    async def webhook(self, body: bytes, *, signed: bool = True) -> tuple[int, Any]:
        """Post bytes as Telegram would; status and JSON."""
        async with self.control.post(
            f"{self.url}/webhook/telegram", data=io.BytesIO(body), headers={HEADER: SECRET} if signed else {}
        ) as response:
            return response.status, await response.json()


@dataclass
class BesideWhatsApp(TelegramSide):
    """The simulated Telegram of a world whose own phones are those of people on WhatsApp."""

    simulator: TelegramSimulator
    control: aiohttp.ClientSession
    phones: dict[str, whatsapp.Phone] = field(default_factory=dict)


def telegram_platform(api_url: str, mode: Mode, port: int, telegram: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`spec.platforms.telegram`; whoever writes is let in, unless it says who may talk."""
    keys = {"bot_token_env": "TELEGRAM_BOT_TOKEN", "api_url": api_url}
    if mode == "webhook":
        url = f"http://127.0.0.1:{port}/webhook/telegram"
        keys |= {"webhook_secret_env": "TELEGRAM_WEBHOOK_SECRET", "webhook_url": url}
    everyone = {} if any(key.startswith("allow") for key in telegram or {}) else {"allow_everyone": True}
    return {**keys, **everyone, **(telegram or {})}


@asynccontextmanager
async def simulated(settings: TelegramSettings, clock: SteppedClock) -> AsyncIterator[BesideWhatsApp]:
    async with (
        TelegramSimulator(settings, clock=clock, advance=clock.advance) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
    ):
        yield BesideWhatsApp(simulator, control)


@asynccontextmanager
async def telegram_world(
    folder: Path,
    *,
    mode: Mode = "webhook",
    agent: Callable[[Any], Agent] | None = None,
    others: Mapping[str, Callable[[Any], Agent]] | None = None,
    settings: TelegramSettings = SETTINGS,
    telegram: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    start: bool = True,
    **spec: Any,
) -> AsyncIterator[TelegramWorld]:
    """A world that ends with the block."""
    clock, port = SteppedClock(running=True), free_port()
    async with simulated(settings, clock) as side:
        made = TelegramWorld(
            folder,
            clock,
            side.simulator,
            side.control,
            document({"telegram": telegram_platform(side.simulator.url, mode, port, telegram)}, port=port, **spec),
            {"PATH": "/usr/bin:/bin", **TELEGRAM_CREDENTIALS, **(environ or {})},
            agent,
            dict(others or {}),
        )
        try:
            if start:
                await made.start()
            yield made
        finally:
            await made.stop()


@asynccontextmanager
async def both_world(
    folder: Path,
    *,
    mode: Mode = "webhook",
    agent: Callable[[Any], Agent] | None = None,
    settings: Settings | None = None,
    telegram_settings: TelegramSettings = SETTINGS,
    whatsapp: Mapping[str, Any] | None = None,
    telegram: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    **spec: Any,
) -> AsyncIterator[tuple[World, BesideWhatsApp]]:
    """One daemon on both platforms, on one clock."""
    clock, port = SteppedClock(running=True), free_port()
    on_whatsapp = dataclasses.replace(
        settings or Settings(),
        access_token=CREDENTIALS["WHATSAPP_ACCESS_TOKEN"],
        verify_token=CREDENTIALS["WHATSAPP_VERIFY_TOKEN"],
        app_secret=CREDENTIALS["WHATSAPP_APP_SECRET"],
    )
    async with (
        simulated(telegram_settings, clock) as side,
        Simulator(on_whatsapp, clock=clock, advance=clock.advance) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
    ):
        platforms = {
            "whatsapp": whatsapp_platform(simulator.url, whatsapp),
            "telegram": telegram_platform(side.simulator.url, mode, port, telegram),
        }
        config = document(platforms, port=port, **spec)
        known = {"PATH": "/usr/bin:/bin", **CREDENTIALS, **TELEGRAM_CREDENTIALS, **(environ or {})}
        made = World(folder, clock, simulator, control, config, known, agent)
        try:
            await made.start()
            yield made, side
        finally:
            await made.stop()
