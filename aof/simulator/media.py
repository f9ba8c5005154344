"""Media that the business uploads or a phone sends, in memory."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aof.simulator import ids
from aof.simulator.errors import GraphError, bad_param, bad_value

KEPT = timedelta(days=30)
URL_LIVES = timedelta(minutes=5)
UPLOAD_MOST = 100 * 1024 * 1024
"""Bytes; the cap of the upload endpoint, whatever the type."""
KEEP_BYTES = 512 * 1024 * 1024
"""Of all media together; the oldest make room."""
MB = 1024 * 1024
SIZES = {"image": 5 * MB, "audio": 16 * MB, "video": 16 * MB, "sticker": 512_000, "document": 100 * MB}
IMAGES = ("image/jpeg", "image/png")
AUDIO = ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")
VIDEO = ("video/mp4", "video/3gpp")
DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
)
TYPES = {
    **dict.fromkeys(IMAGES, "image"),
    **dict.fromkeys(AUDIO, "audio"),
    **dict.fromkeys(VIDEO, "video"),
    **dict.fromkeys(DOCUMENTS, "document"),
    "image/webp": "sticker",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """One file."""

    id: str
    mime_type: str
    content: bytes
    stored_at: datetime

    @property
    def sha256(self) -> str:
        """In hexadecimal, as the media endpoint has it."""
        return hashlib.sha256(self.content).hexdigest()


class Media:
    """The files of one account."""

    def __init__(self) -> None:
        self._by_id: dict[str, Medium] = {}

    def store(self, content: bytes, mime_type: str, now: datetime) -> Medium:
        """Keep a file for 30 days."""
        medium = Medium(ids.media_id(), mime_type, content, now)
        self._by_id[medium.id] = medium
        while sum(len(kept.content) for kept in self._by_id.values()) > KEEP_BYTES:
            del self._by_id[next(iter(self._by_id))]
        return medium

    def find(self, media_id: str, now: datetime) -> Medium | None:
        medium = self._by_id.get(media_id)
        return medium if medium is not None and now - medium.stored_at < KEPT else None

    def delete(self, media_id: str) -> None:
        self._by_id.pop(media_id, None)


def upload_problem(mime_type: str | None, size: int) -> GraphError | None:
    """Why an upload is refused. The wordings are synthetic but for the pattern of the first."""
    if not mime_type:
        return bad_param("The parameter type is required.")
    kind = TYPES.get(mime_type.split(";")[0].strip().lower())
    if kind is None:
        allowed = ", ".join(sorted(TYPES))
        received = f"Received file of type '{mime_type[:100]}'."
        return bad_param(f"Param file must be a file with one of the following types: {allowed}. {received}")
    if not 0 < size <= SIZES[kind]:
        return bad_value(f"File size invalid. Min size: 1, Max size: {SIZES[kind]}")
    return None


def webhook_node(medium: Medium, url: str) -> dict[str, Any]:
    """The node under the type's key of a message that carries it."""
    digest = base64.b64encode(hashlib.sha256(medium.content).digest()).decode()
    return {"mime_type": medium.mime_type, "sha256": digest, "id": medium.id, "url": url}
