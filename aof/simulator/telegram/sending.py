"""What the bot sends, changes and takes away."""

from datetime import timedelta
from typing import Any

from aof.simulator.telegram.chats import Chat
from aof.simulator.telegram.files import Files
from aof.simulator.telegram.network import Network
from aof.simulator.telegram.people import People
from aof.simulator.telegram.phone import DRAFT, Draft
from aof.simulator.telegram.posts import Post
from aof.simulator.telegram.rates import Rates
from aof.simulator.telegram.refusals import bad
from aof.simulator.telegram.rich import blocks_of
from aof.simulator.telegram.rich import text_of as text_of_blocks
from aof.simulator.telegram.rules import ACTIONS, REACTIONS, keyboard_of, text_of
from aof.simulator.telegram.targets import answered, chat_of, open_chat, own_post, thread_of

Json = dict[str, Any]
DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MEDIA_METHODS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendVoice": "voice",
}


class Sending:
    """The methods that write; parameters have been read by `values`."""

    def __init__(self, network: Network, people: People, files: Files, rates: Rates) -> None:
        self._network = network
        self._people = people
        self._files = files
        self._rates = rates

    # -- new messages -------------------------------------------------------------------------------------------

    def message(self, parameters: Json) -> Json:
        """`sendMessage`."""
        text, entities = text_of(parameters)
        return self._send(parameters, {"text": text} | ({"entities": entities} if entities else {}))

    def rich_message(self, parameters: Json) -> Json:
        """`sendRichMessage`."""
        given = parameters["rich_message"]
        blocks = blocks_of(given)
        return self._send(parameters, {"rich_message": {"blocks": blocks} | _direction(given)})

    def media(self, kind: str, parameters: Json) -> Json:
        """`sendPhoto`, `sendDocument` and the like."""
        text, entities = text_of(parameters, caption=True, may_be_empty=True)
        open_chat(self._network, parameters["chat_id"])
        fields = self._files.of_send(kind, parameters[kind]).message_fields()
        if text:
            fields["caption"] = text
        if entities:
            fields["caption_entities"] = entities
        return self._send(parameters, fields)

    def _send(self, parameters: Json, fields: Json) -> Json:
        chat = open_chat(self._network, parameters["chat_id"])
        thread = thread_of(self._network, chat, parameters)
        reply_to = answered(self._network, chat, parameters)
        keyboard = keyboard_of(parameters.get("reply_markup"))
        now = self._network.clock.now()
        self._rates.count(chat, now)
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        if parameters.get("protect_content"):
            fields["has_protected_content"] = True
        post = Post(chat, chat.next_id(), self._network.bot, fields, now, thread, reply_to, by_bot=True)
        if chat.is_private and (phone := self._network.phone(chat.id)) is not None:
            phone.drafts = {key: draft for key, draft in phone.drafts.items() if draft.thread != thread}
        self._network.show(post, _content(parameters))
        return post.node()

    # -- drafts -------------------------------------------------------------------------------------------------

    def draft(self, parameters: Json) -> bool:
        """`sendMessageDraft`."""
        text, entities = text_of(parameters, may_be_empty=True)
        return self._show_draft(parameters, text, entities, None)

    def rich_draft(self, parameters: Json) -> bool:
        """`sendRichMessageDraft`."""
        blocks = blocks_of(parameters["rich_message"], may_be_empty=True)
        return self._show_draft(parameters, text_of_blocks(blocks), [], blocks)

    def _show_draft(self, parameters: Json, text: str, entities: list[Json], blocks: list[Json] | None) -> bool:
        chat = open_chat(self._network, parameters["chat_id"])
        phone = self._network.phone(chat.id)
        if phone is None:
            raise bad("TEXTDRAFT_PEER_INVALID", "chat_id")
        if parameters["draft_id"] == 0:
            raise bad("draft identifier must be non-zero", "draft_id")
        thread = thread_of(self._network, chat, parameters)
        now = self._network.clock.now()
        self._rates.count(chat, now, "draft")
        phone.live_drafts(now)
        phone.drafts.pop(parameters["draft_id"], None)
        phone.drafts[parameters["draft_id"]] = Draft(
            parameters["draft_id"],
            chat,
            thread,
            text,
            entities,
            blocks,
            can_stop=bool(parameters.get("can_stop")),
            keep_on_stop=bool(parameters.get("keep_on_stop")),
            until=now + DRAFT,
        )
        phone.transcript.wake()
        return True

    # -- changes ------------------------------------------------------------------------------------------------

    def edit_text(self, parameters: Json) -> Json:
        """`editMessageText`."""
        if ("text" in parameters) == ("rich_message" in parameters):
            raise bad(
                "message text is empty" if "text" not in parameters else "text and rich_message are given", "text"
            )
        if "rich_message" in parameters:
            given = parameters["rich_message"]
            return self._edit(parameters, {"rich_message": {"blocks": blocks_of(given)} | _direction(given)})
        text, entities = text_of(parameters)
        return self._edit(parameters, {"text": text} | ({"entities": entities} if entities else {}))

    def edit_caption(self, parameters: Json) -> Json:
        """`editMessageCaption`."""
        text, entities = text_of(parameters, caption=True, may_be_empty=True)
        post = self._editable(parameters)
        if post.type in {"text", "rich"}:
            raise bad("there is no caption in the message to edit", "message_id")
        kept = {key: value for key, value in post.fields.items() if key not in {"caption", "caption_entities"}}
        fields = kept | ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})
        return self._replace(post, parameters, fields)

    def edit_markup(self, parameters: Json) -> Json:
        """`editMessageReplyMarkup`."""
        post = self._editable(parameters)
        return self._replace(post, parameters, post.fields)

    def _edit(self, parameters: Json, fields: Json) -> Json:
        post = self._editable(parameters)
        if post.type not in {"text", "rich"}:
            raise bad("there is no text in the message to edit", "message_id")
        return self._replace(post, parameters, fields)

    def _editable(self, parameters: Json) -> Post:
        if "chat_id" not in parameters:
            raise bad("chat_id is empty", "chat_id")
        return own_post(open_chat(self._network, parameters["chat_id"]), parameters)

    def _replace(self, post: Post, parameters: Json, fields: Json) -> Json:
        keyboard = keyboard_of(parameters.get("reply_markup"))
        fields = {key: value for key, value in fields.items() if key != "reply_markup"}
        if keyboard is not None:
            fields["reply_markup"] = keyboard
        now = self._network.clock.now()
        self._rates.count(post.chat, now)
        if fields == post.fields:
            raise bad(NOT_MODIFIED)
        has_new_content = any(fields.get(key) != post.fields.get(key) for key in ("text", "rich_message", "caption"))
        post.fields = fields
        if has_new_content or "text" in parameters:
            post.edited_at = now
        self._network.touch(post, _content(parameters))
        return post.node()

    def delete(self, parameters: Json) -> bool:
        """`deleteMessage`."""
        chat = chat_of(self._network, parameters["chat_id"])
        self._delete(chat, parameters["message_id"])
        return True

    def delete_several(self, parameters: Json) -> bool:
        """`deleteMessages`: those that are not there are passed over."""
        chat = chat_of(self._network, parameters["chat_id"])
        for message_id in parameters["message_ids"]:
            if chat.find(message_id) is not None:
                self._delete(chat, message_id)
        return True

    def _delete(self, chat: Chat, message_id: int) -> None:
        post = chat.find(message_id)
        if post is None:
            raise bad("message to delete not found", "message_id")
        may = post.by_bot or chat.is_private or chat.bot == "administrator"
        if not may or self._network.clock.now() - post.at > DELETABLE:
            raise bad("message can't be deleted" if not may else "message can't be deleted for everyone", "message_id")
        post.deleted = True
        self._network.touch(post)

    # -- signs --------------------------------------------------------------------------------------------------

    def action(self, parameters: Json) -> bool:
        """`sendChatAction`."""
        if parameters["action"] not in ACTIONS:
            raise bad("wrong parameter action in request", "action")
        chat = open_chat(self._network, parameters["chat_id"])
        thread_of(self._network, chat, parameters)
        chat.start_typing(self._network.clock.now())
        for journal in (phone.transcript for phone in self._network.phones if phone.id in chat.members):
            journal.wake()
        return True

    def reaction(self, parameters: Json) -> bool:
        """`setMessageReaction`."""
        chat = open_chat(self._network, parameters["chat_id"])
        post = chat.find(parameters["message_id"])
        if post is None:
            raise bad("message to react not found", "message_id")
        wanted = parameters.get("reaction", [])
        if len(wanted) > 1:
            raise bad("REACTIONS_TOO_MANY", "reaction")
        if wanted and (wanted[0]["type"] != "emoji" or wanted[0]["emoji"] not in REACTIONS):
            raise bad("REACTION_INVALID", "reaction")
        self._rates.count(chat, self._network.clock.now())
        post.reactions.pop(self._network.bot["id"], None)
        if wanted:
            post.reactions[self._network.bot["id"]] = wanted[0]["emoji"]
        self._network.touch(post)
        return True

    def answer_press(self, parameters: Json) -> bool:
        """`answerCallbackQuery`."""
        press = self._people.presses.get(parameters["callback_query_id"])
        if press is None or self._people.expired(press):
            raise bad(TOO_OLD, "callback_query_id")
        press.answered = True
        press.post.pressing.discard(press.action_id)
        self._network.touch(press.post)
        if parameters.get("text"):
            press.phone.notice = {
                "text": parameters["text"],
                "alert": bool(parameters.get("show_alert")),
                "at": self._network.clock.now().isoformat(),
            }
            press.phone.transcript.wake()
        return True


def _direction(rich_message: Json) -> Json:
    return {"is_rtl": True} if rich_message.get("is_rtl") else {}


def _content(parameters: Json) -> Json:
    """The parameters as the control API shows them: a file by what it is."""
    return {
        key: value if isinstance(value, str | int | float | bool | dict | list) else f"<{len(value.content)} bytes>"
        for key, value in parameters.items()
    }
