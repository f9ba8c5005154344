"""Who called us: the `calls` of a webhook. The calls themselves are not taken."""

from collections.abc import Iterator

from aof.domain.message import Call
from aof.platforms.fields import Misshapen, Node, ascii_json, moment_at, needed_id, nodes_at, text_at
from aof.platforms.whatsapp.parse.senders import Origin, sender_of


def calls(value: Node, origin: Origin) -> Iterator[Call]:
    """The calls of people that begin here. What can't be read is a notice all the same, and counts for nothing."""
    for item in nodes_at(value, "calls"):
        if text_at(item, "direction") != "USER_INITIATED" or text_at(item, "event") != "connect":
            continue
        try:
            sender, chat_id = sender_of(item, origin)
            event_id = needed_id(item, "id")
        except Misshapen:
            continue
        yield Call(
            platform=origin.platform,
            account=origin.account,
            event_id=event_id,
            chat_id=chat_id,
            sender=sender,
            sent_at=moment_at(item, "timestamp"),
            raw=ascii_json({key: item[key] for key in item.keys() - {"session", "connection"}}),
        )
