"""The `spec.platforms.http` of a daemon file."""

import ipaddress
from datetime import timedelta
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator

from aof.config.model import Absent
from aof.config.platform import PlatformConfig

SHORTEST_SECRET = 16
"""Characters."""


def _secret(value: SecretStr) -> SecretStr:
    # a secret read from a file often ends with a line break
    text = value.get_secret_value().strip()
    if not text.isascii() or not text.isprintable():
        raise ValueError("holds characters that can't be typed everywhere; write printable ASCII")
    if len(text) < SHORTEST_SECRET:
        raise ValueError(f"is too short to be one; write at least {SHORTEST_SECRET} characters, best random ones")
    return SecretStr(text)


def _listed(value: object) -> object:
    many = value if isinstance(value, list | tuple) else (value,)
    if len(many) not in {1, 2}:
        raise ValueError("takes one secret, or a list of two while it is being changed")
    return many


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _callback(url: str) -> str:
    example = "write it like https://status.example.org/aof"
    try:
        parts = urlsplit(url)
        port = parts.port  # reading it is what checks it
    except ValueError:
        raise ValueError(f"is no URL; {example}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or not url.isprintable():
        raise ValueError(f"is no http(s) URL; {example}")
    if parts.username is not None or parts.fragment:
        raise ValueError("must be without user and fragment; the signature proves who calls")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("would send answers in the clear; write https://, since http is only for this machine")
    return url


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
UserId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2048), AfterValidator(_callback)]


class HTTPConfig(PlatformConfig):
    """Programs that talk to agents by signed JSON: a status page, a bridge, a job, a test."""

    env_keys: ClassVar[frozenset[str]] = frozenset({"secret", "callback_secret"})

    secret: Annotated[tuple[Secret, ...], BeforeValidator(_listed)]
    """Signs what programs post and ask, at least 16 characters. While it is being changed: a list of two; both are
    taken."""

    name: Name = "http"
    """What stands behind `http:` where this account is named. Another name is another account: its ledger begins
    anew."""

    callback_url: Annotated[
        Url | None,
        Absent("answers wait until they are asked for"),
        Field(examples=["https://status.example.org/aof"]),
    ] = None
    """Where every part is posted to, signed with `callback_secret`; https only, unless it is this machine."""

    callback_secret: Annotated[
        Secret | None, Absent("there is no callback"), Field(examples=["HTTP_CALLBACK_SECRET"])
    ] = None
    """Signs what is posted to `callback_url`, so that its program knows who calls. Another one than `secret`."""

    allowed_users: Annotated[
        tuple[UserId, ...] | None,
        Absent("nobody is listened to, unless allow_everyone is true"),
        Field(examples=[["ada"]]),
    ] = None
    """Who may talk, by the `sender.id` that programs name. Nobody pairs here: who has the secret names whom they
    like."""

    allow_everyone: Annotated[bool, Absent("only who is listed in allowed_users may talk"), Field(examples=[True])] = (
        False
    )
    """True lets in whomever a program names; not beside a list."""

    replay_seconds: Annotated[int, Field(ge=1, le=86_400)] = 300
    """How far the time of a signature may be from ours, before or after."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.allow_everyone and self.allowed_users is not None:
            raise ValueError("allow_everyone contradicts allowed_users; keep one of them")
        if (self.callback_url is None) != (self.callback_secret is None):
            raise ValueError("callback_url and callback_secret belong together; write both or neither")
        if self.callback_secret is not None and self.callback_secret in self.secret:
            raise ValueError("callback_secret is the same as secret; whoever is called back could sign as anybody")
        return self

    @property
    def allowed_numbers(self) -> tuple[str, ...] | None:
        """Nobody has a phone number here; and since nobody pairs either, no list is an empty one."""
        return None if self.allow_everyone else ()

    @property
    def replay_window(self) -> timedelta:
        return timedelta(seconds=self.replay_seconds)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every credential in the clear, for taking them out of a text."""
        kept = (*self.secret, *([self.callback_secret] if self.callback_secret else ()))
        return tuple(secret.get_secret_value() for secret in kept)
