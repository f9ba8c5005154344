"""JSON answers, and errors without a traceback."""

from aiohttp import web
from aiohttp.typedefs import Handler

from aof.domain.errors import StoreError
from aof.logs import get

log = get(__name__)

_SENTENCES = {
    404: "there is nothing here",
    405: "this address does not take that method",
    413: "the body is larger than 4 MiB",
}


def error(status: int, sentence: str, **headers: str) -> web.Response:
    """`{"error": …}` with a status."""
    return web.json_response({"error": sentence}, status=status, headers=headers)


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is one sentence of JSON; its cause is for the log."""
    try:
        return await handler(request)
    except web.HTTPException as refused:
        if refused.status < 400:
            raise
        taken = {"Allow": refused.headers["Allow"]} if "Allow" in refused.headers else {}
        return error(refused.status, _SENTENCES.get(refused.status, refused.reason.lower()), **taken)
    except StoreError as busy:
        log.warning("store_refused", during="request", path=request.path, reason=str(busy))
        return error(503, "the store can't keep this now; send it again", **{"Retry-After": "5"})
    except Exception:  # the sender is told the truth, 500, and repeats; the traceback stays in the log
        log.exception("request_broken", path=request.path)
        return error(500, "something is wrong here; it is in the log")
