"""A bot that is introduced to Telegram, brought its updates, or asks for them."""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from aof.domain.errors import AccountStopped, SendDeferred, SendRefused
from aof.domain.message import InboundMessage
from aof.platforms.base import (
    AnswersPresses,
    Connects,
    Edits,
    FetchesMedia,
    InvitesByLink,
    Polls,
    PublishesMenu,
    ReadsAgain,
    ShowsProgress,
    ShowsTyping,
)
from aof.platforms.session import open_session
from aof.platforms.telegram import TelegramConfig, TelegramPlatform
from aof.platforms.telegram.parse import READ
from tests.unit.platforms.telegram.updates import BOT, GROUP, Json, body, message

TOKEN = "9001:AAplanted-token_0123456789abcdefghij"
SECRET = "planted-webhook-secret"
ADDRESS = "https://bot.example.org/webhook/telegram"
WEBHOOK = {"webhook_url": ADDRESS, "webhook_secret": SECRET}


class Server:
    """Keeps what it is asked, and knows of one webhook."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.webhook = ""
        self.updates: list[Any] = []
        self.keeps_webhook = False
        """Somebody else sets it again at once."""
        self.refuses: dict[str, tuple[int, str]] = {}

    @property
    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    async def answer(self, request: web.Request) -> web.Response:
        method, params = request.match_info["method"], await request.json()
        self.calls.append((method, params))
        if request.match_info["token"] != TOKEN:
            return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        if method in self.refuses:
            code, why = self.refuses[method]
            return web.json_response({"ok": False, "error_code": code, "description": why}, status=code)
        return web.json_response({"ok": True, "result": self._result(method, params)})

    def _result(self, method: str, params: Json) -> Any:
        match method:
            case "getMe":
                return BOT
            case "getWebhookInfo":
                return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 3}
            case "setWebhook" if not self.keeps_webhook:
                self.webhook = params["url"]
            case "deleteWebhook":
                self.webhook = ""
            case "getUpdates":
                return self.updates
        return True


@pytest.fixture
def server() -> Server:
    return Server()


Build = Callable[..., TelegramPlatform]


@pytest.fixture
async def build(server: Server) -> AsyncIterator[Build]:
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", server.answer)
    async with TestServer(app) as listening, open_session() as http:

        def made(**changes: Any) -> TelegramPlatform:
            address = str(listening.make_url("")).rstrip("/")
            given: Mapping[str, Any] = {"bot_token": TOKEN, "api_url": address, "allow_everyone": True, **changes}
            return TelegramPlatform(TelegramConfig.model_validate(given), http)

        yield made


def unconnected(**changes: Any) -> TelegramPlatform:
    config = TelegramConfig.model_validate({"bot_token": TOKEN, **changes})
    return TelegramPlatform(config, cast("aiohttp.ClientSession", None))


def test_a_bot_can_do_what_telegram_can() -> None:
    platform = unconnected()
    assert platform.account == "telegram:9001"
    assert (platform.window, platform.polls, platform.is_connected) == (None, True, False)
    for capability in (
        AnswersPresses,
        Connects,
        Edits,
        FetchesMedia,
        InvitesByLink,
        Polls,
        PublishesMenu,
        ReadsAgain,
        ShowsProgress,
        ShowsTyping,
    ):
        assert isinstance(platform, capability)


@pytest.mark.parametrize(("rich", "shows"), [("auto", True), ("on", True), ("off", False)])
def test_the_source_of_a_part_is_of_use_where_rich_messages_are(rich: str, shows: bool) -> None:
    assert unconnected(rich=rich).shows_source is shows


def test_an_address_that_is_not_used_is_a_doubt() -> None:
    today = date(2026, 11, 27)
    assert TelegramPlatform.doubts(unconnected(**WEBHOOK).config, today) == ()
    assert TelegramPlatform.doubts(unconnected().config, today) == ()
    ((key, words),) = TelegramPlatform.doubts(unconnected(**WEBHOOK, mode="polling").config, today)
    assert key == "webhook_url"
    assert "polling" in words


# --- introduced


async def test_a_webhook_is_set_at_each_start_and_drops_nothing(server: Server, build: Build) -> None:
    server.webhook = ADDRESS
    platform = build(**WEBHOOK)
    await platform.connect()
    assert platform.is_connected
    assert re.fullmatch(r"https://t\.me/[a-z0-9_]+\?start=x-Y_9", platform.invite_link("x-Y_9"))
    assert server.methods == ["getMe", "setWebhook", "getWebhookInfo"]
    assert server.calls[1][1] == {
        "url": ADDRESS,
        "secret_token": SECRET,
        "allowed_updates": list(READ),
        "drop_pending_updates": False,
    }


async def test_a_webhook_that_somebody_else_holds_is_told_again_later(server: Server, build: Build) -> None:
    server.webhook, server.keeps_webhook = "https://elsewhere.example.org/", True
    with pytest.raises(SendDeferred, match="another address"):
        await build(**WEBHOOK).connect()


@pytest.mark.parametrize(
    ("before", "methods"),
    [("", ["getMe", "getWebhookInfo"]), (ADDRESS, ["getMe", "getWebhookInfo", "deleteWebhook"])],
)
async def test_who_asks_needs_no_webhook(server: Server, build: Build, before: str, methods: Sequence[str]) -> None:
    server.webhook = before
    await build().connect()
    assert server.methods == methods
    assert all(
        params == {"drop_pending_updates": False} for method, params in server.calls if method == "deleteWebhook"
    )


async def test_a_withdrawn_token_and_an_unfit_address_are_told(server: Server, build: Build) -> None:
    with pytest.raises(AccountStopped) as stopped:
        await build(bot_token="9001:another-token").connect()
    assert "another-token" not in str(stopped.value)
    server.refuses["setWebhook"] = (400, "Bad Request: bad webhook: failed to resolve host")
    platform = build(**WEBHOOK)
    with pytest.raises(SendRefused, match="resolve host"):
        await platform.connect()


async def test_the_bots_own_name_is_known_once_it_is_introduced(build: Build) -> None:
    platform = build()
    await platform.connect()
    (ours,) = platform.parse_message(body("message", message("/status@ops_example_bot", chat=GROUP)))
    (theirs,) = platform.parse_message(body("message", message("/status@ops_other_bot", chat=GROUP)))
    assert isinstance(ours, InboundMessage)
    assert isinstance(theirs, InboundMessage)
    assert (ours.text, ours.addressed, theirs.addressed) == ("/status", True, False)


# --- brought


def test_a_webhook_shows_the_secret_and_nothing_else_is_believed() -> None:
    platform = unconnected(**WEBHOOK)
    assert platform.verify_signature(b"any body", SECRET)
    for wrong in ("", SECRET[:-1], SECRET + "x", SECRET.upper(), "é", "\udcff", f"sha256={SECRET}"):
        assert not platform.verify_signature(b"any body", wrong)


@pytest.mark.parametrize("said", [{}, {**WEBHOOK, "mode": "polling"}, {"webhook_secret": SECRET}])
def test_who_asks_takes_no_webhook(said: Json) -> None:
    platform = unconnected(**said)
    assert not platform.verify_signature(b"{}", SECRET)
    assert not platform.verify_signature(b"{}", "")


# --- asked for


async def test_each_update_is_passed_on_by_itself_with_its_number(server: Server, build: Build) -> None:
    server.updates = [
        {"update_id": 7, "message": message("disk مرحبا")},
        {"update_id": 8, "hologram": {}},
        {"update_id": "9", "message": message("again", number=8)},
    ]
    platform = build()
    found = await platform.poll(6)
    assert [number for number, _ in found] == [7, 8, 9]
    assert [json.loads(update) for _, update in found] == server.updates
    assert server.calls == [
        ("getUpdates", {"timeout": 50, "limit": 100, "allowed_updates": list(READ), "offset": 7}),
    ]
    kinds = [event.kind for _, update in found for event in platform.parse_message(update)]
    assert kinds == ["message", "unreadable", "message"]


async def test_an_update_without_a_number_is_left_behind_all_the_same(server: Server, build: Build) -> None:
    server.updates = ["poison", {"update_id": 7, "message": {}}, {"message": {}}, {"update_id": True}]
    found = await build().poll(5)
    assert [number for number, _ in found] == [6, 7, 8, 9]


async def test_the_first_question_is_for_all_that_waits(server: Server, build: Build) -> None:
    assert await build().poll(None) == []
    assert "offset" not in server.calls[0][1]


async def test_another_daemon_that_asks_is_waited_for(server: Server, build: Build) -> None:
    server.refuses["getUpdates"] = (409, "Conflict: terminated by other getUpdates request")
    with pytest.raises(SendDeferred) as caught:
        await build().poll(None)
    assert caught.value.code == 409
