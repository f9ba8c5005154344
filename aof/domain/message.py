"""What reaches the daemon from a chat platform, one type for each kind of event."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from aof.domain.template import TemplateState

MediaKind = Literal[
    "image", "video", "audio", "voice", "document", "sticker", "location", "contacts", "order", "form", "unsupported"
]


class Frozen(BaseModel):
    """A value: it never changes, knows no other fields than its own, and its errors do not quote what somebody said."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Sender(Frozen):
    """Who sent an event. At least one of `user_id` and `number` is there, else nobody is authorised by it."""

    user_id: str | None = None
    """The platform's immutable id of the person, as the platform writes it."""
    number: str | None = None
    """E.164 with its plus sign, exactly as on this event."""
    name: str | None = None
    """What the person calls themselves: shown, never trusted."""

    @property
    def key(self) -> str:
        """The identity that rights and choices are bound to; empty when the event named nobody."""
        return self.user_id or self.number or ""


class Address(Frozen):
    """Where a part goes."""

    chat: str
    """The group's id, else the person's user id, else their number."""
    number: str | None = None
    user_id: str | None = None
    group: bool = False
    thread: str = ""
    """The topic within the chat; empty where it has none, or for its main one."""
    former: tuple[str, ...] = ()
    """Ids that the group had before this one."""

    @property
    def group_ids(self) -> tuple[str, ...]:
        """By what ids a list may name the group; of a chat of two none."""
        return (self.chat, *self.former) if self.group else ()

    @property
    def person(self) -> Sender:
        """Who is written to in a chat of two; nobody in a group."""
        return Sender() if self.group else Sender(number=self.number, user_id=self.user_id)


class Media(Frozen):
    """What came with, or instead of, a text."""

    kind: MediaKind
    id: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    filename: str | None = None
    summary: str = ""
    """Its content in a few words, for a person: a place's name, the names on contact cards, an order's items."""


class Event(Frozen):
    """What all events carry."""

    platform: str
    account: str
    """The platform and the receiving number or bot: `whatsapp:106540352242922`."""
    event_id: str
    """Unique within the account; a platform's repeat of an event carries the same one."""


class Spoken(Event):
    """An event by which a person says something here."""

    chat_id: str
    """The group's id, else the sender's user id, else their number."""
    group: bool = False
    thread: str = ""
    """The topic within the chat, each a conversation of its own; empty where it has none, or for its main one."""
    sender: Sender
    sent_at: datetime | None = None
    """By the platform's clock, aware, UTC; None where the platform wrote no readable time."""
    language: str = ""
    """The language that its sender reads, as a BCP 47 tag; empty where the platform does not say."""
    raw: str = ""
    """The one message as the platform wrote it, as ASCII JSON."""


class InboundMessage(Spoken):
    """A text, or something else that a person put into the chat."""

    kind: Literal["message"] = "message"
    text: str = ""
    """What was typed, or the caption."""
    media: Media | None = None
    reply_to: str | None = None
    """The message id that the person answered to."""
    addressed: bool = True
    """Whether it is meant for the daemon; False for what people of a group say to each other."""


class ButtonPress(Spoken):
    """A tap on a choice that a part carried: its own type, so that nobody can *type* one."""

    kind: Literal["press"] = "press"
    action_id: str
    """As it came over the wire."""
    title: str = ""
    form: Literal["button", "list", "callback"]
    shown: str | None = None
    """The message id that carried the choice, where the platform says so."""

    @property
    def text(self) -> str:
        """How a press reads for an agent that takes text."""
        return f"{self.form}:{self.action_id}"


class Reaction(Spoken):
    """An emoji put on a message, or taken away (then `emoji` is empty). Kept, not answered."""

    kind: Literal["reaction"] = "reaction"
    message_id: str
    emoji: str = ""


class Call(Spoken):
    """They called. Kept, not answered; from here on they may be written to, as after a message."""

    kind: Literal["call"] = "call"


OWN_EVENTS = "run:"
"""How the ids of the daemon's own events begin; no adapter gives one out."""


class Decided(Spoken):
    """The daemon's own: all that a paused run asked people for is decided, and it goes on. No adapter makes one."""

    kind: Literal["decided"] = "decided"
    run: str

    @property
    def text(self) -> str:
        return ""


class IdentityChanged(Event):
    """A person goes on under another number or user id; the conversation moves with them."""

    kind: Literal["identity"] = "identity"
    old_number: str | None = None
    old_user_id: str | None = None
    new_number: str | None = None
    new_user_id: str | None = None
    sent_at: datetime | None = None
    raw: str = ""


class ChatMoved(Event):
    """A group goes on under another id; its conversations, with their topics, move with it."""

    kind: Literal["chat_moved"] = "chat_moved"
    old_chat: str
    new_chat: str
    raw: str = ""


class Reachability(Event):
    """A person shut the daemon out of their chat, or let it in again."""

    kind: Literal["reachability"] = "reachability"
    sender: Sender
    reachable: bool
    sent_at: datetime | None = None
    raw: str = ""


ReceiptState = Literal["sent", "delivered", "read", "played", "failed"]


class Receipt(Event):
    """What became of a part that the platform had accepted."""

    kind: Literal["receipt"] = "receipt"
    message_id: str
    part_id: str | None = None
    recipient: str = ""
    state: ReceiptState
    at: datetime | None = None
    code: int = 0
    reason: str = ""
    """The platform's title and details of a failure."""
    opted_out: bool = False
    """It failed because its recipient told the platform that they want nothing of the kind."""
    category: str | None = None
    """The platform's word for what it bills this message as; None where the receipt says nothing of a bill."""
    outside_window: bool = False
    """It failed because the person's time for free messages was over."""


class TemplateNews(Frozen):
    """What a platform tells of one template in one language. An empty text, and None, tell nothing."""

    name: str
    language: str
    at: datetime | None = None
    """From when it holds, by the platform's clock."""
    state: TemplateState | None = None
    word: str = ""
    """The platform's own word for the state."""
    reason: str = ""
    """Why it is in its state, in the platform's words."""
    category: str = ""
    former_category: str = ""
    coming_category: str = ""
    """As what it will be filed soon, where the platform says so beforehand."""
    quality: str = ""
    body: str | None = None
    """With its places as the platform writes them."""
    places: tuple[str, ...] = ()
    """The names of the places in its body, in order; they come with the body."""
    buttons: tuple[str, ...] = ()
    """The titles of its buttons, in order; they come with the body."""


class Notice(Event):
    """Something an operator may want to know: kept, never answered."""

    kind: Literal["notice"] = "notice"
    about: str
    """What it is: the webhook's field, the message's type, or a word of the adapter such as `echo`, `other_number`."""
    subject: str = ""
    raw: str
    template: TemplateNews | None = None
    """What it tells of a template."""


class Preference(Event):
    """Somebody told the platform, past this chat, whether they want marketing from this account."""

    kind: Literal["preference"] = "preference"
    sender: Sender
    state: Literal["in", "out"]
    words: str = ""
    """The platform's own, for the ledger."""
    sent_at: datetime | None = None
    raw: str = ""


class Unreadable(Event):
    """One item of a webhook that can't be read, or whose type nobody knows yet: kept in quarantine."""

    kind: Literal["unreadable"] = "unreadable"
    reason: str
    raw: str


InboundEvent = Annotated[
    InboundMessage
    | ButtonPress
    | Reaction
    | Call
    | IdentityChanged
    | ChatMoved
    | Reachability
    | Receipt
    | Notice
    | Preference
    | Unreadable,
    Field(discriminator="kind"),
]
