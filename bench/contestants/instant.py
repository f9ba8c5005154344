"""`python -m bench.contestants.instant PORT`: says 200 at once, to see what the load itself can do."""

import asyncio
import sys

import uvloop

from bench.wire import Framed


class Instant(Framed):
    def arrived(self, head: bytes, body: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def serve(port: int) -> None:
    await asyncio.get_running_loop().create_server(Instant, "127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
