"""A daemon and a simulated Telegram, talking over real HTTP on this machine, for tests to live in."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import aiohttp

from aof.agents.base import Agent
from aof.clock import SteppedClock
from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings, TelegramSimulator
from tests.e2e import world as whatsapp
from tests.e2e.world import World
from tests.ports import free_port

AMINA, OMAR = "55501", "55502"
GROUP, FORUM = "-4567", "-1001234567890"
TOKEN = "7000000001:token-of-the-test"
SECRET = "webhook-secret-of-the-test"
CREDENTIALS = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET}
SETTINGS = TelegramSettings(
    people=(
        PersonSettings("Amina", int(AMINA), "amina", started=True),
        PersonSettings("Omar", int(OMAR), language="ar", started=True),
    ),
    groups=(
        GroupSettings(int(GROUP), "oncall", (int(AMINA), int(OMAR)), "group"),
        GroupSettings(int(FORUM), "prod", (int(AMINA), int(OMAR)), topics=("alerts", "deploys")),
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


class TelegramWorld(World):
    """As `World`, whose phones are those of people on Telegram."""

    simulator: TelegramSimulator  # type: ignore[assignment]

    @property
    def amina(self) -> Phone:
        return self.phone(AMINA)

    @property
    def omar(self) -> Phone:
        return self.phone(OMAR)

    def phone(self, number: str) -> Phone:
        return self.phones.setdefault(number, Phone(self.control, number))  # type: ignore[return-value]

    def _tell_simulator(self) -> None:
        """The daemon itself tells Telegram where it is."""

    async def posts(self, chat: str, sender: str, text: str, **more: Any) -> str:
        """Somebody writes in a group; the message's id."""
        body = {"from": sender, "text": text, **more}
        async with self.control.post(f"/_sim/chats/{chat}/messages", json=body) as response:
            answer = await response.json()
            assert response.status == 200, answer
            return str(answer["id"])

    async def group(self, chat: str) -> list[dict[str, Any]]:
        """What the bot has written in a group."""
        async with self.control.get(f"/_sim/chats/{chat}/messages") as response:
            return [message for message in (await response.json())["messages"] if message["direction"] == "in"]

    async def calls(self, method: str) -> list[dict[str, Any]]:
        """Every request for one method so far."""
        return [exchange for exchange in await self.sends() if exchange["url"].endswith(f"/{method}")]

    async def webhook(self, body: bytes, *, signed: bool = True) -> tuple[int, Any]:
        """Post bytes as Telegram would; status and JSON."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET} if signed else {}
        async with self.control.post(f"{self.url}/webhook/telegram", data=body, headers=headers) as response:
            return response.status, await response.json()


def platform(api_url: str, mode: Mode, port: int, **telegram: Any) -> dict[str, Any]:
    """`spec.platforms.telegram`."""
    keys = {"bot_token_env": "TELEGRAM_BOT_TOKEN", "api_url": api_url}
    if mode == "webhook":
        keys |= {
            "webhook_secret_env": "TELEGRAM_WEBHOOK_SECRET",
            "webhook_url": f"http://127.0.0.1:{port}/webhook/telegram",
        }
    everyone = {} if any(key.startswith("allow") for key in telegram) else {"allow_everyone": True}
    return keys | everyone | telegram


def configuration(platforms: Mapping[str, Any], port: int, **spec: Any) -> str:
    """A DaemonConfig as text (JSON is YAML)."""
    server = {"host": "127.0.0.1", "port": port, "admin": {"port": 0}}
    document = {
        "apiVersion": "aof.dev/v1",
        "kind": "DaemonConfig",
        "spec": {"server": server, "platforms": platforms, **spec},
    }
    return json.dumps(document, indent=2)


@asynccontextmanager
async def telegram_world(
    folder: Path,
    *,
    mode: Mode = "webhook",
    agent: Callable[[Any], Agent] | None = None,
    settings: TelegramSettings = SETTINGS,
    telegram: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    start: bool = True,
    **spec: Any,
) -> AsyncIterator[TelegramWorld]:
    """A world that ends with the block."""
    clock = SteppedClock(running=True)
    port = free_port()
    settings = dataclasses.replace(settings, token=TOKEN)
    async with (
        TelegramSimulator(settings, clock=clock, advance=clock.advance) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
    ):
        keys = platform(simulator.url, mode, port, **(telegram or {}))
        made = TelegramWorld(
            folder,
            clock,
            simulator,  # type: ignore[arg-type]
            control,
            configuration({"telegram": keys}, port, **spec),
            {"PATH": "/usr/bin:/bin", **CREDENTIALS, **(environ or {})},
            agent,
        )
        try:
            if start:
                await made.start()
            yield made
        finally:
            await made.stop()
