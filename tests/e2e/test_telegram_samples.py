"""Every update of Telegram that there is, through a running daemon: brought to it, and asked for by it."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from aof.clock import SteppedClock
from aof.simulator.telegram import TelegramSimulator
from aof.simulator.telegram.settings import GroupSettings, PersonSettings, TelegramSettings
from tests.e2e.agents import Echo
from tests.e2e.world import World
from tests.ports import free_port
from tests.unit.platforms.telegram.test_samples import TABLE, Row

TOKEN = "9001:AAtoken-of-the-test-0123456789abcdefgh"
SECRET = "webhook-secret-of-the-test"
PEOPLE = (12345678, 1111111, 987654321, 1001)
FORUM = -1001234567890
TOPICS = tuple(f"topic {number}" for number in range(2, 13))
"""A topic's number is that of its first message, and 1 is the general one: the samples speak of 12."""
POISON: list[dict[str, Any]] = [{"message": []}, {"message": {"message_id": 1}}, {}]
"""What nobody can read, between what can be read."""
_LUNCH = {"message_id": 1, "from": {"id": 1001}, "chat": {"id": FORUM, "type": "supergroup"}, "text": "lunch?"}
UNHEARD = [*POISON, {"message": _LUNCH}]
"""With it what people of a group say to each other, of which nothing is kept."""


@asynccontextmanager
async def telegram(folder: Path, echo: Echo, mode: str) -> AsyncIterator[World]:
    clock = SteppedClock(running=True)
    settings = TelegramSettings(
        token=TOKEN,
        username="ops_example_bot",
        private_topics=True,
        people=tuple(PersonSettings(f"Person {id_}", id_, started=True) for id_ in PEOPLE),
        groups=(GroupSettings(FORUM, "prod-oncall", PEOPLE, topics=TOPICS),),
    )
    simulator = TelegramSimulator(settings, clock=clock, advance=clock.advance)
    await simulator.start()
    port = free_port()
    platform = {"bot_token": TOKEN, "api_url": simulator.url, "allow_everyone": True}
    if mode == "webhook":
        platform |= {"webhook_url": f"http://127.0.0.1:{port}/webhook/telegram", "webhook_secret": SECRET}
    spec = {
        "server": {"host": "127.0.0.1", "port": port, "admin": {"port": 0}},
        # the samples carry the times of when they were captured
        "runtime": {"max_message_age_secs": 0},
        "platforms": {"telegram": platform},
    }
    document = {"apiVersion": "aof.dev/v1", "kind": "DaemonConfig", "spec": spec}
    async with aiohttp.ClientSession(simulator.url) as control:
        made = World(
            folder,
            clock,
            cast("Any", simulator),
            control,
            json.dumps(document),
            {"PATH": "/usr/bin:/bin"},
            lambda _: echo,
        )
        try:
            await made.start()
            yield made
        finally:
            await made.stop()
            await simulator.stop()


def made_present(body: dict[str, Any], place: int) -> dict[str, Any]:
    """The sample as if it had just been sent to us: Telegram gives it a number, and none is like that of another."""
    body.pop("update_id")
    for node in body.values():
        if isinstance(node, dict) and node.get("message_id"):
            node["message_id"] = 1_000_000 + place
    return body


async def _take(aof: World, body: dict[str, Any]) -> None:
    """Until Telegram may forget it."""
    taken = asyncio.Event()
    simulator = cast("TelegramSimulator", aof.simulator)
    simulator.updates.put_body(body, "samples", taken.set)
    async with asyncio.timeout(20):
        await taken.wait()
    await aof.idle()
    # the rates of one person and of one group
    aof.clock.advance(60)


def _states(**said: Any) -> list[Row]:
    return [row for row in TABLE.values() if all(row.get(key) == value for key, value in said.items())]


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_every_update_is_taken_and_everybody_who_spoke_is_answered(
    telegram_samples: Path, tmp_path: Path, echo: Echo, mode: str
) -> None:
    async with telegram(tmp_path, echo, mode) as aof:
        for place, name in enumerate(TABLE):
            body = json.loads((telegram_samples / "updates" / name).read_bytes())
            await _take(aof, made_present(body, place))
            if place < len(UNHEARD):
                await _take(aof, UNHEARD[place])
        kinds = Counter(dict(aof.rows("SELECT kind, count(*) FROM inbox GROUP BY kind")))
        said, taps = _states(kind="message"), _states(kind="press")
        assert (kinds["message"], kinds["press"]) == (len(said), len(taps))
        assert aof.rows("SELECT DISTINCT state FROM inbox") == [("done",)]
        about = Counter(dict(aof.rows("SELECT about, count(*) FROM notice GROUP BY about")))
        assert about == Counter(row["about"] for row in _states(kind="notice"))
        assert aof.rows("SELECT count(*) FROM quarantine") == [(len(POISON) + len(_states(kind="unreadable")),)]
        assert aof.rows("SELECT state, count(*) FROM outbox GROUP BY state") == [("sent", len(said) + len(taps))]
        assert await aof.store.check() == []
