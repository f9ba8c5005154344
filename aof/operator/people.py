"""Who decides, and where people can be written to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from aof.clock import Clock
from aof.domain.approval import Party
from aof.domain.message import Address
from aof.domain.response import Part, Response
from aof.platforms.base import AnyPlatform, render_for
from aof.store.approvals import Reachable
from aof.texts.language import Language


class Reaches(Protocol):
    """Where people have written, or can be written to."""

    async def reach(self, platform: str, ids: Collection[str]) -> Reachable | None: ...

    async def open_conversation(self, account: str, number: str, *, now: datetime) -> str: ...

    async def suspended(self) -> Mapping[str, datetime]: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the configuration, by what they go by on the platform of the flow."""

    name: str
    ids: tuple[str, ...]
    """Numbers and user ids, in the order of the file."""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, and the conversation in which they are written to."""

    name: str
    conversation: str
    language: Language | None
    """Their own; None: nobody said."""


@dataclass(frozen=True, slots=True)
class Operators:
    """The people of `spec.people`, and those of them who are operators."""

    store: Reaches
    clock: Clock
    platform: AnyPlatform
    names: Sequence[str]
    """Of operators."""
    known: Mapping[str, Known]
    """All people, by name."""

    def admits(self, party: Party) -> bool:
        """Whether somebody is an operator, by the identity that the configuration gives them: a name that a pairing
        gave, or a name that they call themselves, is none."""
        return party.name in self.names and party.key == f"person:{party.name}"

    def language_of(self, name: str, otherwise: Language) -> Language:
        """What a person reads."""
        person = self.known.get(name)
        return (person.language if person is not None else None) or otherwise

    def spoken_by(self, address: Address) -> Language | None:
        """What whoever is there reads, as far as the configuration says it."""
        ids = {one for one in (address.number, address.user_id) if one}
        return next((person.language for person in self.known.values() if not ids.isdisjoint(person.ids)), None)

    async def readers(self, *, without: str = "") -> list[Reader]:
        """The operators who can be written to, but for one of them and for who is suspended.

        Raises:
            StoreBusy: It can't be looked up now.
        """
        suspended = await self.store.suspended()
        names = [name for name in self.names if name != without and name not in suspended]
        found = [await self.reader(name) for name in names]
        return [reader for reader in found if reader is not None]

    async def reader(self, name: str) -> Reader | None:
        """A person, in the conversation in which they last wrote, else in one that is opened for their first number;
        None where nobody knows how to write to them.

        Raises:
            StoreBusy: It can't be looked up, or opened, now.
        """
        person = self.known.get(name)
        if person is None or not person.ids:
            return None
        at = await self.store.reach(self.platform.name, person.ids)
        if at is not None and at.account == self.platform.account:
            return Reader(name, at.conversation, person.language)
        number = next((one for one in person.ids if one.startswith("+")), None)
        if number is None:
            return None
        opened = await self.store.open_conversation(self.platform.account, number, now=self.clock.now())
        return Reader(name, opened, person.language)

    def parts(self, response: Response, language: Language) -> tuple[Part, ...]:
        """A response as the platform of the flow shows it."""
        return render_for(self.platform, response, language).parts
