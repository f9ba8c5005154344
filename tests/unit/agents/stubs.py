"""A machine whose readings a test writes."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aof.agents.runbook.connections import Interface, Listener, Listeners, Session
from aof.agents.runbook.largest import Measured
from aof.agents.runbook.machine import Disk, Load, Memory, Program

GIB = 1024**3


@dataclass
class StubMachine:
    name: str = "web-1"
    disks_read: list[Disk] = field(default_factory=lambda: [Disk("/", 22.0, 80 * GIB, 5.0)])
    memory_read: Memory = field(default_factory=lambda: Memory(24 * GIB, 11 * GIB, 0, 0))
    load_read: Load = field(default_factory=lambda: Load((2.1, 1.72, 0.9), 2))
    programs_read: list[Program] = field(default_factory=lambda: [Program(812, "postgres", 93.4, 2 * GIB)])
    interfaces_read: list[Interface] = field(
        default_factory=lambda: [Interface("eth0", True, ("192.0.2.2", "fd00::2"), 3 * GIB, GIB, 0, 0)]
    )
    listeners_read: Listeners = field(default_factory=lambda: Listeners((Listener(22, "sshd", ("::",)),), 0))
    sessions_read: list[Session] | None = field(
        default_factory=lambda: [Session("root", "pts/0", "10.0.0.5", datetime(2026, 11, 22, 9, 0, tzinfo=UTC))]
    )
    measured_read: dict[str, Measured] = field(default_factory=dict)
    walked: list[str] = field(default_factory=list)
    refuses: OSError | None = None
    measured: list[bool] = field(default_factory=list)

    def host(self) -> str:
        return self.name

    def disks(self) -> list[Disk]:
        if self.refuses:
            raise self.refuses
        return self.disks_read

    def memory(self) -> Memory:
        return self.memory_read

    def load(self) -> Load:
        return self.load_read

    def booted_at(self) -> datetime:
        return datetime(2026, 11, 10, 9, 1, tzinfo=UTC)

    def programs(self, *, measured: bool) -> list[Program]:
        self.measured.append(measured)
        return self.programs_read

    def interfaces(self) -> list[Interface]:
        return self.interfaces_read

    def listeners(self) -> Listeners:
        if self.refuses:
            raise self.refuses
        return self.listeners_read

    def sessions(self) -> list[Session] | None:
        return self.sessions_read

    def measured_directories(self, root: str, stopped: threading.Event) -> Measured:
        if self.refuses:
            raise self.refuses
        self.walked.append(root)
        return self.measured_read.get(root, Measured(root))
