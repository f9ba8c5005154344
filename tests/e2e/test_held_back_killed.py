"""The daemon dies by SIGKILL at each arrow of what a message goes through that waits for a decision: none is lost, and
none is answered twice.

new ─▶ running ─▶ parked, behind a run ─▶ (decided) ─▶ (the run goes on) ─▶ new ─▶ running ─▶ done
    1          2                       3           4                     5      6          7
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.processes import Starter, starter
from tests.e2e.test_approvals_killed import GOES_ON, Scene, scene, started

HELD = "lambda lease, result: bool(result.behind)"
ANSWERED = "lambda lease, result: result.answered.endswith('You said: one')"
VOTE = "lambda *given: True"


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


async def goes_well(made: Scene) -> None:
    """From wherever it was: what waited is told of once, and answered once, in order."""
    for said in ("Ran", "You said: one", "You said: two"):
        assert said in (await made.on_call.next())["text"]
    await made.closes()
    shown = [message["text"] for message in await made.on_call.shown()]
    for said in ("once it is decided", "You said: one", "You said: two"):
        assert len([text for text in shown if said in text]) == 1
    assert made.marks == ["start", "end"]
    assert made.rows("SELECT state, behind FROM inbox WHERE state <> 'done' OR behind IS NOT NULL") == []


async def until_held(made: Scene, *texts: str) -> None:
    for text in texts:
        await made.on_call.types(text)
    assert "once it is decided" in (await made.on_call.next())["text"]


@pytest.mark.parametrize("arrow", ["before", "after"])
async def test_as_a_message_is_held_back(tmp_path: Path, forks: Starter, arrow: str) -> None:
    async with scene(tmp_path, forks, approval={"while_paused": "queue"}) as made:
        await started(made, f"{arrow}('finish', {HELD})")
        card = await made.card()
        await made.on_call.types("one")
        await made.dead()
        parked = made.rows("SELECT state FROM inbox WHERE behind IS NOT NULL")
        assert parked == ([] if arrow == "before" else [("parked",)])
        await made.start()
        await made.on_call.types("two")
        assert "once it is decided" in (await made.on_call.next())["text"]
        await made.lead.presses(card, "Approve")
        await goes_well(made)


@pytest.mark.parametrize("arrow", ["before", "after"])
async def test_as_it_is_decided(tmp_path: Path, forks: Starter, arrow: str) -> None:
    async with scene(tmp_path, forks, approval={"while_paused": "queue"}) as made:
        await started(made, f"{arrow}('vote', {VOTE})")
        card = await made.card()
        await until_held(made, "one", "two")
        await made.lead.presses(card, "Approve")
        await made.dead()
        await made.start()
        await goes_well(made)


@pytest.mark.parametrize("arrow", ["before", "after"])
async def test_as_the_run_that_it_waits_for_ends(tmp_path: Path, forks: Starter, arrow: str) -> None:
    async with scene(tmp_path, forks, approval={"while_paused": "queue"}) as made:
        await started(made, f"{arrow}('finish', {GOES_ON})")
        card = await made.card()
        await until_held(made, "one", "two")
        await made.lead.presses(card, "Approve")
        await made.dead()
        states = made.rows("SELECT DISTINCT state FROM inbox WHERE kind = 'message' AND state <> 'done'")
        assert states == [("parked" if arrow == "before" else "new",)]
        await made.start()
        await goes_well(made)


@pytest.mark.parametrize("arrow", ["before", "after"])
async def test_as_what_waited_is_answered(tmp_path: Path, forks: Starter, arrow: str) -> None:
    async with scene(tmp_path, forks, approval={"while_paused": "queue"}) as made:
        await started(made, f"{arrow}('finish', {ANSWERED})")
        card = await made.card()
        await until_held(made, "one", "two")
        await made.lead.presses(card, "Approve")
        await made.dead()
        await made.start()
        await goes_well(made)
