"""The daemon dies by SIGKILL while a question that was asked on WhatsApp is decided on Telegram: the command runs once,
and in the end every card says so.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.clock import SteppedClock
from tests.e2e.both import OnTelegram
from tests.e2e.processes import Starter, starter
from tests.e2e.telegram import OMAR, SETTINGS, TOKEN, simulated, telegram_platform
from tests.e2e.test_approvals_killed import GOES_ON, Scene, scene, started


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


@asynccontextmanager
async def on_both(folder: Path, forks: Starter) -> AsyncIterator[tuple[Scene, OnTelegram]]:
    """The lead is Omar on both."""
    async with scene(folder, forks) as made, simulated(SETTINGS, SteppedClock(running=True)) as side:
        file = folder / "daemon.yaml"
        document = json.loads(file.read_text())
        keys: dict[str, Any] = telegram_platform(side.simulator.url, "polling", 0, {"allowed_users": [OMAR]})
        del keys["bot_token_env"]
        document["spec"]["platforms"]["telegram"] = {**keys, "bot_token": TOKEN}
        next(one for one in document["spec"]["people"] if one["name"] == "Omar")["telegram"] = OMAR
        file.write_text(json.dumps(document))
        yield made, OnTelegram(side)


@pytest.mark.parametrize(
    "dies",
    ["after('vote', lambda *given: True)", f"before('finish', {GOES_ON})"],
    ids=["after the vote", "after the command"],
)
async def test_a_decision_on_telegram_survives(tmp_path: Path, forks: Starter, dies: str) -> None:
    async with on_both(tmp_path, forks) as (made, people):
        await started(made, dies)
        await people[OMAR].types("/status")
        await people[OMAR].sees("aof")
        on_whatsapp = await made.card()
        card = await people[OMAR].sees("asks to run")
        await people[OMAR].presses(card, "Approve")
        await made.dead()
        await made.start()
        said = (await made.on_call.next())["text"]
        assert "approved by Omar" in said or "Ran" in said
        decided = await people[OMAR].sees("✅ Approved by Omar")
        assert (decided["id"], decided["buttons"]) == (card["id"], [])
        assert "Approved by Omar at" in (await made.lead.next())["text"]
        await made.lead.presses(on_whatsapp, "Approve")
        assert "Already approved" in (await made.lead.next())["text"]
        assert made.marks == ["start", "end"]
        assert made.ledger == [("done", "done")]
        assert len(await people.side.calls("editMessageText")) == 1
        await made.closes()
