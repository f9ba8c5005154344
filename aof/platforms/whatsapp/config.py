"""The `spec.platforms.whatsapp` of a daemon file."""

import ipaddress
import re
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints, model_validator

from aof.config.model import StrictModel
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


_NUMBER = re.compile(r"\+?[\d\s().\-/\u00a0]+")
_MEXICO_WITH_1 = re.compile(r"521(?=\d{10}$)")
_OTHER_SPELLINGS = (
    (re.compile(r"\+52(?=\d{10}$)"), "+521"),
    (re.compile(r"(\+55\d\d)9(?=[6-9]\d{7}$)"), r"\1"),
    (re.compile(r"(\+55\d\d)(?=[6-9]\d{7}$)"), r"\g<1>9"),
)
"""WhatsApp knows a number as it was registered: in Mexico often with the 1 that mobiles had until 2019, in Brazil often
without the 9 that they have been given since. Neither spelling can be anybody else's number."""


def phone_number(text: str) -> str:
    """A phone number, written in any usual way with its country code, as E.164.

    Raises:
        ValueError: It can't be one, or has no country code.
    """
    hint = "write it with its country code, such as +4915112345678"
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"is no phone number; {hint}")
    digits = phonenumbers.normalize_digits_only(bare)
    if not bare.startswith("+"):
        # 00 is how most of the world dials +; a single 0 belongs to a number within one country
        digits = digits.removeprefix("00")
    digits = _MEXICO_WITH_1.sub("52", digits)
    if digits.startswith("0"):
        raise ValueError(f"has no country code; {hint}")
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        raise ValueError(f"is no phone number; {hint}") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(f"has too few or too many digits for its country; {hint}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_whatsapp_may_write(numbers: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if numbers is None:
        return None
    spelled = (written.sub(other, number) for number in numbers for written, other in _OTHER_SPELLINGS)
    return tuple(dict.fromkeys((*numbers, *spelled)))


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
        raise ValueError("would send the access token in the clear; http is only for this machine, write https://")
    return url.strip().rstrip("/")


Secret = Annotated[SecretStr, AfterValidator(_secret)]
# it becomes a piece of a path, so it may hold nothing that has a meaning there
Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9_-]{1,128}$")]
Version = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^v[0-9]{1,3}\.[0-9]{1,2}$")]
PhoneNumber = Annotated[str, AfterValidator(phone_number)]
UserId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512)]


class WhatsAppConfig(StrictModel):
    """One WhatsApp number of a business, through Meta's Cloud API."""

    env_keys: ClassVar[frozenset[str]] = frozenset(
        {"phone_number_id", "access_token", "verify_token", "app_secret", "business_account_id"}
    )
    """The keys that may be given as the name of an environment variable, under `<key>_env`."""

    enabled: bool = True
    """False: this number is neither listened to nor sent from."""

    phone_number_id: Id
    """Meta's id of the sending number, not the number itself. Meta shows it under WhatsApp › API Setup."""

    access_token: Secret
    """Proves to Meta who sends. Use the token of a system user, which does not end after a day."""

    verify_token: Secret
    """A word of your own; write the same one where you enter the webhook's address at Meta."""

    app_secret: Annotated[tuple[Secret, ...], BeforeValidator(_listed)]
    """Signs every webhook. Meta shows it under App settings › Basic. While it is being changed: a list of two, the
    new one first; webhooks signed with either are taken, and the first one goes with what we send."""

    business_account_id: Id | None = None
    """Meta's id of the WhatsApp Business Account, shown beside the phone number's id."""

    api_version: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^v[0-9]{1,3}\.[0-9]{1,2}$")] = (
        DEFAULT
    )
    """The version of the Graph API. A version lives about two years; a warning comes in its last one."""

    api_url: Annotated[str, AfterValidator(_graph_url)] = "https://graph.facebook.com"
    """Where the Graph API is. Another address is for a simulator; http only towards this machine."""

    allowed_numbers: Annotated[tuple[PhoneNumber, ...] | None, AfterValidator(_as_whatsapp_may_write)] = None
    """Who may talk, by phone number with country code, in any usual way of writing. An empty list allows nobody."""

    allowed_users: tuple[UserId, ...] | None = None
    """Who may talk, by WhatsApp's user id (`US.1349…`), which stays when a number is withheld."""

    allow_everyone: bool = False
    """True: anybody who knows the number may talk. Not together with a list."""

    allow_live_send: bool = False
    """False: nothing leaves for WhatsApp; answers are recorded as held. Set it to true to go live."""

    hold_on_loopback: bool = False
    """True: the gate of `allow_live_send` is also kept towards an `api_url` on this machine."""

    long_text: Literal["split", "truncate"] = "split"
    """What becomes of an answer longer than one message. split: up to three messages, the rest behind a More button.
    truncate: one message and More. Meta bills every reply."""

    @model_validator(mode="after")
    def _who_may_talk(self) -> Self:
        listed = self.allowed_numbers is not None or self.allowed_users is not None
        if self.allow_everyone and listed:
            raise ValueError("allow_everyone contradicts allowed_numbers and allowed_users; keep one of them")
        if not self.allow_everyone and not listed:
            raise ValueError(
                "nobody may talk yet; write allowed_numbers or allowed_users, or allow_everyone: true for anybody"
            )
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every credential in the clear, for taking them out of a text."""
        kept = (self.access_token, self.verify_token, *self.app_secret)
        return tuple(secret.get_secret_value() for secret in kept)
