"""Measures which directories of a filesystem hold the most, within a bounded time."""

import os
import stat
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field

DEPTH = 2
"""Directories named apart: `/var` and `/var/lib`. What lies deeper counts for them."""

MOST_SECONDS = 10.0
"""A person waits for the answer; a disk with millions of files takes minutes."""

MOST_ENTRIES = 1_000_000
"""Files and directories looked at, whatever the time."""

_BLOCK = 512  # bytes; of st_blocks, on every system

_LOOKED_AT_ONCE = 256


@dataclass(slots=True)
class Measured:
    """What was counted. As `du -x` does: space on disk, a file with several links once, no other filesystem."""

    root: str
    sizes: Counter[str] = field(default_factory=Counter)
    """Bytes under each directory, by its path; the root's own is all that was counted."""
    entries: int = 0
    unreadable: int = 0
    """Directories that could not be looked into."""
    is_whole: bool = True
    """False where time or entries ran out, so that every size is only the least it can be."""

    def largest(self, most: int) -> list[tuple[str, int]]:
        """Below the root, the largest first."""
        return [(path, size) for path, size in self.sizes.most_common(most + 1) if path != self.root][:most]


def measure(root: str, *, other_mounts: frozenset[str], stopped: threading.Event) -> Measured:
    """Blocking; looks at names and sizes only, follows no links.

    `other_mounts` are never touched, not even by a look: one of a dead file server would hold us for good.

    Raises:
        OSError: The root itself can't be read.
    """
    walk = _Walk(Measured(root), os.lstat(root).st_dev, other_mounts - {root}, stopped)
    os.scandir(root).close()
    walk.go()
    return walk.measured


class _Walk:
    def __init__(self, measured: Measured, device: int, other_mounts: frozenset[str], stopped: threading.Event) -> None:
        self.measured = measured
        self._device = device
        self._other_mounts = other_mounts
        self._stopped = stopped
        self._ends_at = time.monotonic() + MOST_SECONDS
        self._linked: set[int] = set()

    def go(self) -> None:
        root = self.measured.root
        # Every directory with those that count it. The shallow ones first: where time runs out, each has had its share
        waiting: deque[tuple[str, tuple[str, ...]]] = deque([(root, (root,))])
        while waiting:
            path, counting = waiting.popleft()
            if self._is_over():
                self.measured.is_whole = False
                return
            waiting += self._look_into(path, counting)

    def _look_into(self, path: str, counting: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        below = []
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if self._is_over(every=_LOOKED_AT_ONCE):
                        self.measured.is_whole = False
                        break
                    if entry.path in self._other_mounts:
                        continue
                    inside = self._count(entry, counting)
                    if inside is not None:
                        below.append((entry.path, inside))
        except OSError:
            self.measured.unreadable += 1
        return below

    def _count(self, entry: os.DirEntry[str], counting: tuple[str, ...]) -> tuple[str, ...] | None:
        """What counts the entries of a directory; None for anything else."""
        self.measured.entries += 1
        try:
            found = entry.stat(follow_symlinks=False)
        except OSError:
            return None  # removed in between
        if found.st_dev != self._device:
            return None
        is_directory = stat.S_ISDIR(found.st_mode)
        if is_directory and len(counting) <= DEPTH:
            counting = (*counting, entry.path)
        if found.st_nlink > 1 and not is_directory:
            if found.st_ino in self._linked:
                return None
            self._linked.add(found.st_ino)
        for each in counting:
            self.measured.sizes[each] += found.st_blocks * _BLOCK
        return counting if is_directory else None

    def _is_over(self, *, every: int = 1) -> bool:
        if self.measured.entries % every:
            return False
        return self._stopped.is_set() or self.measured.entries >= MOST_ENTRIES or time.monotonic() >= self._ends_at
