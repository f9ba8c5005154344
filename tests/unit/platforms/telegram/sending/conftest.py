"""A bot's config, a wire on which no request leaves, and a small server of Telegram's shape."""

import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import aiohttp
import aioresponses.core
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aioresponses import aioresponses as WireOfAnswers  # noqa: N812 -- the package names a class like itself

from aof.platforms.session import open_session
from aof.platforms.telegram import TelegramConfig
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.sends import Sends
from tests.conftest import SHARED, absent
from tests.unit.platforms.telegram.sending.bot_api import BotApi
from tests.unit.platforms.whatsapp.conftest import _AnswerOfToday

SECRET = "AAE-planted_secret_half_of_the_token01"
TOKEN = f"7000000001:{SECRET}"
WEBHOOK_SECRET = "planted-webhook-secret-0123"
DESCRIPTION = SHARED / "specs" / "telegram-bot-api-10.3.json"
API_URL = "http://127.0.0.1:18091"

Json = dict[str, Any]
Connect = Callable[..., Client]


def config_of(**changes: Any) -> TelegramConfig:
    given = {"bot_token": TOKEN, "webhook_secret": WEBHOOK_SECRET, "api_url": API_URL, "allow_everyone": True}
    return TelegramConfig.model_validate({**given, **changes})


@pytest.fixture(scope="session")
def described() -> BotApi | None:
    """The methods and types of the Bot API, where the file is there."""
    return BotApi(DESCRIPTION) if DESCRIPTION.is_file() else None


@pytest.fixture
def bot_api(described: BotApi | None) -> BotApi:
    """The same, for tests that skip where it is absent."""
    if described is None:
        absent("samples", f"no {DESCRIPTION}; set AOF_TEST_SHARED to the folder that holds specs/")
    return described


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireOfAnswers]:
    """Answers in place of Telegram's; a request that no answer was laid out for is a connection error."""
    monkeypatch.setattr(aioresponses.core, "ClientResponse", _AnswerOfToday)
    with WireOfAnswers() as answers:
        yield answers


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
def connect(http: aiohttp.ClientSession) -> Connect:
    """A client, with changes to its config."""

    def build(*, seconds: float = 30, **changes: Any) -> Client:
        return Client(config_of(**changes), http, seconds=seconds)

    return build


class Telegram:
    """A server that takes every request, unless it was told how to answer the next one of a method."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.next: dict[str, deque[tuple[int, Json]]] = defaultdict(deque)
        self.files: dict[str, bytes] = {}
        self._numbers = iter(range(100, 100_000))

    def refuse(self, method: str, code: int, description: str, **parameters: int) -> None:
        """Answer the next one of a method with an error."""
        body: Json = {"ok": False, "error_code": code, "description": description}
        self.next[method].append((code, {**body, "parameters": parameters} if parameters else body))

    def app(self) -> web.Application:
        made = web.Application(client_max_size=60 * 1024 * 1024)
        made.router.add_post(f"/bot{TOKEN}/{{method}}", self._call)
        made.router.add_get(f"/file/bot{TOKEN}/{{path:.+}}", self._file)
        return made

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = await _read(request)
        self.calls.append((method, params))
        if self.next[method]:
            status, body = self.next[method].popleft()
            return web.json_response(body, status=status)
        return web.json_response({"ok": True, "result": self._result(method, params)})

    def _result(self, method: str, params: Json) -> Any:
        if method == "getFile":
            return {"file_id": params["file_id"], "file_path": "photos/file_7.jpg", "file_size": 5}
        if method.startswith("send") and method not in {"sendChatAction", "sendMessageDraft"}:
            return {"message_id": next(self._numbers), "date": 1, "chat": {"id": params["chat_id"], "type": "private"}}
        return True

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"])
        return web.Response(status=404) if content is None else web.Response(body=content)


async def _read(request: web.Request) -> Json:
    if request.content_type == "application/json":
        read: Json = await request.json()
        return read
    params: Json = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            params[name] = value.file.read()
            params[f"{name}.name"] = value.filename
            value.file.close()
        else:
            assert isinstance(value, str)
            try:
                params[name] = json.loads(value)
            except ValueError:
                params[name] = value
    return params


@pytest.fixture
def telegram(described: BotApi | None) -> Iterator[Telegram]:
    """Every request that it gets is one that the Bot API's description allows."""
    server = Telegram()
    yield server
    if described is not None:
        files = ("document.name",)
        for method, params in server.calls:
            plain = {name: value for name, value in params.items() if name not in files}
            assert described.problems(method, plain) == []


@pytest.fixture
async def sends(telegram: Telegram, http: aiohttp.ClientSession) -> AsyncIterator[Sends]:
    """What sends to `telegram`, with rich messages where a chat has shown that it can."""
    async with TestServer(telegram.app()) as server:
        yield Sends(Client(config_of(api_url=str(server.make_url("")).rstrip("/")), http), rich="auto")
