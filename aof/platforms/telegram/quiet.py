"""Chats of which Telegram wants to hear nothing for a while."""

from collections.abc import Callable
from time import monotonic

from aof.domain.errors import PlatformError, SendDeferred

_MOST = 1000
"""Chats that are remembered; more of them at once would be a matter of the whole bot."""


class QuietChats:
    """What can be left out is left out while a chat is to wait: a request within the wait makes it longer."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._until: dict[str, float] = {}

    def note(self, chat: str, error: PlatformError) -> None:
        """Remember the wait that a refusal asks for."""
        if not isinstance(error, SendDeferred) or error.wait is None:
            return
        now = self._now()
        self._until = {each: until for each, until in self._until.items() if until > now}
        if len(self._until) < _MOST:
            self._until[chat] = max(self._until.get(chat, now), now + error.wait.total_seconds())

    def __contains__(self, chat: str) -> bool:
        return self._until.get(chat, 0.0) > self._now()
