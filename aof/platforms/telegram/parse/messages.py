"""What people write: the `message` of an update."""

from aof.domain.message import ChatMoved, InboundEvent, InboundMessage, Media
from aof.platforms.fields import Misshapen, Node, moment_at, node_at, nodes_at, shortened, text_at, whole_at
from aof.platforms.telegram.parse.addressing import Words, words_of
from aof.platforms.telegram.parse.contents import CONTENTS, SERVICE, media_of
from aof.platforms.telegram.parse.origin import (
    Place,
    Update,
    is_of_a_bot,
    needed_number,
    person_of,
    place_of,
    sender_of,
)
from aof.platforms.telegram.parse.rich import Rich

_SAYING = CONTENTS | {"text", "rich_message"}
_LONGEST_NAME = 64


def message(node: Node, update: Update) -> InboundEvent:
    """A message as the event it is.

    Raises:
        Misshapen: It names no chat or has no number.
    """
    place = place_of(node)
    if moved := _moved(node, place, update):
        return moved
    if node.keys().isdisjoint(_SAYING):
        told = next((key for key in node if key in SERVICE), None)
        return update.notice(told) if told else update.unreadable("a message that holds nothing known")
    if is_of_a_bot(node):
        return update.notice("bot", _username(node, "from"))
    if "via_bot" in node:
        # the words are those of another bot
        return update.notice("via_bot", _username(node, "via_bot"))
    if "ephemeral_message_id" in node:
        return _ephemeral(node, place, update)
    event_id = place.message(needed_number(node, "message_id"))
    said, media = _content(node, place, update)
    reply_to, to_us = _answered(node, place, update)
    addressed = not place.group or _is_for_us(said, to_us=to_us)
    return InboundMessage(
        **update.event(event_id),
        chat_id=place.chat,
        group=place.group,
        thread=place.thread,
        sender=sender_of(node),
        sent_at=moment_at(node, "date"),
        raw=update.raw,
        text=said.text,
        media=media,
        reply_to=reply_to,
        addressed=addressed,
    )


def edited(node: Node, update: Update) -> InboundEvent | None:
    """A change to a message, which changes nothing that was done about it; None where the message was not for the bot.

    Raises:
        Misshapen: It names no chat or has no number.
    """
    place = place_of(node)
    if place.group and not _is_addressed(node, place, update):
        return None
    message_id = place.message(needed_number(node, "message_id"))
    return update.notice("edited", message_id, f"edit:{message_id}:{whole_at(node, 'edit_date')}")


def stopped(node: Node, update: Update) -> InboundEvent:
    """The stop button under an answer that is being written: what it means is a command.

    Raises:
        Misshapen: It names no chat.
    """
    # there is no message, so nothing says that the thread is a topic; only a chat of two has the button
    place = place_of({**node, "is_topic_message": True})
    if place.group:
        return update.notice("stopped_message_generation")
    update.bot.saw_rich(place.chat)
    return InboundMessage(
        **update.event(),
        chat_id=place.chat,
        thread=place.thread,
        sender=person_of(node_at(node, "chat")),
        raw=update.raw,
        text="/cancel",
    )


def _moved(node: Node, place: Place, update: Update) -> ChatMoved | None:
    """A group that became a supergroup tells it twice: in the old chat, and in the new one."""
    to, since = whole_at(node, "migrate_to_chat_id"), whole_at(node, "migrate_from_chat_id")
    if not to and not since:
        return None
    old, new = (place.chat, str(to)) if to else (str(since), place.chat)
    return ChatMoved(**update.event(f"moved:{old}:{new}"), old_chat=old, new_chat=new, raw=update.raw)


def _ephemeral(node: Node, place: Place, update: Update) -> InboundEvent:
    """What only the bot and one person see in a group is answered where only they see the answer: in their own chat."""
    sender = sender_of(node)
    if sender.user_id is None or whole_at(node_at(node, "receiver_user"), "id") != update.bot.id:
        return update.notice("ephemeral")
    said, media = _content(node, place, update)
    return InboundMessage(
        # its number is given again to another one
        **update.event(),
        chat_id=sender.user_id,
        sender=sender,
        sent_at=moment_at(node, "date"),
        raw=update.raw,
        text=said.text,
        media=media,
    )


def _content(node: Node, place: Place, update: Update) -> tuple[Words, Media | None]:
    bot = update.bot
    if rich := node_at(node, "rich_message"):
        if not place.group:
            bot.saw_rich(place.chat)
        reader = Rich(bot)
        words = words_of(reader.text(nodes_at(rich, "blocks")).strip(), [], bot)
        words.for_us = words.for_us or reader.for_us
        return words, None if words.text else Media(kind="unsupported", summary="rich message")
    if "text" in node:
        return words_of(_needed(node), nodes_at(node, "entities"), bot), None
    return words_of(text_at(node, "caption"), nodes_at(node, "caption_entities"), bot), media_of(node)


def _is_addressed(node: Node, place: Place, update: Update) -> bool:
    said, _ = _content(node, place, update)
    return _is_for_us(said, to_us=_answered(node, place, update)[1])


def _is_for_us(said: Words, *, to_us: bool) -> bool:
    return not said.for_another and (said.for_us or to_us)


def _needed(node: Node) -> str:
    if not (text := text_at(node, "text")):
        raise Misshapen("text is no text")
    return text


def _answered(node: Node, place: Place, update: Update) -> tuple[str | None, bool]:
    """The message that this one answers to, and whether the bot wrote that one."""
    before = node_at(node, "reply_to_message")
    number = whole_at(before, "message_id")
    # in a topic, what answers to nothing answers to the topic's beginning
    if number <= 0 or "forum_topic_created" in before or (place.thread and str(number) == place.thread):
        return None, False
    return place.message(number), whole_at(node_at(before, "from"), "id") == update.bot.id


def _username(node: Node, key: str) -> str:
    return shortened(text_at(node_at(node, key), "username"), _LONGEST_NAME)
