"""The machine that measures: what it is, where the database lies, and which core does what."""

import os
import platform
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from aof.store.sqlite import database

MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs", "rootfs"})
"""File systems on which a commit costs nothing and keeps nothing."""


class NotOnDisk(RuntimeError):
    """The scratch directory lies in memory: what is measured there is no durable store."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of /proc/self/mountinfo."""

    point: str
    kind: str
    upper: str = ""
    """Of an overlay: the directory that takes what is written."""


def mounts(mountinfo: str) -> list[Mount]:
    """What is mounted, in the order in which it was; a later one hides an earlier one at the same point."""
    found = []
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        point, (kind, _, options) = before.split()[4], after.split(maxsplit=2)
        upper = next((word[9:] for word in options.split(",") if word.startswith("upperdir=")), "")
        found.append(Mount(point.encode().decode("unicode_escape"), kind, upper))
    return found


def file_system(path: Path, mountinfo: str | None = None) -> str:
    """The kind of file system that a path lies on.

    Raises:
        NotOnDisk: It is in memory, or an overlay that keeps in memory what is written.
    """
    known = mounts(Path("/proc/self/mountinfo").read_text() if mountinfo is None else mountinfo)
    mount = _mount_of(path, known)
    if mount.kind in MEMORY:
        raise NotOnDisk(f"{path} lies on {mount.kind}: a commit costs nothing there; give a directory on a disk")
    # a container sees the path of its upper layer, but not what it lies on: then it seems to lie on the overlay itself
    below = _mount_of(Path(mount.upper), known) if mount.upper else mount
    if below is mount:
        return mount.kind
    return f"{mount.kind} over {file_system(Path(mount.upper), mountinfo)}"


def _mount_of(path: Path, known: list[Mount]) -> Mount:
    over = [mount for mount in known if path.is_relative_to(mount.point)]
    return max(reversed(over), key=lambda mount: len(mount.point))


def pragmas(folder: Path) -> dict[str, str]:
    """How a database of the daemon's is kept there, asked on a connection that its own code opens."""
    path = folder / "pragmas.db"
    connection = database.connect(path)
    try:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    finally:
        connection.close()
        path.unlink()
    return {"journal_mode": journal, "synchronous": ("OFF", "NORMAL", "FULL", "EXTRA")[synchronous]}


@dataclass(frozen=True, slots=True)
class Cores:
    """Which core serves and which one makes the load; the same for every contestant."""

    server: int
    load: int

    @classmethod
    def choose(cls) -> "Cores":
        allowed = sorted(os.sched_getaffinity(0))
        return cls(server=allowed[-1], load=allowed[0])

    @property
    def shared(self) -> bool:
        return self.server == self.load

    def __str__(self) -> str:
        return "one core for both" if self.shared else "the server on one core, load and Graph stand-in on another"


def facts(folder: Path, cores: Cores) -> dict[str, str]:
    """What has to stand beside every figure."""
    kept = pragmas(folder)
    return {
        "CPU": f"{_cpu()}, {os.cpu_count()} cores; {cores}",
        "Memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "System": f"{platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "Ours": ", ".join(f"{name} {version(name)}" for name in ("aof", "aiohttp", "uvloop", "pydantic")),
        "Database": f"PRAGMA synchronous = {kept['synchronous']}, journal_mode = {kept['journal_mode']}, "
        f"on {file_system(folder)}",
    }


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
