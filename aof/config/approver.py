"""Who may approve, as one entry of a list says it."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints

from aof.config import later
from aof.config.phones import as_whatsapp_may_write, looks_like_a_number, phone_number

EVERYONE = "*"

_WHATSAPP_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]+")
_IDS = {
    "telegram": (re.compile(r"[1-9]\d{0,19}"), "telegram:55501"),
    "discord": (re.compile(r"\d{1,20}"), "discord:80351110224678912"),
    "slack": (re.compile(r"[UW][A-Z0-9]+"), "slack:U0123ABCD"),
}
_SLACK_ID = re.compile(r"[UW](?=[A-Z]*\d)[A-Z0-9]{6,}")
"""What can't be taken for the name of a person."""


@dataclass(frozen=True, slots=True)
class Approver:
    """One entry of a list of approvers.

    Attributes:
        kind: `everyone` who may talk, `role` (`@on-call`, which may also name a person), `person`, or `id`.
        value: The role, the name or the id without what stands before it; a phone number in E.164; "" for everyone.
        platform: Of an id that says it; "" where an id may be of any.
    """

    kind: Literal["everyone", "role", "person", "id"]
    value: str
    platform: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """What an entry means.

        Raises:
            ValueError: It can't be one, with what to write.
        """
        written = text.strip()
        if "${" in written:
            raise ValueError("names a variable that is not set; export it")
        if written == EVERYONE:
            return cls("everyone", "")
        if written.startswith("@"):
            if len(written) == 1:
                raise ValueError("names no role; write @ and a role of spec.people, such as @on-call")
            return cls("role", written[1:])
        head, colon, rest = written.partition(":")
        if colon:
            return cls("id", _id_of(head.strip().casefold(), rest.strip()), head.strip().casefold())
        if looks_like_a_number(written):
            return cls("id", _number(written))
        if _WHATSAPP_ID.fullmatch(written) or _SLACK_ID.fullmatch(written):
            return cls("id", written)
        return cls("person", written)

    def __str__(self) -> str:
        """As a file would write it."""
        if self.kind == "everyone":
            return EVERYONE
        if self.kind == "role":
            return f"@{self.value}"
        return f"{self.platform}:{self.value}" if self.platform else self.value

    @property
    def spellings(self) -> tuple[str, ...]:
        """The value; a phone number also in every other spelling that WhatsApp may use."""
        return as_whatsapp_may_write((self.value,)) if self.value.startswith("+") else (self.value,)


def _id_of(platform: str, rest: str) -> str:
    if platform == "email":
        raise ValueError("an approver by e-mail address is not supported yet; write a person of spec.people")
    if platform not in later.PLATFORMS:
        raise ValueError("begins with no platform; write for example whatsapp:+4915112345678, @on-call or a name")
    if not rest:
        raise ValueError(f"names nobody; write {platform}: and an id")
    if platform == "whatsapp":
        if looks_like_a_number(rest):
            return _number(rest)
        if not _WHATSAPP_ID.fullmatch(rest):
            raise ValueError("is no id of WhatsApp; write whatsapp:+4915112345678, or a user id such as US.1349")
    elif platform in _IDS and not _IDS[platform][0].fullmatch(rest):
        raise ValueError(f"is no id of {platform}; write it like {_IDS[platform][1]}")
    return rest


def _number(text: str) -> str:
    try:
        return phone_number(text)
    except ValueError:
        raise ValueError(
            "is no phone number; write one with its country code, such as +4915112345678, or an id with its platform, "
            "such as telegram:55501"
        ) from None


def _spelled(text: str) -> str:
    return str(Approver.of(text))


ApproverText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512), AfterValidator(_spelled)
]
"""An entry in its one spelling; `Approver.of` says what it means."""
