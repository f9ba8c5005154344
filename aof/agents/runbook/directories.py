"""Answers which directories of a filesystem hold the most."""

import asyncio
import threading

from aof.agents.runbook import largest
from aof.agents.runbook.largest import Measured
from aof.agents.runbook.machine import Disk, Machine
from aof.agents.runbook.scope import words
from aof.agents.runbook.setting import Setting
from aof.domain.response import Action, Response, Status
from aof.texts import machine_directories as texts

_LISTED = 10
_OTHERS = 1
"""Buttons for other filesystems; with two more that makes three, the most of WhatsApp's buttons."""


class Directories:
    """All methods raise OSError where the system refuses a reading."""

    def __init__(self, machine: Machine, setting: Setting) -> None:
        self._machine = machine
        self._setting = setting
        self._language = setting.language

    async def directories(self, text: str) -> Response:
        """Of the filesystem that the text names by its mount, else of the fullest.

        Any other path in the text means nothing: where somebody may look is not for a message to say.
        """
        return await self._answer([typed.rstrip("/") or "/" for typed in words(text)])

    async def pressed(self, mount: str) -> Response:
        """To a tap; where nothing is mounted there any more, of the fullest filesystem."""
        return await self._answer([mount])

    async def _answer(self, named: list[str]) -> Response:
        disks = await asyncio.to_thread(self._machine.disks)
        mounts = [disk.mount for disk in disks]
        root = next((mount for mount in named if mount in mounts), _fullest(disks))
        stopped = threading.Event()
        try:
            measured = await asyncio.to_thread(self._machine.measured_directories, root, stopped)
        finally:
            # A thread can't be cancelled; this one must not keep the daemon from ending
            stopped.set()
        # A mount may be called by any bytes; a button's id and title are text
        further = [mount for mount in mounts if mount != root and mount.isprintable()][:_OTHERS]
        actions = (
            *(Action(id=f"directories:{mount}", title=mount) for mount in further),
            self._setting.again(f"directories:{root}" if root.isprintable() else "ask:directories"),
            *self._setting.offered("disk"),
        )
        text = self._text(measured)
        if root not in named and any(typed.startswith("/") and len(typed) > 1 for typed in named):
            text = f"{texts.only_whole(self._language, root=root)}\n\n{text}"
        return Response(text=text, status=self._status(measured), actions=actions)

    def _text(self, measured: Measured) -> str:
        host, at, root = self._setting.host, self._setting.at, measured.root
        found = measured.largest(_LISTED)
        total = measured.sizes[measured.root]
        if not found:
            parts = [texts.no_directories(self._language, root=root, total_bytes=total, host=host, at=at)]
        else:
            (path, size), *_ = found
            parts = [
                texts.largest(
                    self._language, path=path, size_bytes=size, root=root, total_bytes=total, host=host, at=at
                ),
                "\n".join(
                    texts.line(self._language, path=path, size_bytes=size, is_whole=measured.is_whole)
                    for path, size in found
                ),
            ]
        if not measured.is_whole:
            parts.append(texts.not_finished(self._language, seconds=largest.MOST_SECONDS, entries=measured.entries))
        if measured.unreadable:
            parts.append(texts.unreadable(self._language, measured.unreadable))
        return "\n\n".join(parts)

    def _status(self, measured: Measured) -> Status:
        return Status.OK if measured.is_whole and not measured.unreadable else Status.NOTE


def _fullest(disks: list[Disk]) -> str:
    return max(disks, key=lambda disk: disk.used_percent).mount if disks else "/"
