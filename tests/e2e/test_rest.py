"""What a daemon holds in memory of conversations that have come to rest: nothing. Counted in entries, not in bytes."""

import asyncio
import gc
import json
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from aof.clock import SteppedClock
from aof.pipeline.pace import Pace
from tests.e2e.wire import holding
from tests.e2e.world import World, world
from tests.unit.platforms.whatsapp.webhooks import item

CONVERSATIONS = 40
_ELSEWHERE = (type, ModuleType, asyncio.AbstractEventLoop, sqlite3.Connection, SteppedClock, World, Pace)
"""What leads out of the daemon; the store's connections, which tidy their cursors at 200; and Pace, which forgets
recipients by a rule of its own, which its own tests know."""


def held(root: Any) -> Iterator[Any]:
    """Everything that can be reached from an object, but for connections: how many are open is up to the others."""
    seen, waiting = {id(root)}, deque([root])
    while waiting:
        one = waiting.popleft()
        yield one
        # a function's globals are modules, not something that grows with conversations
        inner = one.__closure__ or () if isinstance(one, FunctionType) else gc.get_referents(one)
        for other in inner:
            is_connection = type(other).__module__.partition(".")[0] == "aiohttp"
            if id(other) not in seen and not is_connection and not isinstance(other, _ELSEWHERE):
                seen.add(id(other))
                waiting.append(other)


def entries(root: Any) -> Counter[str]:
    """How many entries all containers have together, and how many objects of ours there are, by type."""
    gc.collect()
    counted: Counter[str] = Counter()
    for one in held(root):
        if isinstance(one, dict | list | set | deque):
            counted["entries"] += len(one)
        elif type(one).__module__.startswith("aof."):
            counted[type(one).__qualname__] += 1
    return counted


async def converse(aof: World, first: int) -> None:
    """Let people write and be answered, until nothing of it runs any more."""
    for n in range(first, first + CONVERSATIONS):
        for text in ("/help", "uptime"):
            message = item("text", {"body": text}, id_=f"wamid.{n}{text}", from_=f"1555000{n:04}")
            assert (await aof.webhook(json.dumps(holding(message)).encode()))[0] == 200
    await aof.idle()
    ending = [task for task in asyncio.all_tasks() if task.get_name().startswith(("turn-", "part-"))]
    await asyncio.gather(*ending)
    # the store's thread lets go of its last transaction with the next one
    await aof.store.probe()


async def test_conversations_at_rest_are_held_on_disk_only(tmp_path: Path) -> None:
    async with world(tmp_path) as aof:
        await converse(aof, 1000)
        before = entries(aof.daemon)
        assert before["SQLiteStore"] == before["Answerer"] == before["Deliverer"] == 1
        await converse(aof, 2000)
        after = entries(aof.daemon)
        grown = {name: more for name, count in after.items() if (more := count - before[name]) >= CONVERSATIONS // 2}
        assert grown == {}
