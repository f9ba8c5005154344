"""Telegram through the Bot API: one bot."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import aiohttp

from aof.domain.delivery import Remedy
from aof.domain.errors import SendDeferred
from aof.domain.message import Address, ButtonPress, InboundEvent, Media
from aof.domain.response import Part
from aof.formatting.markup import Markup
from aof.platforms.base import NO_HEADERS, Fetched, MenuCommand, TriggerPlatform
from aof.platforms.fields import Node, ascii_json, text_at, whole_at
from aof.platforms.session import BeforeRequest
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.config import TelegramConfig
from aof.platforms.telegram.errors import OUTAGE, remedy_of
from aof.platforms.telegram.limits import (
    LIMITS,
    PROGRESS_EVERY,
    PROGRESS_EVERY_IN_GROUPS,
    RATES,
    TYPING_LASTS,
)
from aof.platforms.telegram.parse import READ, Bot, events_of
from aof.platforms.telegram.sends import Sends
from aof.texts.language import Language

POLL_SECONDS = 50
"""How long Telegram holds a question to which there is no answer yet."""
_LONGER_SECONDS = 10
"""Until a question without any answer is given up, beyond that."""
_MOST_UPDATES = 100


class TelegramPlatform(TriggerPlatform[TelegramConfig]):
    """One bot: is brought its updates, or asks for them, and sends through the Bot API."""

    name = "telegram"
    config_model = TelegramConfig
    limits = LIMITS
    markup = Markup.TELEGRAM
    rates = RATES
    signature_header = "X-Telegram-Bot-Api-Secret-Token"
    typing_lasts: ClassVar[timedelta] = TYPING_LASTS
    edits: ClassVar[bool] = True
    progress_every: ClassVar[timedelta] = PROGRESS_EVERY
    progress_every_in_groups: ClassVar[timedelta] = PROGRESS_EVERY_IN_GROUPS

    def __init__(self, config: TelegramConfig, http: aiohttp.ClientSession) -> None:
        super().__init__(config, http)
        self._client = Client(config, http)
        self._sends = Sends(self._client, rich=config.rich)
        self._bot = Bot(self.name, self.account, int(config.bot_id), None, self._sends.saw_rich)

    @classmethod
    def doubts(cls, config: TelegramConfig, today: date) -> Sequence[tuple[str, str]]:
        unused = "mode is polling, so Telegram is not told of it, and a webhook that is set is taken away"
        return (("webhook_url", unused),) if config.webhook_url and config.mode == "polling" else ()

    @property
    def account(self) -> str:
        return f"telegram:{self.config.bot_id}"

    @property
    def shows_source(self) -> bool:
        return self.config.rich != "off"

    @property
    def polls(self) -> bool:
        return self.config.mode == "polling"

    @property
    def is_connected(self) -> bool:
        return self._bot.username is not None

    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        secret = self.config.webhook_secret
        if secret is None or self.polls:
            return False
        # as bytes: text that is not ASCII can't be compared in constant time
        given = signature.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(secret.get_secret_value().encode(), given)

    def parse_message(self, payload: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Sequence[InboundEvent]:
        return events_of(payload, self._bot)

    def read_again(self, raw: bytes) -> Sequence[InboundEvent]:
        return events_of(raw, self._bot)

    async def connect(self) -> None:
        me = _object(await self._client.call("getMe"))
        # known before Telegram is told of us, since it may bring something at once
        self._bot.username = text_at(me, "username").lower()
        if self.polls:
            await self._leave_webhook()
        else:
            await self._take_webhook()

    def invite_link(self, code: str) -> str:
        return f"https://t.me/{self._bot.username}?start={code}"

    async def poll(self, after: int | None) -> Sequence[tuple[int, bytes]]:
        asked: dict[str, object] = {"timeout": POLL_SECONDS, "limit": _MOST_UPDATES, "allowed_updates": READ}
        if after is not None:
            asked["offset"] = after + 1
        found = await self._client.call("getUpdates", asked, seconds=POLL_SECONDS + _LONGER_SECONDS)
        numbered: list[tuple[int, bytes]] = []
        for update in found if isinstance(found, list) else ():
            # one without a number is passed on too, and left behind with its place in the row
            before = numbered[-1][0] if numbered else after or 0
            number = whole_at(update, "update_id") if isinstance(update, dict) else 0
            numbered.append((number or before + 1, ascii_json(update).encode("ascii")))
        return numbered

    def remedy(self, code: int) -> Remedy:
        return remedy_of(code)

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        return await self._sends.send_part(to, part, part_id=part_id, reply_to=reply_to, before_request=before_request)

    async def show_typing(self, to: Address, message_id: str) -> None:
        await self._sends.show_typing(to, message_id)

    async def answer_press(self, press: ButtonPress) -> None:
        await self._sends.answer_press(press)

    async def show_progress(self, to: Address, run: int, text: str, shown: str | None) -> str | None:
        return await self._sends.show_progress(to, run, text, shown)

    async def hide_progress(self, to: Address, shown: str) -> None:
        await self._sends.hide_progress(to, shown)

    async def publish_menu(self, commands: Mapping[Language, Sequence[MenuCommand]]) -> None:
        await self._sends.publish_menu(commands)

    async def fetch_media(self, media: Media, *, most_bytes: int) -> Fetched:
        return await self._sends.fetch_media(media, most_bytes=most_bytes)

    async def _take_webhook(self) -> None:
        """Have updates brought, in place of whatever was agreed on before. What waits is brought too."""
        secret = self.config.webhook_secret
        assert secret is not None  # noqa: S101 -- the configuration has none without
        # Telegram never shows the secret that it has, so it is told at each start
        await self._client.call(
            "setWebhook",
            {
                "url": self.config.webhook_url,
                "secret_token": secret.get_secret_value(),
                "allowed_updates": READ,
                "drop_pending_updates": False,
            },
        )
        told = _object(await self._client.call("getWebhookInfo"))
        if text_at(told, "url") != self.config.webhook_url:
            raise SendDeferred(
                "Telegram brings updates to another address; another daemon may have this bot",
                backoff=OUTAGE,
                scope="number",
            )

    async def _leave_webhook(self) -> None:
        """As long as there is one, Telegram answers no questions for updates."""
        told = _object(await self._client.call("getWebhookInfo"))
        if text_at(told, "url"):
            await self._client.call("deleteWebhook", {"drop_pending_updates": False})


def _object(answer: Any) -> Node:
    if not isinstance(answer, dict):
        raise SendDeferred("Telegram's answer can't be read", backoff=OUTAGE, scope="number")
    return answer
