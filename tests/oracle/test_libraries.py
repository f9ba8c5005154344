"""Bots that were written with the libraries that people use, against the simulated Telegram: it has to be right for
clients that nobody here wrote.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.simulator.telegram import GroupSettings, PersonSettings, TelegramSettings, TelegramSimulator
from tests.conftest import absent
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".oracle" / "bin" / "python"
AMINA, OMAR, FORUM = 10001001, 10002002, -1001234567890
SECONDS = 60
"""After this much real time something that should have come is not coming; aiogram alone takes many to begin."""


@pytest.fixture(scope="module")
def python() -> str:
    """The Python of the environment that has the libraries."""
    if not PYTHON.exists():
        absent("oracle", "the libraries are not set up; run: make oracle")
    return str(PYTHON)


class Library:
    """A bot in a process of its own, and the people who talk to it."""

    def __init__(self, simulator: TelegramSimulator, process: asyncio.subprocess.Process) -> None:
        self.simulator = simulator
        self._process = process

    async def says(self) -> dict[str, Any]:
        """The next thing that the bot tells of itself."""
        assert self._process.stdout is not None
        async with asyncio.timeout(SECONDS):
            line = await self._process.stdout.readline()
        assert line, "the bot has ended"
        said: dict[str, Any] = json.loads(line)
        return said

    def mode(self, name: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{name}\n".encode())

    def write(self, text: str, person: int = AMINA, chat: int | None = None, thread: int | None = None) -> str:
        phone = self.simulator.phone(person)
        fields = {"text": text}
        return self.simulator.people.write(phone, self.simulator.network.chats[chat or person], fields, thread=thread)

    async def shown(self, text: str, person: int = AMINA) -> dict[str, Any]:
        """The message from the bot with that text, once the phone shows it."""
        transcript = self.simulator.phone(person).transcript

        def found() -> list[Any]:
            return [one for one in transcript if one.direction == "in" and text in one.shown()["text"]]

        entries = await transcript.wait(found, SECONDS)
        assert entries, f"no {text!r} is shown"
        shown: dict[str, Any] = entries[-1].shown()
        return shown


@asynccontextmanager
async def running(python: str, library: str) -> AsyncIterator[Library]:
    settings = TelegramSettings(
        people=(PersonSettings("Amina", AMINA), PersonSettings("Omar", OMAR)),
        groups=(GroupSettings(FORUM, "prod", (AMINA, OMAR), topics=("alerts",)),),
    )
    async with TelegramSimulator(settings) as simulator:
        arguments = (str(ROOT / "tests" / "oracle" / f"{library}_bot.py"), simulator.url, settings.token)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(python, *arguments, str(free_port()), stdin=pipe, stdout=pipe)
        try:
            yield Library(simulator, process)
            assert process.stdin is not None
            process.stdin.write(b"\n")
            async with asyncio.timeout(SECONDS):
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def converse(bot: Library, mode: str) -> None:
    """What both libraries do alike, in one mode."""
    simulator = bot.simulator
    bot.write("/start one two")
    assert await bot.says() == {"command": ["one", "two"], "who": "Amina", "language": "en"}
    greeting = await bot.shown("Hello")
    assert greeting["html"] == "<b>Hello</b> 🔥 &amp; <code>x</code>"
    assert greeting["quoted_id"] is not None
    simulator.people.press(simulator.phone(AMINA), greeting["id"], "a:1")
    assert await bot.says() == {"pressed": "a:1", "on": "<b>Hello</b> 🔥 &amp; <code>x</code>"}
    assert await bot.says() == {"edited": "<i>Approved</i>"}
    assert "essage is not modified" in (await bot.says())["refused"]
    approved = await bot.shown("Approved")
    assert (approved["id"], approved["keyboard"], approved["edited"]) == (greeting["id"], [], True)
    notice = simulator.phone(AMINA).notice
    assert notice is not None
    assert notice["text"] == "On it"
    file = simulator.files.store("document", "log.txt", "text/plain", f"lines by {mode}".encode())
    fields = file.message_fields() | {"caption": "read this"}
    simulator.people.write(simulator.phone(AMINA), simulator.phone(AMINA).chat, fields)
    assert await bot.says() == {"downloaded": f"lines by {mode}", "caption": "read this"}
    assert await bot.says() == {"sent": "loud.txt", "size": len(f"lines by {mode}")}
    back = (await bot.shown("back"))["file"]
    found = simulator.files.find(back["id"])
    assert found is not None
    assert found.content == f"LINES BY {mode.upper()}".encode()


@pytest.mark.parametrize("library", ["ptb", pytest.param("aiogram", marks=pytest.mark.slow)])
async def test_a_bot_written_with_a_library_lives_on_the_simulator(python: str, library: str) -> None:
    async with running(python, library) as bot:
        simulator = bot.simulator
        assert await bot.says() == {"commands": ["start"]}
        for mode in ("polling", "webhook"):
            bot.mode(mode)
            if mode == "webhook":
                assert (await bot.says())["webhook"].endswith("/hook")
            assert await bot.says() == {"mode": mode, "me": simulator.settings.username}
            await converse(bot, mode)
            simulator.clock.advance(60)  # so that what was sent counts no more
            written = bot.write("tpyo")
            post = simulator.network.post(written)
            assert post is not None
            simulator.people.edit(simulator.phone(AMINA), post, "typo")
            assert await bot.says() == {"changed": "typo"}
            simulator.people.react(simulator.phone(AMINA), post, "👍" if mode == "polling" else "🔥")
            assert await bot.says() == {"reaction": ["👍" if mode == "polling" else "🔥"]}
            bot.write(f"/write {OMAR}")
            assert "can't initiate conversation" in (await bot.says())["forbidden"]
            (thread,) = simulator.network.chats[FORUM].topics
            bot.write("/topic", chat=FORUM, thread=thread)
            assert await bot.says() == {"topic": thread, "chat": "supergroup", "forum": True}
            assert (await bot.shown("in the topic"))["thread"] == str(thread)
            if library == "aiogram":
                bot.write("/rich")
                assert await bot.says() == {"rich": ["heading", "table", "list"]}
                bot.write("/chat", chat=FORUM)
                assert await bot.says() == {"chat": "prod", "status": "member"}
            simulator.clock.advance(60)
            bot.write("/flood")
            flood = await bot.says()
            assert flood["sent"] >= simulator.settings.chat_burst
            assert flood["retry_after"] >= 1
            simulator.clock.advance(60)
        assert [one.field for one in simulator.wire if one.field and "passed over" in one.field] == []
        assert not simulator.updates.pending
