"""Who said something, and where."""

import re
from dataclasses import dataclass

from aof.domain.message import Sender
from aof.platforms.fields import (
    Misshapen,
    Node,
    ascii_json,
    id_at,
    node_at,
    shortened,
    text_at,
)
from aof.platforms.whatsapp.parse.numbers import number_of

_LONGEST_NAME = 200
_NO_DIGIT = re.compile("[^0-9]+")


@dataclass(slots=True)  # frozen would cost a call for each field of each message
class Origin:
    """What the items of one change have in common."""

    platform: str
    account: str
    our_number: str
    """The receiving number as Meta shows it, in digits; empty where it is absent."""
    contacts: list[Node]


def digits(text: str) -> str:
    """The ASCII digits of a written number."""
    return text if text.isascii() and text.isdigit() else _NO_DIGIT.sub("", text)


def is_echo(item: Node, origin: Origin) -> bool:
    """Whether we said this ourselves, for instance from the phone that shares the number."""
    given = id_at(item, "from")
    return bool(given and origin.our_number) and digits(given or "") == origin.our_number


def sender_of(item: Node, origin: Origin) -> tuple[Sender, str]:
    """Who sent an item, and the name that a chat with them alone goes by.

    Raises:
        Misshapen: It names nobody.
    """
    given = id_at(item, "from")
    user_id = id_at(item, "from_user_id")
    contact = _contact(given, user_id, origin.contacts)
    user_id = user_id or id_at(contact, "user_id")
    number = number_of(given) or number_of(id_at(contact, "wa_id"))
    chat = user_id or number or given
    if chat is None:
        raise Misshapen("names no sender")
    name = shortened(text_at(node_at(contact, "profile"), "name"), _LONGEST_NAME) or None
    return Sender(user_id=user_id, number=number, name=name), chat


def _contact(given: str | None, user_id: str | None, contacts: list[Node]) -> Node:
    """The sender's own entry, never somebody else's: a batch holds several people in any order."""
    for contact in contacts:
        if user_id and id_at(contact, "user_id") == user_id:
            return contact
    for contact in contacts:
        # the same number under another user id is another person's entry
        if given and id_at(contact, "wa_id") == given and not (user_id and id_at(contact, "user_id")):
            return contact
    return {}


def with_contact(item: Node, contacts: list[Node]) -> str:
    """An item of `messages` as JSON, with its sender's own entry, without which it may not be known who they are."""
    contact = _contact(id_at(item, "from"), id_at(item, "from_user_id"), contacts)
    return ascii_json({"contacts": [contact], "messages": [item]}) if contact else ascii_json(item)
