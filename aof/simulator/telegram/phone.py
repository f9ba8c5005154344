"""One person's phone: the messages of all their chats, drafts, notices, and whether it is on."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aof.simulator.journal import Journal
from aof.simulator.telegram.chats import KEEP, Chat, private_chat, user_of
from aof.simulator.telegram.entities import as_html
from aof.simulator.telegram.posts import Entry
from aof.simulator.telegram.settings import PersonSettings

Json = dict[str, Any]
DRAFT = timedelta(seconds=30)
"""A draft that is not renewed goes away after this."""


@dataclass(slots=True)
class Draft:
    """What the bot is about to write."""

    draft_id: int
    chat: Chat
    thread: int | None
    text: str
    entities: list[Json]
    blocks: list[Json] | None
    can_stop: bool
    keep_on_stop: bool
    until: datetime

    def shown(self) -> Json:
        """The entry of the control API."""
        return {
            "draft_id": self.draft_id,
            "chat_id": str(self.chat.id),
            "thread": "" if self.thread is None else str(self.thread),
            "text": self.text,
            "html": as_html(self.text, self.entities),
            "blocks": self.blocks,
            "can_stop": self.can_stop,
            "until": self.until.isoformat(),
        }


class Phone:
    """A phone on the table. It does what it is told; the network decides what reaches it."""

    def __init__(self, settings: PersonSettings) -> None:
        self.settings = settings
        self.chat = private_chat(settings)
        self.user = user_of(settings)
        self.transcript: Journal[Entry] = Journal(KEEP)
        self.is_on = True
        self.waiting: list[Entry] = []
        """Messages for it that Telegram keeps while it is off."""
        self.started = settings.started
        self.blocked = False
        self.notice: Json | None = None
        """What the last answer to a press shows."""
        self.drafts: dict[int, Draft] = {}
        self.counts: Counter[str] = Counter()

    @property
    def id(self) -> int:
        return self.settings.user_id

    def arrive(self, entry: Entry) -> None:
        """Show it, at once or when the phone is on."""
        if not self.is_on:
            self.waiting.append(entry)
            return
        self.counts[entry.direction] += 1
        self.transcript.add(entry)

    def switch(self, *, on: bool) -> None:
        """Switch it on, which brings what has waited, or off."""
        self.is_on = on
        if on:
            waiting, self.waiting = self.waiting, []
            for entry in waiting:
                if not entry.post.deleted:
                    self.arrive(entry)

    def find(self, message_id: str) -> Entry | None:
        """A message that it shows."""
        for entry in self.transcript.backwards():
            if entry.post.id == message_id:
                return None if entry.post.deleted else entry
        return None

    def live_drafts(self, now: datetime) -> list[Draft]:
        """Oldest first."""
        self.drafts = {key: draft for key, draft in self.drafts.items() if now < draft.until}
        return list(self.drafts.values())

    def unread(self) -> list[Entry]:
        """Messages from the bot not read yet."""
        return [entry for entry in self.transcript if entry.direction == "in" and not entry.is_read]

    def shown(self, now: datetime, menu: list[Json]) -> Json:
        """The entry of the control API."""
        typing = self.chat.typing_until(now)
        number = str(self.id)
        return {
            "name": self.settings.name,
            "number": number,
            "user_id": number,
            "username": self.settings.username,
            "language": self.settings.language,
            "on": self.is_on,
            "started": self.started,
            "blocked": self.blocked,
            "shown": self.counts["in"],
            "written": self.counts["out"],
            "failed": 0,
            "waiting": len(self.waiting),
            "unread": sum(1 for entry in self.unread() if not entry.post.deleted),
            "window_open": True,
            "window_closes_at": None,
            "typing_until": typing.isoformat() if typing else None,
            "drafts": [draft.shown() for draft in self.live_drafts(now)],
            "menu": menu,
            "notice": self.notice,
        }
