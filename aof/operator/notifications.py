"""What a program wants a person to know: on their phone through the same gates, and what they press under it kept."""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from aof.clock import Clock
from aof.domain.approval import Party
from aof.domain.response import Action, Response, Status
from aof.operator import bodies
from aof.operator.decisions import Outcome
from aof.operator.people import Operators
from aof.store.opportunities import Kept, NewNotification, NotificationRow, Opportunities
from aof.texts import chat
from aof.texts import opportunities as texts
from aof.texts.language import Language, spoken

NOTIFICATION = "note:"
MOST_TEXT = 4000
MOST_ACTIONS = 3
KEY = r"^[\x21-\x7e]{1,200}$"
"""Of a caller's own key: what a header can carry."""
_BUTTON = re.compile(r"note:(?P<id>[0-9a-f]{16}):(?P<action>[A-Za-z0-9][A-Za-z0-9._-]*)")


class Unreachable(ValueError):
    """Nobody is called so, or nobody knows how to write to them."""


def _distinct(actions: "tuple[WantedAction, ...]") -> "tuple[WantedAction, ...]":
    if len({action.id for action in actions}) < len(actions):
        raise ValueError("two of them have one id; give each its own")
    return actions


class WantedAction(bodies.Body):
    """A button under a notification."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    title: Annotated[str, Field(min_length=1, max_length=20), AfterValidator(bodies.line)]


class WantedNotification(bodies.Body):
    """A notification as programs bring it."""

    to: Annotated[str, Field(min_length=1, max_length=100)]
    """A name of `spec.people`."""
    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT), AfterValidator(bodies.said)]
    """CommonMark, shown as the platform can."""
    status: Status | None = None
    actions: Annotated[tuple[WantedAction, ...], Field(max_length=MOST_ACTIONS), AfterValidator(_distinct)] = ()
    idempotency_key: Annotated[str, Field(pattern=KEY)]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Notifications:
    """Takes notifications, and presses under them."""

    store: Opportunities
    clock: Clock
    operators: Operators
    ring: Callable[[], None]

    async def add(self, wanted: WantedNotification, *, by: str) -> tuple[Kept, NotificationRow]:
        """Keep a notification, and queue it with the cause `alert`.

        Raises:
            Unreachable: Nobody is called so, or they have no address.
            StoreBusy: It can't be kept now.
        """
        reader = await self.operators.reader(wanted.to)
        if reader is None:
            raise Unreachable(f"nobody of spec.people is called {wanted.to} and can be written to")
        id_ = secrets.token_hex(8)
        actions = tuple(Action(id=f"{NOTIFICATION}{id_}:{one.id}", title=one.title) for one in wanted.actions)
        language = reader.language or spoken(wanted.text) or Language.ENGLISH
        response = Response(text=wanted.text, status=wanted.status, actions=actions)
        new = NewNotification(
            id=id_,
            key=wanted.idempotency_key,
            digest=wanted.digest,
            person=wanted.to,
            conversation=reader.conversation,
            text=wanted.text,
            status=wanted.status or "",
            actions=tuple((one.id, one.title) for one in wanted.actions),
            parts=self.operators.parts(response, language),
            by=by,
        )
        kept, row = await self.store.notify(new, now=self.clock.now())
        if kept == "new":
            self.ring()
        return kept, row

    async def press(self, party: Party, button: str, *, event: str, language: Language) -> Outcome:
        """A tap on an action of a notification that was really shown to whoever tapped.

        Raises:
            StoreBusy: It can't be kept now.
        """
        match = _BUTTON.fullmatch(button)
        row = await self.store.notification(match["id"]) if match is not None else None
        if match is None or row is None:
            return Outcome("unknown_press", Response(text=chat.unknown_button(language), status=Status.NOTE), language)
        language = self.operators.language_of(row.person, spoken(row.text) or language)
        if party.key != f"person:{row.person}":
            facts = {"notification": row.id, "by": party.name or party.key, "refused": "somebody else"}
            said = texts.not_yours(language)
            return Outcome("press_refused", Response(text=said, status=Status.NOTE), language, facts=facts)
        pressed = await self.store.press_notification(
            row.id, match["action"], row.person, event=event, now=self.clock.now()
        )
        title = dict(row.actions).get(match["action"], "")
        if pressed is None:
            return Outcome("unknown_press", Response(text=chat.unknown_button(language), status=Status.NOTE), language)
        stands, is_own = pressed
        if is_own:
            return Outcome("decided", Response(text=texts.noted(language, title, stands.at)), language)
        said = texts.noted_before(language, title, stands.at)
        return Outcome("press_refused", Response(text=said, status=Status.NOTE), language)
