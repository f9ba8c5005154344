"""A bounded list of numbered entries that readers can wait on without polling."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """An entry; the journal sets both numbers."""

    seq: int
    changed: int


E = TypeVar("E", bound=Numbered)


class Journal(Generic[E]):
    """Keeps the newest `keep` entries. One counter numbers additions (`seq`) and changes (`changed`)."""

    def __init__(self, keep: int, dropped: Callable[[E], None] | None = None) -> None:
        """`dropped` is told of each entry that had to make room."""
        self._entries: deque[E] = deque()
        self._by_change: dict[int, E] = {}
        """By `seq`, the latest change last."""
        self._keep = keep
        self._dropped = dropped
        self._event = asyncio.Event()
        self._listeners: list[Callable[[], object]] = []
        self.closed = False
        """No reader waits any more."""
        self.latest = 0
        """The highest number given so far."""

    def __iter__(self) -> Iterator[E]:
        return iter(tuple(self._entries))

    def backwards(self) -> Iterator[E]:
        """Newest first. Must not be read while entries are added."""
        return reversed(self._entries)

    def add(self, entry: E) -> None:
        self.latest += 1
        entry.seq = entry.changed = self.latest
        self._entries.append(entry)
        self._by_change[entry.seq] = entry
        if len(self._entries) > self._keep:
            oldest = self._entries.popleft()
            del self._by_change[oldest.seq]
            if self._dropped is not None:
                self._dropped(oldest)
        self.wake()

    def touch(self, entry: E) -> None:
        """Say that an entry has changed."""
        self.latest += 1
        entry.changed = self.latest
        if self._by_change.pop(entry.seq, None) is not None:
            self._by_change[entry.seq] = entry
        self.wake()

    def newer(self, after: int) -> list[E]:
        """Entries added after that number, oldest first."""
        found: list[E] = []
        for entry in reversed(self._entries):
            if entry.seq <= after:
                break
            found.append(entry)
        return found[::-1]

    def changed(self, after: int) -> list[E]:
        """Entries added or changed after that number, oldest first."""
        found = takewhile(lambda entry: entry.changed > after, reversed(self._by_change.values()))
        return sorted(found, key=lambda entry: entry.seq)

    @contextmanager
    def listener(self, woken: Callable[[], object]) -> Iterator[None]:
        """Call `woken` at every addition and change, and when the journal closes."""
        self._listeners.append(woken)
        try:
            yield
        finally:
            self._listeners.remove(woken)

    async def wait(self, ready: Callable[[], list[E]], real_seconds: float) -> list[E]:
        """What `ready` finds, as soon as that is anything; nothing when the time is over or the journal closes."""
        try:
            async with asyncio.timeout(real_seconds):
                while not (found := ready()) and not self.closed:
                    await self._event.wait()
                return found
        except TimeoutError:
            return ready()

    def close(self) -> None:
        """Let every waiting reader go."""
        self.closed = True
        self.wake()

    def wake(self) -> None:
        """Let every reader look again, though no entry has changed."""
        self._event.set()
        for woken in self._listeners:
            woken()
        if not self.closed:
            self._event = asyncio.Event()
