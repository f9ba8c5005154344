"""A person goes on under another number or user id: `system` messages."""

from aof.domain.message import IdentityChanged
from aof.platforms.fields import Node, ascii_json, id_at, moment_at, needed_node, text_at
from aof.platforms.whatsapp.parse.numbers import number_of
from aof.platforms.whatsapp.parse.senders import Origin

_CHANGES = frozenset({"user_changed_number", "user_changed_user_id"})


def system(item: Node, origin: Origin, event_id: str) -> IdentityChanged | None:
    """The change of identity that a system message tells of; None when it tells of something else.

    Raises:
        Misshapen: The item has no `system` object.
    """
    node = needed_node(item, "system")
    if text_at(node, "type") not in _CHANGES:
        return None
    old_number = number_of(id_at(item, "from"))
    old_user_id = id_at(node, "previous_user_id") or id_at(item, "from_user_id")
    # Meta has written the new number under both names
    new_number = number_of(id_at(node, "wa_id")) or number_of(id_at(node, "new_wa_id"))
    new_user_id = id_at(node, "user_id")
    if not (old_number or old_user_id) or not (new_number or new_user_id):
        return None
    return IdentityChanged(
        platform=origin.platform,
        account=origin.account,
        event_id=event_id,
        old_number=old_number,
        old_user_id=old_user_id,
        new_number=new_number,
        new_user_id=new_user_id,
        sent_at=moment_at(item, "timestamp"),
        raw=ascii_json(item),
    )
