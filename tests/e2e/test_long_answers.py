"""Answers that are too long for a chat: the beginning as a message, all of it as a file, each once."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from aof.agents.base import Turn
from aof.domain.response import Action, Document, Response
from aof.formatting.documents import MOST_DOCUMENT_BYTES
from aof.simulator import Settings, Simulator
from tests.e2e.agents import Echo
from tests.e2e.test_kill import SECONDS, Ledger, Victim
from tests.e2e.world import CREDENTIALS, ON_CALL, Phone, World, configuration, world

LINES = "".join(f"line {n}: **ok** قرص\n" for n in range(1500))


def content(simulator: Simulator, message: dict[str, Any]) -> str:
    """What the file of a message holds at the platform."""
    medium = simulator.media.find(message["content"]["document"]["id"], simulator.clock.now())
    assert medium is not None
    assert medium.mime_type == "text/plain"
    return medium.content.decode()


async def test_a_long_answer_is_its_beginning_and_a_file(aof: World, echo: Echo) -> None:
    assert len(LINES) > 30_000
    echo.answers = lambda _turn: Response(text=LINES, actions=(Action(id="go:on", title="Go on"),))
    await aof.on_call.types("all logs")
    beginning, file = await aof.on_call.next(), await aof.on_call.next()
    assert beginning["text"].startswith("line 0: *ok* قرص\nline 1: *ok* قرص\n")
    assert beginning["text"].endswith("\n\nAll of it is in answer.txt, below.")
    assert 600 < len(beginning["text"]) <= 1_000
    assert [button["title"] for button in beginning["buttons"]] == ["Go on"]
    assert (file["type"], file["content"]["document"]["filename"]) == ("document", "answer.txt")
    assert content(aof.simulator, file) == LINES
    await aof.idle()
    assert len(await aof.on_call.shown()) == 2
    assert await aof.store.check() == []


async def test_an_answer_of_three_messages_stays_one(aof: World, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="word " * 2_399)
    await aof.on_call.types("much")
    await aof.on_call.next()
    await aof.idle()
    assert {message["type"] for message in await aof.on_call.shown()} <= {"text", "interactive"}
    assert aof.rows('SELECT count(*) FROM outbox WHERE body LIKE \'%"type":"document"%\'') == [(0,)]


async def test_an_endless_answer_is_a_file_of_one_mebibyte_that_says_so(aof: World, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="قرص 81 %\n" * 150_000)
    await aof.on_call.types("all")
    await aof.on_call.next()
    held = content(aof.simulator, await aof.on_call.next())
    assert MOST_DOCUMENT_BYTES - 8 < len(held.encode()) <= MOST_DOCUMENT_BYTES
    assert held.endswith("\n\nThe rest was too long and was cut.\n")


async def test_an_agents_own_file_comes_after_what_it_says(aof: World, echo: Echo) -> None:
    def answered(_turn: Turn) -> Response:
        return Response(text="The log:", documents=(Document(name="app.log", text="*as* it\nis"),))

    echo.answers = answered
    await aof.on_call.types("the log")
    assert (await aof.on_call.next())["text"] == "The log:"
    file = await aof.on_call.next()
    assert (file["content"]["document"]["filename"], content(aof.simulator, file)) == ("app.log", "*as* it\nis")


async def test_a_message_after_its_upload_that_gets_no_answer_is_uncertain(tmp_path: Path, echo: Echo) -> None:
    echo.answers = lambda _turn: Response(text="", documents=(Document(name="a.txt", text="a"),))
    async with world(tmp_path, agent=lambda _runner: echo, delivery={"uncertain": "ask_operator"}) as aof:
        await aof.fault(cut_after_accept=1, withhold_receipts=True)
        await aof.on_call.types("file")
        await aof.on_call.next()

        async def is_uncertain() -> bool:
            return aof.rows("SELECT state FROM outbox") == [("uncertain",)]

        await aof.until(is_uncertain)


async def test_killed_between_upload_and_message_a_file_is_shown_once(tmp_path: Path, echo: Echo) -> None:
    """A process that is killed while Meta has the file and has not said so."""
    echo.answers = lambda _turn: Response(text="The log:", documents=(Document(name="app.log", text="all of it"),))
    async with world(tmp_path, agent=lambda _runner: echo, whatsapp={"hold_on_loopback": True}) as aof:
        await aof.on_call.types("the log")

        async def both_held() -> bool:
            return aof.rows("SELECT count(*) FROM outbox WHERE state = 'held'") == [(2,)]

        await aof.until(both_held)
    settings = Settings(
        access_token=CREDENTIALS["WHATSAPP_ACCESS_TOKEN"],
        verify_token=CREDENTIALS["WHATSAPP_VERIFY_TOKEN"],
        app_secret=CREDENTIALS["WHATSAPP_APP_SECRET"],
    )
    async with Simulator(settings) as simulator, aiohttp.ClientSession(simulator.url) as control:
        uploaded, upload = asyncio.Event(), simulator._graph._media.upload

        async def first_without_an_answer(request: web.Request) -> dict[str, Any]:
            answer = await upload(request)
            if not uploaded.is_set():
                uploaded.set()
                await simulator._graph.closing.wait()
            return answer

        simulator._graph._media.upload = first_without_an_answer  # type: ignore[method-assign]
        phone = Phone(control, ON_CALL)
        await phone.types("so that it may be written to")
        victim = Victim(tmp_path, configuration(simulator.url))
        release = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "aof", "outbox", "release", "--gate", "live_send",
            "--config", str(tmp_path / "daemon.yaml"), env={**os.environ, **CREDENTIALS},
        )  # fmt: skip
        assert await release.wait() == 0
        async with asyncio.timeout(SECONDS):
            await victim.start()
            assert (await phone.next())["text"] == "The log:"
            await uploaded.wait()
            await victim.kill()
            assert [message["text"] for message in await phone.shown()] == ["The log:"]
            await victim.start()
            file = await phone.next()
            assert content(simulator, file) == "all of it"
        assert await victim.end() == 0
        assert [message["type"] for message in await phone.shown()] == ["text", "document"]
        ledger = Ledger(tmp_path / "aof.db")
        assert ledger.rows("SELECT state, repeated, uncertain FROM outbox") == [("sent", 0, 0), ("sent", 0, 0)]
