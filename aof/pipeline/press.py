"""From a tap, or a typed number, to the action that was really shown."""

from dataclasses import dataclass
from datetime import datetime

from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response
from aof.formatting.render import MORE_ACTION_ID
from aof.store.base import Shown, Store

RESERVED = ("opp:", "msg:", "appr:", "menu:")
"""Actions of the daemon itself; they never reach an agent."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press as an agent gets it, with the action's own id."""

    press: ButtonPress
    agent: str = ""
    """Who offered it."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing that was shown here has this id, or the daemon no longer knows what to do with it."""


@dataclass(frozen=True, slots=True)
class More:
    """The rest of a long answer is wanted."""

    rest: Response
    agent: str = ""
    """Whose answer it is."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of the daemon itself was tapped."""

    action_id: str


Resolved = Pressed | More | Menu | Unknown


async def resolve(store: Store, conversation: str, press: ButtonPress) -> Resolved:
    """What a tap means: only what a part sent to this conversation carried means anything."""
    return _meant(await store.pressed(conversation, press.action_id), press)


async def resolve_number(store: Store, conversation: str, message: InboundMessage, now: datetime) -> Resolved | None:
    """What a bare number means; None where it is just text."""
    typed = message.text.strip().removesuffix(".").removesuffix(")")
    if not (typed.isdecimal() and len(typed) <= 3):
        return None
    shown = await store.numbered(conversation, int(typed), message.sender.key, now=now)
    if shown is None:
        return None
    press = ButtonPress(
        **message.model_dump(include={"platform", "account", "event_id", "chat_id", "group", "sent_at", "raw"}),
        sender=message.sender,
        action_id=shown.action.id,
        title=shown.action.title,
        form="list",
    )
    return _meant(shown, press)


def _meant(shown: Shown | None, press: ButtonPress) -> Resolved:
    if shown is None:
        return Unknown()
    action_id = shown.action.id
    if action_id == MORE_ACTION_ID and shown.rest is not None:
        return More(shown.rest, shown.agent)
    if action_id.startswith("menu:"):
        return Menu(action_id)
    if action_id.startswith(RESERVED):
        return Unknown()
    return Pressed(press.model_copy(update={"action_id": action_id}), shown.agent)
