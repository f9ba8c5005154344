"""Who may talk, and who may be written to: one answer for every platform and every kind of event."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from aof.domain.consent import Barrier, barrier
from aof.domain.message import Sender
from aof.store.base import About, Cause, Standing
from aof.texts.language import Language


class Mode(StrEnum):
    """How an account decides about a sender."""

    PAIRING = "pairing"
    """Whoever an operator has let in by a code."""
    LISTED = "listed"
    """Exactly those of the lists; nobody where they are empty. Pairings count for nothing."""
    EVERYONE = "everyone"
    """Written out in the configuration."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the configuration names, with all that they go by on one platform."""

    name: str
    numbers: frozenset[str] = frozenset()
    user_ids: frozenset[str] = frozenset()
    language: Language | None = None


class People:
    """The people of one platform, found by what stands on an event."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._by_number: dict[str, Person] = {}
        self._by_user_id: dict[str, Person] = {}
        for person in people:
            self._by_number |= dict.fromkeys(person.numbers, person)
            self._by_user_id |= dict.fromkeys(person.user_ids, person)

    def find(self, sender: Sender) -> Person | None:
        """By user id where there is one that is known, else by number."""
        return self._by_user_id.get(sender.user_id or "") or self._by_number.get(sender.number or "")


NOBODY = People()
_UNKNOWN = Sender()


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to one account.

    Args:
        numbers: E.164 with plus sign; compared with the number on an event itself, never with one that is only
            remembered of its sender.
        user_ids: The platform's immutable ids.
        people: Who is called what, to find who is suspended.
        operators: The names of those who decide here; being listed is their consent to be asked.
        groups: The ids of the groups in which anybody is answered at all; None: in any.

    Where a method takes a `group`, those are its ids, now and before; of a chat of two there are none.
    """

    mode: Mode = Mode.LISTED
    numbers: frozenset[str] = frozenset()
    user_ids: frozenset[str] = frozenset()
    people: People = NOBODY
    operators: frozenset[str] = frozenset()
    groups: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        *,
        everyone: bool,
        numbers: Collection[str] | None,
        user_ids: Collection[str] | None,
        people: People = NOBODY,
        operators: Collection[str] = (),
        groups: Collection[str] | None = None,
    ) -> "Access":
        """By the words of the configuration; both lists absent (None) is pairing, an empty list is a list.

        Args:
            groups: None where the platform has no such list, or everybody is let in and no group is named.
        """
        listed = numbers is not None or user_ids is not None
        mode = Mode.EVERYONE if everyone else Mode.LISTED if listed else Mode.PAIRING
        return cls(
            mode,
            frozenset(numbers or ()),
            frozenset(user_ids or ()),
            people,
            frozenset(operators),
            None if groups is None else frozenset(groups),
        )

    def opens(self, group: Collection[str]) -> bool:
        """Whether anybody is answered in this group; in a chat of two the person decides alone."""
        return not group or self.groups is None or not self.groups.isdisjoint(group)

    def admits(
        self, sender: Sender, standing: Standing, *, group: Collection[str] = (), remembered: Sender = _UNKNOWN
    ) -> bool:
        """Whether this sender is answered. A sender without an identity never is, nor is who is suspended; and in a
        group both it and they have to be let in: its id is nobody's identity.

        `remembered` is what else is known of them: it may keep somebody out, and lets nobody in.
        """
        if not sender.key or not self.opens(group) or self._is_suspended(sender, standing, remembered):
            return False
        match self.mode:
            case Mode.EVERYONE:
                return True
            case Mode.LISTED:
                return sender.number in self.numbers or sender.user_id in self.user_ids
            case Mode.PAIRING:
                # a pairing was asked for in a chat of two, and is no word on what others may read in a group
                return standing.pairing == "approved" and not group

    def may_ask(
        self, sender: Sender, standing: Standing, *, group: Collection[str] = (), remembered: Sender = _UNKNOWN
    ) -> bool:
        """Whether a stranger may be told a code: never in a group, and never who was sent away."""
        return (
            self.mode is Mode.PAIRING
            and bool(sender.key)
            and not group
            and standing.pairing in (None, "asked")
            and not self._is_suspended(sender, standing, remembered)
        )

    def may_receive(self, recipient: Sender, standing: Standing, cause: Cause, *, group: Collection[str] = ()) -> bool:
        """Whether a part may still go out to this person: to whom is admitted, and to a stranger their code.

        In a group the recipient is whoever asked; what nobody asked for is for the group. Who agreed to be written to
        and who decides here are written to, unless they were sent away.
        """
        if not self.opens(group):
            return False
        if group and not recipient.key:
            return True
        if self.admits(recipient, standing, group=group):
            return True
        if cause in ("operator", "alert") and (standing.consent == "in" or self.is_operator(recipient)):
            return self.may_be_told(recipient, standing)
        return cause == "system" and standing.pairing == "asked" and self.may_ask(recipient, standing, group=group)

    def may_be_told(self, recipient: Sender, standing: Standing, *, remembered: Sender = _UNKNOWN) -> bool:
        """Whether nobody has sent this person away, let in or not."""
        sent_away = standing.pairing == "revoked" or self._is_suspended(recipient, standing, remembered)
        return bool(recipient.key) and not sent_away

    def is_operator(self, recipient: Sender) -> bool:
        """Whether this is one of those who decide here, by what the configuration says they go by."""
        person = self.people.find(recipient)
        return person is not None and person.name in self.operators

    def barrier(self, recipient: Sender, standing: Standing, cause: Cause, heard_at: datetime | None) -> Barrier | None:
        """Why this person may not be written to for this cause by their own word; None where they may be.

        Args:
            heard_at: When they last wrote; None: never.
        """
        is_known = heard_at is not None and self.admits(recipient, standing)
        return barrier(cause, standing.consent, is_operator=self.is_operator(recipient), is_known=is_known)

    def closed(
        self,
        recipient: Sender,
        standing: Standing,
        cause: Cause,
        heard_at: datetime | None,
        *,
        about: About = "",
        group: Collection[str] = (),
    ) -> Literal["sent_away"] | Barrier | None:
        """Why a part may not go out to this person: they may not talk here, or by their own word. None where it may.

        A word on consent is anybody's, and so is its answer; and the request to opt in is what somebody may get who
        never agreed. What is for a group is nobody's alone, and nothing is said in one that is not let in.
        """
        if not self.opens(group):
            return "sent_away"
        may_be_told = self.may_be_told(recipient, standing)
        barred = self.barrier(recipient, standing, cause, heard_at)
        if about == "consent" and barred == "never":
            barred = None
        if barred is not None and may_be_told and not group:
            return barred
        if about == "consent" and may_be_told:
            return None
        return None if self.may_receive(recipient, standing, cause, group=group) else "sent_away"

    def _is_suspended(self, sender: Sender, standing: Standing, remembered: Sender) -> bool:
        if not standing.suspended:
            return False
        people = (self.people.find(sender), self.people.find(remembered))
        names = {standing.name, *(person.name for person in people if person)} - {""}
        return not names.isdisjoint(standing.suspended)
