"""HTTP/1.1 with as little work as will do: what both ends of a connection have in common."""

import asyncio
import re
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Broken(ConnectionError):
    """The other side closed the connection, or said something that has no length."""


class Framed(asyncio.Protocol):
    """Cuts what arrives into whole heads and bodies. Whoever derives from it takes them in `arrived`."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._kept = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are of no class of asyncio's
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        kept = self._kept + data if self._kept else data
        while kept:
            head = kept.find(b"\r\n\r\n")
            if head < 0:
                break
            found = _LENGTH.search(kept, 0, head + 2)
            end = head + 4 + (int(found.group(1)) if found else 0)
            if len(kept) < end:
                break
            whole, kept = kept[:end], kept[end:]
            self.arrived(whole[:head], whole[head + 4 :])
        self._kept = kept

    def arrived(self, head: bytes, body: bytes) -> None:
        raise NotImplementedError
