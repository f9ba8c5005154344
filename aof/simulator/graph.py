"""The Graph API over HTTP: paths, bodies, answers, and the faults that strike a send."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from aof.simulator import catalogue, ids, strict_json
from aof.simulator.access import check_proof, check_token
from aof.simulator.clock import Clock
from aof.simulator.errors import NOT_JSON, TOO_LARGE, GraphError, Refused, unknown_object, unknown_path
from aof.simulator.faults import Faults
from aof.simulator.late import Late
from aof.simulator.media_api import MediaApi
from aof.simulator.sends import Accepted, Sends
from aof.simulator.settings import Settings
from aof.simulator.wire import Exchange, Wire, shown_body

Json = dict[str, Any]
log = logging.getLogger(__name__)

PATH = re.compile(r"/(?P<version>v\d{1,3}\.\d{1,2})/(?P<object>[^/]{1,200})(?:/(?P<edge>[^/]{1,100}))?/?")
BODY_MOST = 4 * 1024 * 1024
"""Bytes of a JSON body."""
BAD_GATEWAY = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
SENDING_FAULTS = ("429", "502", "500", "error")


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, and what follows it."""

    status: int
    body: Json | str | bytes
    content_type: str = "application/json"
    carry: Callable[[], None] = field(default=lambda: None)
    ending: str = "answered"
    """`answered`, `never` or `cut`."""
    slow_seconds: float = 0


