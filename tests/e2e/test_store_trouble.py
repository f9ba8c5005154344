"""A store that is full, busy, broken or dead: never a 200 for what is not on disk, and service again once it can be."""

import asyncio
import re
import sqlite3
from contextlib import closing
from typing import Any, NoReturn

import pytest

from aof.agents.base import Turn
from aof.daemon import running
from aof.domain.errors import StoreBusy
from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.wire import (
    ACCEPTED,
    SPOKEN,
    Logged,
    ask,
    deliver,
    holding,
    kept,
    message,
    opened,
    the_next_message_is_answered,
)
from tests.e2e.world import SECONDS, World

pytestmark = pytest.mark.usefixtures("log")

LONG = f"{SPOKEN} " * 8_000
"""Needs more pages than a database that may not grow has to spare."""


async def _refused_for_now(aof: World, body: Any) -> None:
    answer = await deliver(aof, body)
    assert answer.refused == 503
    assert int(answer.headers["Retry-After"]) > 0
    status, said = await aof.ready()
    assert (status, list(said["reasons"])) == (503, ["store"])
    assert (await ask(aof, "GET", "/ready")).status == 503
    assert (await ask(aof, "GET", "/health")).status == 200


async def _in_service(aof: World) -> None:
    await the_next_message_is_answered(aof)
    assert (await ask(aof, "GET", "/ready")).status == 200


async def _refused_on_the_wire(aof: World) -> None:
    """Wait until a phone's message has been refused; the platform then repeats it."""
    await aof.wire_until(
        lambda wire: any(
            each["kind"] == "webhook" and each["status"] == 503 and "messages" in str(each["body"]) for each in wire
        )
    )


async def _allow_pages(aof: World, more: int) -> None:
    (pages,) = aof.rows("PRAGMA page_count")[0]
    await aof.store._writer.do(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages + more}"))


@pytest.mark.parametrize("body", [holding(message(LONG)), b"[" * 500_000], ids=["a message", "a quarantined body"])
async def test_a_full_store_is_503_and_serves_again_once_there_is_room(aof: World, echo: Echo, body: Any) -> None:
    await opened(aof)
    await aof.idle()
    echo.answers = lambda turn: Response(text=f"You said: {turn.text[:11]}".strip())
    await _allow_pages(aof, 0)
    for _ in range(3):
        await _refused_for_now(aof, body)
    assert kept(aof) == {"inbox": 1}
    await aof.on_call.types(LONG)
    await _refused_on_the_wire(aof)

    await _allow_pages(aof, 10_000)
    # nobody has written since: a balancer that waits for this answer would wait for ever for a webhook to show it
    assert (await ask(aof, "GET", "/ready")).status == 200
    aof.clock.advance(60)  # the platform's next try
    assert (await aof.on_call.next())["text"] == f"You said: {LONG[:11]}"
    answer = await deliver(aof, body)
    assert (answer.status, answer.body) == ACCEPTED
    if not isinstance(body, bytes):
        assert (await aof.on_call.next())["text"] == f"You said: {LONG[:11]}"
    await _in_service(aof)


async def _hurry(aof: World) -> None:
    """Let the writer not wait five seconds for a lock before it says that there is one."""
    await aof.store._writer.do(lambda connection: connection.execute("PRAGMA busy_timeout = 0"))


