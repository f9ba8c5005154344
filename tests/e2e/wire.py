"""Webhooks posted to a daemon byte by byte, as Meta never would, and everything the daemon then logs."""

import asyncio
import contextlib
import hashlib
import hmac
import io
import json
import logging
import re
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from aof import logs
from tests.e2e.world import CREDENTIALS, LEAD, ON_CALL, World
from tests.unit.platforms.whatsapp.webhooks import Json, change, contact, item, webhook

SPOKEN = "kettle"
"""Stands in every text and name of these tests, so that a log line that holds one is found."""

SENDER = ON_CALL.removeprefix("+")
PATH = "/webhook/whatsapp"


def message(text: str = SPOKEN, *, id_: str = "wamid.bad", **more: Any) -> Json:
    """One text of the person on call, as it stands among `messages`."""
    return item("text", {"body": text}, id_=id_, from_=SENDER, **more)


def holding(*messages: Any, **lists: Any) -> Json:
    """A whole webhook with these messages."""
    people = {"contacts": [contact(SENDER, f"Pablo {SPOKEN}")]}
    return webhook([change(**{**people, "messages": list(messages), **lists})])


SAID = f"You said: {SPOKEN}"
GOOD = json.dumps(holding(message())).encode()
"""One message that nothing is wrong with, and its answer."""
SIGNED = "X-Hub-Signature-256"


def signature(body: bytes, secret: str = CREDENTIALS["WHATSAPP_APP_SECRET"]) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What the daemon said to one request."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def refused(self) -> int:
        """The status of a refusal, which is one sentence of JSON and nothing else."""
        assert isinstance(self.body, dict), self.body
        assert list(self.body) == ["error"], self.body
        assert self.body["error"]
        assert "Traceback" not in self.body["error"]
        assert self.headers["Content-Type"].startswith("application/json")
        return self.status


ACCEPTED = (200, {"status": "accepted"})


async def ask(
    aof: World,
    method: str = "POST",
    path: str = PATH,
    *,
    data: bytes | AsyncIterable[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
    params: Any = None,
) -> Answer:
    """One request through an ordinary client."""
    content = io.BytesIO(data) if isinstance(data, bytes) else data  # a large one as bytes is warned about
    async with aof.control.request(
        method, f"{aof.url}{path}", data=content, headers=headers, params=params, allow_redirects=False
    ) as response:
        text = await response.text()
        is_json = response.content_type == "application/json" and method != "HEAD"
        return Answer(response.status, json.loads(text) if is_json else text, response.headers)


async def deliver(aof: World, body: Any, **headers: str) -> Answer:
    """A signed webhook; what is not bytes is written as JSON."""
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await ask(aof, data=payload, headers={SIGNED: signature(payload), **headers})


def request(body: bytes, *more: str, signed: bool = True, length: int | None = None) -> bytes:
    """One POST as it goes over the wire; `length` may lie."""
    lines = [f"POST {PATH} HTTP/1.1", "Host: aof", f"Content-Length: {len(body) if length is None else length}", *more]
    if signed:
        lines.append(f"{SIGNED}: {signature(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def talk(aof: World, *pieces: bytes, answers: int | None = None) -> list[Answer]:
    """Write pieces into one connection; return what was answered until `answers` have come, or the daemon closed it.

    Then hang up; with 0 at once, within what was being written.
    """
    assert aof.daemon is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", aof.daemon.port)
    found: list[Answer] = []
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(15):
            while len(found) != answers and (answer := await _answer(reader)) is not None:
                found.append(answer)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return found


async def _answer(reader: asyncio.StreamReader) -> Answer | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as ended:
        if ended.partial:
            raise
        return None
    first, *lines = head.decode().strip().split("\r\n")
    found = re.fullmatch(r"HTTP/1\.[01] ([0-9]{3}) .*", first)
    assert found, head
    headers = {key.title(): value for key, _, value in (line.partition(": ") for line in lines)}
    body = (await reader.readexactly(int(headers["Content-Length"]))).decode()
    is_json = headers["Content-Type"].startswith("application/json")
    return Answer(int(found.group(1)), json.loads(body) if is_json else body, headers)


async def opened(aof: World) -> None:
    """A person has written and was answered, so that later answers may reach their phone too."""
    await aof.on_call.types(f"first {SPOKEN}")
    assert (await aof.on_call.next())["text"] == f"You said: first {SPOKEN}"


async def the_next_message_is_answered(aof: World) -> None:
    await aof.on_call.types(f"next {SPOKEN}")
    assert (await aof.on_call.next())["text"] == f"You said: next {SPOKEN}"


def kept(aof: World) -> dict[str, int]:
    """How many rows each table has of what came by webhooks, empty tables left out."""
    return {
        table: count
        for table in ("inbox", "notice", "quarantine")
        if (count := aof.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 -- names of this line
    }


@dataclass
class Logged:
    """The log of one test, as a machine reads it."""

    stream: io.StringIO = field(default_factory=io.StringIO)
    may_hold_tracebacks: bool = False

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]

    def check(self) -> None:
        """Every line is JSON and holds nothing that somebody said, is called by, or keeps secret."""
        assert self.lines
        written = self.stream.getvalue()
        numbers = (ON_CALL.removeprefix("+"), LEAD.removeprefix("+"))
        for word in (SPOKEN, SPOKEN[::-1], *numbers, *CREDENTIALS.values()):
            assert word not in written, [line for line in self.lines if word in str(line)]
        if not self.may_hold_tracebacks:
            assert not [line for line in self.lines if "exception" in line or "Traceback" in str(line)]


@contextmanager
def logged() -> Iterator[Logged]:
    """Collect the log as the daemon writes it, then check it."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    collected = Logged()
    logs.set_up(lambda text: text, stream=collected.stream)
    try:
        yield collected
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.configure(**before)
    collected.check()
