"""The network between the bot and the people: their chats, and how messages reach whoever is in them."""

import secrets
from collections.abc import Iterator
from functools import partial
from typing import Any

from aof.simulator.clock import Clock
from aof.simulator.telegram.chats import Chat, group_chat
from aof.simulator.telegram.phone import Phone
from aof.simulator.telegram.posts import Entry, Post
from aof.simulator.telegram.rich import text_of
from aof.simulator.telegram.settings import BotStatus, TelegramSettings
from aof.simulator.telegram.updates import Updates

Json = dict[str, Any]


class NotPossible(Exception):
    """The person can't do that now; the message says why."""


class Network:
    """Carries messages between the people and the bot."""

    def __init__(self, settings: TelegramSettings, clock: Clock, updates: Updates) -> None:
        self.settings = settings
        self.clock = clock
        self.bot: Json = {
            "id": settings.bot_id,
            "is_bot": True,
            "first_name": settings.name,
            "username": settings.username,
        }
        self.phones = tuple(Phone(person) for person in settings.people)
        self._by_id = {phone.id: phone for phone in self.phones}
        self.chats = {phone.chat.id: phone.chat for phone in self.phones}
        for group in settings.groups:
            self.chats[group.id] = group_chat(group, self.bot, clock.now())
        self.updates = updates

    @property
    def groups(self) -> list[Chat]:
        return [chat for chat in self.chats.values() if not chat.is_private]

    def phone(self, person: int) -> Phone | None:
        return self._by_id.get(person)

    def post(self, message_id: str) -> Post | None:
        """A message by `<chat id>:<message id>`."""
        chat, _, number = message_id.partition(":")
        try:
            found = self.chats.get(int(chat))
            return None if found is None else found.find(int(number))
        except ValueError:
            return None

    # -- messages -----------------------------------------------------------------------------------------------

    def show(self, post: Post, content: Json) -> None:
        """Keep a message and bring it to everybody in its chat."""
        chat = post.chat
        chat.add(post)
        if post.by_bot:
            chat.stop_typing()
        rich = post.fields.get("rich_message")
        rich_text = text_of(rich["blocks"]) if rich else ""
        viewers: list[Phone | None] = [self._by_id[member] for member in chat.members]
        if not chat.is_private:
            viewers.append(None)
        for phone in viewers:
            entry = Entry(post, phone.id if phone else None, post.at, content, rich_text=rich_text)
            post.entries.append(entry)
            if phone is None:
                chat.journal.add(entry)
            else:
                phone.arrive(entry)

    def touch(self, post: Post, content: Json | None = None) -> None:
        """Say that a message has changed; it was changed by a request, if `content` says so."""
        rich = post.fields.get("rich_message")
        for entry in post.entries:
            if content is not None:
                entry.content = content
                entry.rich_text = text_of(rich["blocks"]) if rich else ""
            phone = self._by_id.get(entry.viewer) if entry.viewer is not None else None
            (post.chat.journal if phone is None else phone.transcript).touch(entry)

    def known(self, post: Post) -> None:
        """The bot has taken it."""
        if not post.known:
            post.known = True
            self.touch(post)

    # -- groups -------------------------------------------------------------------------------------------------

    def set_bot_status(self, chat: Chat, phone: Phone, status: BotStatus) -> None:
        """Make the bot an admin of a group, throw it out, or take it in again."""
        before, chat.bot = chat.bot, status
        self.tell_status(chat, phone.user, before, status)

    def migrate(self, chat: Chat) -> int:
        """Make a supergroup of a group; its new id.

        Raises:
            NotPossible: It is one, or was made one already.
        """
        if chat.type != "group" or chat.moved_to is not None:
            raise NotPossible("Only a group becomes a supergroup, and only once.")
        new_id = -(1_000_000_000_000 + 1_000_000_000 + secrets.randbelow(1_000_000_000))
        new = Chat(new_id, "supergroup", chat.title, chat.members, chat.bot)
        new.head = {"title": chat.title}
        self.chats[new_id] = new
        author = self._by_id[chat.members[0]].user if chat.members else self.bot
        chat.moved_to = new_id
        for where, fields in ((chat, {"migrate_to_chat_id": new_id}), (new, {"migrate_from_chat_id": chat.id})):
            post = Post(where, where.next_id(), author, fields, self.clock.now())
            self.show(post, fields)
            self.updates.put("message", post.node(), str(where.id), partial(self.known, post))
        return new_id

    def tell_status(self, chat: Chat, user: Json, before: str, after: str) -> None:
        node = {
            "chat": chat.node(),
            "from": user,
            "date": self.seconds(),
            "old_chat_member": self.member(before),
            "new_chat_member": self.member(after),
        }
        self.updates.put("my_chat_member", node, str(chat.id))

    def member(self, status: str) -> Json:
        """The ChatMember of the bot."""
        member: Json = {"user": self.bot, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(ADMIN_RIGHTS, True)
        return member

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def wake(self) -> None:
        """Let every reader look again."""
        for journal in self.open_journals():
            journal.wake()

    def open_journals(self) -> Iterator[Any]:
        """Whatever readers may wait on."""
        for phone in self.phones:
            yield phone.transcript
        for chat in self.groups:
            yield chat.journal


ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
