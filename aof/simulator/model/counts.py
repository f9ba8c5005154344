"""A number that only grows, and that can be waited for."""

import asyncio


class Count:
    """How often something happened."""

    def __init__(self) -> None:
        self.now = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def add(self) -> None:
        self.now += 1
        for least, waiter in self._waiting:
            if self.now >= least and not waiter.done():
                waiter.set_result(None)

    async def reach(self, least: int) -> None:
        """Wait until it happened so often."""
        if self.now >= least:
            return
        entry = (least, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            await entry[1]
        finally:
            self._waiting.remove(entry)
