"""Serves a script over HTTP as a vendor would serve a model: OpenAI's chat completions, plain and streamed."""

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from aiohttp import web

from aof.simulator.clock import Clock, RunningClock
from aof.simulator.listening import end
from aof.simulator.model import errors
from aof.simulator.model.asked import Asked
from aof.simulator.model.completion import Completion
from aof.simulator.model.counts import Count
from aof.simulator.model.delivery import deliver, dropped
from aof.simulator.model.errors import ApiError, Refused
from aof.simulator.model.faults import Faults
from aof.simulator.model.holds import Held
from aof.simulator.model.request import check_request
from aof.simulator.model.script import Answer, WrongScript, said_to
from aof.simulator.strict_json import loads

BODY_MOST = 32 * 1024 * 1024
"""Bytes of a request; pictures travel in base64."""
STOP_SECONDS = 1.0
"""Real seconds that open requests have to end when it stops."""


class ModelServer:
    """One model of one vendor; what it says comes from `answer`, a `Script` or any function."""

    def __init__(
        self, answer: Answer, *, api_key: str = "test", model: str = "scripted", clock: Clock | None = None
    ) -> None:
        self._answer = answer
        self._api_key = api_key
        self.model = model
        self._clock = clock or RunningClock()
        self.faults = Faults()
        self.requests: list[Asked] = []
        """Newest last; those that were refused or struck by a fault are among them."""
        self.url = ""
        """Once started, e.g. `http://127.0.0.1:8091/v1`."""
        self._came = Count()
        self._gone = Count()
        self._holds: deque[Held] = deque()
        self._open: dict[int, web.Request] = {}
        self._closing = False
        self._wrong: WrongScript | None = None
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def disconnects(self) -> int:
        """Clients that went away before their answer was whole."""
        return self._gone.now

    async def asked(self, count: int) -> Asked:
        """Wait until so many requests have come; return the last of these."""
        await self._came.reach(count)
        return self.requests[count - 1]

    async def disconnected(self, count: int) -> None:
        """Wait until so many clients have gone away."""
        await self._gone.reach(count)

    def hold(self, *, after: int | None = None) -> Held:
        """Keep the next answer that is held by nothing else back, before its first byte. With `after`, a streamed one
        is kept back when so many of its pieces are out.
        """
        held = Held(after)
        self._holds.append(held)
        return held

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: It can't listen there.
        """
        self._closing = False
        app = web.Application(client_max_size=BODY_MOST)
        app.router.add_route("*", "/{path:.*}", self._serve)
        app.on_shutdown.append(self._let_go)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        assert self._runner.server is not None  # noqa: S101  # a runner that was set up has one
        try:
            self._server = await asyncio.get_running_loop().create_server(self._runner.server, host, port)
        except OSError:
            await self.stop()
            raise
        listening = self._server.sockets[0].getsockname()[1]
        self.url = f"http://[{host}]:{listening}/v1" if ":" in host else f"http://{host}:{listening}/v1"

    async def stop(self) -> None:
        """End every open request, and the server. It can be started again.

        Raises:
            WrongScript: The script failed since the start.
        """
        if self._server is not None:
            await end(self._server)
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        wrong, self._wrong = self._wrong, None
        if wrong is not None:
            raise wrong

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        except WrongScript:
            if error is None:
                raise

    async def _let_go(self, app: web.Application) -> None:
        self._closing = True
        for request in self._open.values():
            if request.transport is not None:
                request.transport.abort()
        await asyncio.sleep(0)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self._open[id(request)] = request
        try:
            return await self._routed(request)
        except Refused as refused:
            return _refusal(refused.error)
        except web.HTTPRequestEntityTooLarge:
            return _refusal(errors.TOO_LARGE)
        finally:
            self._open.pop(id(request), None)

    async def _routed(self, request: web.Request) -> web.StreamResponse:
        method, path = request.method, request.path
        name = path.removeprefix("/v1/models/")
        methods = {"/v1/chat/completions": "POST", "/v1/models": "GET", f"/v1/models/{name}": "GET"}
        if path not in methods:
            raise Refused(errors.unknown_url(method, path))
        if method != methods[path]:
            raise Refused(errors.wrong_method(method, path))
        self._check_key(request.headers.get("Authorization", ""))
        if path == "/v1/chat/completions":
            return await self._complete(request)
        shown = {"id": self.model, "object": "model", "created": 0, "owned_by": "system"}
        if path == "/v1/models":
            return web.json_response({"object": "list", "data": [shown]})
        if name != self.model:
            raise Refused(errors.unknown_model(name))
        return web.json_response(shown)

    def _check_key(self, authorization: str) -> None:
        scheme, _, key = authorization.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise Refused(errors.NO_KEY)
        if key != self._api_key:
            raise Refused(errors.wrong_key(key))

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        try:
            body = loads(await request.read())
        except ValueError:
            raise Refused(errors.NOT_JSON) from None
        if not isinstance(body, dict):
            raise Refused(errors.NOT_JSON)
        asked = Asked(body, request.headers.copy(), self._clock.now())
        self.requests.append(asked)
        self._came.add()
        try:
            return await self._answered(request, asked, len(self.requests))
        except Refused as refused:
            asked.status = refused.error.status
            raise
        except (asyncio.CancelledError, ConnectionError):
            if not self._closing:
                self._gone.add()
            raise

    async def _answered(self, request: web.Request, asked: Asked, number: int) -> web.StreamResponse:
        check_request(asked.body, self.model)
        fault = self.faults.take()
        if fault is not None:
            if (error := fault.refusal(asked.body)) is not None:
                raise Refused(error)
            if fault.kind == "hang":
                await asyncio.Event().wait()
            if fault.kind == "cut_before_answer":
                return dropped(request)
        try:
            said = said_to(asked.body, self._answer)
        except WrongScript as wrong:
            self._wrong = self._wrong or wrong
            raise Refused(ApiError(400, f"The script is wrong: {wrong}", type="script_error")) from wrong
        completion = Completion(said, asked.body, number=number, created=int(asked.at.timestamp()))
        held = self._holds.popleft() if self._holds else None
        return await deliver(request, asked, completion, held=held, fault=fault)


def _refusal(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.status, headers=error.headers)
