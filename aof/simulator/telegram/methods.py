"""Every method of the table, and what carries it out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aof.simulator.telegram.chats import TOPIC_COLOR, add_topic
from aof.simulator.telegram.files import Files
from aof.simulator.telegram.menu import Menu
from aof.simulator.telegram.network import Network
from aof.simulator.telegram.receiving import Receiving
from aof.simulator.telegram.refusals import bad
from aof.simulator.telegram.rules import check_supported
from aof.simulator.telegram.sending import MEDIA_METHODS, Sending
from aof.simulator.telegram.targets import chat_of, open_chat
from aof.simulator.telegram.values import Upload, read

Json = dict[str, Any]
SENDS = frozenset(
    {
        "sendMessage",
        "sendRichMessage",
        "editMessageText",
        "editMessageCaption",
        "editMessageReplyMarkup",
        *MEDIA_METHODS,
    }
)
"""Methods that the faults of sends strike."""


class Methods:
    """Carries out requests."""

    def __init__(self, network: Network, sending: Sending, receiving: Receiving, files: Files, menu: Menu) -> None:
        self._network = network
        self._receiving = receiving
        self._menu = menu
        self._at_once: dict[str, Callable[[Json], Any]] = {
            "getMe": self._me,
            "getWebhookInfo": lambda _: receiving.webhook_state(),
            "sendMessage": sending.message,
            "sendRichMessage": sending.rich_message,
            "sendMessageDraft": sending.draft,
            "sendRichMessageDraft": sending.rich_draft,
            "editMessageText": sending.edit_text,
            "editMessageCaption": sending.edit_caption,
            "editMessageReplyMarkup": sending.edit_markup,
            "deleteMessage": sending.delete,
            "deleteMessages": sending.delete_several,
            "sendChatAction": sending.action,
            "setMessageReaction": sending.reaction,
            "answerCallbackQuery": sending.answer_press,
            "getFile": lambda parameters: files.describe(parameters["file_id"]),
            "setMyCommands": self._set_menu,
            "getMyCommands": menu.get,
            "deleteMyCommands": self._delete_menu,
            "getChat": self._chat,
            "getChatMember": self._chat_member,
            "createForumTopic": self._create_topic,
            "leaveChat": self._leave,
            **{name: _media(sending, kind) for name, kind in MEDIA_METHODS.items()},
        }
        self._waiting: dict[str, Callable[[Json], Awaitable[tuple[Any, str]]]] = {
            "getUpdates": self._poll,
            "setWebhook": receiving.set_webhook,
            "deleteWebhook": receiving.delete_webhook,
        }

    async def call(
        self, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]
    ) -> tuple[Any, str, list[str]]:
        """The result, a description where Telegram adds one, and the parameters that it passed over.

        Raises:
            Refused: Telegram would not do it.
        """
        parameters, unknown = read(method, raw, files)
        check_supported(parameters)
        if method in self._waiting:
            result, words = await self._waiting[method](parameters)
            return result, words, unknown
        return self._at_once[method](parameters), "", unknown

    async def _poll(self, parameters: Json) -> tuple[Any, str]:
        return await self._receiving.poll(parameters), ""

    def _me(self, _: Json) -> Json:
        settings = self._network.settings
        return self._network.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": settings.can_read_all,
            "supports_guest_queries": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": settings.private_topics,
            "allows_users_to_create_topics": settings.private_topics,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }

    def _set_menu(self, parameters: Json) -> bool:
        self._menu.set(parameters)
        self._network.wake()
        return True

    def _delete_menu(self, parameters: Json) -> bool:
        self._menu.delete(parameters)
        self._network.wake()
        return True

    def _chat(self, parameters: Json) -> Json:
        chat = chat_of(self._network, parameters["chat_id"])
        return chat.node() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}

    def _chat_member(self, parameters: Json) -> Json:
        chat = chat_of(self._network, parameters["chat_id"])
        wanted = parameters["user_id"]
        if wanted == self._network.bot["id"]:
            return self._network.member(chat.bot)
        phone = self._network.phone(wanted)
        if phone is None:
            raise bad("PARTICIPANT_ID_INVALID", "user_id")
        return {"user": phone.user, "status": "member" if wanted in chat.members else "left"}

    def _create_topic(self, parameters: Json) -> Json:
        chat = open_chat(self._network, parameters["chat_id"])
        if not chat.is_forum:
            raise bad("the chat is not a forum", "chat_id")
        if chat.bot != "administrator":
            raise bad("not enough rights to create a topic", "chat_id")
        thread = add_topic(chat, parameters["name"], self._network.bot, self._network.clock.now())
        self._network.wake()
        return {"message_thread_id": thread, "name": parameters["name"], "icon_color": TOPIC_COLOR}

    def _leave(self, parameters: Json) -> bool:
        chat = open_chat(self._network, parameters["chat_id"])
        if chat.is_private:
            raise bad("chat member status can't be changed in private chats", "chat_id")
        chat.bot = "left"
        return True


NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def _media(sending: Sending, kind: str) -> Callable[[Json], Json]:
    return lambda parameters: sending.media(kind, parameters)