async def test_a_store_that_another_program_writes_to_is_503_and_then_serves_again(aof: World) -> None:
    await opened(aof)
    await _hurry(aof)
    with closing(sqlite3.connect(aof.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await _refused_for_now(aof, holding(message()))
        await aof.on_call.types(f"meanwhile {SPOKEN}")
        await _refused_on_the_wire(aof)
        assert kept(aof) == {"inbox": 1}
        other.execute("COMMIT")
    aof.clock.advance(60)
    assert (await aof.on_call.next())["text"] == f"You said: meanwhile {SPOKEN}"
    await _in_service(aof)


async def test_an_answer_that_cant_be_kept_is_made_again_and_shown_once(aof: World, echo: Echo) -> None:
    await opened(aof)
    await aof.idle()
    await _hurry(aof)
    finish, refused = aof.store.finish, asyncio.Queue[None]()

    async def watched(*args: Any, **named: Any) -> Any:
        try:
            return await finish(*args, **named)
        except StoreBusy:
            refused.put_nowait(None)
            raise

    aof.store.finish = watched
    with closing(sqlite3.connect(aof.store.path, isolation_level=None)) as other:

        def answers(turn: Turn) -> Response:
            if len(echo.turns) == 2:  # the store is taken away between the question and its answer
                other.execute("BEGIN IMMEDIATE")
            return Response(text=f"You said: {turn.text}")

        echo.answers = answers
        await aof.on_call.types(f"question {SPOKEN}")
        for wait_seconds in (0.2, 1, 3, 31):  # the last: the lease lapses, and the question comes back
            async with asyncio.timeout(SECONDS):
                await refused.get()
            if wait_seconds == 31:
                other.execute("COMMIT")
            aof.clock.advance(wait_seconds)
        assert (await aof.on_call.next())["text"] == f"You said: question {SPOKEN}"
    assert len(echo.turns) == 3
    await _in_service(aof)
    assert len(await aof.on_call.shown()) == 3


class _Failing:
    """The writer's connection, with a disk that fails for statements of one kind."""

    def __init__(self, connection: sqlite3.Connection, word: str, error: sqlite3.Error) -> None:
        self._connection = connection
        self._word = word
        self._error = error

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._fail_at(sql)
        return self._connection.execute(sql, *values)

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self._fail_at(sql)
        return self._connection.executemany(sql, *values)

    def _fail_at(self, sql: str) -> None:
        if re.search(rf"^{self._word}\b", sql, re.MULTILINE):
            raise self._error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("word", ["BEGIN", "SAVEPOINT", "INSERT", "SELECT", "RELEASE", "COMMIT"])
@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("disk I/O error"),
        sqlite3.DatabaseError("database disk image is malformed"),
    ],
    ids=["I/O", "malformed"],
)
async def test_a_broken_store_is_503_and_serves_again_once_it_is_mended(
    aof: World, word: str, error: sqlite3.Error
) -> None:
    await opened(aof)
    writer = aof.store._writer
    whole = writer._connection
    writer._connection = _Failing(whole, word, error)
    await _refused_for_now(aof, holding(message(id_="wamid.repeated")))
    await aof.on_call.types(f"meanwhile {SPOKEN}")
    await _refused_on_the_wire(aof)
    assert kept(aof) == {"inbox": 1}
    writer._connection = whole
    aof.clock.advance(60)
    assert (await aof.on_call.next())["text"] == f"You said: meanwhile {SPOKEN}"
    assert (await deliver(aof, holding(message(id_="wamid.repeated")))).body == ACCEPTED[1]
    assert (await aof.on_call.next())["text"] == f"You said: {SPOKEN}"
    await _in_service(aof)
    assert aof.daemon is not None
    assert not aof.daemon.failed.done()


class _Fault(BaseException):
    """A fault that no operation is allowed to have."""


async def test_a_dead_writer_fails_the_daemon_and_what_came_meanwhile_is_answered_by_the_next(
    aof: World, echo: Echo, log: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, let_go = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Response:
        began.set()
        await let_go.wait()
        return Response(text=f"You said: {turn.text}")

    def die(_: sqlite3.Connection) -> NoReturn:
        raise _Fault("of ours")

    log.may_hold_tracebacks = True  # this one is a fault of ours
    await opened(aof)
    echo.answers = slow
    await aof.on_call.types(f"asked before {SPOKEN}")
    await began.wait()
    with pytest.raises(StoreBusy):
        await aof.store._writer.do(die)
    assert aof.daemon is not None
    with pytest.raises(_Fault):
        await aof.daemon.failed
    assert len(log.of("daemon_failed")) == 1
    await _refused_for_now(aof, holding(message()))
    await aof.on_call.types(f"meanwhile {SPOKEN}")
    await _refused_on_the_wire(aof)

    # nobody waits for turns and sends whose ends could not be written down
    monkeypatch.setattr(running, "GRACE_SECONDS", 3600)
    async with asyncio.timeout(SECONDS):
        await aof.stop()
    let_go.set()
    await aof.start()
    assert kept(aof) == {"inbox": 2}
    aof.clock.advance(60)
    assert (await aof.on_call.next())["text"] == f"You said: asked before {SPOKEN}"
    assert (await aof.on_call.next())["text"] == f"You said: meanwhile {SPOKEN}"
    await _in_service(aof)
