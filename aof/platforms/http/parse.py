"""What a program posts, read strictly: one event of one person."""

import json
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from aof.domain.errors import PayloadRejected
from aof.domain.message import OWN_EVENTS, ButtonPress, InboundMessage, Sender
from aof.platforms.http.limits import LONGEST_CHOICE, TEXT

_KEYS = "id, conversation, sender, text, press, reply_to and language"


def _not_ours(written: str) -> str:
    if written.startswith(OWN_EVENTS):
        raise ValueError(f"an id may not begin with {OWN_EVENTS}")
    return written


def _seen(text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise ValueError("there is nothing to read in it")
    return text


# what is safe in a path, in a log and in a command line
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$")]
EventId = Annotated[Id, AfterValidator(_not_ours)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class _Sender(_Strict):
    id: Id
    name: Annotated[str | None, Field(max_length=200)] = None


class _Press(_Strict):
    id: Annotated[str, Field(min_length=1, max_length=LONGEST_CHOICE)]
    part: Id | None = None


class _Posted(_Strict):
    id: EventId
    conversation: Id | None = None
    sender: _Sender
    text: Annotated[str | None, Field(max_length=TEXT.most), AfterValidator(_seen)] = None
    press: _Press | None = None
    reply_to: Id | None = None
    language: Tag | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "_Posted":
        if (self.text is None) == (self.press is None):
            raise ValueError("an event has either text or press")
        return self


def event_of(payload: bytes, *, account: str, sent_at: datetime) -> InboundMessage | ButtonPress:
    """The event of a body.

    Raises:
        PayloadRejected: It is not one; the reason quotes nothing of it.
    """
    try:
        posted = _Posted.model_validate_json(payload)
    except ValidationError as error:
        raise PayloadRejected(_why(error)) from None
    sender = Sender(user_id=posted.sender.id, name=posted.sender.name)
    common: dict[str, Any] = {
        "platform": "http",
        "account": account,
        "event_id": posted.id,
        "chat_id": posted.conversation or posted.sender.id,
        "group": posted.conversation is not None,
        "sender": sender,
        "sent_at": sent_at,
        "language": posted.language or "",
        "raw": json.dumps(posted.model_dump(exclude_none=True)),
    }
    if posted.press is not None:
        return ButtonPress(**common, action_id=posted.press.id, form="button", shown=posted.press.part)
    return InboundMessage(**common, text=posted.text or "", reply_to=posted.reply_to)


def _why(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    if first["type"] == "extra_forbidden":
        return f"there is a key that is not known here; known are {_KEYS}"
    where = ".".join(str(step) for step in first["loc"])
    # of words of our own the cause; the library's quote nothing but rules
    said = str(first["ctx"]["error"]) if first["type"] == "value_error" else first["msg"]
    said = "letters and digits, and after the first also . _ : @ + -" if "pattern" in first["type"] else said
    return f"{where}: {said}" if where else said
