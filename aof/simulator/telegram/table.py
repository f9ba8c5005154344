"""The methods and the objects in their parameters, as Bot API 10.3 has them; what Telegram says only in prose is in
`rules`.

A field is `name[!] types [least-most unit]`; `!` means that it must be there. Units: `characters` (UTF-16 code units),
`parsed` (characters that are left once the markup is read), `bytes`, `items`, `value`.
"""

import re
from dataclasses import dataclass

_TARGET = """business_connection_id String; chat_id! Integer|String; message_thread_id Integer;
direct_messages_topic_id Integer; """
_DELIVERY = """; disable_notification Boolean; protect_content Boolean; allow_paid_broadcast Boolean;
message_effect_id String; suggested_post_parameters SuggestedPostParameters; reply_parameters ReplyParameters;
reply_markup InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply;
ephemeral_message_parameters EphemeralMessageParameters"""
_CAPTION = "; caption String 0-1024 parsed; parse_mode String; caption_entities Array of MessageEntity"
_FILE = " InputFile|String"
_EDITED = """business_connection_id String; chat_id Integer|String; message_id Integer; inline_message_id String"""
_DRAFT = "chat_id! Integer; message_thread_id Integer; draft_id! Integer; "
_STOP = "; can_stop Boolean; keep_on_stop Boolean"
_SCOPE = "scope BotCommandScope; language_code String"

