"""The Bot API over HTTP: paths, answers, and the faults that strike a request."""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from aof.simulator.clock import Clock
from aof.simulator.late import Late
from aof.simulator.telegram.bodies import parameters_of
from aof.simulator.telegram.faults import Faults
from aof.simulator.telegram.files import Files
from aof.simulator.telegram.methods import SENDS, Methods
from aof.simulator.telegram.refusals import NO_METHOD, NOT_FOUND, UNAUTHORIZED, Refused, bad, forbidden, too_many
from aof.simulator.telegram.settings import TelegramSettings
from aof.simulator.telegram.table import BY_LOWER_NAME
from aof.simulator.telegram.values import Upload
from aof.simulator.wire import Exchange, Wire

Json = dict[str, Any]
log = logging.getLogger(__name__)

PATH = re.compile(r"/bot(?P<token>[^/]{1,200})/(?P<method>[A-Za-z]{1,64})/?")
FILE_PATH = re.compile(r"/file/bot(?P<token>[^/]{1,200})/(?P<path>.{1,200})")
IN_PATH = re.compile(r"/bot[^/]*")
TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
HIDDEN = "…"
BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
LONGEST_SHOWN = 64 * 1024
SECRETS = frozenset({"secret_token"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: Json | str
    ending: str = "answered"
    """`answered`, `never`, `cut` or `garbled`."""
    slow_seconds: float = 0


class BotApi:
    """Every request that is not for the control API."""

    def __init__(
        self, settings: TelegramSettings, clock: Clock, methods: Methods, files: Files, faults: Faults, wire: Wire
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._methods = methods
        self._files = files
        self._faults = faults
        self._wire = wire
        self.late = Late(wire, clock)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and note it on the wire."""
        url = IN_PATH.sub(f"/bot{HIDDEN}", request.path_qs)
        exchange = self._wire.open("request", request.method, url, request.headers, None, self._clock.now())
        if request.path.startswith("/file/"):
            return self._file(request, exchange)
        try:
            answer = await self._answer(request, exchange)
        except Refused as refused:
            exchange.field = refused.field
            answer = Answer(refused.code, refused.body())
        except (asyncio.CancelledError, ConnectionError):
            self._wire.close_exchange(exchange, "client gone")
            raise
        except web.RequestPayloadError:
            answer = _refusal(bad("can't parse the body"))
        except Exception:  # a fault of the simulator's own must look like Telegram's, never like a traceback
            log.exception("simulator_failed")
            answer = _refusal(Refused(500, "Internal Server Error"))
        return await self._write(request, exchange, answer)

    async def call(self, method: str, parameters: Json) -> None:
        """Carry out a method that stood in the answer of a webhook; nobody learns what became of it."""
        shown = {key: value for key, value in parameters.items() if key != "method"}
        exchange = self._wire.open("request", "", f"/bot{HIDDEN}/{method}", {}, shown, self._clock.now())
        try:
            result, _, unknown = await self._methods.call(_named(method), shown, {})
        except Refused as refused:
            self._wire.close_exchange(exchange, "not answered", refused.code, refused.body())
            return
        exchange.field = _passed_over(unknown)
        self._wire.close_exchange(exchange, "not answered", 200, {"ok": True, "result": result})

    # -- finding the answer -------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request, exchange: Exchange) -> Answer:
        found = PATH.fullmatch(request.path)
        if found is None:
            raise Refused(*NOT_FOUND)
        if request.method not in {"GET", "POST"}:
            raise Refused(405, "Method Not Allowed")
        parameters, files = await parameters_of(request)
        exchange.body = _shown(parameters, files)
        self._wire.touch(exchange)
        self._check_token(found["token"])
        method = _named(found["method"])
        is_send = method in SENDS
        if (struck := self._struck(is_send=is_send, parameters=parameters)) is not None:
            return struck
        result, words, unknown = await self._methods.call(method, parameters, files)
        exchange.field = _passed_over(unknown)
        body: Json = {"ok": True, "result": result} | ({"description": words} if words else {})
        return self._spoilt(body) if is_send else self._garbled(body)

    def _check_token(self, token: str) -> None:
        if token != self._settings.token:
            raise Refused(*(UNAUTHORIZED if TOKEN.fullmatch(token) else NOT_FOUND))
        if self._faults.take("unauthorized"):
            raise Refused(*UNAUTHORIZED)

    def _struck(self, *, is_send: bool, parameters: Json) -> Answer | None:
        """The answer of a fault that strikes before anything is looked at."""
        if self._faults.take("502"):
            return Answer(502, BAD_GATEWAY)
        if self._faults.take("500"):
            return _refusal(Refused(500, "Internal Server Error"))
        if (fault := self._faults.take("error")) is not None:
            code = int(fault.amount)
            return _refusal(Refused(code, fault.details or f"Error {code}"))
        if not is_send:
            return None
        if (fault := self._faults.take("429")) is not None:
            return _refusal(too_many(int(fault.amount)))
        if self._faults.take("blocked"):
            return _refusal(forbidden("bot was blocked by the user"))
        if "parse_mode" in parameters and self._faults.take("parse_error"):
            return _refusal(bad("can't parse entities: by the fault parse_error"))
        return Answer(200, {}, "cut") if self._faults.take("cut") else None

    def _spoilt(self, body: Json) -> Answer:
        """The answer to a send that was taken."""
        if self._faults.take("timeout_after_accept"):
            return Answer(200, body, "never")
        if self._faults.take("cut_after_accept"):
            return Answer(200, body, "cut")
        if (slow := self._faults.take("slow_seconds")) is not None:
            return Answer(200, body, slow_seconds=slow.amount)
        return self._garbled(body)

    def _garbled(self, body: Json) -> Answer:
        return Answer(200, body, "garbled" if self._faults.take("garbled") else "answered")

    # -- writing it ---------------------------------------------------------------------------------------------

    async def _write(self, request: web.Request, exchange: Exchange, answer: Answer) -> web.StreamResponse:
        response = _response(answer)
        if answer.ending in {"never", "cut"} or answer.slow_seconds:
            ending, slow_seconds = answer.ending, answer.slow_seconds
            return await self.late.write(
                request, exchange, response, answer.body, ending=ending, slow_seconds=slow_seconds
            )
        try:
            await response.prepare(request)
            await response.write_eof()
        except (ConnectionError, asyncio.CancelledError):
            self._wire.close_exchange(exchange, "client gone", answer.status, answer.body)
            raise
        self._wire.close_exchange(exchange, answer.ending, answer.status, answer.body)
        return response

    def _file(self, request: web.Request, exchange: Exchange) -> web.Response:
        found = FILE_PATH.fullmatch(request.path)
        file = None
        if found is not None and found["token"] == self._settings.token:
            file = self._files.at_path(found["path"])
        if file is None:
            refused = Refused(*NOT_FOUND)
            self._wire.close_exchange(exchange, "answered", refused.code, refused.body())
            return web.json_response(refused.body(), status=refused.code)
        self._wire.close_exchange(exchange, "answered", 200, f"<{len(file.content)} bytes>")
        return web.Response(body=file.content, content_type="application/octet-stream")


def _named(method: str) -> str:
    """The method as the table spells it.

    Raises:
        Refused: There is none, or none that the simulator knows.
    """
    found = BY_LOWER_NAME.get(method.lower())
    if found is None:
        raise Refused(*NO_METHOD, field=f"{method}: the simulator has no such method")
    return found


def _passed_over(unknown: list[str]) -> str | None:
    return f"passed over in silence: {', '.join(unknown)}"[:500] if unknown else None


def _refusal(refused: Refused) -> Answer:
    return Answer(refused.code, refused.body())


def _response(answer: Answer) -> web.Response:
    if isinstance(answer.body, str):
        return web.Response(text=answer.body, status=answer.status, content_type="text/html")
    if answer.ending == "garbled":
        whole = json.dumps(answer.body)
        return web.Response(text=whole[: len(whole) // 2], content_type="application/json")
    return web.json_response(answer.body, status=answer.status)


def _shown(parameters: Mapping[str, Any], files: Mapping[str, Upload]) -> Json:
    """The parameters as the wire shows them: without secrets, and files by their length."""
    shown: Json = {}
    for name, value in parameters.items():
        is_long = isinstance(value, str) and len(value) > LONGEST_SHOWN
        shown[name] = HIDDEN if name in SECRETS else f"<{len(value)} characters>" if is_long else value
    return shown | {name: f"<{len(file.content)} bytes>" for name, file in files.items()}
