"""Attacks of our own on a running daemon that once worked: stalls, double runs, sends to people who may not be here."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aof.daemon import Daemon, read
from aof.domain.errors import StoreError
from aof.domain.response import Response
from aof.formatting.actions import with_offered_actions
from aof.formatting.markup import as_it_is
from aof.pipeline.pace import Pace
from aof.platforms.whatsapp.limits import RATES
from aof.web import server, webhooks
from tests.e2e.agents import Echo
from tests.e2e.wire import ask, deliver, holding, message, request, signature, talk
from tests.e2e.world import LEAD, ON_CALL, World, configuration, world
from tests.unit.agents.cluster import WORKER, Cluster

BLANK = "\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    "line",
    ["A" * 60_000 + "!" + BLANK, "A" * 20 + " " * 60_000 + "!" + BLANK, "secret" * 10_000],
    ids=["key", "gap", "names"],
)
async def test_a_hostile_line_of_a_log_stops_nobody(tmp_path: Path, line: str) -> None:
    """A pod's log goes through the search for secrets, which holds the whole interpreter while it looks."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    cluster.has(WORKER)
    cluster.says("logs", line)
    async with world(tmp_path, tools={"path": [str(cluster.path)]}) as aof:
        await aof.on_call.types("pods in prod")
        await aof.on_call.presses(await aof.on_call.next(), "View Logs")
        assert "worker" in (await aof.on_call.next())["text"]


@pytest.mark.parametrize(
    "text",
    ["[a] " * 15_000, "actions:\n" + "a: b\n" * 12_000, "![" * 30_000 + "\n[View Logs]", "http://" + "." * 60_000],
    ids=["labels", "block", "images", "dots"],
)
async def test_an_answer_that_offers_without_end_stops_nobody(aof: World, echo: Echo, text: str) -> None:
    """What looks like thousands of next steps is looked through on the way to every answer."""
    echo.answers = lambda turn: Response(text=text if turn.text == "all" else turn.text)
    await aof.on_call.types("all")
    await aof.lead.types("and me?")
    assert (await aof.lead.next())["text"] == "and me?"
    await aof.on_call.next()


