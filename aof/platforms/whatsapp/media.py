"""Files, by Meta's ids alone: no address, path or name from outside decides what is fetched.

A file is had in two hops: its id gives an address for five minutes, and the address, with the token, the file. Source:
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable
from hmac import compare_digest
from io import BytesIO
from typing import Any

import aiohttp
from yarl import URL

from aof.domain.errors import MediaTooLarge, MediaUnavailable, SendDeferred, SendUncertain
from aof.domain.message import Media
from aof.platforms.base import Fetched
from aof.platforms.fields import id_at, text_at, whole_at
from aof.platforms.session import MOST_ANSWER_BYTES, beginning, patience
from aof.platforms.whatsapp.errors import OUTAGE, UNREACHABLE
from aof.platforms.whatsapp.graph import Graph

TOKEN_GOES_TO = re.compile(r"lookaside\.fbsbx\.com|([a-z0-9-]+\.)+(whatsapp\.net|fbcdn\.net)")
"""Meta's hosts for files; the address of one is only an answer's text, and the token opens the whole account."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_HEX = re.compile(r"[0-9a-fA-F]{64}")


async def fetch(graph: Graph, media: Media, *, most_bytes: int, seconds: float) -> Fetched:
    """The file of a message, checked against what Meta says of it.

    Args:
        seconds: For each of the two requests.

    Raises:
        MediaTooLarge: It has more bytes.
        MediaUnavailable: It is not to be had, or is not what it was said to be.
    """
    if media.id is None or not _ID.fullmatch(media.id):
        raise MediaUnavailable("the message names no file that Meta could be asked for")
    node = await _described(graph, media.id, seconds)
    if whole_at(node, "file_size") > most_bytes:
        raise MediaTooLarge(f"the file has more than {most_bytes} bytes")
    address = _address(graph, text_at(node, "url"))
    content = await _content(graph, address, most_bytes, seconds)
    _check(content, (text_at(node, "sha256"), media.sha256 or ""))
    return Fetched(content, _plain(text_at(node, "mime_type") or media.mime_type or ""))


async def _described(graph: Graph, media_id: str, seconds: float) -> dict[str, Any]:
    url = graph.url(media_id, phone_number_id=graph.phone_number_id)
    status, body = await _get(graph, url, MOST_ANSWER_BYTES, seconds)
    try:
        node = json.loads(body) if status == 200 else None
    except (ValueError, RecursionError):
        node = None
    if not isinstance(node, dict):
        raise _refused(graph, status, body)
    return node


def _address(graph: Graph, text: str) -> URL:
    """Where the second hop goes.

    Raises:
        MediaUnavailable: The token may not go there.
    """
    try:
        # as it is written: its query is signed
        url = URL(text, encoded=True)
        host, is_graphs_own = url.host or "", url.is_absolute() and url.origin() == graph.origin
        is_metas = url.scheme == "https" and url.port == 443 and TOKEN_GOES_TO.fullmatch(host) is not None
    except ValueError:
        raise MediaUnavailable("Meta gave an address that is none") from None
    if url.user is not None or url.password is not None or not (is_metas or is_graphs_own):
        raise MediaUnavailable("Meta gave an address that the token may not go to", details=host[:100])
    return url


async def _content(graph: Graph, url: URL, most_bytes: int, seconds: float) -> bytes:
    status, body = await _get(graph, url, most_bytes + 1, seconds)
    if status != 200:
        # the answer may be whatever stands at that address: only its status is told
        raise MediaUnavailable("Meta does not give out the file", details=f"HTTP {status}")
    if len(body) > most_bytes:
        raise MediaTooLarge(f"the file has more than {most_bytes} bytes")
    return body


def _check(content: bytes, claimed: Iterable[str]) -> None:
    """Compare with every hash there is: in a webhook Meta writes base64, at the id hexadecimal."""
    digest = hashlib.sha256(content).digest()
    for text in filter(None, claimed):
        if not compare_digest(digest, _digest(text)):
            raise MediaUnavailable("the file is not the one that was sent: its hash differs")


def _digest(text: str) -> bytes:
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


async def _get(graph: Graph, url: URL, most_bytes: int, seconds: float) -> tuple[int, bytes]:
    """Status and beginning of the body of one GET with the token, which no redirect takes elsewhere."""
    # a file as it is: what unpacks to something far larger is no file of Meta's
    headers = {**graph.headers(), "Accept-Encoding": "identity"}
    try:
        async with graph.http.get(
            url, headers=headers, allow_redirects=False, raise_for_status=False, timeout=patience(seconds)
        ) as response:
            return response.status, await beginning(response, most_bytes)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise MediaUnavailable("the file could not be had from Meta", details=graph.cause(error)) from None


def _refused(graph: Graph, status: int, body: bytes) -> MediaUnavailable:
    error = graph.refusal(status, body, {})
    return MediaUnavailable("Meta does not give out the file", code=error.code, details=error.details)


def _plain(mime_type: str) -> str:
    return mime_type.partition(";")[0].strip().lower()


async def upload(graph: Graph, name: str, mime_type: str, content: bytes, *, seconds: float) -> str:
    """Meta's id for a file, which it keeps for 30 days.

    Raises:
        PlatformError: As `UploadsMedia.upload`.
    """
    form = aiohttp.FormData()
    form.add_field("messaging_product", "whatsapp")
    form.add_field("type", mime_type)
    form.add_field("file", BytesIO(content), filename=name, content_type=mime_type)
    url = graph.url(graph.phone_number_id, "media")
    try:
        async with graph.http.post(
            url,
            data=form,
            headers=graph.headers(),
            allow_redirects=False,
            raise_for_status=False,
            timeout=patience(seconds),
        ) as response:
            status, body, headers = response.status, await beginning(response), dict(response.headers)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise SendDeferred(
            "Meta can't be reached", backoff=UNREACHABLE, scope="number", details=graph.cause(error)
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise _unclear("the connection to Meta broke within an upload", details=graph.cause(error)) from None
    if status == 200 and (media_id := _media_id(body)):
        return media_id
    refusal = graph.refusal(status, body, headers)
    if isinstance(refusal, SendUncertain):
        raise _unclear("Meta did not say whether it took a file", code=refusal.code, details=refusal.details)
    raise refusal


def _unclear(reason: str, *, code: int = 0, details: str) -> SendDeferred:
    # nobody sees an upload, so doing it twice is no second copy of anything
    return SendDeferred(reason, backoff=OUTAGE, code=code, details=details)


def _media_id(body: bytes) -> str | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return id_at(answer, "id") if isinstance(answer, dict) else None
