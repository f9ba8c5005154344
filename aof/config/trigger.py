"""`Trigger`: one source of messages with its own filters, commands and default agent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from aof.config.envelope import Envelope, Name, ResourceMetadata
from aof.config.model import StrictModel
from aof.config.patterns import Pattern
from aof.config.phones import number_or_id, phone_number
from aof.config.telegram_ids import chat_id, user_id

DEFAULT = "default"
"""The command that stands for every slash command that is neither bound nor built in."""
BUILTIN = "builtin"
"""The agent that stands for the built-in answer of a command."""
BUILT_IN_COMMANDS = frozenset({"help", "agent", "agents", "status", "info", "start", "cancel"})

_COMMAND = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")

Type = Literal[
    "WhatsApp", "Slack", "Telegram", "Discord", "Teams", "HTTP", "Schedule", "PagerDuty", "Opsgenie", "GitHub",
    "GitLab", "Bitbucket", "Jira", "Manual",
]  # fmt: skip
SUPPORTED: tuple[Type, ...] = ("WhatsApp", "Telegram", "HTTP")


@dataclass(frozen=True, slots=True)
class Command:
    """What a slash command does.

    Attributes:
        agent: Who answers, or `builtin`.
        description: For the help.
        response: Sent at once, before the answer; "" for nothing.
    """

    agent: str
    description: str
    response: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of a file. A filter that is None lets everything pass, one that is empty nothing.

    Attributes:
        platform: The name of its platform.
        commands: By name, in small letters and without the slash.
        default_command: For slash commands that are neither bound nor built in.
        default_agent: For free text; None leaves it to the daemon's.
        numbers: Who is listened to by phone number, in E.164 and every spelling of WhatsApp; with `users` one list.
        users: Who is listened to by user id.
        excluded_numbers: Who is not, whatever the lists say.
        excluded_users: The same, by user id.
        channels: The chats that are listened to.
        patterns: Regular expressions, one of which has to be found in a text.
        events: The kinds of event that are taken: `message`, `command`, `interactive`.
        reads_all: Whether it takes, in a group, also what people say to each other.
        file: As problems name it.
        line: Where its document begins.
    """

    name: str
    platform: str
    enabled: bool
    commands: Mapping[str, Command]
    default_command: Command | None
    default_agent: str | None
    numbers: tuple[str, ...] | None
    users: tuple[str, ...] | None
    excluded_numbers: tuple[str, ...]
    excluded_users: tuple[str, ...]
    channels: tuple[str, ...] | None
    patterns: tuple[str, ...] | None
    events: tuple[str, ...] | None
    reads_all: bool
    file: str
    line: int

    @property
    def filters(self) -> tuple[object, ...]:
        """What decides whether a message is taken, for comparing two triggers."""
        own, others = (self.numbers, self.users, self.channels), (self.excluded_numbers, self.excluded_users)
        listed = tuple(None if one is None else frozenset(one) for one in (*own, *others, self.patterns, self.events))
        return (*listed, self.reads_all)


def is_command(written: str) -> bool:
    """Whether a text can be the name of a command."""
    return _COMMAND.fullmatch(command_name(written)) is not None


def command_name(written: str) -> str:
    """A command without its slash, in small letters."""
    return written.removeprefix("/").lower()


def _is_telegram(about: ValidationInfo) -> bool:
    """Whether the document is about Telegram; whoever validates it says so, since a filter stands below its type."""
    return (about.context or {}).get("type") == "Telegram"


def _id(text: str, about: ValidationInfo) -> str:
    if text == "*":
        return text
    if "${" not in text and _is_telegram(about):
        return user_id(text)
    return number_or_id(text)


def _channel(name: str, about: ValidationInfo) -> str:
    return chat_id(name) if _is_telegram(about) else name.removeprefix("#")


def _number(text: str, about: ValidationInfo) -> str:
    if _is_telegram(about):
        raise ValueError("is for WhatsApp: a bot on Telegram is shown nobody's number; write users: and user ids")
    return phone_number(text)


