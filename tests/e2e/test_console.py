"""The console: one person at one terminal, within the daemon that answers them, by the rules as everywhere."""

import asyncio
import dataclasses
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from aof.cli.terminal import Screen
from aof.config.approval import ApprovalConfig
from aof.config.people import Person
from aof.daemon import Daemon
from aof.daemon.seated import bare, seated
from aof.domain.errors import AccountStopped, PayloadRejected
from aof.domain.message import Address
from aof.domain.response import Action, ButtonsPart, Choice, Part, Response, TextPart, choices_of, text_of
from aof.platforms.console import ACCOUNT, ConsoleConfig, ConsolePlatform, Seat
from aof.store.answers import AnswerTo
from tests.e2e.acting import Doer
from tests.e2e.agents import Echo


@dataclasses.dataclass
class Table:
    """A seat, and all that was shown there."""

    seat: Seat
    daemon: Daemon
    shown: list[Part]

    async def says(self, line: str) -> AnswerTo:
        """Type a line and wait until nothing more comes."""
        async with asyncio.timeout(15):
            daemon, seat = self.daemon, self.seat
            return await daemon.watch.settled(daemon.store, seat.conversation, ACCOUNT, seat.type(line))

    @property
    def last(self) -> str:
        return text_of(self.shown[-1])


@asynccontextmanager
async def table(folder: Path, agent: Any, *, person: str = "Amina", **spec: Any) -> AsyncIterator[Table]:
    shown: list[Part] = []
    seat = Seat(person, shown.append)
    may_change = spec.pop("may_change", False)
    whole = bare(folder)
    config = whole.config.model_copy(update={"spec": whole.config.spec.model_copy(update=spec)})
    whole = dataclasses.replace(whole, config=config, agents={"runbook": lambda _: agent})
    assembly = seated(whole, seat, store=folder / "aof.db", may_change=may_change)
    async with Daemon(assembly, listens=False) as daemon:
        yield Table(seat, daemon, shown)


async def test_a_line_is_answered_and_a_number_presses_what_stands_beside_it(tmp_path, echo: Echo):
    offered = (Action(id="logs", title="Logs"), Action(id="top", title="Top"))
    echo.answers = lambda turn: Response(text=f"You said: {turn.text}", actions=() if turn.press else offered)
    async with table(tmp_path, echo) as made:
        assert made.daemon.port == made.daemon.admin_port == 0, "no port is open"
        await made.says("kettle")
        assert made.last == "You said: kettle"
        assert [choice.title for choice in choices_of(made.shown[-1])] == ["Logs", "Top"]
        await made.says(" 2 ")
        press = echo.turns[-1].press
        assert press is not None
        assert (press.action_id, press.title) == ("top", "Top")
        # what stands beside nothing is a word like any other
        await made.says("3")
        assert (echo.turns[-1].press, echo.turns[-1].text) == (None, "3")
        await made.says("0")
        assert echo.turns[-1].text == "0"


async def test_a_run_is_stopped_by_a_word(tmp_path, echo: Echo):
    began = echo.never_ends()
    async with table(tmp_path, echo) as made:
        asked = asyncio.create_task(made.says("kettle"))
        await began.wait()
        await made.says("/cancel")
        assert (await asked).outcome == "cancelled"


def _people(*lines: str) -> dict[str, Any]:
    """Of a spec, as its file would have them."""
    people = (Person(name="Amina", roles=("on-call",)), Person(name="Omar", roles=("lead",)))
    approval = ApprovalConfig.model_validate({"allowed_users": list(lines), "allow_self_approval": "@on-call" in lines})
    return {"people": people, "approval": approval, "may_change": True}


async def test_who_may_approve_decides_at_the_terminal_and_nobody_else(tmp_path, doer: Doer):
    async with table(tmp_path, doer, **_people("@on-call")) as made:
        doer.gate = made.daemon.acting.gate
        await made.says("restart api")
        titles = [choice.title for part in made.shown for choice in choices_of(part)]
        assert doer.levers.pulled == []
        number = titles.index("Approve") + 1
        await made.says(str(number))
        async with asyncio.timeout(15):
            while "pulled restart api" not in made.last:  # noqa: ASYNC110 -- the run goes on by an event of its own
                await asyncio.sleep(0)
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_where_nobody_can_be_asked_nothing_runs_and_it_is_said(tmp_path, doer: Doer):
    async with table(tmp_path, doer, **_people("@lead")) as made:
        doer.gate = made.daemon.acting.gate
        found = await made.says("restart api")
        assert doer.levers.pulled == []
        assert not found.waits_for_people
        assert "restart api" in made.last
        assert not [choice for part in made.shown for choice in choices_of(part) if choice.title == "Approve"]


async def test_without_leave_nothing_changes_whoever_asks(tmp_path, doer: Doer):
    spec = _people("@on-call") | {"may_change": False}
    async with table(tmp_path, doer, **spec) as made:
        doer.gate = made.daemon.acting.gate
        await made.says("restart api")
        assert doer.levers.pulled == []
        assert "From this terminal I only look" in made.last
        assert "aof chat --allow-changes" in made.last


async def test_an_empty_seat_is_sent_nothing_and_no_webhook_is_believed() -> None:
    platform = ConsolePlatform(ConsoleConfig(), cast("aiohttp.ClientSession", None))
    assert platform.verify_signature(b"{}", "anything", {}) is False
    with pytest.raises(AccountStopped):
        await platform.send_part(Address(chat="Amina"), TextPart(text="x"), part_id="1")
    with pytest.raises(PayloadRejected):
        platform.parse_message(b'{"id": "1", "text": "x"}')


def test_a_terminal_obeys_nothing_that_an_agent_says() -> None:
    out = io.StringIO()
    choice = Choice(id="1", title="Lo\x1b]0;owned\x07gs\n", description="x\x1b[2Jy", action_id="1")
    Screen(out, prompts=False).show(ButtonsPart(text="a\x1b[31mb\x07c\r\nd", buttons=(choice,)))
    assert out.getvalue() == "abc\nd\n  1. Logs  xy\n"
