"""The files of messages, for agents that see them; nothing of a file outlives its turn."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aof.agents.base import Agent, Attachment, Sees
from aof.domain.errors import MediaTooLarge, PlatformError
from aof.domain.message import InboundMessage, Media, MediaKind
from aof.logs import get
from aof.platforms.base import AnyPlatform, FetchesMedia
from aof.texts import chat
from aof.texts.language import Language

log = get(__name__)

READ: frozenset[MediaKind] = frozenset({"image", "document"})
"""Kinds that are fetched where an agent sees their type."""
MOST_IMAGE_BYTES = 5 * 1024 * 1024
"""Of a picture that is read; WhatsApp and vendors of models take no larger ones."""
MOST_DOCUMENT_BYTES = 10 * 1024 * 1024
"""Of any other file that is read."""
_LONGEST_NAME = 100

_PATH = re.compile(r".*[/\\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attached:
    """What an agent is handed, or the sentence on why it is nothing."""

    files: tuple[Attachment, ...] = ()
    sentence: str = ""


class Attaching:
    """Fetches what an agent sees."""

    def __init__(self, platforms: Mapping[str, AnyPlatform]) -> None:
        self._platforms = platforms

    async def attached(self, message: InboundMessage, media: Media, agent: Agent, language: Language) -> Attached:
        """The file of a message; where its agent can't have it, a sentence that also says what is answered instead."""
        captioned = bool(message.text.strip())
        platform: object = self._platforms.get(message.account)
        unseen = chat.answering_the_caption if captioned else chat.cannot_read
        claimed = (media.mime_type or "").partition(";")[0].strip().lower()
        if not isinstance(platform, FetchesMedia) or media.kind not in READ or not _sees(agent, claimed):
            return Attached(sentence=unseen(language, media.kind))
        most = MOST_IMAGE_BYTES if claimed.startswith("image/") else MOST_DOCUMENT_BYTES
        try:
            fetched = await platform.fetch_media(media, most_bytes=most)
        except MediaTooLarge:
            return Attached(sentence=chat.file_too_large(language, most // 1024**2, answers_caption=captioned))
        except PlatformError as error:
            log.warning(
                "media_unavailable",
                platform=message.platform,
                kind=media.kind,
                code=error.code,
                reason=error.reason,
                details=error.details,
            )
            return Attached(sentence=chat.file_not_had(language, answers_caption=captioned))
        mime_type = fetched.mime_type or claimed
        if not _sees(agent, mime_type):
            return Attached(sentence=unseen(language, media.kind))
        return Attached((Attachment(mime_type, _name(media), fetched.content),))


def _sees(agent: Agent, mime_type: str) -> bool:
    return isinstance(agent, Sees) and bool(mime_type) and agent.sees(mime_type)


def _name(media: Media) -> str:
    """What the sender called it, without a path and without signs that can't be seen."""
    last = _PATH.sub("", media.filename or "")
    return "".join(sign for sign in last if sign.isprintable()).strip()[:_LONGEST_NAME]
