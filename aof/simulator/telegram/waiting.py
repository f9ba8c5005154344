"""Updates that wait for the bot, in the order in which they are told, of all chats and of each."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]


def nothing() -> None:
    """Nobody waits for it."""


@dataclass(slots=True, eq=False)
class Update:
    """One thing that the bot is to be told."""

    update_id: int
    body: Json
    at: datetime
    lane: str
    """Updates of the same lane are posted one after the other."""
    taken: Callable[[], None] = nothing
    attempts: int = 0


class Waiting:
    """A queue out of which anything may be taken."""

    def __init__(self) -> None:
        self._all: dict[Update, None] = {}
        self._lanes: dict[str, deque[Update]] = {}
        """What was taken out is still there, until it comes first."""

    def __iter__(self) -> Iterator[Update]:
        return iter(tuple(self._all))

    def __len__(self) -> int:
        return len(self._all)

    @property
    def lanes(self) -> list[str]:
        """Those that may have something."""
        return list(self._lanes)

    def add(self, update: Update) -> None:
        self._all[update] = None
        self._lanes.setdefault(update.lane, deque()).append(update)

    def remove(self, update: Update) -> bool:
        """Whether it was there."""
        if update not in self._all:
            return False
        del self._all[update]
        return True

    def first_of(self, lane: str) -> Update | None:
        """The one that its chat waits for."""
        updates = self._lanes.get(lane, ())
        while updates and updates[0] not in self._all:
            self._lanes[lane].popleft()
        if not updates:
            self._lanes.pop(lane, None)
            return None
        return updates[0]

    def forget(self, oldest: datetime) -> int:
        """Take out all that came before; how many those were."""
        old = []
        for update in self._all:
            if update.at > oldest:
                break
            old.append(update)
        for update in old:
            del self._all[update]
        return len(old)

    def clear(self) -> None:
        self._all.clear()
        self._lanes.clear()
