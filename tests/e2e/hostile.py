"""What tests of attacks share: a server that nobody should talk to, and a cluster that lies."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.agents import Echo
from tests.e2e.world import World
from tests.unit.agents.cluster import API, WEB, WORKER, Cluster


@dataclass
class Trap:
    """A server that nobody has a reason to talk to."""

    url: str = ""
    heard: list[bytes] = field(default_factory=list)
    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@asynccontextmanager
async def trap(answer: bytes | None = None) -> AsyncIterator[Trap]:
    made = Trap() if answer is None else Trap(answer=answer)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.heard.append(await reader.read(65536))
        writer.write(
            made.answer.replace(b"ECHO", made.heard[-1]).replace(b"QUOTE", json.dumps(str(made.heard[-1])).encode())
        )
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


def lying_cluster(tmp_path: Path) -> Cluster:
    """A stand-in kubectl with an answer to every call."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    made.has(API, WORKER, WEB)
    made.says("logs", "12:00 all is well\n")
    made.says("describe", "Name: x\n")
    made.says("get events", "none\n")
    return made


async def answered(aof: World, echo: Echo, text: str = "still there?") -> None:
    """Everything before it has been looked at, and this is answered."""
    await aof.on_call.types(text)
    while (await aof.on_call.next())["text"] != f"You said: {text}":
        pass
    assert echo.turns[-1].text == text
