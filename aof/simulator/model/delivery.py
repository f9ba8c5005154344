"""Puts an answer on the wire: whole or as server-sent events, held, slow, or cut."""

import asyncio
import json
from typing import Any

from aiohttp import web

from aof.simulator.model.asked import Asked
from aof.simulator.model.completion import Completion
from aof.simulator.model.faults import Fault
from aof.simulator.model.holds import Held


async def deliver(
    request: web.Request, asked: Asked, completion: Completion, *, held: Held | None, fault: Fault | None
) -> web.StreamResponse:
    """Send it.

    Raises:
        ConnectionError: The client is gone.
    """
    streamed = bool(asked.body.get("stream"))
    kind, pause_seconds = (fault.kind, fault.seconds) if fault is not None else ("", 0.0)
    events = [_event(chunk) for chunk in completion.chunks()] + [b"data: [DONE]\n\n"]
    response = web.StreamResponse()
    if not streamed or held is None or held.after is None:
        await _stay(held, asked)
        held = None
    if streamed:
        response.headers["Content-Type"] = "text/event-stream; charset=utf-8"
        pieces = events
    else:
        if kind == "slow":
            await asyncio.sleep(pause_seconds * len(events))
        whole = _written(completion.whole())
        response.headers["Content-Type"] = "application/json"
        response.content_length = len(whole)
        half = len(whole) // 2
        pieces = [whole[:half], whole[half:]]
    await response.prepare(request)
    asked.status = response.status
    for index, piece in enumerate(pieces):
        if held is not None and held.after == index:
            await _stay(held, asked)
        if kind == "cut_within_answer" and index == len(pieces) // 2:
            return dropped(request, response)
        if kind == "slow" and streamed:
            await asyncio.sleep(pause_seconds)
        await response.write(piece)
    await response.write_eof()
    return response


def dropped(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    """Close the connection after what has been written; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.close()
    return response or web.Response()


async def _stay(held: Held | None, asked: Asked) -> None:
    if held is not None:
        await held.stay(asked)


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + _written(chunk) + b"\n\n"


def _written(value: dict[str, Any]) -> bytes:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return written.encode(errors="backslashreplace")  # half a surrogate pair, as JSON escapes it
