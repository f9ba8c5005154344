"""What people do on their phones."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aof.simulator.telegram.chats import Chat
from aof.simulator.telegram.entities import found_in, sliced
from aof.simulator.telegram.network import Network, NotPossible
from aof.simulator.telegram.phone import Phone
from aof.simulator.telegram.posts import Post

Json = dict[str, Any]
KEEP_PRESSES = 10_000


@dataclass(slots=True)
class Press:
    """A callback query."""

    id: str
    phone: Phone
    post: Post
    action_id: str
    """The button's `callback_data`."""
    at: datetime
    answered: bool = False


class People:
    """Acts as the people with the phones."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.presses: dict[str, Press] = {}

    def write(
        self,
        phone: Phone,
        chat: Chat,
        fields: Json,
        *,
        thread: int | None = None,
        quoted: Post | None = None,
        anonymous: bool = False,
    ) -> str:
        """Send a message from a phone.

        Args:
            fields: What the Message has beside its head; entities are found in its text where none are given.
            anonymous: As an admin who does not show who they are.

        Raises:
            NotPossible: The phone is off, or its person is not in the chat, or there is no such topic.
        """
        self._check_may_write(phone, chat, thread, anonymous=anonymous)
        now = self._network.clock.now()
        text = fields.get("text") or fields.get("caption")
        key = "entities" if "text" in fields else "caption_entities"
        if isinstance(text, str) and key not in fields and (found := found_in(text)):
            fields = fields | {key: found}
        if chat.is_private:
            phone.started = True
            if phone.blocked:
                self.block(phone, blocked=False)
        post = Post(chat, chat.next_id(), phone.user, fields, now, thread, quoted, anonymous=anonymous)
        self._network.show(post, fields)
        if self._bot_sees(post):
            self._network.updates.put("message", post.node(), str(chat.id), lambda: self._network.known(post))
        return post.id

    def _check_may_write(self, phone: Phone, chat: Chat, thread: int | None, *, anonymous: bool = False) -> None:
        _needs_power(phone)
        if phone.id not in chat.members:
            raise NotPossible("That person is not in this chat.")
        if chat.moved_to is not None:
            raise NotPossible(f"This group goes on as {chat.moved_to}.")
        if anonymous and chat.is_private:
            raise NotPossible("Only the admins of a group can be anonymous.")
        if thread is None:
            return
        if chat.is_private and not self._network.settings.private_topics:
            raise NotPossible("The private chat with this bot has no topics.")
        if not chat.is_private and thread not in chat.topics:
            raise NotPossible(f"There is no topic {thread} in this group.")

    def _bot_sees(self, post: Post) -> bool:
        """Privacy mode keeps from the bot what is not meant for it."""
        chat = post.chat
        if chat.is_private or chat.bot == "administrator":
            return True
        if chat.bot != "member":
            return False
        if self._network.settings.can_read_all or (post.reply_to is not None and post.reply_to.by_bot):
            return True
        entities = post.fields.get("entities") or post.fields.get("caption_entities") or []
        return any(self._is_for_bot(one, post.text) for one in entities if isinstance(one, dict))

    def _is_for_bot(self, entity: Json, text: str) -> bool:
        words = sliced(text, entity["offset"], entity["length"]).lower()
        named = f"@{self._network.settings.username.lower()}"
        match entity["type"]:
            case "bot_command":
                return "@" not in words or words.endswith(named)
            case "mention":
                return words == named
            case "text_mention":
                return bool(entity.get("user", {}).get("id") == self._network.bot["id"])
        return False

    # -- what else ----------------------------------------------------------------------------------------------

    def edit(self, phone: Phone, post: Post, text: str) -> None:
        """Change a message.

        Raises:
            NotPossible: It is not theirs, or the phone is off.
        """
        _needs_power(phone)
        if post.author["id"] != phone.id or post.by_bot:
            raise NotPossible("That message was not written on this phone.")
        head = "caption" if "caption" in post.fields else "text"
        entities = "caption_entities" if head == "caption" else "entities"
        post.fields = {key: value for key, value in post.fields.items() if key != entities} | {head: text}
        if found := found_in(text):
            post.fields[entities] = found
        post.edited_at = self._network.clock.now()
        self._network.touch(post, post.fields)
        if self._bot_sees(post):
            self._network.updates.put("edited_message", post.node(), str(post.chat.id))

    def delete(self, phone: Phone, post: Post) -> None:
        """Take a message away, in a private chat anybody's. The bot is told nothing.

        Raises:
            NotPossible: It is another's, or the phone is off.
        """
        _needs_power(phone)
        if not post.chat.is_private and post.author["id"] != phone.id:
            raise NotPossible("That message was not written on this phone.")
        post.deleted = True
        self._network.touch(post)

    def react(self, phone: Phone, post: Post, emoji: str) -> None:
        """Put a reaction on a message, or take it away with an empty one.

        Raises:
            NotPossible: The phone is off, or its person is not in the chat.
        """
        self._check_may_write(phone, post.chat, None)
        before = post.reactions.pop(phone.id, "")
        if emoji:
            post.reactions[phone.id] = emoji
        self._network.touch(post)
        if emoji == before or (not post.chat.is_private and post.chat.bot != "administrator"):
            return
        node = {
            "chat": post.chat.node(),
            "message_id": post.message_id,
            "user": phone.user,
            "date": self._network.seconds(),
            "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        self._network.updates.put("message_reaction", node, str(post.chat.id))

    def press(self, phone: Phone, message_id: str, action_id: str) -> str:
        """Tap a button; the id of the callback query.

        Raises:
            NotPossible: This phone shows no such message or button, or is off.
        """
        _needs_power(phone)
        entry = phone.find(message_id)
        if entry is None:
            raise NotPossible("This phone shows no message with that id.")
        post = entry.post
        buttons = itertools.chain.from_iterable(post.keyboard)
        button = next((button for button in buttons if button.get("callback_data") == action_id), None)
        if button is None:
            raise NotPossible("That message has no button with that id.")
        if "disabled" in button:
            raise NotPossible("That button is switched off.")
        press = Press(str(10**18 + secrets.randbelow(8 * 10**18)), phone, post, action_id, self._network.clock.now())
        self.presses[press.id] = press
        if len(self.presses) > KEEP_PRESSES:
            del self.presses[next(iter(self.presses))]
        post.pressing.add(action_id)
        self._network.touch(post)
        node = {
            "id": press.id,
            "from": phone.user,
            "message": post.node(),
            "chat_instance": str(-(abs(post.chat.id) * 7919 + 1)),
            "data": action_id,
        }
        self._network.updates.put("callback_query", node, str(post.chat.id))
        return press.id

    def stop(self, phone: Phone, draft_id: int | None) -> int:
        """Press the stop button of a draft, by default of the newest; its id.

        Raises:
            NotPossible: No such draft shows one.
        """
        _needs_power(phone)
        drafts = [draft for draft in phone.live_drafts(self._network.clock.now()) if draft.can_stop]
        draft = next((one for one in reversed(drafts) if draft_id in {None, one.draft_id}), None)
        if draft is None:
            raise NotPossible("No draft with a stop button is shown.")
        draft.can_stop = False
        if not draft.keep_on_stop:
            del phone.drafts[draft.draft_id]
        node = {"chat": draft.chat.node(), "draft_id": draft.draft_id}
        if draft.thread is not None:
            node["message_thread_id"] = draft.thread
        phone.transcript.wake()
        self._network.updates.put("stopped_message_generation", node, str(draft.chat.id))
        return draft.draft_id

    def block(self, phone: Phone, *, blocked: bool) -> None:
        """Shut the bot out of the private chat, or let it in again.

        Raises:
            NotPossible: The phone is off, or that is so already.
        """
        _needs_power(phone)
        if phone.blocked == blocked:
            raise NotPossible("That is so already.")
        phone.blocked = blocked
        phone.transcript.wake()
        self._network.tell_status(phone.chat, phone.user, *(("member", "kicked") if blocked else ("kicked", "member")))

    def read(self, phone: Phone, message_id: str | None = None) -> list[str]:
        """Read everything, or everything up to that message; the ids that were unread. The bot is told nothing.

        Raises:
            NotPossible: This phone shows no such message, or is off.
        """
        _needs_power(phone)
        last = phone.find(message_id) if message_id is not None else None
        if message_id is not None and last is None:
            raise NotPossible("This phone shows no message with that id.")
        unread = [entry for entry in phone.unread() if last is None or entry.seq <= last.seq]
        for entry in unread:
            entry.is_read = True
            phone.transcript.touch(entry)
        return [entry.post.id for entry in unread]

    def expired(self, press: Press) -> bool:
        """It can't be answered any more."""
        return self._network.clock.now() - press.at > timedelta(seconds=self._network.settings.callback_lives_seconds)


def _needs_power(phone: Phone) -> None:
    if not phone.is_on:
        raise NotPossible("The phone is off.")
