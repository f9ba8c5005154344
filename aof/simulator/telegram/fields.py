"""What a person writes on a phone: the fields of the Message that it becomes."""

import base64
from typing import Any

from aiohttp import web

from aof.simulator.telegram.files import Files

Json = dict[str, Any]
LONGEST_TEXT = 4096
"""Telegram's apps send a longer one as several messages."""
KINDS = {"image": "photo", "audio": "audio", "video": "video"}
NOT_FIELDS = frozenset({"quoted_id", "chat_id", "thread", "file", "as", "anonymous", "from"})


def fields_of(body: Json, files: Files) -> Json:
    """The fields of a message.

    Raises:
        web.HTTPBadRequest: There are none, or one is malformed.
    """
    fields = {key: value for key, value in body.items() if key not in NOT_FIELDS}
    text = fields.get("text")
    if "text" in fields and not (isinstance(text, str) and 1 <= len(text) <= LONGEST_TEXT):
        raise web.HTTPBadRequest(text=f"text has 1 to {LONGEST_TEXT} characters.")
    if not isinstance(fields.get("caption", ""), str):
        raise web.HTTPBadRequest(text="caption is a text.")
    if "file" in body:
        fields = _file(body, files) | fields
    if not fields:
        raise web.HTTPBadRequest(text='Write {"text": "…"}, a "file", or other fields of a message.')
    return fields


def _file(body: Json, files: Files) -> Json:
    given = body["file"] if isinstance(body["file"], dict) else {}
    encoded, mime_type, name = given.get("base64"), given.get("mime_type"), given.get("name")
    try:
        content = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    except ValueError:  # binascii.Error, or a character beyond ASCII
        content = b""
    if not content or not isinstance(mime_type, str) or not isinstance(name, str | None):
        raise web.HTTPBadRequest(text='file is {"base64": "…", "mime_type": "image/png", "name": "graph.png"}.')
    kind = body.get("as") or KINDS.get(mime_type.partition("/")[0], "document")
    if kind not in {"photo", "voice", "audio", "video", "document"}:
        raise web.HTTPBadRequest(text="as is photo, voice, audio, video or document.")
    return files.store(kind, name, mime_type, content).message_fields()
