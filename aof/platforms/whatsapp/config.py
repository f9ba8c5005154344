"""The `spec.platforms.whatsapp` of a daemon file."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from aof.config.credentials import TOLD_BY
from aof.config.model import Absent
from aof.config.phones import as_whatsapp_may_write, phone_number
from aof.config.platform import PlatformConfig
from aof.config.templates import Templates
from aof.platforms.whatsapp.versions import DEFAULT


def _secret(value: SecretStr) -> SecretStr:
    # a secret read from a file often ends with a line break, which no header can carry
    text = value.get_secret_value().strip()
    if not text:
        raise ValueError("is empty; write the value that Meta shows, or name a variable with the key's `_env` form")
    if not text.isascii() or not text.isprintable():
        raise ValueError("holds characters that no credential of Meta has; copy it again")
    return SecretStr(text)


def _listed(value: object) -> object:
    many = value if isinstance(value, list | tuple) else (value,)
    if len(many) not in {1, 2}:
        raise ValueError("takes one secret, or a list of two while it is being changed")
    return many


def _spelled(numbers: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if numbers is None else as_whatsapp_may_write(numbers)


def is_loopback(url: str) -> bool:
    """Whether a URL can only reach this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _graph_url(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        port = parts.port  # reading it is what checks it
    except ValueError:
        raise ValueError("is no URL; write https://graph.facebook.com") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ValueError("is no http(s) URL; write https://graph.facebook.com")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("must be a plain address, without user, query or fragment")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError(
            "would send the access token in the clear; write https://, since http is only for this machine"
        )
    return url.strip().rstrip("/")


def _meta_id(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", text):
        raise ValueError("is no id of Meta, and no phone number is; copy it from WhatsApp › API Setup")
    return text


def _version(text: str) -> str:
    if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,2}", text):
        raise ValueError("is no version of the Graph API; write it like v25.0")
    return text


Secret = Annotated[SecretStr, AfterValidator(_secret)]
# an id becomes a piece of a path, so it may hold nothing that has a meaning there
Id = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_meta_id)]
Version = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_version)]
PhoneNumber = Annotated[str, AfterValidator(phone_number)]
UserId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512)]


class WhatsAppConfig(PlatformConfig):
    """One WhatsApp number of a business, through Meta's Cloud API."""

    env_keys: ClassVar[frozenset[str]] = frozenset(
        {"phone_number_id", "access_token", "verify_token", "app_secret", "business_account_id"}
    )
    """The keys that may be given as the name of an environment variable, under `<key>_env`."""

    switches_from: ClassVar[Mapping[str, str]] = {"allow_live_send": "WHATSAPP_ALLOW_LIVE_SEND"}
    """Switches that a variable decides where the file does not have their key."""

    phone_number_id: Id
    """Meta's id of the sending number, not the number itself. Meta shows it under WhatsApp › API Setup."""

    access_token: Secret
    """Proves to Meta who sends. Use the token of a system user, which does not end after a day."""

    verify_token: Secret
    """A word of your own; write the same one where you enter the webhook's address at Meta."""

    app_secret: Annotated[tuple[Secret, ...], BeforeValidator(_listed)]
    """Signs every webhook. Meta shows it under App settings › Basic. While it is being changed: a list of two, the
    new one first; webhooks signed with either are taken, and the first one goes with what we send."""

    business_account_id: Annotated[
        Id | None,
        Absent("what webhooks tell of templates is taken for this number's, whatever account they name"),
        Field(examples=["WHATSAPP_BUSINESS_ACCOUNT_ID"]),
    ] = None
    """Meta's id of the WhatsApp Business Account, shown beside the phone number's id. Templates belong to it."""

    api_version: Version = DEFAULT
    """The version of the Graph API. A version lives about two years; a warning comes in its last one."""

    api_url: Annotated[str, AfterValidator(_graph_url)] = "https://graph.facebook.com"
    """Where the Graph API is. Another address is for a simulator; http only towards this machine."""

    allowed_numbers: Annotated[
        tuple[PhoneNumber, ...] | None,
        AfterValidator(_spelled),
        Absent("people pair, unless allowed_users or allow_everyone says who may talk"),
        Field(examples=[["+49 151 12345678"]]),
    ] = None
    """Who may talk, by phone number with country code. Any usual way of writing will do; an empty list allows
    nobody."""

    allowed_users: Annotated[
        tuple[UserId, ...] | None,
        Absent("people pair, unless allowed_numbers or allow_everyone says who may talk"),
        Field(examples=[["US.1349"]]),
    ] = None
    """Who may talk, by WhatsApp's user id (`US.1349…`), which stays when a number is withheld."""

    allow_everyone: Annotated[bool, Absent("only who is listed or has paired may talk"), Field(examples=[True])] = False
    """True lets in anybody who knows the number; not beside a list."""

    allow_live_send: Annotated[
        bool,
        Absent("the variable WHATSAPP_ALLOW_LIVE_SEND decides, and without it nothing leaves"),
        Field(examples=[True]),
    ] = False
    """Only true (or 1) lets answers leave for WhatsApp; otherwise they are recorded as held."""

    hold_on_loopback: bool = False
    """True: the gate of `allow_live_send` is also kept towards an `api_url` on this machine."""

    long_text: Literal["split", "truncate"] = "split"
    """What becomes of a long answer: split into up to three messages, or truncate to one; More shows the rest. Meta
    bills every reply."""

    templates: Annotated[
        Templates, Absent("what is meant for somebody who was silent for a day waits until they write by themselves")
    ] = Templates()
    """Templates that Meta has approved, by what they are for."""

    _told_by: Mapping[str, str] = PrivateAttr(default_factory=dict)
    """The variables that decided switches, by key."""

    @field_validator("allow_everyone")
    @classmethod
    def _who_may_talk(cls, everyone: bool, validation: ValidationInfo) -> bool:  # noqa: FBT001 -- by position
        listed = [key for key in ("allowed_numbers", "allowed_users") if validation.data.get(key) is not None]
        if everyone and listed:
            raise ValueError(f"allow_everyone contradicts {' and '.join(listed)}; keep one of them")
        return everyone

    @model_validator(mode="after")
    def _remember(self, validation: ValidationInfo) -> Self:
        self._told_by = (validation.context or {}).get(TOLD_BY, {})
        return self

    @property
    def pairing(self) -> bool:
        """Whether nothing says who may talk, so that people ask for it in the chat."""
        return not self.allow_everyone and self.allowed_numbers is None and self.allowed_users is None

    @property
    def closed_by(self) -> str | None:
        """What keeps everything from leaving for WhatsApp, with what to write; None where nothing does."""
        key, variable = "spec.platforms.whatsapp.allow_live_send", self.switches_from["allow_live_send"]
        if self.allow_live_send or (is_loopback(self.api_url) and not self.hold_on_loopback):
            return None
        if "allow_live_send" not in self.model_fields_set:
            return f"{key} is not set, and neither is {variable}; set one of them to true to send"
        return f"{self._told_by.get('allow_live_send', key)} is false; set it to true to send"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every credential in the clear, for taking them out of a text."""
        kept = (self.access_token, self.verify_token, *self.app_secret)
        return tuple(secret.get_secret_value() for secret in kept)
