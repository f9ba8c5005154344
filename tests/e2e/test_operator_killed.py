"""The daemon dies by SIGKILL between a press and its effect: it takes effect once, and the presser is told once."""

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aof.simulator import PhoneSettings, Settings, Simulator
from tests.e2e.flow import CONTACT, ENGLISH, OMAR, PEOPLE, TOKEN
from tests.e2e.processes import Forked, Starter, starter
from tests.e2e.test_approvals_killed import DIES
from tests.e2e.world import CREDENTIALS, Phone, configuration
from tests.ports import free_port

OF_A_PRESS = "lambda lease, result: lease.event.kind == 'press'"


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


@dataclass
class Scene:
    """A daemon that is a process of its own, an operator and a contact."""

    folder: Path
    admin: str
    control: aiohttp.ClientSession
    omar: Phone
    contact: Phone
    starter: Starter
    running: list[Forked] = field(default_factory=list)

    async def start(self, dies: str = "") -> None:
        """With `dies` it kills itself there."""
        words = ("serve", "--config", str(self.folder / "daemon.yaml"))
        environ = {**CREDENTIALS, "AOF_OPERATOR_API_TOKEN": TOKEN}
        code = f"{DIES}\n{dies}" if dies else ""
        self.running.append(self.starter.start(self.folder / f"log{len(self.running)}", words, environ, code))
        await asyncio.to_thread(self.running[-1].log_until, "daemon_started")

    async def dead(self) -> None:
        """Wait until it has killed itself."""
        assert await asyncio.to_thread(self.running[-1].ended) == -signal.SIGKILL

    async def add(self) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        url = f"{self.admin}/api/operator/opportunities"
        async with self.control.post(url, json=ENGLISH, headers=headers) as response:
            assert response.status == 202, await response.text()

    async def draft(self) -> dict[str, Any]:
        """The card of a draft, drafted while nothing dies."""
        await self.omar.presses(await self.omar.next(), "Message")
        draft = await self.omar.next()
        await self.omar.next()
        return draft

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / 'aof.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    async def stops(self) -> None:
        assert await asyncio.to_thread(self.running[-1].end, signal.SIGTERM) == 0


@asynccontextmanager
async def scene(folder: Path, starter: Starter) -> AsyncIterator[Scene]:
    """Both have written, and an opportunity is there."""
    port, admin = free_port(), free_port()
    settings = Settings(
        phones=(PhoneSettings("Omar", OMAR), PhoneSettings("Layla", CONTACT)),
        webhook_url=f"http://127.0.0.1:{port}/webhook/whatsapp",
        longest_retry_seconds=1,
    )
    credentials = {name.removeprefix("WHATSAPP_").lower(): value for name, value in CREDENTIALS.items()}
    async with (
        Simulator(replace(settings, **credentials)) as simulator,
        aiohttp.ClientSession(simulator.url) as control,
        aiohttp.ClientSession() as free,
    ):
        operator = {"operators": ["Omar"], "api_token_env": "AOF_OPERATOR_API_TOKEN"}
        document = json.loads(
            configuration(simulator.url, people=PEOPLE, operator=operator, delivery={"uncertain_wait_seconds": 0.5})
        )
        document["spec"]["server"] |= {"port": port, "admin": {"port": admin}}
        (folder / "daemon.yaml").write_text(json.dumps(document))
        made = Scene(folder, f"http://127.0.0.1:{admin}", free, Phone(control, OMAR), Phone(control, CONTACT), starter)
        try:
            yield made
        finally:
            for one in made.running:
                one.close()


async def ready(made: Scene) -> None:
    await made.start()
    for phone in (made.omar, made.contact):
        await phone.types("/status")
        await phone.next()
    await made.add()


async def lived_once(made: Scene) -> None:
    """The message left once, its approval stands once, and the operator was told once."""
    assert "Approved" in (await made.omar.next())["text"]
    assert "Layla" in (await made.contact.next())["text"]
    await made.stops()
    assert made.rows("SELECT change FROM opportunity_move ORDER BY seq") == [("draft",), ("approve",)]
    assert made.rows("SELECT count(*) FROM outbox WHERE cause = 'operator'") == [(1,)]
    assert made.rows("SELECT count(*) FROM audit WHERE kind = 'draft_approved'") == [(1,)]
    assert len(await made.contact.shown()) == 2
    assert sum("Approved." in shown["text"] for shown in await made.omar.shown()) == 1


@pytest.mark.parametrize(
    "dies",
    [
        "before('move_opportunity')",
        "after('move_opportunity', lambda *_: True)",
        f"before('finish', {OF_A_PRESS})",
        f"after('finish', {OF_A_PRESS})",
    ],
)
async def test_between_the_approval_and_its_effect(tmp_path: Path, forks: Starter, dies: str) -> None:
    async with scene(tmp_path, forks) as made:
        await ready(made)
        draft = await made.draft()
        await made.stops()
        await made.start(dies)
        await made.omar.presses(draft, "Approve")
        await made.dead()
        await made.start()
        await lived_once(made)


@pytest.mark.parametrize("dies", ["before('move_opportunity')", "after('move_opportunity', lambda *_: True)"])
async def test_between_the_press_for_a_draft_and_its_card(tmp_path: Path, forks: Starter, dies: str) -> None:
    async with scene(tmp_path, forks) as made:
        await ready(made)
        card = await made.omar.next()
        await made.stops()
        await made.start(dies)
        await made.omar.presses(card, "Accept")
        await made.dead()
        await made.start()
        draft = await made.omar.next()
        assert draft["buttons"][0]["id"] == "msg:LEAD-43-d1:approve"
        await made.omar.next()
        await made.stops()
        assert made.rows("SELECT id FROM draft") == [("LEAD-43-d1",)]
        assert made.rows("SELECT count(*) FROM audit WHERE kind = 'opportunity_accepted'") == [(1,)]
