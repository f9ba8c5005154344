"""From a tap, or a typed number, to the action that was really shown."""

from dataclasses import dataclass
from datetime import datetime

from aof.domain.message import ButtonPress, InboundMessage
from aof.domain.response import Response
from aof.formatting.render import MORE_ACTION_ID
from aof.store.base import Shown, Store

OF_THE_FLOW = ("opp:", "msg:", "note:")
"""Actions of opportunities, drafts and notifications."""
RESERVED = (*OF_THE_FLOW, "appr:", "menu:")
"""Actions of the daemon itself; they never reach an agent."""
LATE_RUN, LATE_SKIP = "menu:late:run", "menu:late:skip"
"""What becomes of messages that waited too long."""
WINDOW_SHOW = "menu:window:show"
"""The quick reply of a nudge: whoever taps it has written, which is all that it asks for."""
MENU_IDS = ("ctx_",)
"""Further ids of menus, where the daemon itself showed them."""


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


@dataclass(frozen=True, slots=True)
class OnCard:
    """A card about a call that waits for people was tapped."""

    press: ButtonPress


@dataclass(frozen=True, slots=True)
class OnFlowCard:
    """A card of the operator flow, or a notification, was tapped."""

    press: ButtonPress


Resolved = Pressed | More | Menu | OnCard | OnFlowCard | Unknown


async def meaning(
    store: Store, conversation: str, event: InboundMessage | ButtonPress, now: datetime
) -> Resolved | None:
    """What a tap or a bare number means; None for any other message."""
    if isinstance(event, ButtonPress):
        return await resolve(store, conversation, event)
    return await resolve_number(store, conversation, event, now)


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
        **message.model_dump(
            include={"platform", "account", "event_id", "chat_id", "group", "thread", "sent_at", "raw"}
        ),
        sender=message.sender,
        action_id=shown.action.id,
        title=shown.action.title,
        form="list",
    )
    meant = _meant(shown, press)
    # a decision is a tap: what is typed decides nothing
    return Unknown() if isinstance(meant, OnCard | OnFlowCard) else meant


def _meant(shown: Shown | None, press: ButtonPress) -> Resolved:
    if shown is None:
        return Unknown()
    action_id = shown.action.id
    if action_id == MORE_ACTION_ID and shown.rest is not None:
        return More(shown.rest, shown.agent)
    is_ours = not shown.agent
    if action_id in {LATE_RUN, LATE_SKIP} and not is_ours:
        return Unknown()
    if action_id.startswith("menu:") or (is_ours and action_id.startswith(MENU_IDS)):
        return Menu(action_id)
    if is_ours and action_id.startswith("appr:"):
        return OnCard(press.model_copy(update={"action_id": action_id}))
    if is_ours and action_id.startswith(OF_THE_FLOW):
        return OnFlowCard(press.model_copy(update={"action_id": action_id}))
    if action_id.startswith(RESERVED):
        return Unknown()
    return Pressed(press.model_copy(update={"action_id": action_id}), shown.agent)
