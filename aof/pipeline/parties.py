"""Who somebody is, over all that they go by, and who else could decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aof.domain.approval import Approvers, Party
from aof.domain.linked import Linked
from aof.domain.message import Sender
from aof.store.base import Standing


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the configuration."""

    name: str
    roles: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    """With their platform before a colon."""

    @property
    def party(self) -> Party:
        return Party(key=f"person:{self.name}", name=self.name, roles=self.roles, ids=self.ids)


@dataclass(frozen=True, slots=True)
class Parties:
    """The people whom the configuration names, found by what stands on an event. A name or a group proves nothing."""

    known: tuple[Known, ...] = ()
    _by_id: Mapping[str, Known] = field(init=False, repr=False, compare=False, default_factory=dict)
    _names: frozenset[str] = field(init=False, repr=False, compare=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {one: person for person in self.known for one in person.ids})
        object.__setattr__(self, "_names", frozenset(person.name for person in self.known))

    @property
    def linked(self) -> Linked:
        return Linked({person.party.key: person.ids for person in self.known})

    def of(self, platform: str, sender: Sender, standing: Standing) -> Party:
        """The sender of an event; an empty key where it has none."""
        ids = [f"{platform}:{one}" for one in (sender.user_id, sender.number) if one]
        for one in ids:
            if one in self._by_id:
                return self._by_id[one].party
        if not ids:
            return Party(key="")
        called = standing.name if standing.pairing == "approved" else ""
        if called in self._names:
            # whoever was let in under the name of somebody else is not that person
            called = ""
        return Party(key=ids[0], name=called, ids=frozenset(ids))

    def who_may(self, approvers: Approvers) -> Iterator[Party]:
        """Everybody whom a rule names, those of the configuration first."""
        named: set[str] = set()
        for person in self.known:
            if approvers.admits(person.party):
                named |= person.ids
                yield person.party
        for one in sorted(approvers.ids - named):
            yield Party(key=one, ids=frozenset({one}))


def shown(party: Party) -> str:
    """What a person is called where others read it."""
    return party.name or party.key.partition(":")[2] or party.key


def aliases(party: Party, platform: str) -> list[str]:
    """The numbers and user ids of a person on one platform, without its name."""
    return sorted(one.partition(":")[2] for one in party.ids if one.startswith(f"{platform}:"))


def platforms(parties: Iterable[Party]) -> set[str]:
    return {one.partition(":")[0] for party in parties for one in party.ids}
