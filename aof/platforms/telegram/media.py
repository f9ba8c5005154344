"""Files that people sent, by Telegram's ids alone: no address or name from outside decides what is fetched.

A file is had in two hops: its id gives a path for an hour, and the path, behind the bot's token, the file. Source:
https://core.telegram.org/bots/api#getfile.
"""

import mimetypes
import re

from aof.domain.errors import MediaTooLarge, MediaUnavailable, PlatformError
from aof.domain.message import Media
from aof.platforms.base import Fetched
from aof.platforms.fields import whole
from aof.platforms.telegram.client import Client
from aof.platforms.telegram.errors import FileTooBig
from aof.platforms.telegram.limits import MOST_DOWNLOAD_BYTES

_ID = re.compile(r"[A-Za-z0-9_-]{1,256}")
# an absolute one is on the disk of a server of one's own, and dots lead elsewhere
_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


async def fetch(client: Client, media: Media, *, most_bytes: int) -> Fetched:
    """The file of a message.

    Raises:
        MediaTooLarge: It has more bytes.
        MediaUnavailable: It is not to be had, or is not what it was said to be.
    """
    if media.id is None or not _ID.fullmatch(media.id):
        raise MediaUnavailable("the message names no file that Telegram could be asked for")
    most = min(most_bytes, MOST_DOWNLOAD_BYTES)
    path, size = await _described(client, media.id, most)
    if size > most:
        raise _too_large(most)
    content = await _content(client, path, most)
    if size and len(content) != size:
        raise MediaUnavailable("the file is not as long as Telegram says")
    return Fetched(content, _mime_type(media, path))


async def _described(client: Client, file_id: str, most: int) -> tuple[str, int]:
    refusal: MediaUnavailable
    try:
        answer = await client.call("getFile", {"file_id": file_id})
    except FileTooBig:
        refusal = _too_large(most)
    except PlatformError as error:
        refusal = MediaUnavailable("Telegram does not give out the file", code=error.code, details=error.details)
    else:
        node = answer if isinstance(answer, dict) else {}
        path = node.get("file_path")
        if isinstance(path, str) and len(path) <= 300 and _PATH.fullmatch(path):
            return path, whole(node.get("file_size"))
        refusal = MediaUnavailable("Telegram gave a path that is none")
    raise refusal


async def _content(client: Client, path: str, most: int) -> bytes:
    try:
        status, content = await client.download(path, most_bytes=most + 1)
    except PlatformError as error:
        raise MediaUnavailable("the file could not be had from Telegram", details=error.details) from None
    if status != 200:
        # the answer may be anybody's: only its status is told
        raise MediaUnavailable("Telegram does not give out the file", details=f"HTTP {status}")
    if len(content) > most:
        raise _too_large(most)
    return content


def _too_large(most: int) -> MediaTooLarge:
    return MediaTooLarge(f"the file has more than {most} bytes")


def _mime_type(media: Media, path: str) -> str:
    # of a photo Telegram tells no type, and the server of files none of anything
    told = media.mime_type or mimetypes.guess_type(path)[0] or ""
    return told.partition(";")[0].strip().lower()
