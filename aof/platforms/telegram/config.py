"""The `spec.platforms.telegram` of a daemon file."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator

from aof.config.daemon import is_loopback
from aof.config.model import Absent
from aof.config.platform import PlatformConfig
from aof.config.telegram_ids import group_id, user_id

API_URL = "https://api.telegram.org"
_WEBHOOK = "https://bot.example.org/webhook/telegram"
_PORTS = frozenset({443, 80, 88, 8443})
"""Where Telegram brings webhooks. Source: setWebhook in the Bot API."""


def _token(value: SecretStr) -> SecretStr:
    # a secret read from a file often ends with a line break
    text = value.get_secret_value().strip()
    if not text:
        raise ValueError("is empty; write the token that @BotFather gave, or name a variable with bot_token_env")
    # it becomes a piece of a path, so it may hold nothing that has a meaning there
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,200}", text):
        raise ValueError("is no token of a bot; copy it again from @BotFather: a number, a colon, and letters")
    return SecretStr(text)


def _webhook_secret(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("may hold letters of English, digits, _ and - only; make one with: openssl rand -hex 32")
    if not 16 <= len(text) <= 256:
        raise ValueError("has to be 16 to 256 characters long; make one with: openssl rand -hex 32")
    return SecretStr(text)


def _split(url: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port  # reading it is what checks it
    except ValueError:
        raise ValueError(f"is no URL; write {example}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError(f"is no http(s) URL; write {example}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be a plain address, without user, query or fragment")
    return parts


def _api_url(url: str) -> str:
    parts = _split(url.strip(), API_URL)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("would send the bot's token in the clear; write https://, since http is only for this machine")
    return url.strip().rstrip("/")


def _webhook_url(url: str) -> str:
    parts = _split(url.strip(), _WEBHOOK)
    if parts.path in {"", "/"}:
        raise ValueError(f"names no path; write the whole address that leads to /webhook/telegram, such as {_WEBHOOK}")
    return url.strip()


class TelegramConfig(PlatformConfig):
    """One bot on Telegram, through the Bot API."""

    env_keys: ClassVar[frozenset[str]] = frozenset({"bot_token", "webhook_secret"})
    """The keys that may be given as the name of an environment variable, under `<key>_env`."""

    names_account: ClassVar[frozenset[str]] = frozenset({"bot_token"})
    """What tells accounts apart: the bot's id stands before the colon of its token."""

    bot_token: Annotated[SecretStr, AfterValidator(_token)]
    """Proves to Telegram who sends. @BotFather gives it, and gives another when this one has become known."""

    webhook_secret: Annotated[
        Annotated[SecretStr, AfterValidator(_webhook_secret)] | None,
        Absent("no webhook is taken"),
        Field(examples=["TELEGRAM_WEBHOOK_SECRET"]),
    ] = None
    """A word of your own, 16 to 256 letters, digits, _ and -, that Telegram shows with every webhook. Needed where
    webhook_url is set."""

    webhook_url: Annotated[
        Annotated[str, AfterValidator(_webhook_url)] | None,
        Absent("Telegram is asked for what came, which needs no address of your own"),
        Field(examples=[_WEBHOOK]),
    ] = None
    """The whole address under which Telegram reaches the daemon's /webhook/telegram: https, on port 443, 80, 88 or
    8443. The daemon tells it to Telegram at each start."""

    mode: Annotated[
        Literal["webhook", "polling"],
        Absent("webhook where webhook_url is set, else polling"),
        Field(examples=["polling"]),
    ] = "polling"
    """How what people write gets here: Telegram brings it (webhook), or is asked for it (polling)."""

    api_url: Annotated[str, AfterValidator(_api_url)] = API_URL
    """Where the Bot API is. Another address is for a server of your own or a simulator; http only towards this
    machine."""

    allowed_users: Annotated[
        tuple[Annotated[str, AfterValidator(user_id)], ...] | None,
        Absent("people pair, unless allow_everyone says who may talk"),
        Field(examples=[["55501"]]),
    ] = None
    """Who may talk, by Telegram's user id, which never changes; a @name can, and is not taken. An empty list allows
    nobody."""

    allowed_groups: Annotated[
        tuple[Annotated[str, AfterValidator(group_id)], ...] | None,
        Absent("in none, unless allow_everyone is true"),
        Field(examples=[["-1001234567890"]]),
    ] = None
    """The groups in which the bot answers whoever may talk, by their ids; a group lets nobody in by itself, and who has
    paired is answered in no group. An empty list is none."""

    allow_everyone: Annotated[bool, Absent("only who is listed or has paired may talk"), Field(examples=[True])] = False
    """True lets in anybody who finds the bot; not beside allowed_users."""

    rich: Literal["auto", "on", "off"] = "auto"
    """Whether answers with tables and headings go out as rich messages, which older apps do not show: auto sends them
    where the chat's app has shown that it can."""

    @model_validator(mode="before")
    @classmethod
    def _mode_by_address(cls, given: Any) -> Any:
        """A webhook's address alone says that there is one."""
        if isinstance(given, dict) and given.get("webhook_url") is not None and "mode" not in given:
            return {**given, "mode": "webhook"}
        return given

    @field_validator("allow_everyone")
    @classmethod
    def _who_may_talk(cls, everyone: bool, validation: ValidationInfo) -> bool:  # noqa: FBT001 -- by position
        if everyone and validation.data.get("allowed_users") is not None:
            raise ValueError("allow_everyone contradicts allowed_users; keep one of them")
        return everyone

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.mode == "polling":
            return self
        if self.webhook_url is None:
            raise ValueError(f"mode is webhook, and webhook_url is missing; write for example {_WEBHOOK}")
        if self.webhook_secret is None:
            raise ValueError("webhook_secret is missing; write webhook_secret_env: NAME_OF_A_VARIABLE")
        if not is_loopback(urlsplit(self.api_url).hostname or ""):
            # a server of one's own brings webhooks anywhere
            parts = urlsplit(self.webhook_url)
            if parts.scheme != "https":
                raise ValueError(
                    "webhook_url is no https URL, and Telegram brings webhooks to no other; write https://"
                )
            if (parts.port or 443) not in _PORTS:
                raise ValueError("webhook_url has a port that Telegram does not use; write 443, 80, 88 or 8443")
        return self

    @property
    def bot_id(self) -> str:
        """The bot's user id."""
        return self.bot_token.get_secret_value().partition(":")[0]

    @property
    def pairing(self) -> bool:
        """Whether nothing says who may talk, so that people ask for it in the chat."""
        return not self.allow_everyone and self.allowed_users is None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every credential in the clear, for taking them out of a text."""
        token = self.bot_token.get_secret_value()
        # in a URL the colon may be written otherwise
        kept = [token, token.partition(":")[2]]
        if self.webhook_secret is not None:
            kept.append(self.webhook_secret.get_secret_value())
        return tuple(kept)
