"""What a server's program writes on its standard error, which says why it did not start."""

import asyncio
import os
from typing import Self

_MOST = 2_000
"""Bytes that are kept, the last ones."""


class Murmur:
    """A file for a program to write to; the end of it is kept, and nothing of it is ever waited for."""

    def __enter__(self) -> Self:
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.file = os.fdopen(writing, "w")
        self._kept = b""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._reading, self._read)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.remove_reader(self._reading)
        os.close(self._reading)
        self.file.close()

    @property
    def last_words(self) -> bytes:
        while self._read():
            pass
        return self._kept

    def _read(self) -> bool:
        try:
            new = os.read(self._reading, 65_536)
        except BlockingIOError:
            return False
        self._kept = (self._kept + new)[-_MOST:]
        return bool(new)
