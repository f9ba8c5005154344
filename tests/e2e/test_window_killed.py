"""SIGKILL between park and nudge, and between the answer and what follows it: nothing is lost, nothing comes twice."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from aof.domain.response import TextPart
from aof.simulator import Simulator
from aof.store.sqlite import SQLiteStore
from tests.e2e.test_kill import Ledger, Victim
from tests.e2e.test_window import ACCOUNT, NUDGES, SETTINGS
from tests.e2e.world import CREDENTIALS, ON_CALL, Phone, configuration
from tests.ports import free_port

SECONDS = 60.0
NOTICES = [f"notice {n}" for n in range(6)]

PARKED = "SELECT count(*) FROM outbox WHERE state = 'held' AND gate = 'window'"
NUDGED = "SELECT count(*) FROM outbox WHERE part LIKE '%nudge%' AND state IN ('sent', 'delivered')"
ANSWERED = "SELECT count(*) FROM inbox"
FOLLOWED = "SELECT count(*) FROM outbox WHERE cause = 'operator' AND state IN ('sent', 'delivered')"


async def _until(ledger: Ledger, sql: str, least: int) -> None:
    """Look again and again: the daemon is another process, and tells nobody when it commits."""
    async with asyncio.timeout(SECONDS):
        while ledger.rows(sql)[0][0] < least:
            await asyncio.to_thread(_pause)


def _pause() -> None:
    """As long as a look at the file takes, which lets the daemon go on."""
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000) SELECT sum(i) FROM n"
        connection.execute(rows).fetchone()


def _silent(path: Path) -> None:
    """Let 25 hours pass in the store of a daemon that does not run."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE conversation SET spoke_at = spoke_at - 90000, heard_at = heard_at - 90000")
        connection.commit()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "least"),
    [(PARKED, 1), (PARKED, 3), (NUDGED, 1), (ANSWERED, 2), (FOLLOWED, 1), (FOLLOWED, 4)],
    ids=["as one is parked", "as three are", "as they are nudged", "as they answer", "as one follows", "as four have"],
)
async def test_killed_anywhere_between_park_and_release_each_part_comes_once_and_in_order(
    tmp_path: Path, sql: str, least: int
) -> None:
    port = free_port()
    settings = replace(
        SETTINGS,
        access_token=CREDENTIALS["WHATSAPP_ACCESS_TOKEN"],
        verify_token=CREDENTIALS["WHATSAPP_VERIFY_TOKEN"],
        app_secret=CREDENTIALS["WHATSAPP_APP_SECRET"],
        webhook_url=f"http://127.0.0.1:{port}/webhook/whatsapp",
        longest_retry_seconds=0.5,
    )
    async with Simulator(settings) as simulator, aiohttp.ClientSession(simulator.url) as control:
        delivery = {"uncertain_wait_seconds": 3}
        config = json.loads(configuration(simulator.url, whatsapp=NUDGES, delivery=delivery))
        config["spec"]["server"] = {"host": "127.0.0.1", "port": port, "admin": {"port": 0}}
        victim, phone = Victim(tmp_path, json.dumps(config)), Phone(control, ON_CALL)
        await victim.start()
        await phone.types("hello")
        await phone.next()
        ledger = Ledger(tmp_path / "aof.db")
        await _until(ledger, "SELECT count(*) FROM outbox WHERE state = 'delivered'", 1)
        await victim.end()

        _silent(tmp_path / "aof.db")
        on_call = simulator.phone(ON_CALL)
        assert on_call.wrote_at is not None
        on_call.wrote_at -= timedelta(hours=25)
        store = await SQLiteStore.open_beside(tmp_path / "aof.db")
        found = await store.conversation_with(ACCOUNT, ON_CALL)
        assert found is not None
        await store.send(found.conversation, [TextPart(text=one) for one in NOTICES], by="test", now=datetime.now(UTC))
        await store.close()

        # answers that take a moment leave room for the kill
        async with control.put("/_sim/faults", json={"slow_seconds": 0.05}) as response:
            assert response.status == 200
        await victim.start()
        killing = asyncio.create_task(_kill(victim, ledger, sql, least))
        nudge = await phone.next()
        assert nudge["type"] == "template"
        await phone.presses(nudge, "Show")
        await killing
        shown = [(await phone.next())["text"] for _ in NOTICES]
        await _until(ledger, FOLLOWED, len(NOTICES))
        assert shown == NOTICES
        every = [message["text"] for message in await phone.shown()]
        assert every.count("A message waits for you.") == 1
        assert [text for text in every if text.startswith("notice")] == NOTICES
        assert await victim.end() == 0
        with closing(sqlite3.connect(tmp_path / "aof.db")) as connection:
            assert connection.execute("SELECT count(*) FROM closed_window").fetchone() == (0,)


async def _kill(victim: Victim, ledger: Ledger, sql: str, least: int) -> None:
    await _until(ledger, sql, least)
    await victim.kill()
    await victim.start()
