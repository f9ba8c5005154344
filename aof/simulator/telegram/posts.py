"""Messages: as the Bot API writes them, and as a phone shows them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from aof.simulator.telegram.entities import as_html

if TYPE_CHECKING:
    from aof.simulator.telegram.chats import Chat

Json = dict[str, Any]
Direction = Literal["in", "out", "other"]
MEDIA = ("photo", "document", "audio", "video", "voice", "animation", "video_note", "sticker")
ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
"""Who writes for an admin that stays anonymous."""
_STYLES = {"success", "danger", "primary"}
_KINDS = {"callback_data": "callback", "url": "url", "copy_text": "copy"}


@dataclass(slots=True, eq=False)
class Post:
    """One message of a chat, whoever shows it."""

    chat: "Chat"
    message_id: int
    author: Json
    """A User."""
    fields: Json
    """What the Message has beside its head."""
    at: datetime
    thread: int | None = None
    reply_to: "Post | None" = None
    by_bot: bool = False
    anonymous: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    reactions: dict[int, str] = field(default_factory=dict)
    """By who reacted, the bot or a person."""
    pressing: set[str] = field(default_factory=set)
    """Data of buttons whose press is not answered yet."""
    known: bool = False
    """A message of a person that the bot has taken."""
    entries: list["Entry"] = field(default_factory=list)
    """Where it is shown."""

    @property
    def id(self) -> str:
        return f"{self.chat.id}:{self.message_id}"

    def node(self, *, deep: bool = True) -> Json:
        """The Message."""
        node: Json = {"message_id": self.message_id}
        if self.thread is not None:
            node |= {"message_thread_id": self.thread, "is_topic_message": True}
        node["from"] = ANONYMOUS_ADMIN if self.anonymous else self.author
        if self.anonymous:
            node["sender_chat"] = self.chat.node()
        node |= {"chat": self.chat.node(), "date": int(self.at.timestamp())}
        if self.edited_at is not None:
            node["edit_date"] = int(self.edited_at.timestamp())
        answered = self.reply_to if self.reply_to is not None else self.chat.topic_start(self.thread)
        if deep and answered is not None and answered is not self:
            node["reply_to_message"] = answered.node(deep=False)
        return node | self.fields

    @property
    def type(self) -> str:
        if "text" in self.fields:
            return "text"
        if "rich_message" in self.fields:
            return "rich"
        media = next((kind for kind in MEDIA if kind in self.fields), None)
        others = ("location", "contact", "venue", "poll", "dice")
        return media or next((kind for kind in others if kind in self.fields), "service")

    @property
    def text(self) -> str:
        return str(self.fields.get("text") or self.fields.get("caption") or "")

    @property
    def keyboard(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.fields.get("reply_markup", {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True, eq=False)
class Entry:
    """One message in what one phone, or a group, shows."""

    post: Post
    viewer: int | None
    """A person's id; `None` for a group seen from nobody's phone."""
    at: datetime
    content: Json
    is_read: bool = False
    seq: int = field(init=False, default=0)
    changed: int = field(init=False, default=0)
    rich_text: str = ""

    @property
    def direction(self) -> Direction:
        if self.post.by_bot:
            return "in"
        return "out" if self.post.author["id"] == self.viewer else "other"

    def shown(self) -> Json:
        """The entry of the control API."""
        post = self.post
        keyboard = [[_button(button) for button in row] for row in post.keyboard]
        callbacks = [button for row in keyboard for button in row if button["id"] is not None]
        entities = post.fields.get("entities") or post.fields.get("caption_entities") or []
        rich = post.fields.get("rich_message")
        text = post.text or self.rich_text
        return {
            "seq": self.seq,
            "changed": self.changed,
            "id": post.id,
            "direction": self.direction,
            "type": post.type,
            "text": text,
            "header": None,
            "footer": None,
            "buttons": [{"id": button["id"], "title": button["text"]} for button in callbacks],
            "button_label": None,
            "rows": [],
            "quoted_id": post.reply_to.id if post.reply_to is not None else None,
            "reaction": self._reaction(),
            "part_id": None,
            "group_id": None if post.chat.is_private else str(post.chat.id),
            "status": self._status(),
            "code": None,
            "details": None,
            "content": self.content,
            "at": self.at.isoformat(),
            "chat_id": str(post.chat.id),
            "thread": "" if post.thread is None else str(post.thread),
            "from": self._author(),
            "html": as_html(text, entities),
            "entities": entities,
            "blocks": rich["blocks"] if rich else None,
            "keyboard": keyboard,
            "pressing": sorted(post.pressing),
            "edited": post.edited_at is not None,
            "deleted": post.deleted,
            "file": _file(post.fields),
        }

    def _author(self) -> Json:
        if self.post.anonymous:
            return {"id": str(ANONYMOUS_ADMIN["id"]), "name": self.post.chat.title}
        return {"id": str(self.post.author["id"]), "name": self.post.author["first_name"]}

    def _reaction(self) -> str | None:
        theirs = (emoji for who, emoji in self.post.reactions.items() if who != self.viewer)
        return next(theirs, None)

    def _status(self) -> str:
        if self.direction == "in":
            return "read" if self.is_read else "delivered"
        return "delivered" if self.post.known else "sent"


def _button(button: Json) -> Json:
    kind = next((name for key, name in _KINDS.items() if key in button), "other")
    value = button.get("url") or (button.get("copy_text") or {}).get("text")
    return {
        "id": button.get("callback_data"),
        "text": button["text"],
        "style": button["style"] if button.get("style") in _STYLES else "plain",
        "kind": kind,
        "value": value,
    }


def _file(fields: Json) -> Json | None:
    for kind in MEDIA:
        if kind in fields:
            found = fields[kind][-1] if kind == "photo" else fields[kind]
            return {
                "id": found["file_id"],
                "name": found.get("file_name"),
                "mime_type": found.get("mime_type", "image/jpeg"),
                "size": found.get("file_size"),
            }
    return None
