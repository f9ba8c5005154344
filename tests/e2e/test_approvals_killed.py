"""The daemon dies by SIGKILL at each place between a question and its answer: a command runs once at most, the ledger
says no more than is known, and the card on the phone still works where its question is open.
"""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aof.simulator import PhoneSettings, Settings, Simulator
from aof.simulator.model import Call, Conversation, ModelServer, Said
from tests.e2e.processes import Forked, Starter, starter
from tests.e2e.service import CLASSES, PEOPLE, operator
from tests.e2e.world import CREDENTIALS, LEAD, ON_CALL, Phone, configuration
from tests.ports import free_port

APICTL = """#!/bin/sh
echo start >> {folder}/marks
if [ -p {folder}/began ]; then
    echo > {folder}/began
    read -r word < {folder}/go
fi
echo end >> {folder}/marks
echo restarted
"""

DIES = """
import signal

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def before(name, where=lambda *given: True):
    real = getattr(SQLiteStore, name)
    async def dying(self, *given, **named):
        if where(*given):
            die()
        return await real(self, *given, **named)
    setattr(SQLiteStore, name, dying)

def after(name, where):
    real = getattr(SQLiteStore, name)
    async def dying(self, *given, **named):
        done = await real(self, *given, **named)
        if where(*given):
            die()
        return done
    setattr(SQLiteStore, name, dying)
"""
ASKS = "lambda lease, result: result.pause is not None"
GOES_ON = "lambda lease, result: bool(result.resumes)"


def scripted(body: Mapping[str, Any]) -> Said:
    if results := Conversation(body).last_results:
        return Said(f"The result is: {results[-1].content}")
    if "restart" not in Conversation(body).last_user_text:
        return Said(f"You said: {Conversation(body).last_user_text}")
    return Said(calls=[Call("shell", {"command": "apictl restart api"})])


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


@dataclass
class Scene:
    """A daemon that is a process of its own, and may die."""

    folder: Path
    model: ModelServer
    on_call: Phone
    lead: Phone
    starter: Starter
    running: list[Forked] = field(default_factory=list)

    async def start(self, dies: str = "") -> None:
        """With `dies` it kills itself there."""
        self._fork("serve", dies=dies)
        await asyncio.to_thread(self.running[-1].log_until, "agents_ready")

    def _fork(self, *words: str, dies: str = "") -> None:
        words = (*words, "--config", str(self.folder / "daemon.yaml"))
        environ, code = {**CREDENTIALS, "MODEL_KEY": "test"}, f"{DIES}\n{dies}" if dies else ""
        self.running.append(self.starter.start(self.folder / f"log{len(self.running)}", words, environ, code))

    async def dead(self) -> None:
        """Wait until it has killed itself."""
        assert await asyncio.to_thread(self.running[-1].ended) == -signal.SIGKILL

    async def kill(self) -> None:
        assert await asyncio.to_thread(self.running[-1].end, signal.SIGKILL) == -signal.SIGKILL

    async def card(self) -> dict[str, Any]:
        """The question about a restart, which somebody asks for now."""
        await self.on_call.types("restart api")
        assert "needs an approval" in (await self.on_call.next())["text"]
        return await self.lead.next()

    async def closes(self) -> None:
        """Stop in peace, then look: nothing is open, and the audit chain is whole."""
        assert await asyncio.to_thread(self.running[-1].end, signal.SIGTERM) == 0
        self._fork("audit", "verify")
        assert await asyncio.to_thread(self.running[-1].ended) == 0, self.running[-1].said()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'aof.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    @property
    def marks(self) -> list[str]:
        """What the program has written: when it began, and when it was through."""
        file = self.folder / "marks"
        return file.read_text().split() if file.exists() else []

    @property
    def ledger(self) -> list[tuple[Any, ...]]:
        """The state of each question and of its step."""
        return self.rows("SELECT a.state, s.state FROM approval a LEFT JOIN step s ON s.approval = a.id ORDER BY a.seq")

    async def cards(self) -> list[dict[str, Any]]:
        return [shown for shown in await self.lead.shown() if shown["buttons"]]


@asynccontextmanager
async def scene(folder: Path, starter: Starter, **spec: Any) -> AsyncIterator[Scene]:
    """Nothing is started yet; the lead is known once it is."""
    port = free_port()
    settings = Settings(
        phones=tuple(PhoneSettings(str(one["name"]), str(one["whatsapp"])) for one in PEOPLE),
        webhook_url=f"http://127.0.0.1:{port}/webhook/whatsapp",
        longest_retry_seconds=1,
    )
    credentials = {name.removeprefix("WHATSAPP_").lower(): value for name, value in CREDENTIALS.items()}
    async with (
        Simulator(replace(settings, **credentials)) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
        ModelServer(scripted) as model,
    ):
        for name in ("agents", "classes", "bin"):
            (folder / name).mkdir()
        (folder / "agents/operator.yaml").write_text(json.dumps(operator(model.url)))
        (folder / "classes/apictl.yaml").write_text(json.dumps(CLASSES))
        (folder / "bin/apictl").write_text(APICTL.format(folder=folder))
        (folder / "bin/apictl").chmod(0o755)
        document = json.loads(
            configuration(
                simulator.url,
                whatsapp={"safety": {"read_only": False}, "allowed_numbers": [ON_CALL, LEAD]},
                people=PEOPLE,
                approval={"allowed_users": ["@lead"], **spec.pop("approval", {})},
                agents={"directory": "agents"},
                classifications={"directory": "classes"},
                tools={"path": [str(folder / "bin")]},
                runtime={"default_agent": "operator"},
                delivery={"uncertain_wait_seconds": 0.5},
                **spec,
            )
        )
        document["spec"]["server"]["port"] = port
        (folder / "daemon.yaml").write_text(json.dumps(document))
        made = Scene(folder, model, Phone(control, ON_CALL), Phone(control, LEAD), starter)
        try:
            yield made
        finally:
            for one in made.running:
                one.close()
            _let_go(folder / "go")


