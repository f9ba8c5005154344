"""Chats: a person's private one with the bot, and groups with their topics."""

from datetime import datetime, timedelta
from typing import Any

from aof.simulator.journal import Journal
from aof.simulator.telegram.posts import Entry, Post
from aof.simulator.telegram.settings import BotStatus, GroupSettings, PersonSettings

Json = dict[str, Any]
KEEP = 10_000
TOPIC_COLOR = 7322096
ACTION = timedelta(seconds=5)
"""A chat action goes away after this, or when a message comes."""


class Chat:
    """One chat; its messages are numbered by themselves."""

    def __init__(self, chat_id: int, kind: str, title: str, members: tuple[int, ...], bot: BotStatus) -> None:
        self.id = chat_id
        self.type = kind
        self.title = title
        self.members = members
        self.bot = bot
        self.head: Json = {}
        """More fields of the Chat."""
        self.topics: dict[int, str] = {}
        self.moved_to: int | None = None
        self.posts: dict[int, Post] = {}
        self.journal: Journal[Entry] = Journal(KEEP)
        """What the chat shows, seen from nobody's phone."""
        self._last_id = 0
        self._typing_since: datetime | None = None

    @property
    def is_private(self) -> bool:
        return self.type == "private"

    @property
    def is_forum(self) -> bool:
        return bool(self.topics) and not self.is_private

    def node(self) -> Json:
        """The Chat."""
        return {"id": self.id, "type": self.type, **self.head, **({"is_forum": True} if self.is_forum else {})}

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def add(self, post: Post) -> None:
        self.posts[post.message_id] = post
        if len(self.posts) > KEEP:
            del self.posts[next(iter(self.posts))]

    def find(self, message_id: int) -> Post | None:
        """A message that is still there."""
        post = self.posts.get(message_id)
        return None if post is None or post.deleted else post

    def topic_start(self, thread: int | None) -> Post | None:
        """The message that a topic of a forum began with: whatever is written there counts as an answer to it."""
        return self.posts.get(thread) if thread is not None and self.is_forum else None

    def start_typing(self, now: datetime) -> None:
        self._typing_since = now

    def stop_typing(self) -> None:
        self._typing_since = None

    def typing_until(self, now: datetime) -> datetime | None:
        """When the chat action goes away by itself; `None` when none is shown."""
        if self._typing_since is None or now >= self._typing_since + ACTION:
            return None
        return self._typing_since + ACTION

    def shown(self, now: datetime, names: dict[int, str]) -> Json:
        """The entry of the control API; `names` are those of all people."""
        typing = self.typing_until(now)
        return {
            "id": str(self.id),
            "type": self.type,
            "title": self.title,
            "is_forum": self.is_forum,
            "topics": [{"id": str(number), "name": name} for number, name in self.topics.items()],
            "members": [{"id": str(member), "name": names[member]} for member in self.members],
            "bot": self.bot,
            "moved_to": None if self.moved_to is None else str(self.moved_to),
            "typing_until": typing.isoformat() if typing else None,
        }


def private_chat(person: PersonSettings) -> Chat:
    chat = Chat(person.user_id, "private", person.name, (person.user_id,), "member")
    chat.head = {"first_name": person.name} | ({"username": person.username} if person.username else {})
    return chat


def group_chat(group: GroupSettings, bot: Json, now: datetime) -> Chat:
    chat = Chat(group.id, group.type, group.title, group.members, group.bot)
    chat.head = {"title": group.title}
    chat.next_id()  # of the message that the group began with, and of a forum's general topic
    for name in group.topics:
        add_topic(chat, name, bot, now)
    return chat


def add_topic(chat: Chat, name: str, author: Json, now: datetime) -> int:
    """Begin a topic; its id, which is that of the message it begins with."""
    start = Post(chat, chat.next_id(), author, {"forum_topic_created": {"name": name, "icon_color": TOPIC_COLOR}}, now)
    start.thread = start.message_id
    start.by_bot = bool(author["is_bot"])
    chat.topics[start.message_id] = name
    chat.add(start)
    return start.message_id


def user_of(person: PersonSettings) -> Json:
    """The User."""
    user: Json = {"id": person.user_id, "is_bot": False, "first_name": person.name}
    if person.username:
        user["username"] = person.username
    return user | {"language_code": person.language}
