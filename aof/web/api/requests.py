"""What every request of a program goes through: its token, the size and the form of its body, one line in the log."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from aof.domain.errors import AofError
from aof.logs import get
from aof.web.answers import error

log = get(__name__)

MOST_BYTES = 64 * 1024
"""Of a body."""
BODY_SECONDS = 10.0
PREFIX = "/api/"
"""Of every path here; none of them is opened by the token of the other pages of this port."""
OFF = "the API is off; write spec.operator.api_token_env and the name of a variable with 16 characters or more"

ModelT = TypeVar("ModelT", bound=BaseModel)
Work = Callable[[web.Request], Awaitable[web.Response]]

_PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "wants a text",
    "string_too_short": "is empty",
    "string_pattern_mismatch": "has signs that can't stand there, or is too long",
    "model_type": "wants an object with keys",
    "model_attributes_type": "wants an object with keys",
    "tuple_type": "wants a list",
    "json_invalid": "is not JSON in UTF-8",
}


class Refused(AofError):
    """A request that is answered with an error."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(str(response.status))
        self.response = response


def guarded(token: str | None, route: str, work: Work) -> Work:
    """The work of a route, behind the programs' token.

    Args:
        token: None: the API is off.
        route: As the log calls it.
    """

    async def served(request: web.Request) -> web.Response:
        response = await _answer(request)
        log.info("api_answered", route=route, method=request.method, status=response.status)
        return response

    async def _answer(request: web.Request) -> web.Response:
        if token is None:
            return error(503, OFF)
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, f"Bearer {token}".encode()):
            return error(401, "this address needs the token of programs", **{"WWW-Authenticate": "Bearer"})
        try:
            return await work(request)
        except Refused as refused:
            return refused.response

    return served


async def body_of(request: web.Request, model: type[ModelT]) -> ModelT:
    """The body of a request.

    Raises:
        Refused: It is too large, too slow, no JSON, or not of the form.
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _read(request)
    except TimeoutError:
        raise Refused(error(408, "the body took too long")) from None
    except (web.RequestPayloadError, ConnectionError):
        raise Refused(error(400, "the body ended early, or its chunks are broken")) from None
    try:
        return model.model_validate_json(body)
    except ValidationError as misfit:
        problems = [_problem(one) for one in misfit.errors(include_url=False, include_input=False)]
        text = "the body can't be used: " + "; ".join(
            f"{one['field'] or 'it'} {one['problem']}" for one in problems[:3]
        )
        raise Refused(web.json_response({"error": text, "problems": problems[:20]}, status=400)) from None


async def _read(request: web.Request) -> bytes:
    too_large = error(413, f"the body is larger than {MOST_BYTES // 1024} KiB")
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(too_large)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Refused(too_large)
    return bytes(body)


def _problem(found: object) -> dict[str, str]:
    assert isinstance(found, dict)  # noqa: S101 -- pydantic's own form
    kind, bounds = found["type"], found.get("ctx", {})
    if kind == "value_error":
        problem = str(bounds["error"])
    elif kind == "string_too_long":
        problem = f"is longer than {bounds['max_length']} characters"
    elif kind == "too_long":
        problem = f"has more than {bounds['max_length']} entries"
    elif kind in {"enum", "literal_error"}:
        problem = f"wants one of {bounds['expected']}"
    else:
        problem = _PROBLEMS.get(kind, "can't be used")
    return {"field": ".".join(str(step)[:80] for step in found["loc"]), "problem": problem}
