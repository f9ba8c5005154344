"""What people said: the `messages` of a webhook, one reader for each type Meta documents."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from aof.domain.message import (
    ButtonPress,
    InboundEvent,
    InboundMessage,
    Media,
    MediaKind,
    Notice,
    Reaction,
    Unreadable,
)
from aof.platforms.fields import (
    Misshapen,
    Node,
    ascii_json,
    id_at,
    moment_at,
    needed_id,
    needed_node,
    needed_text,
    node_at,
    nodes_at,
    shortened,
    text_at,
)
from aof.platforms.whatsapp.parse import contents
from aof.platforms.whatsapp.parse.senders import Origin, is_echo, sender_of, with_contact
from aof.platforms.whatsapp.parse.system import system

_LONGEST_TYPE = 60
_TAPS = frozenset({"button", "interactive"})


@dataclass(slots=True)  # frozen would cost a call for each field of each message
class Said:
    """One item of `messages`, with what every type has in common."""

    item: Node
    origin: Origin
    event_id: str
    type: str

    @property
    def node(self) -> Node:
        """The object that carries the type's own name.

        Raises:
            Misshapen: It is absent.
        """
        return needed_node(self.item, self.type)

    @property
    def answered(self) -> str | None:
        """The id of the message this one refers to."""
        return id_at(node_at(self.item, "context"), "id")

    def notice(self, about: str, subject: str = "") -> Notice:
        return Notice(**self._event(), about=about, subject=subject, raw=ascii_json(self.item))

    def unknown(self, what: str) -> Unreadable:
        return Unreadable(**self._event(), reason=what, raw=with_contact(self.item, self.origin.contacts))

    def message(self, text: str, media: Media | None = None) -> InboundMessage:
        return InboundMessage(**self._spoken(), text=text, media=media, reply_to=self.answered)

    def press(self, form: Literal["button", "list"], action_id: str, title: str) -> ButtonPress:
        return ButtonPress(**self._spoken(), form=form, action_id=action_id, title=title, shown=self.answered)

    def reaction(self, message_id: str, emoji: str) -> Reaction:
        return Reaction(**self._spoken(), message_id=message_id, emoji=emoji)

    def _event(self) -> dict[str, Any]:
        return {"platform": self.origin.platform, "account": self.origin.account, "event_id": self.event_id}

    def _spoken(self) -> dict[str, Any]:
        sender, alone = sender_of(self.item, self.origin)
        group_id = id_at(self.item, "group_id")
        return {
            **self._event(),
            "chat_id": group_id or alone,
            "group": group_id is not None,
            "sender": sender,
            "sent_at": moment_at(self.item, "timestamp"),
            "raw": ascii_json(self.item),
        }


def message(item: Node, origin: Origin) -> InboundEvent:
    """One item of `messages` as the event it is.

    Raises:
        Misshapen: It has no usable id, names no sender, or lacks what its type is about.
    """
    said = Said(item=item, origin=origin, event_id=needed_id(item, "id"), type=needed_text(item, "type"))
    # only a person taps: nothing that this number sends can come back as a press
    if said.type not in _TAPS and is_echo(item, origin):
        return said.notice("echo", shortened(said.type, _LONGEST_TYPE))
    reader = _READERS.get(said.type)
    if reader is None:
        return said.unknown(f"unknown message type: {shortened(said.type, _LONGEST_TYPE)}")
    return reader(said)


def _text(said: Said) -> InboundEvent:
    return said.message(needed_text(said.node, "body"))


def _file(said: Said, kind: MediaKind) -> InboundEvent:
    return said.message(text_at(said.node, "caption"), contents.file(kind, said.node))


def _location(said: Said) -> InboundEvent:
    return said.message("", contents.location(said.node))


def _contacts(said: Said) -> InboundEvent:
    return said.message("", contents.contacts(nodes_at(said.item, "contacts")))


def _order(said: Said) -> InboundEvent:
    return said.message(text_at(said.node, "text"), contents.order(said.node))


def _unsupported(said: Said) -> InboundEvent:
    return said.message("", contents.unsupported(said.item))


def _template_button(said: Said) -> InboundEvent:
    text = text_at(said.node, "text")
    action_id = text_at(said.node, "payload") or text
    if not action_id:
        raise Misshapen("button has neither payload nor text")
    return said.press("button", action_id, text)


def _interactive(said: Said) -> InboundEvent:
    kind = needed_text(said.node, "type")
    match kind:
        case "button_reply" | "list_reply":
            reply = needed_node(said.node, kind)
            form: Literal["button", "list"] = "button" if kind == "button_reply" else "list"
            return said.press(form, needed_id(reply, "id"), text_at(reply, "title"))
        case "nfm_reply":
            return said.message("", contents.form(needed_node(said.node, kind)))
        case "call_permission_reply":
            return said.notice(kind)
        case _:
            return said.unknown(f"unknown interactive type: {shortened(kind, _LONGEST_TYPE)}")


def _reaction(said: Said) -> InboundEvent:
    # Meta leaves the emoji out, or empty, when a reaction is taken away
    return said.reaction(needed_id(said.node, "message_id"), text_at(said.node, "emoji"))


def _change(said: Said) -> InboundEvent:
    return said.notice(said.type, text_at(node_at(said.item, said.type), "original_message_id"))


def _system(said: Said) -> InboundEvent:
    changed = system(said.item, said.origin, said.event_id)
    return changed or said.notice("system", shortened(text_at(said.node, "type"), _LONGEST_TYPE))


def _request_welcome(said: Said) -> InboundEvent:
    return said.notice(said.type)


_READERS: dict[str, Callable[[Said], InboundEvent]] = {
    "text": _text,
    **{type_: partial(_file, kind=kind) for type_, kind in contents.FILES.items()},
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "button": _template_button,
    "interactive": _interactive,
    "reaction": _reaction,
    "edit": _change,
    "revoke": _change,
    "system": _system,
    "request_welcome": _request_welcome,
    "unsupported": _unsupported,
}
