"""The HTTP platform: events by signed JSON, answers by callback or for who asks."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import aiohttp

from aof.clock import SystemClock
from aof.domain.message import OWN_EVENTS, Address, InboundEvent
from aof.domain.response import Part
from aof.formatting.markup import Markup
from aof.platforms.base import NO_HEADERS, TriggerPlatform
from aof.platforms.http import callback, signing
from aof.platforms.http.config import HTTPConfig
from aof.platforms.http.limits import LIMITS, RATES
from aof.platforms.http.parse import event_of
from aof.platforms.http.payloads import callback_json, part_json
from aof.platforms.session import BeforeRequest

_LAST_SECOND = 253_402_300_799
"""Of the year 9999; Python knows no later one."""


class HTTPPlatform(TriggerPlatform[HTTPConfig]):
    """Programs, each speaking for whomever it names."""

    name = "http"
    config_model = HTTPConfig
    limits = LIMITS
    markup = Markup.PLAIN
    rates = RATES
    signature_header = signing.SIGNATURE
    quotes = True

    request_timeout_seconds: float = 30
    """Until a callback without an answer counts as uncertain; a third of it until one without a connection counts as
    not called."""

    def __init__(self, config: HTTPConfig, http: aiohttp.ClientSession) -> None:
        super().__init__(config, http)
        self._secrets = [secret.get_secret_value().encode() for secret in config.secret]
        self._now: Callable[[], datetime] = SystemClock().now

    @classmethod
    def doubts(cls, config: HTTPConfig, today: date) -> Sequence[tuple[str, str]]:
        if not config.allow_everyone and config.allowed_users is None:
            return (("allowed_users", "is not written, so nobody is listened to"),)
        return ()

    def keep_time(self, now: Callable[[], datetime]) -> None:
        self._now = now

    @property
    def account(self) -> str:
        return f"http:{self.config.name}"

    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        return signing.is_signed(
            self._secrets,
            payload,
            signature,
            signing.told(headers),
            now=self._now(),
            within=self.config.replay_window,
        )

    def verify_question(self, target: str, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        return self.verify_signature(target.encode("utf-8", "surrogateescape"), signature, headers)

    def parse_message(self, payload: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Sequence[InboundEvent]:
        signed_at = signing.signed_at(signing.told(headers))
        is_time = signed_at is not None and signed_at <= _LAST_SECOND
        sent_at = datetime.fromtimestamp(signed_at or 0, UTC) if is_time else self._now()
        return [event_of(payload, account=self.account, sent_at=sent_at)]

    def as_json(self, part: Part) -> dict[str, Any]:
        return part_json(part)

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        url, secret = self.config.callback_url, self.config.callback_secret
        if url is None or secret is None:
            # it stands in the ledger, where whoever wants it asks for it
            if before_request is not None:
                await before_request()
            return part_id
        answers = None if (reply_to or "").startswith(OWN_EVENTS) else reply_to
        # half a surrogate pair can't break the request: by default json.dumps escapes all but ASCII
        body = json.dumps(callback_json(to, part, part_id=part_id, reply_to=answers)).encode("ascii")
        await callback.post(
            self.http,
            url,
            secret.get_secret_value(),
            body,
            part_id=part_id,
            now=self._now(),
            seconds=self.request_timeout_seconds,
            before_request=before_request,
        )
        return part_id