METHODS = {
    "getMe": "",
    "getUpdates": "offset Integer; limit Integer 1-100 value; timeout Integer; allowed_updates Array of String",
    "setWebhook": """url! String; certificate InputFile; ip_address String; max_connections Integer 1-100 value;
        allowed_updates Array of String; drop_pending_updates Boolean; secret_token String 1-256 characters""",
    "deleteWebhook": "drop_pending_updates Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"""{_TARGET}text! String 1-4096 parsed; parse_mode String; entities Array of MessageEntity;
        link_preview_options LinkPreviewOptions{_DELIVERY}""",
    "sendRichMessage": f"{_TARGET}rich_message! InputRichMessage{_DELIVERY}",
    "sendMessageDraft": f"""{_DRAFT}text String 0-4096 parsed; parse_mode String;
        entities Array of MessageEntity{_STOP}""",
    "sendRichMessageDraft": f"{_DRAFT}rich_message! InputRichMessage{_STOP}",
    "editMessageText": f"""{_EDITED}; text String 1-4096 parsed; parse_mode String; entities Array of MessageEntity;
        link_preview_options LinkPreviewOptions; rich_message InputRichMessage; reply_markup InlineKeyboardMarkup""",
    "editMessageCaption": f"""{_EDITED}{_CAPTION}; show_caption_above_media Boolean;
        reply_markup InlineKeyboardMarkup""",
    "editMessageReplyMarkup": f"{_EDITED}; reply_markup InlineKeyboardMarkup",
    "deleteMessage": "chat_id! Integer|String; message_id! Integer",
    "deleteMessages": "chat_id! Integer|String; message_ids! Array of Integer 1-100 items",
    "sendChatAction": """business_connection_id String; chat_id! Integer|String; message_thread_id Integer;
        action! String""",
    "setMessageReaction": """chat_id! Integer|String; message_id! Integer; reaction Array of ReactionType;
        is_big Boolean""",
    "answerCallbackQuery": """callback_query_id! String; text String 0-200 characters; show_alert Boolean; url String;
        cache_time Integer""",
    "sendPhoto": f"""{_TARGET}photo!{_FILE}{_CAPTION}; show_caption_above_media Boolean;
        has_spoiler Boolean{_DELIVERY}""",
    "sendDocument": f"""{_TARGET}document!{_FILE}; thumbnail{_FILE}{_CAPTION};
        disable_content_type_detection Boolean{_DELIVERY}""",
    "sendAudio": f"""{_TARGET}audio!{_FILE}{_CAPTION}; duration Integer; performer String; title String;
        thumbnail{_FILE}{_DELIVERY}""",
    "sendVideo": f"""{_TARGET}video!{_FILE}; duration Integer; width Integer; height Integer; thumbnail{_FILE};
        cover{_FILE}; start_timestamp Integer{_CAPTION}; show_caption_above_media Boolean; has_spoiler Boolean;
        supports_streaming Boolean{_DELIVERY}""",
    "sendVoice": f"{_TARGET}voice!{_FILE}{_CAPTION}; duration Integer{_DELIVERY}",
    "getFile": "file_id! String",
    "setMyCommands": f"commands! Array of BotCommand 0-100 items; {_SCOPE}",
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
    "getChat": "chat_id! Integer|String",
    "getChatMember": "chat_id! Integer|String; user_id! Integer",
    "createForumTopic": """chat_id! Integer|String; name! String 1-128 characters; icon_color Integer;
        icon_custom_emoji_id String""",
    "leaveChat": "chat_id! Integer|String",
}

OBJECTS = {
    "InlineKeyboardMarkup": "inline_keyboard! Array of Array of InlineKeyboardButton; force_reply Boolean",
    "InlineKeyboardButton": """text! String; icon_custom_emoji_id String; style String; url String;
        callback_data String 1-64 bytes; web_app WebAppInfo; login_url LoginUrl; switch_inline_query String;
        switch_inline_query_current_chat String; switch_inline_query_chosen_chat SwitchInlineQueryChosenChat;
        copy_text CopyTextButton; callback_game CallbackGame; pay Boolean; disabled DisabledButton""",
    "CopyTextButton": "text! String 1-256 characters",
    "ReplyKeyboardMarkup": """keyboard! Array of Array of KeyboardButton; is_persistent Boolean;
        resize_keyboard Boolean; one_time_keyboard Boolean; input_field_placeholder String 1-64 characters;
        selective Boolean; force_reply Boolean""",
    "KeyboardButton": """text! String; icon_custom_emoji_id String; style String;
        request_users KeyboardButtonRequestUsers; request_chat KeyboardButtonRequestChat;
        request_managed_bot KeyboardButtonRequestManagedBot; request_contact Boolean; request_location Boolean;
        request_poll KeyboardButtonPollType; web_app WebAppInfo""",
    "ReplyKeyboardRemove": "remove_keyboard! Boolean; selective Boolean",
    "ForceReply": "force_reply! Boolean; input_field_placeholder String 1-64 characters; selective Boolean",
    "ReplyParameters": """message_id Integer; chat_id Integer|String; allow_sending_without_reply Boolean;
        quote String 0-1024 parsed; quote_parse_mode String; quote_entities Array of MessageEntity;
        quote_position Integer; checklist_task_id Integer; poll_option_id String; ephemeral_message_id Integer""",
    "LinkPreviewOptions": """is_disabled Boolean; url String; prefer_small_media Boolean; prefer_large_media Boolean;
        show_above_text Boolean""",
    "MessageEntity": """type! String; offset! Integer; length! Integer; url String; user User; language String;
        custom_emoji_id String; unix_time Integer; date_time_format String""",
    "InputRichMessage": """html String; markdown String; is_rtl Boolean; skip_entity_detection Boolean;
        blocks Array of InputRichBlock; media Array of InputRichMessageMedia""",
    "BotCommand": "command! String 1-32 characters; description! String 1-256 characters; is_ephemeral Boolean",
    "ReactionTypeEmoji": "type! String; emoji! String",
    "ReactionTypeCustomEmoji": "type! String; custom_emoji_id! String",
    "ReactionTypePaid": "type! String",
    "BotCommandScopeDefault": "type! String",
    "BotCommandScopeAllPrivateChats": "type! String",
    "BotCommandScopeAllGroupChats": "type! String",
    "BotCommandScopeAllChatAdministrators": "type! String",
    "BotCommandScopeChat": "type! String; chat_id! Integer|String",
    "BotCommandScopeChatAdministrators": "type! String; chat_id! Integer|String",
    "BotCommandScopeChatMember": "type! String; chat_id! Integer|String; user_id! Integer",
}

TYPED = {
    "ReactionType": {
        "emoji": "ReactionTypeEmoji",
        "custom_emoji": "ReactionTypeCustomEmoji",
        "paid": "ReactionTypePaid",
    },
    "BotCommandScope": {
        "default": "BotCommandScopeDefault",
        "all_private_chats": "BotCommandScopeAllPrivateChats",
        "all_group_chats": "BotCommandScopeAllGroupChats",
        "all_chat_administrators": "BotCommandScopeAllChatAdministrators",
        "chat": "BotCommandScopeChat",
        "chat_administrators": "BotCommandScopeChatAdministrators",
        "chat_member": "BotCommandScopeChatMember",
    },
}
"""Objects of several shapes, told apart by their `type`."""

OPAQUE = frozenset(
    {
        "CallbackGame",
        "DisabledButton",
        "EphemeralMessageParameters",
        "InputRichBlock",
        "InputRichMessageMedia",
        "KeyboardButtonPollType",
        "KeyboardButtonRequestChat",
        "KeyboardButtonRequestManagedBot",
        "KeyboardButtonRequestUsers",
        "LoginUrl",
        "SuggestedPostParameters",
        "SwitchInlineQueryChosenChat",
        "User",
        "WebAppInfo",
    }
)
"""Objects that the simulator takes without a look inside."""

_FIELD = re.compile(
    r"(?P<name>\w+)(?P<required>!?) (?P<types>[\w |]+?)(?: (?P<least>\d+)-(?P<most>\d+) (?P<unit>\w+))?"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long, how many, or how much."""

    least: int
    most: int
    unit: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method, or a field of an object."""

    name: str
    types: tuple[str, ...]
    required: bool
    limit: Limit | None = None


def _fields(written: str) -> dict[str, Field]:
    fields = {}
    for one in filter(None, (" ".join(part.split()) for part in written.split(";"))):
        found = _FIELD.fullmatch(one)
        if found is None:
            raise ValueError(f"not a field: {one}")
        limit = Limit(int(found["least"]), int(found["most"]), found["unit"]) if found["unit"] else None
        fields[found["name"]] = Field(found["name"], tuple(found["types"].split("|")), bool(found["required"]), limit)
    return fields


PARAMETERS = {name: _fields(written) for name, written in METHODS.items()}
FIELDS = {name: _fields(written) for name, written in OBJECTS.items()}
BY_LOWER_NAME = {name.lower(): name for name in METHODS}
"""Telegram does not care how a method's name is spelt."""