def _group_messages(word: str, about: ValidationInfo) -> str:
    if not _is_telegram(about) and about.context is not None:
        raise ValueError("is for Telegram, where people of a group say which messages are meant for the bot; remove it")
    return word


def _event(kind: str) -> str:
    return "interactive" if kind == "callback_query" else kind


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512)]
Id = Annotated[Text, AfterValidator(_id)]
Channel = Annotated[Text, AfterValidator(_channel)]
EventKind = Annotated[Literal["message", "command", "interactive", "callback_query"], AfterValidator(_event)]


class CommandConfig(StrictModel):
    """What a slash command does."""

    agent: Name
    """Who answers: an agent, or builtin for the built-in answer of a command."""
    description: str = ""
    """What the help says of it."""
    response: str = ""
    """Sent at once, before the answer."""


class TriggerFilters(StrictModel):
    """Which messages are taken: every filter that is present has to let one pass."""

    other_names: ClassVar[Mapping[str, str]] = {
        "allowed_users": "users",
        "chat_ids": "channels",
        "allowed_groups": "channels",
    }
    lets_in: ClassVar[frozenset[str]] = frozenset({"users", "allowed_numbers", "channels", "patterns", "events"})

    users: tuple[Id, ...] | None = None
    """Who is listened to, by user id or number; `*` is everyone, an empty list nobody. On Telegram by user id."""
    excluded_users: tuple[Id, ...] = ()
    """Who is not listened to, by user id or number."""
    allowed_numbers: tuple[Annotated[str, AfterValidator(_number)], ...] | None = None
    """Who is listened to on WhatsApp, by phone number with country code; an empty list is nobody."""
    channels: tuple[Channel, ...] | None = None
    """The chats that are listened to, by their ids; on Telegram a group's begins with a minus sign."""
    patterns: tuple[Pattern, ...] | None = None
    """Regular expressions, one of which has to be found in a text."""
    events: tuple[EventKind, ...] | None = None
    """The kinds of event that are taken: `message` is all that is written, `command` what of it begins with a slash,
    `interactive`, or `callback_query`, a tap."""
    group_messages: Annotated[Literal["addressed", "all"], AfterValidator(_group_messages)] = "addressed"
    """Which messages of a group are taken on Telegram: commands, mentions of the bot and replies to it (addressed), or
    everything that people say there (all)."""

    @model_validator(mode="after")
    def _everyone(self) -> Self:
        if "*" in (self.users or ()) and self.allowed_numbers is not None:
            raise ValueError("users lets in everyone by *, which contradicts allowed_numbers; keep one of them")
        if "*" in self.excluded_users:
            raise ValueError("excluded_users keeps everyone out by *; write enabled: false")
        return self


class TriggerSpec(StrictModel):
    """Everything a trigger is told."""

    type: Type
    """The platform: WhatsApp, Telegram or HTTP."""
    enabled: bool = True
    """False: nothing of it counts."""
    default_agent: Name | None = None
    """The agent for free text; without it, the daemon's default agent."""
    commands: Mapping[str, CommandConfig] = Field(default_factory=dict)
    """By name, with or without `/`; `default` takes slash commands that are neither bound nor built in."""
    config: TriggerFilters = TriggerFilters.model_construct()

    @field_validator("type")
    @classmethod
    def _supported(cls, kind: str) -> str:
        if kind not in SUPPORTED:
            known = f"{', '.join(SUPPORTED[:-1])} or {SUPPORTED[-1]}"
            raise ValueError(f"{kind} is not supported yet. Write {known}, or remove this document.")
        return kind


class TriggerConfig(Envelope):
    """One source of messages with its own filters, commands and default agent."""

    kind: Literal["Trigger"] = "Trigger"
    """What the document is."""
    metadata: ResourceMetadata
    spec: TriggerSpec
