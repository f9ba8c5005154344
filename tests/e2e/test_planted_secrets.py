"""A marked value in every credential, trouble of every kind, and then a look at everything that anybody can read."""

import io
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from aof import logs
from aof.agents.base import Turn
from aof.domain.response import Response
from tests.e2e.agents import Echo
from tests.e2e.cli import operator
from tests.e2e.world import CREDENTIALS, World, world

MARK = "xq7v"
PLANTED = {name: f"{MARK}-{name.lower().replace('_', '-')}-0123456789" for name in (*CREDENTIALS, "ADMIN_TOKEN")}
SERVER = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0, "token_env": "ADMIN_TOKEN"}}
LOOKING = [
    ("outbox", "list", "--all", "--json"),
    ("outbox", "list"),
    ("outbox", "show", "1", "--json"),
    ("outbox", "show", "1"),
    ("inbox", "quarantined", "--json"),
    ("inbox", "quarantined"),
    ("pair", "list", "--json"),
    ("people", "list", "--json"),
    ("store", "size", "--json"),
    ("store", "check", "--json"),
    ("status", "--json"),
    ("status",),
    ("check", "--json"),
    ("check",),
]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the daemon logs; as it was afterwards."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


@pytest.fixture
async def aof(tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> AsyncIterator[World]:
    for name in CREDENTIALS:
        monkeypatch.setitem(CREDENTIALS, name, PLANTED[name])
    environ = {"ADMIN_TOKEN": PLANTED["ADMIN_TOKEN"]}
    async with world(tmp_path, agent=lambda _: echo, environ=environ, server=SERVER, start=False) as made:
        await made.start()
        assert made.daemon is not None
        logs.set_up(made.daemon.assembly.redact, stream=stream, level=logging.DEBUG)
        yield made


def _looks(text: str) -> list[str]:
    return [line for line in text.splitlines() if MARK in line]


async def test_no_credential_stands_where_anybody_can_read_it(aof: World, echo: Echo, stream: io.StringIO) -> None:
    def broken(turn: Turn) -> Response:
        if turn.text == "break":
            raise RuntimeError(f"could not log in with {PLANTED}")
        return Response(text=f"You said: {turn.text}")

    echo.answers = broken
    await aof.fault(error={"code": 190, "times": 1, "details": f"token {PLANTED['WHATSAPP_ACCESS_TOKEN']} has ended"})
    await aof.on_call.types("ahoy")
    await aof.until(lambda: _has(aof, "SELECT 1 FROM stopped"))
    await aof.store.resume(next(iter(await aof.store.stopped())), by="test", now=aof.clock.now())
    await aof.on_call.next()
    await aof.on_call.types("break")
    await aof.until(lambda: _has(aof, "SELECT 1 FROM inbox WHERE outcome = 'deferred'"))
    await aof.webhook(f'{{"broken": "{PLANTED["WHATSAPP_VERIFY_TOKEN"]}'.encode(), signed=False)
    await aof.webhook(b"{broken")

    assert _looks(stream.getvalue()) == []
    assert "RuntimeError" in stream.getvalue(), "the traceback is there, and its secrets are not"

    assert aof.daemon is not None
    headers = {"Authorization": f"Bearer {PLANTED['ADMIN_TOKEN']}"}
    for port, path in ((aof.daemon.admin_port, "/metrics"), (aof.daemon.admin_port, "/ready"), (aof.daemon.port, "/")):
        async with aof.control.get(f"http://127.0.0.1:{port}{path}", headers=headers) as response:
            assert response.status == 200
            assert _looks(await response.text()) == []

    for words in LOOKING:
        said = await operator(aof, *words, **PLANTED)
        assert said.code == 0, (words, said)
        assert _looks(said.out + said.err) == [], words

    await aof.stop()
    for file in aof.folder.glob("aof.db*"):
        assert MARK.encode() not in file.read_bytes(), file.name
    with closing(sqlite3.connect(aof.folder / "aof.db")) as connection:
        assert MARK not in "\n".join(connection.iterdump())


async def _has(aof: World, sql: str) -> bool:
    return bool(aof.rows(sql))
