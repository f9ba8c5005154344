"""Files that people and the bot send, in memory."""

import secrets
from dataclasses import dataclass
from typing import Any

from aof.simulator.telegram.refusals import TOO_LARGE, Refused, bad
from aof.simulator.telegram.values import Upload

Json = dict[str, Any]
MB = 1024 * 1024
DOWNLOAD_MOST = 20 * MB
UPLOAD_MOST = 50 * MB
PHOTO_MOST = 10 * MB
KEEP_BYTES = 512 * MB
"""Of all files together; the oldest make room."""
_FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "video": "videos"}
_PHOTOS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
_PHOTO_SIZE = (1280, 853)


@dataclass(frozen=True, slots=True)
class File:
    """One file, however often it is sent."""

    id: str
    unique_id: str
    kind: str
    name: str | None
    mime_type: str
    content: bytes
    path: str

    def node(self) -> Json:
        """The File."""
        node = self._head()
        return node | {"file_path": self.path}

    def _head(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def message_fields(self) -> Json:
        """What a Message that carries it has under the type's key."""
        if self.kind == "photo":
            width, height = _PHOTO_SIZE
            return {"photo": [self._head() | {"width": width, "height": height}]}
        node = self._head() | {"mime_type": self.mime_type}
        if self.name is not None and self.kind != "voice":
            node["file_name"] = self.name
        if self.kind in {"voice", "audio", "video"}:
            node["duration"] = 1
        if self.kind == "video":
            node |= {"width": 640, "height": 360}
        return {self.kind: node}


class Files:
    """Everything that was ever sent, by its id."""

    def __init__(self) -> None:
        self._by_id: dict[str, File] = {}

    def store(self, kind: str, name: str | None, mime_type: str, content: bytes) -> File:
        suffix = "".join(c for c in (name or "").rpartition(".")[2] if c.isascii() and c.isalnum())[:8]
        suffix = suffix or mime_type.rpartition("/")[2].split(";")[0]
        folder = _FOLDERS.get(kind, "documents")
        unique_id = "AQAD" + secrets.token_urlsafe(8)
        file_id = "AgACAgQAAx" + secrets.token_urlsafe(30)
        path = f"{folder}/file_{len(self._by_id)}.{suffix}"
        file = File(file_id, unique_id, kind, name, mime_type, content, path)
        self._by_id[file.id] = file
        while sum(len(kept.content) for kept in self._by_id.values()) > KEEP_BYTES:
            del self._by_id[next(iter(self._by_id))]
        return file

    def find(self, file_id: str) -> File | None:
        return self._by_id.get(file_id)

    def at_path(self, path: str) -> File | None:
        found = (file for file in self._by_id.values() if file.path == path and len(file.content) <= DOWNLOAD_MOST)
        return next(found, None)

    def describe(self, file_id: str) -> Json:
        """`getFile`.

        Raises:
            Refused: There is no such file, or it is too large to be fetched.
        """
        file = self.find(file_id)
        if file is None:
            raise bad("invalid file_id", "file_id")
        if len(file.content) > DOWNLOAD_MOST:
            raise bad("file is too big", "file_id")
        return file.node()

    def of_send(self, kind: str, given: Upload | str) -> File:
        """The file that a send names or brings.

        Raises:
            Refused: It is none, or too large.
        """
        if isinstance(given, str):
            found = self.find(given)
            if found is None:
                raise bad("wrong file identifier/HTTP URL specified", kind)
            return found
        if not given.content:
            raise bad("file must be non-empty", kind)
        if len(given.content) > UPLOAD_MOST:
            raise Refused(*TOO_LARGE, field=kind)
        if kind == "photo" and len(given.content) > PHOTO_MOST:
            raise bad("too big photo", kind)
        if kind == "photo" and not given.content.startswith(_PHOTOS):
            raise bad("IMAGE_PROCESS_FAILED", kind)
        return self.store(kind, given.name, given.mime_type, given.content)