class Graph:
    """Every request that is not for the control API."""

    def __init__(
        self, settings: Settings, clock: Clock, sends: Sends, media: MediaApi, faults: Faults, wire: Wire
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._sends = sends
        self._media = media
        self._faults = faults
        self._wire = wire
        self.late = Late(wire, clock)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and note it on the wire."""
        exchange = self._wire.open("request", request.method, request.path_qs, request.headers, None, self._clock.now())
        try:
            answer = await self._answer(request, exchange)
        except Refused as refused:
            exchange.field = refused.error.field
            answer = _refusal(refused.error)
        except (asyncio.CancelledError, ConnectionError):
            self._wire.close_exchange(exchange, "client gone")
            raise
        except web.RequestPayloadError:
            answer = _refusal(NOT_JSON)
        except Exception:  # a fault of the simulator's own must look like Meta's, never like a traceback
            log.exception("simulator_failed")
            answer = _refusal(catalogue.answer(131000))
        return await self._write(request, exchange, answer)

    # -- finding the answer -------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request, exchange: Exchange) -> Answer:
        if request.path == self._media.download_path:
            self._check_token(request)
            return self._content(self._media.content(request.query))
        found = PATH.fullmatch(request.path)
        if found is None:
            raise Refused(unknown_path(request.path[:200]))
        routes: dict[tuple[str, str | None], Callable[[web.Request, Exchange, str], Awaitable[Answer]]] = {
            ("POST", "messages"): self._post_message,
            ("POST", "media"): self._post_media,
            ("GET", None): self._get_object,
            ("DELETE", None): self._delete_object,
        }
        route = routes.get((request.method, found["edge"]))
        if route is None:
            self._check_token(request)
            raise Refused(
                unknown_object(found["object"], request.method)
                if found["edge"] is None
                else unknown_path(f"/{found['edge']}")
            )
        return await route(request, exchange, found["object"])

    async def _post_message(self, request: web.Request, exchange: Exchange, object_id: str) -> Answer:
        raw = await _read(request)
        exchange.body = shown_body(raw)
        self._check_token(request)
        # Graph reads parameters from a JSON body only when its type says so.
        body = _parsed(raw) if request.content_type == "application/json" else {}
        check_proof(self._settings, request.query, body)
        self._check_number(object_id, "post")
        if isinstance(body, dict):
            body = {key: value for key, value in body.items() if key != "appsecret_proof"}
        is_mark = isinstance(body, dict) and "status" in body
        if not is_mark and (struck := self._struck()) is not None:
            return struck
        return self._accepted(self._sends.accept(body))

    def _struck(self) -> Answer | None:
        """The answer of a fault that refuses a send before it is looked at."""
        for name in SENDING_FAULTS:
            fault = self._faults.take(name)
            if fault is None:
                continue
            match name:
                case "429":
                    return _refusal(catalogue.answer(130429), status=429)
                case "502":
                    return Answer(502, BAD_GATEWAY, "text/html")
                case "500":
                    return _refusal(catalogue.answer(131000))
            code = int(fault.amount)
            if code in catalogue.CODES:
                return _refusal(catalogue.answer(code, fault.details), status=fault.status)
            return _refusal(GraphError(fault.status or 400, code, f"(#{code}) Unknown error", fault.details))
        return None

    def _accepted(self, accepted: Accepted) -> Answer:
        if not accepted.is_message:
            return Answer(200, accepted.answer, carry=accepted.carry)
        if self._faults.take("timeout_after_accept"):
            return Answer(200, accepted.answer, carry=accepted.carry, ending="never")
        if self._faults.take("cut_after_accept"):
            return Answer(200, accepted.answer, carry=accepted.carry, ending="cut")
        slow = self._faults.take("slow_seconds")
        return Answer(200, accepted.answer, carry=accepted.carry, slow_seconds=slow.amount if slow else 0)

    async def _post_media(self, request: web.Request, exchange: Exchange, object_id: str) -> Answer:
        self._check_token(request)
        check_proof(self._settings, request.query, None)
        self._check_number(object_id, "post")
        exchange.body = "<multipart>"
        return Answer(200, await self._media.upload(request))

    async def _get_object(self, request: web.Request, exchange: Exchange, object_id: str) -> Answer:
        self._check_token(request)
        check_proof(self._settings, request.query, None)
        if object_id == self._settings.phone_number_id:
            return Answer(200, _number(self._settings, request.query.get("fields")))
        return Answer(200, self._media.describe(object_id, str(request.url.origin())))

    async def _delete_object(self, request: web.Request, exchange: Exchange, object_id: str) -> Answer:
        self._check_token(request)
        check_proof(self._settings, request.query, None)
        return Answer(200, self._media.delete(object_id))

    def _content(self, found: tuple[bytes, str] | None) -> Answer:
        return Answer(404, "", "text/plain") if found is None else Answer(200, *found)

    def _check_token(self, request: web.Request) -> None:
        check_token(self._settings, self._faults, request.headers.get("Authorization", ""), self._clock.now())

    def _check_number(self, object_id: str, method: str) -> None:
        if object_id != self._settings.phone_number_id:
            raise Refused(unknown_object(object_id, method))

    # -- writing it ---------------------------------------------------------------------------------------------

    async def _write(self, request: web.Request, exchange: Exchange, answer: Answer) -> web.StreamResponse:
        response = _response(answer)
        if answer.ending != "answered" or answer.slow_seconds:
            answer.carry()
            ending, slow_seconds = answer.ending, answer.slow_seconds
            return await self.late.write(
                request, exchange, response, _shown(answer), ending=ending, slow_seconds=slow_seconds
            )
        try:
            await response.prepare(request)
            await response.write_eof()
            self._wire.close_exchange(exchange, "answered", answer.status, _shown(answer))
        except (ConnectionError, asyncio.CancelledError):
            self._wire.close_exchange(exchange, "client gone", answer.status, _shown(answer))
            raise
        finally:
            answer.carry()
        return response


def _refusal(error: GraphError, status: int | None = None) -> Answer:
    return Answer(status or error.status, error.body(ids.trace_id()))


def _response(answer: Answer) -> web.Response:
    body = answer.body
    if isinstance(body, dict):
        return web.json_response(body, status=answer.status)
    if isinstance(body, bytes):
        return web.Response(body=body, status=answer.status, headers={"Content-Type": answer.content_type})
    return web.Response(text=body, status=answer.status, content_type=answer.content_type)


def _shown(answer: Answer) -> Any:
    return f"<{len(answer.body)} bytes>" if isinstance(answer.body, bytes) else answer.body


async def _read(request: web.Request) -> bytes:
    """The whole body.

    Raises:
        Refused: It is larger than 4 MiB.
    """
    pieces = bytearray()
    async for piece in request.content.iter_chunked(64 * 1024):
        pieces += piece
        if len(pieces) > BODY_MOST:
            raise Refused(TOO_LARGE)
    return bytes(pieces)


def _parsed(raw: bytes) -> object:
    try:
        return strict_json.loads(raw)
    except ValueError as error:
        raise Refused(NOT_JSON) from error


def _number(settings: Settings, fields: str | None) -> Json:
    """`GET /{phone_number_id}`: the fields asked for, by default all."""
    known: Json = {
        "verified_name": "Simulated business",
        "code_verification_status": "VERIFIED",
        "display_phone_number": settings.display_phone_number,
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "status": "CONNECTED",
    }
    asked = fields.split(",") if fields else list(known)
    return {name: known[name] for name in asked if name in known} | {"id": settings.phone_number_id}
