"""A machine whose readings a test writes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from aof.agents.runbook.machine import Disk, Load, Memory, Program

GIB = 1024**3


@dataclass
class StubMachine:
    name: str = "web-1"
    disks_read: list[Disk] = field(default_factory=lambda: [Disk("/", 22.0, 80 * GIB, 5.0)])
    memory_read: Memory = field(default_factory=lambda: Memory(24 * GIB, 11 * GIB, 0, 0))
    load_read: Load = field(default_factory=lambda: Load((2.1, 1.72, 0.9), 2))
    programs_read: list[Program] = field(default_factory=lambda: [Program(812, "postgres", 93.4, 2 * GIB)])
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
