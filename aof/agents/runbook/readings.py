"""Answers about the machine, from its readings."""

import asyncio
from datetime import timedelta

from aof.agents.runbook import thresholds
from aof.agents.runbook.machine import MEASURED_SECONDS, Disk, Machine
from aof.agents.runbook.setting import Setting
from aof.domain.response import Response, Status
from aof.texts import machine as texts

_LISTED = 5
_LARGEST = 3


class Readings:
    """Blocking readings are taken in a thread. All methods raise OSError where the system refuses one."""

    def __init__(self, machine: Machine, setting: Setting) -> None:
        self._machine = machine
        self._language, self._host, self._at = setting.language, setting.host, setting.at

    async def disk(self) -> Response:
        """The fullest filesystem first."""
        disks = await asyncio.to_thread(self._machine.disks)
        if not disks:
            return Response(text=texts.no_disks(self._language, host=self._host, at=self._at), status=Status.NOTE)
        first, *others = sorted(disks, key=lambda disk: -disk.used_percent)
        lines = [
            texts.disk_first(
                self._language,
                mount=first.mount,
                used_percent=first.used_percent,
                free_bytes=first.free_bytes,
                host=self._host,
                at=self._at,
            )
        ]
        if others:
            listed = (
                texts.disk_line(
                    self._language, mount=disk.mount, used_percent=disk.used_percent, free_bytes=disk.free_bytes
                )
                for disk in others
            )
            lines.append("\n".join(listed))
        lines += [
            texts.disk_inodes(self._language, mount=disk.mount, used_percent=disk.inodes_percent)
            for disk in disks
            if disk.inodes_percent is not None and disk.inodes_percent >= thresholds.INODES_PERCENT
        ]
        return Response(text="\n\n".join(lines), status=_judged(any(_is_nearly_full(disk) for disk in disks)))

    async def memory(self) -> Response:
        """With the programs that hold the most."""
        reading = await asyncio.to_thread(self._machine.memory)
        programs = await asyncio.to_thread(self._machine.programs, measured=False)
        available = 100 * reading.available_bytes / reading.total_bytes if reading.total_bytes else 0.0
        largest = sorted(programs, key=lambda program: -program.memory_bytes)[:_LARGEST]
        lines = [
            texts.memory(
                self._language,
                used_percent=100 - available,
                available_bytes=reading.available_bytes,
                total_bytes=reading.total_bytes,
                host=self._host,
                at=self._at,
            ),
            texts.swap(self._language, used_bytes=reading.swap_used_bytes, total_bytes=reading.swap_total_bytes),
        ]
        if largest:
            triples = [(program.name, program.pid, program.memory_bytes) for program in largest]
            lines.append(texts.largest(self._language, triples))
        return Response(text="\n\n".join(lines), status=_judged(available < thresholds.MEMORY_AVAILABLE_PERCENT))

    async def load(self) -> Response:
        reading = await asyncio.to_thread(self._machine.load)
        per_core = reading.averages[1] / reading.cores
        text = texts.load(
            self._language,
            averages=reading.averages,
            cores=reading.cores,
            per_core=per_core,
            host=self._host,
            at=self._at,
        )
        return Response(text=text, status=_judged(per_core > thresholds.LOAD_PER_CORE))

    async def uptime(self) -> Response:
        """A fact without a judgement."""
        booted_at = await asyncio.to_thread(self._machine.booted_at)
        since = booted_at.astimezone(self._at.tzinfo)
        up = max(self._at - since, timedelta())
        return Response(text=texts.uptime(self._language, up=up, since=since, host=self._host, at=self._at))

    async def top(self) -> Response:
        """A fact without a judgement: a busy program may be just what one wants."""
        programs = await asyncio.to_thread(self._machine.programs, measured=True)
        busiest = sorted(programs, key=lambda program: (-round(program.cpu_percent), -program.memory_bytes))[:_LISTED]
        lines = [
            texts.busiest_line(
                self._language,
                name=program.name,
                pid=program.pid,
                cpu_percent=program.cpu_percent,
                memory_bytes=program.memory_bytes,
            )
            for program in busiest
        ]
        heading = texts.busiest_first(self._language, host=self._host, at=self._at, seconds=MEASURED_SECONDS)
        return Response(text="\n\n".join([heading, "\n".join(lines)]))


def _is_nearly_full(disk: Disk) -> bool:
    inodes = disk.inodes_percent if disk.inodes_percent is not None else 0.0
    return disk.used_percent >= thresholds.DISK_PERCENT or inodes >= thresholds.INODES_PERCENT


def _judged(is_bad: bool) -> Status:  # noqa: FBT001 -- the one argument there is
    return Status.WARNING if is_bad else Status.OK
