"""An adapter with a config of its own, and a wire on which no request leaves."""

from collections.abc import AsyncIterator, Callable, Iterator
from types import SimpleNamespace
from typing import Any

import aiohttp
import aioresponses.core
import pytest
from aioresponses import aioresponses as WireOfAnswers  # noqa: N812 -- the package names a class like itself

from aof.platforms.whatsapp import WhatsAppConfig, WhatsAppPlatform
from tests.unit.platforms.whatsapp.webhooks import OUR_ID

TOKEN = "EAAtestTokenOfTheSystemUser0123456789"
APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY_TOKEN = "our-own-word-for-meta"
API_URL = "http://127.0.0.1:18090"

Configure = Callable[..., WhatsAppConfig]
Connect = Callable[..., WhatsAppPlatform]


def config_of(**changes: Any) -> WhatsAppConfig:
    return WhatsAppConfig.model_validate(
        {
            "phone_number_id": OUR_ID,
            "access_token": TOKEN,
            "verify_token": VERIFY_TOKEN,
            "app_secret": APP_SECRET,
            "api_url": API_URL,
            "allow_everyone": True,
            **changes,
        }
    )


class _AnswerOfToday(aiohttp.ClientResponse):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        # aioresponses 0.7.9 does not know this argument, which aiohttp asks for since 3.14
        named.setdefault("stream_writer", SimpleNamespace(output_size=0))
        super().__init__(*arguments, **named)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireOfAnswers]:
    """Answers in place of Meta's; a request that no answer was laid out for is a connection error."""
    monkeypatch.setattr(aioresponses.core, "ClientResponse", _AnswerOfToday)
    with WireOfAnswers() as answers:
        yield answers


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def connect(http: aiohttp.ClientSession) -> Connect:
    """An adapter, with changes to its config."""

    def build(**changes: Any) -> WhatsAppPlatform:
        return WhatsAppPlatform(config_of(**changes), http)

    return build


@pytest.fixture
def configure() -> Configure:
    return config_of
