"""One phone: what it shows, whether it is on, when its person last wrote."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from aof.simulator.bubbles import Bubble
from aof.simulator.journal import Journal
from aof.simulator.settings import PhoneSettings

KEEP = 10_000
WINDOW = timedelta(hours=24)
"""Meta's customer-service window."""
TYPING = timedelta(seconds=25)
"""A typing indicator goes away after this, or when the answer comes."""


class Phone:
    """A phone on the table. It does what it is told; the network decides what reaches it."""

    def __init__(self, settings: PhoneSettings) -> None:
        self.settings = settings
        self.transcript: Journal[Bubble] = Journal(KEEP, self._forget)
        self.is_on = True
        self.waiting: list[Bubble] = []
        """Messages for it that the network keeps while it is off."""
        self.wrote_at: datetime | None = None
        self.counts: Counter[str] = Counter()
        """`in`: messages shown; `out`: messages written; `failed`: messages from the business that never arrived."""
        self._by_id: dict[str, Bubble] = {}
        self._typing_since: datetime | None = None

    def add(self, bubble: Bubble) -> None:
        """Show it."""
        self.counts["failed" if bubble.status == "failed" else bubble.direction] += 1
        if bubble.direction == "in" and bubble.status != "failed":
            self._typing_since = None
        self._by_id[bubble.id] = bubble
        self.transcript.add(bubble)

    def find(self, message_id: str | None) -> Bubble | None:
        """A message of this conversation, however it ended."""
        return self._by_id.get(message_id or "")

    def find_arrived(self, message_id: str) -> Bubble | None:
        """A message from the business that this phone shows."""
        bubble = self._by_id.get(message_id)
        return bubble if bubble is not None and bubble.direction == "in" and bubble.status != "failed" else None

    def unread_until(self, last: Bubble | None) -> Iterator[Bubble]:
        """Messages from the business not read yet, up to and with `last` or, without it, all."""
        for bubble in self.transcript:
            if bubble.direction == "in" and bubble.status in {"sent", "delivered"}:
                yield bubble
            if bubble is last:
                return

    def written_until(self, last: Bubble) -> Iterator[Bubble]:
        """Messages of its person that the business has not read, from `last` backwards: a mark covers all before."""
        reached = False
        for bubble in self.transcript.backwards():
            reached = reached or bubble is last
            if reached and bubble.direction == "out":
                if bubble.status == "read":
                    return
                yield bubble

    def window_closes_at(self) -> datetime | None:
        """When free-form messages to it will be refused; `None` when its person never wrote."""
        return None if self.wrote_at is None else self.wrote_at + WINDOW

    def window_open(self, now: datetime) -> bool:
        closes = self.window_closes_at()
        return closes is not None and now < closes

    def start_typing(self, now: datetime) -> None:
        """Show that the business is typing."""
        self._typing_since = now

    def typing_until(self, now: datetime) -> datetime | None:
        """When the indicator goes away by itself; `None` when it is not shown."""
        if self._typing_since is None or now >= self._typing_since + TYPING:
            return None
        return self._typing_since + TYPING

    def shown(self, now: datetime) -> dict[str, Any]:
        """The entry of the control API."""
        closes, typing = self.window_closes_at(), self.typing_until(now)
        return {
            "name": self.settings.name,
            "number": self.settings.number,
            "user_id": self.settings.user_id,
            "on": self.is_on,
            "shown": self.counts["in"],
            "written": self.counts["out"],
            "failed": self.counts["failed"],
            "waiting": len(self.waiting),
            "unread": self._unread(),
            "window_open": self.window_open(now),
            "window_closes_at": closes.isoformat() if closes else None,
            "typing_until": typing.isoformat() if typing else None,
        }

    def _unread(self) -> int:
        """Counted from the newest on: who has read one has read all before it."""
        arrived = (
            bubble for bubble in self.transcript.backwards() if bubble.direction == "in" and bubble.status != "failed"
        )
        return sum(1 for _ in takewhile(lambda bubble: bubble.status != "read", arrived))

    def _forget(self, bubble: Bubble) -> None:
        if self._by_id.get(bubble.id) is bubble:
            del self._by_id[bubble.id]
