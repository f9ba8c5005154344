"""A daemon that is a process of its own dies by SIGKILL at each place between a message and its answer, on WhatsApp and
on Telegram: the message is answered, and twice only where nobody could know that it had been.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from aof.simulator import Simulator
from aof.simulator.telegram import TelegramSimulator
from tests.e2e.either import EITHER
from tests.e2e.processes import Forked, Starter, starter
from tests.e2e.telegram import AMINA, SETTINGS, TELEGRAM_CREDENTIALS, telegram_platform
from tests.e2e.test_approvals_killed import DIES
from tests.e2e.test_kill import Ledger
from tests.e2e.world import CREDENTIALS, ON_CALL, SIMULATED, Phone, document, whatsapp_platform
from tests.ports import free_port


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


@dataclass
class Scene:
    folder: Path
    starter: Starter
    phone: Phone
    running: list[Forked] = field(default_factory=list)

    async def start(self, dies: str = "") -> None:
        """With `dies` it kills itself there."""
        words = ("serve", "--config", str(self.folder / "daemon.yaml"))
        environ, code = {**CREDENTIALS, **TELEGRAM_CREDENTIALS}, f"{DIES}\n{dies}" if dies else ""
        self.running.append(self.starter.start(self.folder / f"log{len(self.running)}", words, environ, code))
        await asyncio.to_thread(self.running[-1].log_until, "daemon_started")

    async def ended(self) -> int:
        return await asyncio.to_thread(self.running[-1].ended)

    async def stop(self) -> None:
        assert await asyncio.to_thread(self.running[-1].end, signal.SIGTERM) == 0

    async def answers(self, question: str) -> int:
        """How often it was answered."""
        return sum(f"There is no command {question}." in message["text"] for message in await self.phone.shown())


@asynccontextmanager
async def scene(kind: str, folder: Path, forks: Starter) -> AsyncIterator[Scene]:
    """Nothing is started yet."""
    port = free_port()
    simulator: Any
    if kind == "whatsapp":
        url = f"http://127.0.0.1:{port}/webhook/whatsapp"
        simulator = Simulator(replace(SIMULATED, webhook_url=url, longest_retry_seconds=0.5))
    else:
        simulator = TelegramSimulator(replace(SETTINGS, longest_retry_seconds=0.5))
    async with simulator, aiohttp.ClientSession(simulator.url) as control:
        keys = (
            {"whatsapp": whatsapp_platform(simulator.url)}
            if kind == "whatsapp"
            else {"telegram": telegram_platform(simulator.url, kind, port)}
        )
        config = document(keys, port=port, delivery={"uncertain_wait_seconds": 0.2})
        (folder / "daemon.yaml").write_text(config)
        made = Scene(folder, forks, Phone(control, ON_CALL if kind == "whatsapp" else AMINA))
        try:
            yield made
        finally:
            for one in made.running:
                one.close()


DEATHS = {
    "before it is kept": "before('accept')",
    "kept, and nobody told": "after('accept', lambda *given: True)",
    "before its answer is kept": "before('finish')",
    "with its answer kept": "after('finish', lambda *given: True)",
    "before the request": "before('begin')",
    "after the answer of the platform": "before('settle')",
}


# of WhatsApp more is told beside the tests of its receipts
ON_WHATSAPP = ("before its answer is kept", "after the answer of the platform")
CASES = [(kind, place) for place in DEATHS for kind in EITHER if kind != "whatsapp" or place in ON_WHATSAPP]


@pytest.mark.parametrize(("kind", "place"), CASES)
async def test_killed_there_it_answers_after_its_next_start(
    tmp_path: Path, forks: Starter, kind: str, place: str
) -> None:
    async with scene(kind, tmp_path, forks) as made:
        await made.start(DEATHS[place])
        await made.phone.types("/q1")
        assert await made.ended() == -signal.SIGKILL
        # what comes while nobody is there waits at the platform
        await made.phone.types("/q2")
        await made.start()
        may_be_repeated = place in {"before the request", "after the answer of the platform"}
        while not await made.answers("/q2") or not await made.answers("/q1"):
            await made.phone.next()
        await made.stop()
        assert await made.answers("/q2") == 1
        times = await made.answers("/q1")
        assert times <= (2 if may_be_repeated else 1)
        repeated = Ledger(tmp_path / "aof.db").rows("SELECT count(*) FROM outbox WHERE repeated = 1")
        assert repeated >= [(times - 1,)]
