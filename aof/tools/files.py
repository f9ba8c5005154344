"""Files below some directories, opened name by name: no link is followed, and nothing leads above them."""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Self

from aof.tools.base import CallRefused

MOST_BYTES = 1024 * 1024
"""Of one file, where the configuration does not say."""
MOST_NAMES = 500
"""Told of one directory, or of one search."""
_MOST_VISITED = 20_000
"""Entries that one search looks at."""

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# without O_NONBLOCK a pipe would be waited for
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FileProblem(Exception):
    """It can't be done; the text is a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class Place:
    """A path below one of the roots."""

    root: str
    names: tuple[str, ...]
    """From the root down; empty: the root itself."""

    @property
    def path(self) -> str:
        return str(PurePosixPath(self.root, *self.names))


@dataclass(frozen=True, slots=True)
class Roots:
    """The directories that may be worked in."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, paths: Sequence[str]) -> Self:
        """Where a root is reached by links, what they lead to now is meant."""
        return cls(tuple(str(Path(path).expanduser().resolve()) for path in paths))

    def place(self, path: str) -> Place:
        """Where a path lies; one that is not absolute starts at the first root.

        Raises:
            CallRefused: Outside of the roots, or it goes upwards.
        """
        if not path or not path.isprintable():
            raise CallRefused("a path is needed, without control characters")
        pure = PurePosixPath(path)
        if ".." in pure.parts:
            raise CallRefused("a path with .. in it is not taken: write where the file lies")
        if not pure.is_absolute():
            return Place(self.paths[0], tuple(pure.parts))
        for root in self.paths:
            if pure.is_relative_to(root):
                return Place(root, pure.relative_to(root).parts)
        raise CallRefused(f"{path[:200]} lies outside of {', '.join(self.paths)}")


def read(place: Place, most_bytes: int) -> tuple[bytes, bool]:
    """The beginning of a file, and whether there is more of it."""
    with _opened(place, _READ) as found:
        if not stat.S_ISREG(os.fstat(found).st_mode):
            raise FileProblem(f"{place.path} is not a file")
        raw = bytearray()
        while len(raw) <= most_bytes and (piece := os.read(found, most_bytes + 1 - len(raw))):
            raw += piece
        return bytes(raw[:most_bytes]), len(raw) > most_bytes


def listing(place: Place) -> list[str]:
    """The names in a directory with their kinds and sizes, sorted."""
    with _opened(place, _DIRECTORY) as found, os.scandir(found) as entries:
        return [_line(found, name) for name in sorted(entry.name for entry in entries)]


def search(place: Place, pattern: str) -> list[str]:
    """Paths below a directory whose name, or path from there, fits a glob; at most 500."""
    found: list[str] = []
    visited = 0
    with _opened(place, _DIRECTORY) as top:
        for at, directories, files, _ in os.fwalk(".", dir_fd=top, follow_symlinks=False):
            directories.sort()
            for name in sorted([*directories, *files]):
                below = str(PurePosixPath(at, name))
                if fnmatchcase(name, pattern) or fnmatchcase(below, pattern):
                    found.append(below)
                visited += 1
                if visited >= _MOST_VISITED or len(found) >= MOST_NAMES:
                    return found
    return found


def write(place: Place, content: bytes) -> None:
    """Put a whole file in the place of what is there, or where nothing was; its directory has to be there."""
    if not place.names:
        raise FileProblem(f"{place.path} is a directory")
    *above, name = place.names
    with _opened(Place(place.root, tuple(above)), _DIRECTORY) as directory:
        mode = 0o644
        with contextlib.suppress(FileNotFoundError):
            there = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if not stat.S_ISREG(there.st_mode):
                raise FileProblem(f"{place.path} is not a file")
            mode = stat.S_IMODE(there.st_mode) & 0o777
        beside = f".{secrets.token_hex(8)}.new"
        with _problems(place):
            new = os.open(beside, _NEW, 0o600, dir_fd=directory)
            try:
                with os.fdopen(new, "wb") as out:
                    out.write(content)
                    out.flush()
                    os.fchmod(out.fileno(), mode)
                    os.fsync(out.fileno())
                os.replace(beside, name, src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(beside, dir_fd=directory)
                raise
            os.fsync(directory)


def is_there(place: Place) -> bool:
    """Whether something has this name already."""
    try:
        with _opened(place, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC):
            return True
    except FileProblem:
        return False


@contextlib.contextmanager
def _opened(place: Place, flags: int) -> Iterator[int]:
    """Each name is opened in the directory before it, so none can be swapped for a link in between."""
    with _problems(place), contextlib.ExitStack() as held:
        at = os.open(place.root, _DIRECTORY if place.names else flags)
        held.callback(os.close, at)
        for position, name in enumerate(place.names, start=1):
            at = os.open(name, flags if position == len(place.names) else _DIRECTORY, dir_fd=at)
            held.callback(os.close, at)
        yield at


@contextlib.contextmanager
def _problems(place: Place) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise FileProblem(f"{place.path} is not there") from None
    except OSError as error:
        # ELOOP, or ENOTDIR where a directory was asked for: a link
        raise FileProblem(f"{place.path} can't be opened: {error.strerror or 'refused'}") from None


def _line(directory: int, name: str) -> str:
    try:
        found = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return name
    if stat.S_ISDIR(found.st_mode):
        return f"{name}/"
    if stat.S_ISLNK(found.st_mode):
        return f"{name} (a link, not followed)"
    return f"{name}  {found.st_size:,} bytes" if stat.S_ISREG(found.st_mode) else f"{name} (no file)"
