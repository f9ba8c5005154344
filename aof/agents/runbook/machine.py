"""Readings of the machine the daemon runs on."""

import os
import re
import socket
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import psutil

from aof.agents.runbook import connections
from aof.agents.runbook.connections import Interface, Listeners, Session
from aof.agents.runbook.largest import Measured, measure
from aof.agents.runbook.program_names import plain_name

MEASURED_SECONDS = 0.5
"""How long programs are watched for their CPU share; shorter ones miss what runs in bursts."""

# What keeps files on a disk of this machine. Not here: memory (tmpfs), images that are always full (squashfs, iso9660),
# and network and FUSE mounts, where a reading hangs when the other side is gone.
_LOCAL = re.compile(r"ext[234]|xfs|btrfs|bcachefs|zfs|f2fs|jfs|reiserfs|vfat|exfat|ntfs3?|fuseblk|ufs|apfs|hfs|overlay")


@dataclass(frozen=True, slots=True)
class Disk:
    """One filesystem."""

    mount: str
    used_percent: float
    """Of what a user without privileges can fill, as `df` counts."""
    free_bytes: int
    inodes_percent: float | None
    """None where the filesystem makes inodes as it needs them."""


@dataclass(frozen=True, slots=True)
class Memory:
    """`available` is what programs can still get without swapping."""

    total_bytes: int
    available_bytes: int
    swap_total_bytes: int
    swap_used_bytes: int


@dataclass(frozen=True, slots=True)
class Load:
    """Averages over 1, 5 and 15 minutes."""

    averages: tuple[float, float, float]
    cores: int


@dataclass(frozen=True, slots=True)
class Program:
    """One running program: never its command line, which may hold secrets."""

    pid: int
    name: str
    cpu_percent: float
    """Of one core."""
    memory_bytes: int


class Machine(Protocol):
    """Blocking readings, each fresh. All raise OSError where the system refuses."""

    def host(self) -> str: ...

    def disks(self) -> list[Disk]: ...

    def memory(self) -> Memory: ...

    def load(self) -> Load: ...

    def booted_at(self) -> datetime:
        """Aware, UTC."""
        ...

    def programs(self, *, measured: bool) -> list[Program]:
        """All of them, in no order. Not `measured`: at once, with no CPU shares."""
        ...

    def interfaces(self) -> list[Interface]:
        """Without the loopback."""
        ...

    def listeners(self) -> Listeners:
        """TCP only."""
        ...

    def sessions(self) -> list[Session] | None:
        """None where the system keeps no record (utmp) of who is logged in."""
        ...

    def measured_directories(self, root: str, stopped: threading.Event) -> Measured:
        """The directories of one filesystem; ends early when `stopped` is set."""
        ...


class ThisMachine:
    """Read through psutil."""

    def host(self) -> str:
        return socket.gethostname()

    def disks(self) -> list[Disk]:
        """One a filesystem: bind mounts and overlays over the same one appear once, by their shortest path."""
        mounts = sorted(
            {part.mountpoint for part in psutil.disk_partitions(all=True) if _LOCAL.fullmatch(part.fstype.lower())},
            key=lambda mount: (len(mount), mount),
        )
        seen: set[tuple[int, int, int]] = set()
        found: list[Disk] = []
        for mount in mounts:
            try:
                figures, usage = os.statvfs(mount), psutil.disk_usage(mount)
            except OSError:
                continue  # unmounted in between, or not ours to look at
            same = (figures.f_blocks * figures.f_frsize, figures.f_bfree, figures.f_files)
            if not figures.f_blocks or same in seen:
                continue
            seen.add(same)
            inodes = 100 * (figures.f_files - figures.f_ffree) / figures.f_files if figures.f_files else None
            found.append(Disk(mount, usage.percent, usage.free, inodes))
        return found

    def memory(self) -> Memory:
        ram, swap = psutil.virtual_memory(), psutil.swap_memory()
        return Memory(ram.total, ram.available, swap.total, swap.used)

    def load(self) -> Load:
        return Load(psutil.getloadavg(), psutil.cpu_count() or 1)

    def booted_at(self) -> datetime:
        return datetime.fromtimestamp(psutil.boot_time(), UTC)

    def programs(self, *, measured: bool) -> list[Program]:
        running = list(psutil.process_iter())
        if measured:
            for one in running:
                _cpu_percent(one)  # the first call only starts the measurement
            time.sleep(MEASURED_SECONDS)
        found = []
        for one in running:
            try:
                with one.oneshot():
                    share = _cpu_percent(one) if measured else 0.0
                    found.append(Program(one.pid, plain_name(one.name()), share, one.memory_info().rss))
            except psutil.Error:
                continue  # it has ended, or belongs to somebody who hides it
        return found

    def interfaces(self) -> list[Interface]:
        return connections.interfaces()

    def listeners(self) -> Listeners:
        return connections.listeners()

    def sessions(self) -> list[Session] | None:
        return connections.sessions()

    def measured_directories(self, root: str, stopped: threading.Event) -> Measured:
        others = frozenset(part.mountpoint for part in psutil.disk_partitions(all=True))
        return measure(root, other_mounts=others, stopped=stopped)


def _cpu_percent(program: psutil.Process) -> float:
    try:
        return program.cpu_percent(None)
    except psutil.Error:
        return 0.0
