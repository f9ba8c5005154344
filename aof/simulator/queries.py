"""What the control APIs of all platforms read out of a request."""

from typing import Any, TypeVar

from aiohttp import web

from aof.simulator import strict_json
from aof.simulator.journal import Journal, Numbered

Json = dict[str, Any]
E = TypeVar("E", bound=Numbered)
LONGEST_WAIT_SECONDS = 60.0


async def body_of(request: web.Request, *, may_be_empty: bool = False) -> Json:
    """The JSON object that a request carries."""
    raw = await request.read()
    if not raw and may_be_empty:
        return {}
    try:
        body = strict_json.loads(raw)
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"The body is not JSON: {str(error)[:200]}") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="The body is a JSON object.")
    return body


def text_in(body: Json, key: str) -> str:
    """A text that must be there."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise web.HTTPBadRequest(text=f"{key} is missing.")
    return value


def number_in(request: web.Request, key: str) -> float:
    """A number of the query; 0 where it is left out."""
    try:
        value = float(request.query.get(key, "0"))
    except ValueError:
        value = -1
    if not 0 <= value < 1e15:
        raise web.HTTPBadRequest(text=f"{key} is a number from 0.")
    return value


async def newer(request: web.Request, journal: Journal[E]) -> list[E]:
    """What the query asks for: `after` or `changed_after`, and `wait`."""
    wait_seconds = min(number_in(request, "wait"), LONGEST_WAIT_SECONDS)
    if "changed_after" in request.query:
        changed_after = int(number_in(request, "changed_after"))
        return await journal.wait(lambda: journal.changed(changed_after), wait_seconds)
    after = int(number_in(request, "after"))
    return await journal.wait(lambda: journal.newer(after), wait_seconds)
