"""The console as a platform: it is polled for what is typed, and a part is sent by printing it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from aof.clock import SystemClock
from aof.domain.errors import AccountStopped, PayloadRejected
from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.domain.message import Address, ButtonPress, InboundEvent, InboundMessage, Sender
from aof.domain.response import Part
from aof.formatting.markup import Markup
from aof.platforms.base import NO_HEADERS, Rates, TriggerPlatform
from aof.platforms.console.config import ConsoleConfig
from aof.platforms.console.seat import ACCOUNT
from aof.platforms.session import BeforeRequest

_OURS = "our own choice"
_TEXT = Limit(65_536, Unit.CODE_POINTS, _OURS)
_LINE = Limit(256, Unit.CODE_POINTS, _OURS)

LIMITS = PlatformLimits(
    text=_TEXT,
    body=_TEXT,
    buttons=ChoiceLimits(most=100, id=_LINE, title=_LINE, description=_LINE),
    rows=None,
    list_label=None,
)


class ConsolePlatform(TriggerPlatform[ConsoleConfig]):
    """One person at one terminal. No webhook is believed: nothing comes in but what they type."""

    name = "console"
    config_model = ConsoleConfig
    limits = LIMITS
    markup = Markup.PLAIN
    rates = Rates(per_second=1000, pair_burst=1000, pair_refill=timedelta(milliseconds=1))
    signature_header = "X-AOF-Console"
    polls = True

    def __init__(self, config: ConsoleConfig, http: aiohttp.ClientSession) -> None:
        super().__init__(config, http)
        self._now: Callable[[], datetime] = SystemClock().now

    def keep_time(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @property
    def account(self) -> str:
        return ACCOUNT

    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        return False

    async def poll(self, after: int | None) -> Sequence[tuple[int, bytes]]:
        seat = self.config.seat
        return [await seat.next()] if seat is not None else []

    def parse_message(self, payload: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Sequence[InboundEvent]:
        try:
            typed = json.loads(payload)
            person = self.config.allowed_users[0]
            common: dict[str, Any] = {
                "platform": self.name,
                "account": self.account,
                "event_id": typed["id"],
                "chat_id": person,
                "sender": Sender(user_id=person, name=person),
                "sent_at": self._now(),
                "raw": payload.decode("ascii"),
            }
            if "press" in typed:
                press = typed["press"]
                return [ButtonPress(**common, action_id=press["id"], title=press["title"], form="button")]
            return [InboundMessage(**common, text=typed["text"])]
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise PayloadRejected("this was not typed at the terminal") from error

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        if self.config.seat is None:
            raise AccountStopped("nobody sits at the terminal")
        if before_request is not None:
            await before_request()
        self.config.seat.show(part)
        return part_id
