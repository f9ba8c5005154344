"""A second platform for tests that run two at once: it shows in memory what its phones show."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any, ClassVar

import pytest

from aof import plugins
from aof.config.platform import PlatformConfig
from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.domain.message import Address, ButtonPress, InboundEvent, InboundMessage, Sender
from aof.domain.response import EditPart, Part, choices_of
from aof.formatting.markup import Markup
from aof.platforms.base import Rates, TriggerPlatform
from aof.platforms.session import BeforeRequest
from tests.e2e.world import World

NAME = "telegram"
ACCOUNT = f"{NAME}:7000"
_TEXT = Limit(4096, Unit.UTF16, "the test")
_LIMITS = PlatformLimits(
    text=_TEXT,
    body=_TEXT,
    buttons=ChoiceLimits(most=100, id=Limit(64, Unit.BYTES, "the test"), title=Limit(64, Unit.UTF16, "the test")),
    rows=None,
    list_label=None,
)


@dataclass
class Chats:
    """What stands in the chats of the platform, by chat: each message with its id, text, and choices."""

    shown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    edits: list[EditPart] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    """Raised by the next sends."""
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def put(self, chat: str, part: Part) -> str:
        if self.fails:
            raise self.fails.pop(0)
        async with self._changed:
            messages = self.shown.setdefault(chat, [])
            if isinstance(part, EditPart):
                self.edits.append(part)
                found = next(one for one in messages if one["id"] == part.message_id)
                found |= _as_shown(part)
                number = part.message_id
            else:
                number = f"{chat}:{len(messages) + 1}"
                messages.append({"id": number, **_as_shown(part)})
            self._changed.notify_all()
        return number

    async def message(self, chat: str, containing: str) -> dict[str, Any]:
        """The newest message of a chat that contains this, once it is there."""

        def found() -> dict[str, Any] | None:
            return next((one for one in reversed(self.shown.get(chat, [])) if containing in one["text"]), None)

        async with asyncio.timeout(6), self._changed:
            while (message := found()) is None:
                await self._changed.wait()
        return message


def _as_shown(part: Part) -> dict[str, Any]:
    return {"text": getattr(part, "text", ""), "choices": [(one.title, one.id, one.style) for one in choices_of(part)]}


class BesideConfig(PlatformConfig):
    allow_everyone: bool = False
    allowed_numbers: tuple[str, ...] | None = None
    allowed_users: tuple[str, ...] | None = None


class BesidePlatform(TriggerPlatform[BesideConfig]):
    """Its webhooks are events of ours as JSON."""

    name = NAME
    config_model = BesideConfig
    limits = _LIMITS
    markup = Markup.PLAIN
    rates = Rates(per_second=100, pair_burst=20, pair_refill=timedelta(milliseconds=100))
    signature_header = "X-Beside"
    edits: ClassVar[bool] = True
    chats: ClassVar[Chats]

    @property
    def account(self) -> str:
        return ACCOUNT

    def verify_signature(self, payload: bytes, signature: str, headers: Mapping[str, str] = {}) -> bool:
        return signature == "yes"

    def parse_message(self, payload: bytes, headers: Mapping[str, str] = {}) -> Sequence[InboundEvent]:
        node = json.loads(payload)
        kind = {"message": InboundMessage, "press": ButtonPress}[node.pop("kind")]
        return [kind.model_validate(node)]

    async def send_part(
        self,
        to: Address,
        part: Part,
        *,
        part_id: str,
        reply_to: str | None = None,
        before_request: BeforeRequest | None = None,
    ) -> str:
        if before_request is not None:
            await before_request()
        return await self.chats.put(to.chat, part)


@dataclass
class Beside:
    """One person on the second platform."""

    aof: World
    chats: Chats
    user_id: str
    _said: int = 0

    async def types(self, text: str, **node: Any) -> None:
        await self.says({"kind": "message", "text": text, **node})

    async def presses(self, message: Mapping[str, Any], title: str) -> None:
        action_id = next(id_ for name, id_, _ in message["choices"] if name == title)
        await self.says({"kind": "press", "action_id": action_id, "title": title, "form": "callback"})

    async def sees(self, containing: str) -> dict[str, Any]:
        return await self.chats.message(self.user_id, containing)

    def shown(self) -> list[dict[str, Any]]:
        return self.chats.shown.get(self.user_id, [])

    async def says(self, node: dict[str, Any]) -> None:
        self._said += 1
        event = {
            "platform": NAME,
            "account": ACCOUNT,
            "event_id": f"{self.user_id}:in-{self._said}",
            "chat_id": self.user_id,
            "sender": Sender(user_id=self.user_id).model_dump(),
            **node,
        }
        url, headers = f"{self.aof.url}/webhook/{NAME}", {BesidePlatform.signature_header: "yes"}
        async with self.aof.control.post(url, data=json.dumps(event), headers=headers) as response:
            assert response.status == 200, await response.text()


def install(monkeypatch: pytest.MonkeyPatch) -> Chats:
    """Let configurations name it; what it shows is found in what is returned."""
    known = plugins._entries("aof.platforms")
    value = f"{__name__}:{BesidePlatform.__name__}"
    ours = EntryPoint(name=NAME, value=value, group="aof.platforms")
    entries = EntryPoints((*(one for one in known if one.name != NAME), ours))
    agents = plugins._entries("aof.agents")
    monkeypatch.setattr(plugins, "_entries", lambda group: entries if group == "aof.platforms" else agents)
    chats = Chats()
    monkeypatch.setattr(BesidePlatform, "chats", chats, raising=False)
    return chats
