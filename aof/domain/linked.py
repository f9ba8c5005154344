"""Whose accounts are one person's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aof.domain.message import Sender


@dataclass(frozen=True, slots=True)
class Linked:
    """People with all that they go by on all platforms, as the configuration says; nothing else links anybody."""

    ids: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By the person's key: numbers and user ids, with their platform before a colon."""
    _keys: Mapping[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keys", {one: key for key, ids in self.ids.items() for one in ids})

    def key(self, platform: str, sender: Sender) -> str:
        """The person behind a sender; empty where nobody says who they are."""
        found = (self._keys.get(f"{platform}:{one}") for one in (sender.user_id, sender.number) if one)
        return next((key for key in found if key), "")

    def keys_of(self, ids: frozenset[str]) -> frozenset[str]:
        """The people who go by one of these."""
        return frozenset(key for one in ids if (key := self._keys.get(one)))
