"""SIGKILL at random moments: what was acknowledged is there, and what the dead one held comes back."""

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aof.store.base import TurnResult
from aof.store.sqlite import SQLiteStore

ROUNDS = 15
NOW = datetime(2026, 3, 1, tzinfo=UTC)
LEASE = timedelta(hours=1)

CHILD = """
import asyncio, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from aof.domain.message import InboundMessage, Sender
from aof.store.base import TurnResult
from aof.store.sqlite import SQLiteStore

path, prefix = Path(sys.argv[1]), sys.argv[2]
now = datetime(2026, 3, 1, tzinfo=UTC)

async def speak(store, person):
    for n in range(1_000_000):
        event_id = f"{prefix}-{person}-{n}"
        await store.accept([InboundMessage(
            platform="whatsapp", account="whatsapp:1", event_id=event_id, chat_id=f"+4915{person}",
            sender=Sender(number=f"+4915{person}"), text="disk")], now=now)
        print(event_id, flush=True)

async def answer(store):
    while True:
        found = await store.lease_events(now=now, lease_for=timedelta(hours=1), most=3, per_person=9)
        for lease in found.leases[1:]:
            await store.finish(lease, TurnResult("done", "answered"), now=now)

async def main():
    store = await SQLiteStore.open(path)
    await asyncio.gather(answer(store), *(speak(store, person) for person in range(8)))

asyncio.run(main())
"""


@pytest.mark.slow
async def test_nothing_acknowledged_is_lost_when_the_daemon_is_killed(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 -- pytest shows it when the test fails
    moments = random.Random(seed)
    path = tmp_path / "aof.db"
    told: list[str] = []
    came_back = 0
    for n in range(ROUNDS):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, str(path), str(n), stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        told += [(await child.stdout.readline()).decode().strip() for _ in range(moments.randrange(1, 150))]
        child.kill()
        # what it had said and nobody had read yet was acknowledged too; a last line may be cut
        rest = (await child.stdout.read()).decode()
        told += rest[: rest.rfind("\n") + 1].splitlines()
        await child.wait()

        store = await SQLiteStore.open(path)
        rows = await store._read(lambda reader: reader.execute("SELECT event_id, state FROM inbox").fetchall())
        kept = [row["event_id"] for row in rows]
        assert len(kept) == len(set(kept))
        assert set(told) <= set(kept)
        held = {row["event_id"] for row in rows if row["state"] == "running"}
        found = await store.lease_events(now=NOW, lease_for=LEASE, most=1000, per_person=1000)
        again = {lease.event.event_id for lease in found.leases if lease.attempt > 1}
        assert held == again
        came_back += len(again)
        for lease in found.leases:
            await store.finish(lease, TurnResult("done", "answered"), now=NOW)
        assert await store.check() == []
        await store.close()
    assert len(told) == len(set(told)) >= ROUNDS
    assert came_back > 0, "no round met a lease; the test shows nothing about them"