@pytest.mark.parametrize("text", ["[a] " * 101, "actions:\n" + "a: b\n" * 101])
def test_what_offers_more_than_anybody_would_stays_text(text: str) -> None:
    """To tell thousands of equal titles apart takes longer than an answer may."""
    assert with_offered_actions(Response(text=text)).text == text
    assert len(with_offered_actions(Response(text=text[: -len(text) // 101])).actions) == 100


async def test_a_stop_that_comes_too_late_does_not_run_the_question_again(
    aof: World, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn stopped while its answer is being written would lose it, and run once more when its lease lapses."""
    writing, let_go = asyncio.Event(), asyncio.Event()
    finish = aof.store.finish

    async def slowly(*args: Any, **more: Any) -> Any:
        writing.set()
        await let_go.wait()
        return await finish(*args, **more)

    monkeypatch.setattr(aof.store, "finish", slowly)
    await aof.on_call.types("once")
    await writing.wait()
    await aof.on_call.types("/cancel")
    await aof.until(lambda: _waiting(aof))
    let_go.set()
    assert (await aof.on_call.next())["text"] == "You said: once"
    assert "Nothing of yours" in (await aof.on_call.next())["text"]
    assert [turn.text for turn in echo.turns] == ["once"]
    assert aof.rows("SELECT attempts, outcome FROM inbox") == [(1, "answered")] * 2


async def _waiting(aof: World) -> bool:
    return len(aof.rows("SELECT 1 FROM inbox")) == 2


async def test_who_was_taken_off_the_list_gets_nothing_that_still_waits(tmp_path: Path, echo: Echo) -> None:
    """Lessons A6: a removed number is still sent to, since only what comes in is checked."""
    both = {"allowed_numbers": [ON_CALL, LEAD]}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=both) as aof:
        await aof.fault(error={"code": 131056, "times": 2})
        await aof.lead.types("mine")
        await aof.on_call.types("mine")
        await aof.until(lambda: _deferred(aof, 2))
        await aof.stop()
        document = json.loads(aof.config)
        document["spec"]["platforms"]["whatsapp"]["allowed_numbers"] = [ON_CALL]
        aof.config = json.dumps(document)
        await aof.start()
        aof.clock.advance(60)
        assert (await aof.on_call.next())["text"] == "You said: mine"
        await aof.idle()
        assert aof.rows("SELECT gate FROM outbox WHERE state = 'held'") == [("access",)]
        assert await aof.lead.shown() == []


async def _deferred(aof: World, parts: int) -> bool:
    return len(aof.rows("SELECT 1 FROM outbox WHERE state = 'queued' AND deferrals = 1")) == parts


async def test_one_store_by_two_names_is_still_one_store(tmp_path: Path, echo: Echo) -> None:
    """Two daemons that each think the other is dead send everything twice."""
    async with world(tmp_path, agent=lambda _: echo) as aof:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "aof.db").symlink_to(tmp_path / "aof.db")
        file = tmp_path / "other" / "daemon.yaml"
        file.write_text(configuration(aof.simulator.url))
        second = Daemon(read(file, aof.environ), environ=aof.environ)
        with pytest.raises(StoreError, match="another daemon"):
            await second.start()


async def test_text_that_poses_as_converted_is_cleaned_all_the_same(aof: World, echo: Echo) -> None:
    """Direction overrides make a text read as another one; text kept for later is not converted again."""
    echo.answers = lambda _turn: Response(text=as_it_is("scale to \u202e01\u202c now\x07"))
    await aof.on_call.types("x")
    assert (await aof.on_call.next())["text"] == "scale to 01 now"


def test_a_flood_that_came_in_silences_the_number_for_seconds_only() -> None:
    """What comes in counts towards the number's rate; a backlog of a day must not cost the minutes it took to write."""
    now = datetime.now(UTC)
    pace = Pace(RATES, now)
    pace.came_in(1_000_000, now)
    assert timedelta() < pace.number_wait(now) <= timedelta(seconds=3)


async def test_connections_that_say_nothing_are_closed(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opens connections and waits uses up the daemon's sockets."""
    assert server.IDLE_SECONDS <= 120
    monkeypatch.setattr(server, "IDLE_SECONDS", 0.05)
    async with world(tmp_path, agent=lambda _: echo) as aof:
        assert await talk(aof, b"") == []
        assert await talk(aof, b"POST /webhook/whatsapp HTTP/1.1\r\nHost") == []


async def test_beyond_so_many_connections_new_ones_are_closed_and_old_ones_served(
    aof: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The admin port has its own count: it stays open when the other is flooded."""
    assert aof.daemon is not None
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 2)
    opened = [await asyncio.open_connection("127.0.0.1", aof.daemon.port) for _ in range(6)]
    ends = [asyncio.ensure_future(reader.read()) for reader, _ in opened]
    async with asyncio.timeout(15):
        done, open_ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 4:
            more, open_ = await asyncio.wait(open_, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        async with aof.control.get(f"http://127.0.0.1:{aof.daemon.admin_port}/health") as response:
            assert response.status == 200
    for _, writer in opened:
        writer.close()
    await asyncio.gather(*ends, return_exceptions=True)


async def test_large_bodies_wait_for_each_other_and_small_ones_for_nobody(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has shown a signature while a body is read, so what is read at once has a bound."""
    monkeypatch.setattr(webhooks, "MOST_LARGE", 1)
    async with world(tmp_path, agent=lambda _: echo) as aof:
        assert aof.daemon is not None
        _, writer = await asyncio.open_connection("127.0.0.1", aof.daemon.port)
        writer.write(request(b"x" * 1000, length=webhooks.SMALL_BYTES + 1))
        await writer.drain()
        assert (await deliver(aof, holding(message()))).status == 200
        body = json.dumps(holding(message(id_="wamid.large"))).encode() + b" " * webhooks.SMALL_BYTES
        large = asyncio.ensure_future(ask(aof, data=body, headers={"X-Hub-Signature-256": signature(body)}))
        for n in range(5):
            assert (await deliver(aof, holding(message(id_=f"wamid.small.{n}")))).status == 200
        assert not large.done()
        writer.close()
        assert (await large).status == 200
