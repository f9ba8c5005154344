"""The simulated platforms of a demo: their people, what the daemon's file says of each, and how both sides meet."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from aof.cli.cast import OPS_GROUP, Player, ops_group
from aof.clock import SteppedClock
from aof.daemon import Daemon
from aof.simulator import PhoneSettings, Settings, Simulator
from aof.simulator.events import HeldNow
from aof.simulator.settings import NUDGE
from aof.simulator.telegram import PersonSettings, TelegramSettings, TelegramSimulator

Suggestions = Mapping[str, tuple[str, ...]]

WHATSAPP = """\
    whatsapp:
      phone_number_id: "{phone_number_id}"
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
      api_url: {api_url}
      allowed_numbers: [{numbers}]
      templates: {{nudge: {{name: {nudge}, languages: {{en: en_US, ar: ar}}}}}}
"""
TELEGRAM = """\
    telegram:
      bot_token_env: TELEGRAM_BOT_TOKEN
      mode: polling
      api_url: {api_url}
      allowed_users: [{users}]
      allowed_groups: ["{group}"]
"""


class Simulated(Protocol):
    """One platform, simulated."""

    @property
    def platform(self) -> str:
        """Its key under `spec.platforms`."""

    @property
    def title(self) -> str:
        """Its own name."""

    @property
    def url(self) -> str:
        """Where it listens."""

    @property
    def credentials(self) -> Mapping[str, str]:
        """What the daemon finds in its environment."""

    @property
    def phones(self) -> Sequence[tuple[str, str]]:
        """The name of each person, and what the control API calls their phone."""

    def section(self) -> str:
        """What stands of it under `spec.platforms`."""

    async def start(self, port: int = 0) -> None:
        """Listen; OSError where it can't."""

    async def stop(self) -> None:
        """End every open request, and the server."""

    async def meet(self, daemon: Daemon) -> None:
        """Introduce a daemon that has been started."""


@dataclass(frozen=True, slots=True)
class OnWhatsApp:
    """Phones on a simulated WhatsApp, which posts to the daemon."""

    simulator: Simulator
    platform: str = "whatsapp"
    title: str = "WhatsApp"

    @classmethod
    def cast(
        cls,
        phones: Sequence[PhoneSettings],
        clock: SteppedClock,
        held: HeldNow,
        suggestions: Suggestions | None,
        beside: "OnTelegram | None" = None,
    ) -> Self:
        """With these phones; `beside` is shown on the same page."""
        settings = Settings(
            access_token=secrets.token_urlsafe(24),
            verify_token=secrets.token_urlsafe(24),
            app_secret=secrets.token_hex(16),
            phones=tuple(phones),
        )
        if suggestions:
            settings = replace(settings, suggestions=suggestions)
        others = {} if beside is None else {beside.platform: beside.simulator.control_app}
        return cls(Simulator(settings, clock=clock, advance=clock.advance, held=held, beside=others))

    @property
    def url(self) -> str:
        return self.simulator.url

    @property
    def credentials(self) -> Mapping[str, str]:
        settings = self.simulator.settings
        return {
            "WHATSAPP_ACCESS_TOKEN": settings.access_token,
            "WHATSAPP_VERIFY_TOKEN": settings.verify_token,
            "WHATSAPP_APP_SECRET": settings.app_secret,
        }

    @property
    def phones(self) -> Sequence[tuple[str, str]]:
        return [(phone.name, phone.number) for phone in self.simulator.settings.phones]

    def section(self) -> str:
        numbers = ", ".join(f'"{number}"' for _, number in self.phones)
        phone_number_id = self.simulator.settings.phone_number_id
        return WHATSAPP.format(phone_number_id=phone_number_id, api_url=self.url, numbers=numbers, nudge=NUDGE)

    async def start(self, port: int = 0) -> None:
        await self.simulator.start(port=port)

    async def stop(self) -> None:
        await self.simulator.stop()

    async def meet(self, daemon: Daemon) -> None:
        self.simulator.webhook_url = f"http://127.0.0.1:{daemon.port}/webhook/whatsapp"
        if not await self.simulator.verify_webhook():
            raise OSError("the daemon did not answer the webhook's verification")


@dataclass(frozen=True, slots=True)
class OnTelegram:
    """People who talk to a bot on a simulated Telegram, which the daemon asks for what they write."""

    simulator: TelegramSimulator
    platform: str = "telegram"
    title: str = "Telegram"

    @classmethod
    def cast(
        cls, players: Sequence[Player], clock: SteppedClock, held: HeldNow, suggestions: Suggestions | None
    ) -> Self:
        """With an account for each of these."""
        people = tuple(PersonSettings(player.name, player.user_id, player.username) for player in players)
        settings = TelegramSettings(
            token=f"7000000001:{secrets.token_urlsafe(24)}", people=people, groups=(ops_group(people),)
        )
        if suggestions:
            settings = replace(settings, suggestions=suggestions)
        return cls(TelegramSimulator(settings, clock=clock, advance=clock.advance, held=held))

    @property
    def url(self) -> str:
        return self.simulator.url

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"TELEGRAM_BOT_TOKEN": self.simulator.settings.token}

    @property
    def phones(self) -> Sequence[tuple[str, str]]:
        return [(person.name, str(person.user_id)) for person in self.simulator.settings.people]

    def section(self) -> str:
        users = ", ".join(f'"{user_id}"' for _, user_id in self.phones)
        return TELEGRAM.format(api_url=self.url, users=users, group=OPS_GROUP)

    async def start(self, port: int = 0) -> None:
        await self.simulator.start(port=port)

    async def stop(self) -> None:
        await self.simulator.stop()

    async def meet(self, daemon: Daemon) -> None:
        """It has asked already."""