def _let_go(pipe: Path) -> None:
    """What the killed daemon had begun still waits: it ends with the test."""
    with suppress(OSError):  # nobody waits, or there is no pipe
        waiting = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        os.write(waiting, b"on\n")
        os.close(waiting)


async def started(made: Scene, dies: str = "") -> None:
    """Start it; the lead writes once, so that there is somebody to ask."""
    await made.start(dies)
    await made.lead.types("/status")
    await made.lead.next()


async def ran_once(made: Scene, card: dict[str, Any]) -> None:
    """The press of a card that still works runs the command; the next press is told so."""
    await made.lead.presses(card, "Approve")
    assert "Approved" in (await made.lead.next())["text"]
    said = (await made.on_call.next())["text"]
    assert "Ran" in said
    assert "approved by Omar" in said
    assert "Ran" in (await made.lead.next())["text"]
    await made.lead.presses(card, "Approve")
    assert "Already approved" in (await made.lead.next())["text"]
    assert made.marks == ["start", "end"]
    assert made.ledger == [("done", "done")]


async def test_before_the_question_is_written(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made, f"before('finish', {ASKS})")
        await made.on_call.types("restart api")
        await made.dead()
        assert made.rows("SELECT * FROM approval") == []
        assert await made.cards() == []
        await made.start()
        texts = [(await made.on_call.next())["text"]]
        card = await made.lead.next()
        assert "needs an approval" in texts[-1]
        assert len(made.model.requests) == 2
        await ran_once(made, card)
        assert len(await made.cards()) == 1
        await made.closes()


async def test_while_the_card_waits(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made)
        card = await made.card()
        await made.kill()
        assert made.ledger == [("asked", None)]
        await made.start()
        await ran_once(made, card)
        assert len(await made.cards()) == 1
        await made.closes()


async def test_between_the_approval_and_the_execution(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made, "before('claim')")
        card = await made.card()
        await made.lead.presses(card, "Approve")
        await made.dead()
        assert made.marks == []
        assert made.ledger == [("approved", None)]
        await made.start()
        said = (await made.on_call.next())["text"]
        assert "Ran" in said
        assert "approved by Omar" in said
        assert made.marks == ["start", "end"]
        assert made.ledger == [("done", "done")]
        await made.closes()


async def unknown_is_told(made: Scene, card: dict[str, Any]) -> None:
    """What was cut is not repeated, and nobody is told that it was done."""
    await made.start()
    said = (await made.on_call.next())["text"]
    assert "I can't tell whether" in said
    assert "apictl restart api" in said
    assert "Ran" not in said
    await made.lead.presses(card, "Approve")
    shown = [(await made.lead.next())["text"]]
    while "Already" not in shown[-1]:
        shown.append((await made.lead.next())["text"])
    assert "whether it took effect is not known" in shown[-1]
    assert made.ledger == [("unknown", "unknown")]
    assert made.rows("SELECT kind FROM audit WHERE kind IN ('step_done', 'step_unknown')") == [("step_unknown",)]
    assert made.marks.count("start") == 1


async def test_in_the_middle_of_the_execution(tmp_path: Path, forks: Starter) -> None:
    for name in ("began", "go"):
        os.mkfifo(tmp_path / name)
    async with scene(tmp_path, forks) as made:
        await started(made)
        card = await made.card()
        await made.lead.presses(card, "Approve")
        await asyncio.to_thread((tmp_path / "began").read_text)
        await made.kill()
        assert made.ledger == [("running", "running")]
        assert made.marks == ["start"]
        await unknown_is_told(made, card)
        await made.closes()
        # what outlived the daemon may end now
        os.close(os.open(tmp_path / "go", os.O_RDWR | os.O_NONBLOCK))


async def test_after_the_execution_and_before_its_outcome_is_written(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made, "before('end_step')")
        card = await made.card()
        await made.lead.presses(card, "Approve")
        await made.dead()
        assert made.marks == ["start", "end"]
        await unknown_is_told(made, card)
        assert made.marks == ["start", "end"]
        await made.closes()


async def test_before_the_answer_is_written(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made, f"before('finish', {GOES_ON})")
        card = await made.card()
        await made.lead.presses(card, "Approve")
        await made.dead()
        assert made.ledger == [("done", "done")]
        await made.start()
        said = (await made.on_call.next())["text"]
        assert "Ran" in said
        assert "The result is" in said
        assert "restarted" in said
        assert made.marks == ["start", "end"]
        await made.closes()


async def test_before_the_answer_leaves(tmp_path: Path, forks: Starter) -> None:
    async with scene(tmp_path, forks) as made:
        await started(made, f"after('finish', {GOES_ON})")
        card = await made.card()
        await made.lead.presses(card, "Approve")
        await made.dead()
        asked = len(made.model.requests)
        await made.start()
        assert "restarted" in (await made.on_call.next())["text"]
        assert len(made.model.requests) == asked
        assert made.marks == ["start", "end"]
        assert made.ledger == [("done", "done")]
        assert len([shown for shown in await made.on_call.shown() if "The result is" in shown["text"]]) == 1
        await made.closes()
