"""A whole update as the one event that it is."""

from collections.abc import Callable, Mapping

from aof.domain.errors import PayloadRejected
from aof.domain.message import ButtonPress, InboundEvent, Reachability, Reaction
from aof.platforms.fields import (
    Misshapen,
    Node,
    ascii_json,
    clean,
    moment_at,
    needed_node,
    node_at,
    nodes_at,
    read_json,
    shortened,
    text_at,
    whole_at,
)
from aof.platforms.telegram.parse.messages import edited, message, stopped
from aof.platforms.telegram.parse.origin import (
    Bot,
    Place,
    Update,
    needed_number,
    person_of,
    place_of,
)

READ = (
    "message",
    "edited_message",
    "callback_query",
    "message_reaction",
    "my_chat_member",
    "stopped_message_generation",
)
"""The kinds of update that the bot asks for."""

NOTED = frozenset(
    {
        "channel_post", "edited_channel_post", "business_connection", "business_message", "edited_business_message",
        "deleted_business_messages", "guest_message", "message_reaction_count", "inline_query", "chosen_inline_result",
        "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "chat_member",
        "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot", "subscription",
    }
)  # fmt: skip
"""The other kinds of Bot API 10.3, which only come where something else has asked for them."""

_LONGEST_KIND = 60
_LONGEST_NAME = 64
_IS_REACHABLE = {"member": True, "kicked": False}


def events_of(payload: bytes, bot: Bot) -> list[InboundEvent]:
    """The event of one update; none where it tells what people of a group did among themselves.

    Raises:
        PayloadRejected: The body is no JSON object with an `update_id`, or is nested too deeply to be read.
    """
    try:
        body = _object(payload)
        number = whole_at(body, "update_id")
        if number <= 0:
            raise PayloadRejected("the update has no number")
        event = _event(body, Update(bot, number, _raw(payload, body)))
    except RecursionError:
        raise PayloadRejected("the update is nested too deeply") from None
    return [event] if event is not None else []


def _object(payload: bytes) -> Node:
    try:
        body = read_json(payload)
    except ValueError as error:
        # the decoder's own text would quote the body; its class is enough beside the quarantined bytes
        raise PayloadRejected(f"the update is no JSON ({type(error).__name__})") from None
    if not isinstance(body, dict):
        raise PayloadRejected("the update is no JSON object")
    return body


def _raw(payload: bytes, body: Node) -> str:
    """The update as ASCII JSON. Telegram writes it so, and then it need not be written again."""
    return payload.decode("ascii") if payload.isascii() and b"\x00" not in payload else ascii_json(body)


def _event(body: Node, update: Update) -> InboundEvent | None:
    kind = next((key for key in body if key in _READERS), None)
    if kind is None:
        named = next((key for key in body if key in NOTED), None)
        if named:
            return update.notice(named)
        others = clean(shortened(", ".join(key for key in body if key != "update_id"), _LONGEST_KIND))
        return update.unreadable(f"unknown kind of update: {others or 'none'}")
    try:
        return _READERS[kind](needed_node(body, kind), update)
    except Misshapen as error:
        return update.unreadable(f"{kind}: {error}")


def _press(node: Node, update: Update) -> InboundEvent:
    query = _query_id(node)
    data = text_at(node, "data")
    if not data:
        return update.notice("callback_query", shortened(text_at(node, "game_short_name"), _LONGEST_NAME))
    sender = person_of(needed_node(node, "from"))
    carrier = node_at(node, "message")
    if carrier:
        place = place_of(carrier)
    elif sender.user_id:
        # a message of inline mode, in a chat that the bot does not know
        place = Place(sender.user_id, group=False, thread="")
    else:
        raise Misshapen("names no chat and nobody")
    number = whole_at(carrier, "message_id")
    return ButtonPress(
        # nothing says when it was tapped: the date is that of the message
        **update.event(f"callback:{query}"),
        chat_id=place.chat,
        group=place.group,
        thread=place.thread,
        sender=sender,
        raw=update.raw,
        action_id=data,
        title=_title(carrier, data),
        form="callback",
        shown=place.message(number) if number > 0 else None,
    )


def _query_id(node: Node) -> str:
    written = node.get("id")
    if isinstance(written, bool) or not isinstance(written, int | str) or not written:
        raise Misshapen("id is no usable id")
    return clean(shortened(str(written), _LONGEST_NAME))


def _title(carrier: Node, data: str) -> str:
    keyboard = node_at(carrier, "reply_markup").get("inline_keyboard")
    for row in keyboard if isinstance(keyboard, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and button.get("callback_data") == data:
                return shortened(text_at(button, "text"), _LONGEST_NAME)
    return ""


def _reaction(node: Node, update: Update) -> InboundEvent:
    place = place_of(node)
    before, after = nodes_at(node, "old_reaction"), nodes_at(node, "new_reaction")
    added = [each for each in after if each not in before] or after
    return Reaction(
        **update.event(),
        chat_id=place.chat,
        group=place.group,
        sender=person_of(node_at(node, "user")),
        sent_at=moment_at(node, "date"),
        raw=update.raw,
        message_id=place.message(needed_number(node, "message_id")),
        emoji=_emoji(added[-1]) if added else "",
    )


def _emoji(reaction: Node) -> str:
    # a drawn one has a number in place of a character, a paid one has neither
    return shortened(text_at(reaction, "emoji") or text_at(reaction, "type"), _LONGEST_NAME)


def _membership(node: Node, update: Update) -> InboundEvent:
    place = place_of(node)
    status = shortened(text_at(node_at(node, "new_chat_member"), "status"), _LONGEST_NAME)
    if place.group or status not in _IS_REACHABLE:
        return update.notice("my_chat_member", status)
    return Reachability(
        **update.event(),
        sender=person_of(node_at(node, "from") or node_at(node, "chat")),
        reachable=_IS_REACHABLE[status],
        sent_at=moment_at(node, "date"),
        raw=update.raw,
    )


_READERS: Mapping[str, Callable[[Node, Update], InboundEvent | None]] = {
    "message": message,
    "edited_message": edited,
    "callback_query": _press,
    "message_reaction": _reaction,
    "my_chat_member": _membership,
    "stopped_message_generation": stopped,
}
