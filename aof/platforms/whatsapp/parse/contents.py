"""What a message holds besides its text, in a few words for a person."""

import json
from typing import get_args

from aof.domain.message import Media, MediaKind
from aof.platforms.fields import Node, clean, id_at, node_at, nodes_at, shortened, text_at, whole_at
from aof.platforms.whatsapp.parse.statuses import failure

FILES: dict[str, MediaKind] = {
    kind: kind for kind in get_args(MediaKind) if kind in {"image", "video", "audio", "voice", "document", "sticker"}
}
"""The types whose content is a file that Meta keeps."""

_LONGEST_SUMMARY = 500
_SHOWN = 10


def file(kind: MediaKind, node: Node) -> Media:
    """A file, by the id under which Meta keeps it for seven days."""
    if kind == "audio" and node.get("voice") is True:
        kind = "voice"
    filename = text_at(node, "filename") or None
    return Media(
        kind=kind,
        id=id_at(node, "id"),
        mime_type=text_at(node, "mime_type") or None,
        sha256=text_at(node, "sha256") or None,
        filename=filename,
        summary=shortened(filename or "", _LONGEST_SUMMARY),
    )


def location(node: Node) -> Media:
    """A place: its name and address, else its coordinates."""
    words = [text_at(node, "name"), text_at(node, "address")]
    if not any(words):
        words = [_written(node.get("latitude")), _written(node.get("longitude"))]
    return _summed("location", words)


def contacts(cards: list[Node]) -> Media:
    """Contact cards: the names on them."""
    return _summed("contacts", [text_at(node_at(card, "name"), "formatted_name") for card in cards])


def order(node: Node) -> Media:
    """An order from the catalogue: how many of which item."""
    items = nodes_at(node, "product_items")
    return _summed(
        "order", [f"{whole_at(item, 'quantity')} × {text_at(item, 'product_retailer_id')}" for item in items]
    )


def form(node: Node) -> Media:
    """A filled form: its fields, else the words Meta shows in its place."""
    try:
        answers = json.loads(text_at(node, "response_json"))
    except (ValueError, RecursionError):
        answers = None
    fields = answers.items() if isinstance(answers, dict) else ()
    # the token only ties the form to the message that opened it
    words = [f"{clean(key)}: {_written(value)}" for key, value in fields if key != "flow_token" and _written(value)]
    return _summed("form", words or [text_at(node, "body") or text_at(node, "name")])


def unsupported(item: Node) -> Media:
    """Something that Meta does not hand on, by the name Meta gives it."""
    return _summed("unsupported", [text_at(node_at(item, "unsupported"), "type") or failure(item)[1]])


def _written(value: object) -> str:
    if isinstance(value, str):
        return clean(value)
    return str(value) if isinstance(value, int | float) else ""


def _summed(kind: MediaKind, words: list[str]) -> Media:
    shown = [word for word in words if word]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return Media(kind=kind, summary=shortened(", ".join(shown[:_SHOWN]), _LONGEST_SUMMARY) + more)
