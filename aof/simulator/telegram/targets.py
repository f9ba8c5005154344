"""Finds the chat and the messages that a request is about, and says why it may not write there."""

from typing import Any

from aof.simulator.telegram.chats import Chat
from aof.simulator.telegram.network import Network
from aof.simulator.telegram.posts import Post
from aof.simulator.telegram.refusals import bad, forbidden, upgraded

Json = dict[str, Any]


def chat_of(network: Network, chat_id: int | str) -> Chat:
    """The chat with that id.

    Raises:
        Refused: There is none, or it goes on under another id.
    """
    try:
        chat = network.chats.get(int(chat_id))
    except ValueError:  # @username: of a channel or a public group, which the simulator has none of
        chat = None
    if chat is None:
        raise bad("chat not found", "chat_id")
    if chat.moved_to is not None:
        raise upgraded(chat.moved_to)
    return chat


def open_chat(network: Network, chat_id: int | str) -> Chat:
    """The chat with that id, in which the bot may write.

    Raises:
        Refused: There is none, or it may not.
    """
    chat = chat_of(network, chat_id)
    if chat.is_private:
        phone = network.phone(chat.id)
        if phone is not None and phone.blocked:
            raise forbidden("bot was blocked by the user")
        if phone is not None and not phone.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif chat.bot == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    elif chat.bot == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def thread_of(network: Network, chat: Chat, parameters: Json) -> int | None:
    """The topic, `None` for the general one.

    Raises:
        Refused: There is none.
    """
    thread: int | None = parameters.get("message_thread_id")
    if thread is None or (thread == 1 and chat.is_forum):
        return None
    known = network.settings.private_topics if chat.is_private else thread in chat.topics
    if not known:
        raise bad("message thread not found", "message_thread_id")
    return thread


def answered(network: Network, chat: Chat, parameters: Json) -> Post | None:
    """The message that a send answers.

    Raises:
        Refused: There is none, and the send does not do without.
    """
    reply = parameters.get("reply_parameters")
    if not reply:
        return None
    where = chat
    if "chat_id" in reply:
        where = chat_of(network, reply["chat_id"])
    found = where.find(reply.get("message_id", 0))
    if found is None and not reply.get("allow_sending_without_reply"):
        raise bad("message to be replied not found", "reply_parameters")
    return found


def own_post(chat: Chat, parameters: Json) -> Post:
    """A message of the bot that is to be edited.

    Raises:
        Refused: There is none, or it is somebody else's.
    """
    if "message_id" not in parameters:
        raise bad("message identifier is not specified", "message_id")
    post = chat.find(parameters["message_id"])
    if post is None:
        raise bad("message to edit not found", "message_id")
    if not post.by_bot:
        raise bad("message can't be edited", "message_id")
    return post
