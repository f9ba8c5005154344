"""Where an update comes from: which bot got it, in which chat, from whom, in answer to what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aof.domain.message import Notice, Sender, Unreadable
from aof.platforms.fields import Misshapen, Node, node_at, shortened, text_at, whole_at

GENERAL_TOPIC = 1
"""The topic that every forum has; messages are sent to it as to a group without topics."""
_NOBODY = frozenset({1087968824, 136817688, 777000})
"""Who stands in `from` where nobody does: GroupAnonymousBot, Channel_Bot, and Telegram itself."""
_LONGEST_NAME = 200


@dataclass(slots=True)
class Bot:
    """The account that an update was brought to."""

    platform: str
    account: str
    id: int
    username: str | None
    """In lower case, without @; None where it is not known yet: then each bot that is named may be this one."""
    saw_rich: Callable[[str], None]
    """Told of each chat of two whose app has shown that it knows rich messages."""

    def is_named(self, username: str) -> bool:
        """Whether a name, with or without @, is the bot's."""
        name = username.removeprefix("@").lower()
        # every bot has to be called so
        return name == self.username if self.username is not None else name.endswith("bot")


@dataclass(slots=True)
class Update:
    """One update, with what all its events have in common."""

    bot: Bot
    id: int
    raw: str

    @property
    def own_id(self) -> str:
        """The id of an event that has none of its own."""
        return f"update:{self.id}"

    def event(self, event_id: str = "") -> dict[str, Any]:
        return {"platform": self.bot.platform, "account": self.bot.account, "event_id": event_id or self.own_id}

    def notice(self, about: str, subject: str = "", event_id: str = "") -> Notice:
        return Notice(**self.event(event_id), about=about, subject=subject, raw=self.raw)

    def unreadable(self, reason: str) -> Unreadable:
        return Unreadable(**self.event(), reason=reason, raw=self.raw)


@dataclass(slots=True)
class Place:
    """The chat, and the topic within it."""

    chat: str
    group: bool
    thread: str

    def message(self, number: int) -> str:
        """A message's id; its number alone is known in its chat only."""
        return f"{self.chat}:{number}"


def place_of(node: Node) -> Place:
    """Where a message stands, or whatever else names its chat.

    Raises:
        Misshapen: It names no chat.
    """
    chat = node_at(node, "chat")
    number = whole_at(chat, "id")
    if not number:
        raise Misshapen("names no chat")
    group = chat.get("type") != "private" if "type" in chat else number < 0
    # outside forums, a thread is no more than a row of replies
    thread = whole_at(node, "message_thread_id") if node.get("is_topic_message") is True else 0
    return Place(str(number), group, thread_name(thread, group=group))


def thread_name(thread: int, *, group: bool) -> str:
    """A topic by its number; the general one of a forum is no topic of its own."""
    return "" if thread <= 0 or (group and thread == GENERAL_TOPIC) else str(thread)


def needed_number(node: Node, key: str) -> int:
    """A number above 0 that makes no sense without.

    Raises:
        Misshapen: It is absent or something else.
    """
    found = whole_at(node, key)
    if found <= 0:
        raise Misshapen(f"{key} is no usable number")
    return found


def person_of(node: Node) -> Sender:
    """A user as a sender; without an id where Telegram says only that it was somebody."""
    number = whole_at(node, "id")
    is_somebody = number > 0 and number not in _NOBODY and node.get("is_bot") is not True
    return Sender(user_id=str(number) if is_somebody else None, name=_name(node))


def sender_of(node: Node) -> Sender:
    """Who wrote a message. Nobody is known where it was written in the name of a group or a channel."""
    if chat := node_at(node, "sender_chat"):
        signed = shortened(text_at(node, "author_signature"), _LONGEST_NAME)
        return Sender(name=signed or _name(chat))
    return person_of(node_at(node, "from"))


def is_of_a_bot(node: Node) -> bool:
    """Whether a bot wrote a message, and in its own name."""
    author = node_at(node, "from")
    in_its_own_name = "sender_chat" not in node and whole_at(author, "id") not in _NOBODY
    return author.get("is_bot") is True and in_its_own_name


def _name(node: Node) -> str | None:
    first, last = text_at(node, "first_name"), text_at(node, "last_name")
    return shortened(f"{first} {last}" if last else first or text_at(node, "title"), _LONGEST_NAME) or None
