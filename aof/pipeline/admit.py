"""Who may talk."""

from collections.abc import Collection
from dataclasses import dataclass

from aof.domain.message import Sender


@dataclass(frozen=True, slots=True)
class Access:
    """Who may talk to one account. Nobody, unless it is said.

    Args:
        everyone: Written out in the configuration.
        numbers: E.164 with plus sign; compared with the number on the message itself.
        user_ids: The platform's immutable ids.
    """

    everyone: bool = False
    numbers: frozenset[str] = frozenset()
    user_ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *, everyone: bool, numbers: Collection[str] | None, user_ids: Collection[str] | None) -> "Access":
        return cls(everyone, frozenset(numbers or ()), frozenset(user_ids or ()))

    def admits(self, sender: Sender) -> bool:
        """Whether this sender is answered. A sender without an identity never is."""
        if not sender.key:
            return False
        return self.everyone or sender.number in self.numbers or sender.user_id in self.user_ids
