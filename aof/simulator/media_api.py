"""The media endpoints: upload, describe, download in a second hop, delete."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import BodyPartReader, web

from aof.simulator.clock import Clock
from aof.simulator.errors import NOT_JSON, TOO_LARGE, Refused, bad_param, unknown_object
from aof.simulator.media import UPLOAD_MOST, URL_LIVES, Media, upload_problem, webhook_node

Json = dict[str, Any]
FIELD_MOST = 4096
KEEP_TICKETS = 1000


class MediaApi:
    """HTTP for the files in `media`."""

    download_path = "/whatsapp_business/attachments/"

    def __init__(self, media: Media, clock: Clock) -> None:
        self._media = media
        self._clock = clock
        self._tickets: dict[str, tuple[str, datetime]] = {}
        """What a download address is good for, and since when."""

    async def upload(self, request: web.Request) -> Json:
        """`POST /{phone_number_id}/media`, multipart.

        Raises:
            Refused: A field is missing, the type is unknown, or the file is too large for its type.
        """
        if not request.content_type.startswith("multipart/"):
            raise Refused(NOT_JSON)
        fields: dict[str, str] = {}
        content: bytes | None = None
        mime_type: str | None = None
        try:
            async for part in await request.multipart():
                if not isinstance(part, BodyPartReader):
                    raise Refused(
                        bad_param("Invalid parameter", "A multipart body inside a multipart body")
                    )  # synthetic
                if part.name == "file":
                    content, mime_type = await _content(part, UPLOAD_MOST), part.headers.get("Content-Type")
                elif part.name:
                    fields[part.name] = (await _content(part, FIELD_MOST)).decode("utf-8", "replace")
        except ValueError as error:  # what aiohttp's reader says about a malformed body
            raise Refused(bad_param("Invalid parameter", "The multipart body is malformed")) from error  # synthetic
        if fields.get("messaging_product") != "whatsapp":
            raise Refused(bad_param("The parameter messaging_product is required."))
        if content is None:
            raise Refused(bad_param("The parameter file is required."))
        mime_type = fields.get("type") or mime_type
        problem = upload_problem(mime_type, len(content))
        if problem is not None:
            raise Refused(problem)
        return {"id": self._media.store(content, str(mime_type), self._clock.now()).id}

    def describe(self, media_id: str, origin: str) -> Json:
        """`GET /{media_id}`: where it can be fetched for five minutes.

        Raises:
            Refused: There is no such file.
        """
        medium = self._media.find(media_id, self._clock.now())
        if medium is None:
            raise Refused(unknown_object(media_id, "get"))
        return {
            "url": origin + self.ticket(media_id),
            "mime_type": medium.mime_type,
            "sha256": medium.sha256,
            "file_size": len(medium.content),
            "id": medium.id,
            "messaging_product": "whatsapp",
        }

    def ticket(self, media_id: str) -> str:
        """A download address without its origin."""
        token = secrets.token_urlsafe(16)
        self._tickets[token] = (media_id, self._clock.now())
        if len(self._tickets) > KEEP_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        return f"{self.download_path}?mid={media_id}&hash={token}"

    def from_phone(self, content: bytes, mime_type: str, origin: str) -> Json:
        """Keep a file that a phone sends; return the node of its message."""
        medium = self._media.store(content, mime_type, self._clock.now())
        return webhook_node(medium, origin + self.ticket(medium.id))

    def content(self, query: Mapping[str, str]) -> tuple[bytes, str] | None:
        """The file and its type; `None` when the address is unknown or has lapsed."""
        media_id, since = self._tickets.get(query.get("hash", ""), ("", self._clock.now()))
        medium = self._media.find(media_id, self._clock.now())
        if medium is None or media_id != query.get("mid") or self._clock.now() - since > URL_LIVES:
            return None
        return medium.content, medium.mime_type

    def delete(self, media_id: str) -> Json:
        """`DELETE /{media_id}`.

        Raises:
            Refused: There is no such file.
        """
        if self._media.find(media_id, self._clock.now()) is None:
            raise Refused(unknown_object(media_id, "delete"))
        self._media.delete(media_id)
        return {"success": True}


async def _content(part: BodyPartReader, most: int) -> bytes:
    pieces = bytearray()
    while piece := await part.read_chunk(64 * 1024):
        pieces += piece
        if len(pieces) > most:
            raise Refused(TOO_LARGE)
    return bytes(pieces)
