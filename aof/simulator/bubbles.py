"""What a phone shows for one message, in either direction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
Direction = Literal["in", "out"]
"""Seen from the phone: `in` has come from the business, `out` was written on the phone."""
State = Literal["sent", "delivered", "read", "failed"]
Form = Literal["button", "row", "template"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something on a message that can be pressed."""

    id: str
    title: str
    form: Form
    description: str = ""


@dataclass(slots=True)
class Content:
    """The parts of a message that a person sees."""

    type: str
    text: str = ""
    header: str | None = None
    footer: str | None = None
    buttons: tuple[Choice, ...] = ()
    button_label: str | None = None
    rows: tuple[Choice, ...] = ()


@dataclass(slots=True)
class Bubble:
    """One message of a conversation."""

    id: str
    direction: Direction
    content: Content
    node: Json
    """What was sent under the type's own key, as sent."""
    at: datetime
    status: State = "sent"
    code: int | None = None
    """Meta's code when it failed."""
    details: str | None = None
    quoted_id: str | None = None
    reaction: str | None = None
    """The emoji that the other side has put on it."""
    part_id: str | None = None
    """`biz_opaque_callback_data` of the send."""
    category: str = "service"
    group_id: str | None = None
    played: bool = False
    seq: int = field(init=False, default=0)
    changed: int = field(init=False, default=0)

    def shown(self) -> Json:
        """The entry of the control API."""
        content = self.content
        return {
            "seq": self.seq,
            "changed": self.changed,
            "id": self.id,
            "direction": self.direction,
            "type": content.type,
            "text": content.text,
            "header": content.header,
            "footer": content.footer,
            "buttons": [{"id": button.id, "title": button.title} for button in content.buttons],
            "button_label": content.button_label,
            "rows": [{"id": row.id, "title": row.title, "description": row.description} for row in content.rows],
            "quoted_id": self.quoted_id,
            "reaction": self.reaction,
            "part_id": self.part_id,
            "group_id": self.group_id,
            "status": self.status,
            "code": self.code,
            "details": self.details,
            "content": self.node,
            "at": self.at.isoformat(),
        }

    def choice(self, action_id: str) -> Choice | None:
        """The button or row with that id."""
        choices = (*self.content.buttons, *self.content.rows)
        return next((choice for choice in choices if choice.id == action_id), None)


TEXT_KEYS: dict[str, tuple[str, ...]] = {
    "text": ("body",),
    "reaction": ("emoji",),
    "button": ("text",),
    "location": ("name", "address"),
}
"""Where the text of a type stands; for others it is the caption."""


def content_of_send(kind: str, node: Any) -> Content:
    """How a message from the business looks; its body has been validated."""
    return _interactive(node) if kind == "interactive" else _plain(kind, node)


def content_of_written(kind: str, node: Any) -> Content:
    """How a message looks that was written on a phone. Takes any node: a phone may send what nobody knows yet."""
    if kind == "interactive" and isinstance(node, dict):
        reply = node.get(str(node.get("type")))
        return Content(kind, _first_text(reply, ("title", "body")))
    return _plain(kind, node)


def _plain(kind: str, node: Any) -> Content:
    return Content(kind, _first_text(node, TEXT_KEYS.get(kind, ("caption",))))


def _first_text(node: Any, keys: tuple[str, ...]) -> str:
    if not isinstance(node, dict):
        return ""
    return next((node[key] for key in keys if isinstance(node.get(key), str)), "")


def _interactive(node: Json) -> Content:
    header = node.get("header") or {}
    content = Content(
        "interactive",
        text=(node.get("body") or {}).get("text", ""),
        header=header.get("text") or (f"[{header['type']}]" if header.get("type") else None),
        footer=(node.get("footer") or {}).get("text"),
    )
    action = node["action"]
    match node["type"]:
        case "button":
            content.buttons = tuple(_choice(button["reply"], "button") for button in action["buttons"])
        case "carousel":
            buttons = [button for card in action["cards"] for button in card["action"].get("buttons", ())]
            content.buttons = tuple(_choice(button["quick_reply"], "button") for button in buttons)
        case "list":
            content.button_label = action["button"]
            content.rows = tuple(_choice(row, "row") for section in action["sections"] for row in section["rows"])
        case "cta_url":
            content.button_label = action["parameters"]["display_text"]
        case "flow":
            content.button_label = action["parameters"]["flow_cta"]
    return content


def _choice(node: Json, form: Form) -> Choice:
    return Choice(node["id"], node["title"], form, node.get("description") or "")
