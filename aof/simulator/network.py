"""The network between the business and the phones: what phones do, and how messages reach them."""

from typing import Any

from aof.simulator import ids
from aof.simulator.bubbles import Bubble, Choice, content_of_written
from aof.simulator.buckets import throughput_bucket
from aof.simulator.clock import Clock
from aof.simulator.envelope import Update
from aof.simulator.phone import Phone
from aof.simulator.receipts import Receipts, contact_of
from aof.simulator.settings import Settings
from aof.simulator.webhooks import Webhooks

Json = dict[str, Any]
WITHOUT_CONTACT = frozenset({"system"})
"""Types whose webhooks have no `contacts`."""
OPENS_NO_WINDOW = frozenset({"reaction", "system"})
"""Types after which free messages are refused as before: Meta opens the window on a message or a call."""


class NotPossible(Exception):
    """The phone can't do that now; the message says why."""


class Network:
    """Carries messages between the phones and the webhooks."""

    def __init__(self, settings: Settings, clock: Clock, webhooks: Webhooks) -> None:
        self.settings = settings
        self.clock = clock
        self.phones = tuple(Phone(phone) for phone in settings.phones)
        self.throughput = throughput_bucket(settings.throughput_per_second)
        self.receipts = Receipts(webhooks, clock)
        self._webhooks = webhooks

    def phone_with_number(self, wa_id: str) -> Phone | None:
        """By digits alone."""
        return next((phone for phone in self.phones if phone.settings.wa_id == wa_id), None)

    def phone_with_user_id(self, user_id: str) -> Phone | None:
        return next((phone for phone in self.phones if phone.settings.user_id == user_id), None)

    # -- what a person does on a phone --------------------------------------------------------------------------

    def write(self, phone: Phone, node: Json, quoted_id: str | None = None) -> str:
        """Send a message from a phone.

        Args:
            phone: Whose.
            node: `type` and the key of that type, as in `messages[]`; `id`, `timestamp` and all else stands as given.
            quoted_id: The message it answers.

        Returns:
            Its id.

        Raises:
            NotPossible: The phone is off.
        """
        _needs_power(phone)
        now = self.clock.now()
        author: Json = {} if phone.settings.hides_number else {"from": phone.settings.wa_id}
        if phone.settings.user_id is not None:
            author["from_user_id"] = phone.settings.user_id
        context: Json = {}
        if quoted_id is not None:
            context["context"] = {"from": self.settings.display_phone_number, "id": quoted_id}
        message = (
            context
            | author
            | {"id": ids.message_id(phone.settings.wa_id), "timestamp": str(int(now.timestamp()))}
            | node
        )
        kind = str(message.get("type"))
        self.throughput.take(now)
        if kind not in OPENS_NO_WINDOW:
            phone.wrote_at = now
        bubble = Bubble(
            str(message["id"]), "out", content_of_written(kind, message.get(kind)), {kind: message.get(kind)}, now
        )
        bubble.quoted_id = quoted_id
        phone.add(bubble)
        if kind == "reaction":
            self._show_reaction(phone, message.get("reaction"))
        contact = None if kind in WITHOUT_CONTACT else contact_of(phone.settings)
        self._webhooks.put(
            Update(
                "message", message, contact, phone.settings.wa_id, acknowledged=lambda: self._delivered(phone, bubble)
            )
        )
        return bubble.id

    def press(self, phone: Phone, message_id: str, action_id: str) -> str:
        """Tap a button or choose a row; return the id of the message that this sends.

        Raises:
            NotPossible: This phone shows no such message, or it has no such button or row, or the phone is off.
        """
        bubble = phone.find_arrived(message_id)
        if bubble is None:
            raise NotPossible("This phone shows no message with that id from the business.")
        choice = bubble.choice(action_id)
        if choice is None:
            raise NotPossible("That message has no button or row with that id.")
        return self.write(phone, _reply(choice), quoted_id=message_id)

    def read(self, phone: Phone, message_id: str | None = None) -> list[str]:
        """Read everything, or everything up to that message; return the ids that were unread.

        Raises:
            NotPossible: This phone shows no such message, or it is off.
        """
        _needs_power(phone)
        last = None
        if message_id is not None and (last := phone.find_arrived(message_id)) is None:
            raise NotPossible("This phone shows no message with that id from the business.")
        unread = list(phone.unread_until(last))
        for bubble in unread:
            bubble.status = "read"
            phone.transcript.touch(bubble)
            self.receipts.put(bubble, "read", phone.settings)
        return [bubble.id for bubble in unread]

    def play(self, phone: Phone, message_id: str) -> None:
        """Listen to a voice message; only the first time is reported.

        Raises:
            NotPossible: This phone shows no such voice message, or it is off.
        """
        _needs_power(phone)
        bubble = phone.find_arrived(message_id)
        voice = (
            bubble is not None and bubble.content.type == "audio" and bubble.node.get("audio", {}).get("voice") is True
        )
        if bubble is None or not voice:
            raise NotPossible("This phone shows no voice message with that id.")
        if not bubble.played:
            bubble.played = True
            self.receipts.put(bubble, "played", phone.settings)

    def power(self, phone: Phone, *, on: bool) -> None:
        """Switch a phone on, which brings it what has waited, or off."""
        phone.is_on = on
        if on:
            waiting, phone.waiting = phone.waiting, []
            for bubble in waiting:
                self._arrive(phone, bubble)

    # -- what the business sends --------------------------------------------------------------------------------

    def carry(self, phone: Phone, bubble: Bubble) -> None:
        """Bring an accepted message to a phone, at once or when it is on."""
        if phone.is_on:
            self._arrive(phone, bubble)
        else:
            phone.waiting.append(bubble)

    def _arrive(self, phone: Phone, bubble: Bubble) -> None:
        if self.settings.auto_receipts:
            bubble.status = "delivered"
        phone.add(bubble)
        if bubble.content.type == "reaction":
            self._show_reaction(phone, bubble.node["reaction"])
        if self.settings.auto_receipts:
            self.receipts.put(bubble, "delivered", phone.settings)

    def _show_reaction(self, phone: Phone, reaction: Any) -> None:
        if not isinstance(reaction, dict):
            return
        target = phone.find(str(reaction.get("message_id")))
        if target is not None:
            target.reaction = reaction.get("emoji") or None
            phone.transcript.touch(target)

    def _delivered(self, phone: Phone, bubble: Bubble) -> None:
        if bubble.status == "sent":
            bubble.status = "delivered"
            phone.transcript.touch(bubble)


def _needs_power(phone: Phone) -> None:
    if not phone.is_on:
        raise NotPossible("The phone is off.")


def _reply(choice: Choice) -> Json:
    """The message that a tap sends."""
    match choice.form:
        case "button":
            return {
                "type": "interactive",
                "interactive": {"type": "button_reply", "button_reply": {"id": choice.id, "title": choice.title}},
            }
        case "row":
            row = {"id": choice.id, "title": choice.title} | (
                {"description": choice.description} if choice.description else {}
            )
            return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": row}}
        case "template":
            return {"type": "button", "button": {"payload": choice.id, "text": choice.title}}
