"""Between rows and values."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from aof.domain.message import Address, ButtonPress, Call, Decided, InboundMessage, Reaction
from aof.domain.response import Part

PART: TypeAdapter[Part] = TypeAdapter(Part)
SPOKEN: TypeAdapter[InboundMessage | ButtonPress | Decided] = TypeAdapter(
    Annotated[InboundMessage | ButtonPress | Decided, Field(discriminator="kind")]
)

Row = Any
"""A `sqlite3.Row`: columns by name or by place, of the types that the schema says."""


def stamp(at: datetime) -> float:
    """Unix seconds."""
    return at.timestamp()


def moment(seconds: float) -> datetime:
    """Aware, UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def address(row: Row) -> Address:
    return Address(
        chat=row["chat"],
        number=row["number"],
        user_id=row["user_id"],
        group=bool(row["grouped"]),
        thread=row["thread"],
    )


def misfit(error: ValidationError) -> str:
    """Why a row's body can't be read, without quoting it."""
    return f"it can't be read: {error.error_count()} errors, the first: {error.errors()[0]['msg']}"


def json_list(names: Collection[str]) -> str:
    """Names for `json_each`."""
    return json.dumps(sorted(names))


def inbox_row(
    event: InboundMessage | ButtonPress | Reaction | Call | Decided, conversation: str, now: datetime, *, overflow: bool
) -> dict[str, Any]:
    """An event for `keep_event`."""
    answered = not isinstance(event, Reaction | Call)
    return {
        "account": event.account,
        "event_id": event.event_id,
        "conversation": conversation,
        "kind": event.kind,
        "sender": event.sender.key,
        "payload": event.model_dump_json(),
        "state": "new" if answered else "done",
        "overflow": answered and overflow,
        "outcome": None if answered else "kept",
        "now": stamp(now),
    }
