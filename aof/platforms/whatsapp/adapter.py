"""WhatsApp through Meta's Cloud API: one business number."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import ClassVar, Literal, TypedDict

import aiohttp

from aof.domain.delivery import Remedy
from aof.domain.errors import SendDeferred, SendHeld, SendUncertain
from aof.domain.message import Address, InboundEvent, Media
from aof.domain.response import DocumentPart, MediaPart, Part, TemplatePart
from aof.formatting.markup import Markup
from aof.platforms.base import NO_HEADERS, Fetched, TriggerPlatform
from aof.platforms.session import BeforeRequest, announce, beginning, patience
from aof.platforms.whatsapp import media as media_api
from aof.platforms.whatsapp import payloads
from aof.platforms.whatsapp.answers import message_id
from aof.platforms.whatsapp.config import WhatsAppConfig
from aof.platforms.whatsapp.errors import UNREACHABLE, remedy_of
from aof.platforms.whatsapp.graph import Graph
from aof.platforms.whatsapp.limits import LIMITS, RATES, TYPING_LASTS, WINDOW
from aof.platforms.whatsapp.parse import events_again, events_of
from aof.platforms.whatsapp.versions import version_warning
from aof.texts.language import Language

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})")


class _Place(TypedDict):
    """Where webhooks arrive."""

    platform: str
    account: str
    phone_number_id: str
    business_account_id: str | None


class WhatsAppPlatform(TriggerPlatform[WhatsAppConfig]):
    """One WhatsApp business number: reads Meta's webhooks, sends through the Graph API."""

    name = "whatsapp"
    config_model = WhatsAppConfig
    limits = LIMITS
    markup = Markup.WHATSAPP
    rates = RATES
    window: ClassVar[timedelta | None] = WINDOW
    signature_header = "X-Hub-Signature-256"
    typing_lasts: ClassVar[timedelta] = TYPING_LASTS

    request_timeout_seconds: float = 30
    """Until a request without an answer counts as uncertain; a third of it until one without a connection counts as
    not sent."""

    def __init__(self, config: WhatsAppConfig, http: aiohttp.ClientSession) -> None:
        super().__init__(config, http)
        secrets = [secret.get_secret_value() for secret in config.app_secret]
        self._keyed = [hmac.new(secret.encode(), digestmod=hashlib.sha256) for secret in secrets if secret]
        self._graph = Graph(config, http)
        self._messages = self._graph.url(config.phone_number_id, "messages")

    @property
    def long_text(self) -> Literal["split", "truncate"]:
        return self.config.long_text

    @classmethod
    def doubts(cls, config: WhatsAppConfig, today: date) -> Sequence[tuple[str, str]]:
        warning = version_warning(config.api_version, today)
        return (("api_version", warning.rstrip(".")),) if warning else ()

    @property
    def account(self) -> str:
        return f"whatsapp:{self.config.phone_number_id}"

    def verify_webhook(self, mode: str, token: str, challenge: str) -> str | None:
        expected = self.config.verify_token.get_secret_value().encode()
        same = hmac.compare_digest(expected, token.encode("utf-8", "surrogatepass"))
        return challenge if expected and same and mode == "subscribe" else None

    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = NO_HEADERS) -> bool:
        found = _SIGNATURE.fullmatch(signature)
        if found is None:
            return False
        given = found.group(1)
        # both secrets are always tried, so the time does not tell which of them is in use
        signed = [hmac.compare_digest(_signed(keyed, payload), given) for keyed in self._keyed]
        return any(signed)

    def parse_message(self, payload: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Sequence[InboundEvent]:
        return events_of(payload, **self._place)

    def read_again(self, raw: bytes) -> Sequence[InboundEvent]:
        return events_again(raw, **self._place)

    @property
    def _place(self) -> "_Place":
        return _Place(
            platform=self.name,
            account=self.account,
            phone_number_id=self.config.phone_number_id,
            business_account_id=self.config.business_account_id,
        )

    def opt_in(self, language: Language) -> TemplatePart | None:
        template = self.config.templates.opt_in
        return TemplatePart(name=template.name, language=template.code(language)) if template else None

    def held_by(self) -> SendHeld | None:
        reason = self.config.closed_by
        return SendHeld("live_send", reason) if reason else None

    def remedy(self, code: int) -> Remedy:
        return remedy_of(code)

    def nudge(self, language: Language) -> TemplatePart | None:
        template = self.config.templates.nudge
        return TemplatePart(name=template.name, language=template.code(language)) if template else None

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        if held := self.held_by():
            raise held
        if isinstance(part, DocumentPart):
            media_id = await self.upload(part.name, part.mime_type, part.text.encode("utf-8", "replace"))
            part = MediaPart(kind="document", id=media_id, caption=part.caption, filename=part.name)
        body = payloads.message(to, part, part_id=part_id, reply_to=reply_to)
        status, answer, headers = await self._post(body, before_request)
        accepted = message_id(answer) if status == 200 else None
        if accepted is None:
            raise self._graph.refusal(status, answer, headers)
        return accepted

    async def show_typing(self, to: Address, message_id: str) -> None:
        if self.held_by():
            return
        status, answer, headers = await self._post(payloads.typing(message_id))
        if status != 200:
            raise self._graph.refusal(status, answer, headers)

    async def fetch_media(self, media: Media, *, most_bytes: int) -> Fetched:
        return await media_api.fetch(self._graph, media, most_bytes=most_bytes, seconds=self.request_timeout_seconds)

    async def upload(self, name: str, mime_type: str, content: bytes) -> str:
        if held := self.held_by():
            raise held
        return await media_api.upload(self._graph, name, mime_type, content, seconds=self.request_timeout_seconds)

    async def _post(
        self, body: payloads.Json, before_request: BeforeRequest | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of Meta's answer to one POST.

        Raises:
            SendDeferred: No connection came about, so nothing was written.
            SendUncertain: The connection broke, or stayed silent, after it had come about.
        """
        before_request = await announce(self.http, before_request)
        try:
            async with self.http.post(
                self._messages,
                # by default json.dumps escapes all but ASCII, so half a surrogate pair can't break the request
                data=json.dumps(body).encode("ascii"),
                headers={**self._graph.headers(), "Content-Type": "application/json"},
                allow_redirects=False,
                raise_for_status=False,
                timeout=patience(self.request_timeout_seconds),
                trace_request_ctx=before_request,
            ) as response:
                return response.status, await beginning(response), dict(response.headers)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise SendDeferred(
                "Meta can't be reached", backoff=UNREACHABLE, scope="number", details=self._graph.cause(error)
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendUncertain(
                "the connection to Meta broke, or stayed silent", details=self._graph.cause(error)
            ) from None


def _signed(keyed: hmac.HMAC, payload: bytes) -> str:
    # hmac.digest would let go of the interpreter even for a small body, and wait for it behind the store's thread
    signing = keyed.copy()
    signing.update(payload)
    return signing.hexdigest()
