"""Reads the parameters of a request, whichever of Telegram's four ways they come."""

from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from aof.simulator import strict_json
from aof.simulator.telegram.files import UPLOAD_MOST
from aof.simulator.telegram.refusals import TOO_LARGE, Refused, bad
from aof.simulator.telegram.values import Upload

Json = dict[str, Any]
BODY_MOST = UPLOAD_MOST + 1024 * 1024


async def parameters_of(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters, as they were written, and files, by name.

    Raises:
        Refused: The body can't be read, or is too large.
    """
    found: Json = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type.startswith("multipart/"):
        await _multipart(request, found, files)
        return found, files
    raw = await _all_of(request.content.iter_chunked(64 * 1024))
    if request.content_type == "application/json" and raw.strip():
        try:
            body = strict_json.loads(raw)
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("expected a JSON object")
        found |= body
    elif request.content_type == "application/x-www-form-urlencoded":
        found |= parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return found, files


async def _multipart(request: web.Request, found: Json, files: dict[str, Upload]) -> None:
    left = BODY_MOST
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                continue
            content = bytearray()
            while piece := await part.read_chunk(64 * 1024):
                content += piece
                if len(content) > left:
                    raise Refused(*TOO_LARGE)
            left -= len(content)
            if part.filename is not None:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                files[part.name] = Upload(part.filename, kind, bytes(content))
            else:
                found[part.name] = content.decode("utf-8", "replace")
    except ValueError:  # what aiohttp's reader says about a malformed body
        raise bad("can't parse multipart body") from None


async def _all_of(pieces: Any) -> bytes:
    raw = bytearray()
    async for piece in pieces:
        raw += piece
        if len(raw) > BODY_MOST:
            raise Refused(*TOO_LARGE)
    return bytes(raw)
