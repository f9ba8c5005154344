"""Telegram's rates: to one chat, to one group, and of the bot in all."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aof.simulator.buckets import Bucket
from aof.simulator.telegram.chats import Chat
from aof.simulator.telegram.refusals import too_many
from aof.simulator.telegram.settings import TelegramSettings

GROUP_PER_SECOND = 1 / 3
"""20 a minute."""
CHAT_PER_SECOND = 1.0
BOT_PER_SECOND = 30.0
KEEP_CHATS = 10_000


@dataclass(slots=True)
class _Window:
    """How long one chat is refused everything, once it had too much."""

    bucket: Bucket
    until: datetime | None = None
    seconds: float = 0
    """How long the window was made; trying within it makes it longer each time."""


@dataclass(slots=True)
class Rates:
    """Counts sends and edits, and refuses what is too much."""

    settings: TelegramSettings
    _bot: _Window = field(init=False)
    _chats: dict[tuple[int, str], _Window] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._bot = _Window(Bucket(self.settings.bot_burst, BOT_PER_SECOND))

    def count(self, chat: Chat, now: datetime, kind: str = "message") -> None:
        """Count one request to a chat; `kind` is `message` or `draft`, which are counted apart.

        Raises:
            Refused: With 429.
        """
        if not self.settings.limits_rates:
            return
        window = self._chats.setdefault((chat.id, kind), self._new(chat))
        if len(self._chats) > KEEP_CHATS:
            del self._chats[next(iter(self._chats))]
        for one in (window, self._bot):
            _check(one, now)
        for one in (window, self._bot):
            one.bucket.take(now)

    def _new(self, chat: Chat) -> _Window:
        if chat.is_private:
            return _Window(Bucket(self.settings.chat_burst, CHAT_PER_SECOND))
        return _Window(Bucket(self.settings.group_burst, GROUP_PER_SECOND))


def _check(window: _Window, now: datetime) -> None:
    if window.until is not None and now < window.until:
        window.seconds *= 2
        window.until = now + timedelta(seconds=window.seconds)
        raise too_many(math.ceil(window.seconds))
    window.until = None
    if not window.bucket.has(now):
        missing = (1 - window.bucket.level(now)) / window.bucket.per_second
        window.seconds = max(1.0, math.ceil(missing))
        window.until = now + timedelta(seconds=window.seconds)
        raise too_many(math.ceil(window.seconds))
