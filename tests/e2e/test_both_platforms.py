"""What a daemon promises, on WhatsApp and on Telegram alike: the same conversations, one after the other."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import Turn
from aof.daemon import running
from aof.domain.pairing import MOST_A_DAY, as_typed
from aof.domain.response import Action, Response
from tests.e2e.acting import Doer, asked, restarted
from tests.e2e.agents import Echo
from tests.e2e.either import EITHER, acting_on, either, stranger
from tests.e2e.telegram import AMINA, OMAR
from tests.e2e.test_who_may_talk import CODE
from tests.e2e.world import LEAD, ON_CALL, World


@pytest.fixture(params=EITHER)
def kind(request: Any) -> str:
    return str(request.param)


@pytest.fixture
async def aof(kind: str, tmp_path: Path, echo: Echo) -> AsyncIterator[World]:
    async with either(kind, tmp_path, agent=lambda _: echo) as made:
        yield made


def _menu(turn: Turn) -> Response:
    if turn.press is not None or turn.text == "disk":
        return Response(text=f"heard {turn.press.action_id if turn.press else turn.text}")
    many = {"buttons": 2, "numbers": 101}[turn.text]
    return Response(
        text="**Which?**", actions=tuple(Action(id=f"go:{n}", title=f"Node {n}") for n in range(1, many + 1))
    )


async def test_ask_tap_and_type_a_number(aof: World, echo: Echo) -> None:
    echo.answers = _menu
    await aof.on_call.types("disk")
    assert (await aof.on_call.next())["text"] == "heard disk"
    await aof.on_call.types("buttons")
    shown = await aof.on_call.next()
    assert [button["title"] for button in shown["buttons"]] == ["Node 1", "Node 2"]
    await aof.on_call.presses(shown, "Node 2")
    assert (await aof.on_call.next())["text"] == "heard go:2"
    aof.clock.advance(60)  # more answers at once than one person gets
    await aof.on_call.types("numbers")
    assert "101. Node 101" in (await aof.on_call.next())["text"]
    await aof.on_call.types("101")
    assert (await aof.on_call.next())["text"] == "heard go:101"
    # an old menu still means what it said
    await aof.on_call.presses(shown, "Node 1")
    assert (await aof.on_call.next())["text"] == "heard go:1"
    await aof.idle()
    assert await aof.store.check() == []


async def test_a_long_answer_comes_whole_and_in_order(aof: World, echo: Echo) -> None:
    words = [f"word{n}" for n in range(1_300)]
    echo.answers = lambda turn: Response(text=" ".join(words) if turn.text == "much" else "x " * 60_000)
    await aof.on_call.types("much")
    said: list[str] = []
    while len(said) < len(words):
        said += (await aof.on_call.next())["text"].split()
    assert said == words
    await aof.idle()
    aof.clock.advance(60)
    await aof.on_call.types("all")
    assert (await aof.on_call.next())["text"].endswith("All of it is in answer.txt, below.")
    assert (await aof.on_call.next())["type"] == "document"


async def test_one_person_waits_behind_themselves_and_nobody_behind_another(aof: World, echo: Echo) -> None:
    let_go = asyncio.Event()

    async def slowly(turn: Turn) -> Response:
        if turn.text == "slow":
            await let_go.wait()
        return Response(text=turn.text)

    echo.answers = slowly
    for text in ("slow", "second", "third"):
        await aof.on_call.types(text)
    await aof.lead.types("me")
    assert (await aof.lead.next())["text"] == "me"
    assert [message["text"] for message in await aof.on_call.shown()] == []
    let_go.set()
    assert [(await aof.on_call.next())["text"] for _ in range(3)] == ["slow", "second", "third"]


async def test_what_is_brought_twice_and_out_of_order_is_answered_once(aof: World, echo: Echo) -> None:
    await aof.fault(duplicate={"copies": 3, "times": 3}, drop_ack=1, reorder=1)
    for n in range(3):
        await aof.on_call.types(f"question {n}")
    aof.clock.advance(2)  # for so long they are collected to be mixed up
    heard = {(await aof.on_call.next())["text"] for _ in range(3)}
    assert heard == {f"You said: question {n}" for n in range(3)}
    aof.clock.advance(120)
    await aof.on_call.types("last")
    assert (await aof.on_call.next())["text"] == "You said: last"
    await aof.idle()
    assert len(echo.turns) == len(await aof.on_call.shown()) == 4


async def test_a_running_turn_is_cancelled(aof: World, echo: Echo) -> None:
    began = echo.never_ends()
    await aof.on_call.types("for ever")
    await began.wait()
    await aof.on_call.types("/cancel")
    assert "Stopped" in (await aof.on_call.next())["text"]
    echo.answers = None
    await aof.on_call.types("and now?")
    while (await aof.on_call.next())["text"] != "You said: and now?":
        pass
    await aof.idle()


async def test_what_came_while_it_was_away_is_answered_in_order_and_once(
    aof: World, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    began = echo.never_ends()
    await aof.on_call.types("in the middle")
    await began.wait()
    await aof.stop()
    for n in range(2):
        await aof.on_call.types(f"away {n}")
    echo.answers = None
    await aof.start()
    aof.clock.advance(60)  # the platform's next try
    heard = [(await aof.on_call.next())["text"] for _ in range(3)]
    assert heard == ["You said: in the middle", "You said: away 0", "You said: away 1"]
    await aof.idle()
    await aof.restart()
    await aof.idle()
    assert len(await aof.on_call.shown()) == 3


async def test_who_writes_too_fast_is_answered_later_and_once(aof: World, kind: str, echo: Echo) -> None:
    throttled = {"whatsapp": {"error": {"code": 131056, "times": 2}}}.get(kind, {"429": {"retry_after": 5, "times": 2}})
    await aof.fault(**throttled)
    await aof.on_call.types("disk?")
    for times in (1, 2):
        await aof.until(lambda times=times: _deferred(aof, times))
        aof.clock.advance(60)
    assert (await aof.on_call.next())["text"] == "You said: disk?"
    await aof.idle()
    assert len(await aof.on_call.shown()) == len(echo.turns) == 1


async def _deferred(aof: World, times: int) -> bool:
    return aof.rows("SELECT state, deferrals FROM outbox") == [("queued", times)]


# -- approvals ----------------------------------------------------------------


async def test_the_right_person_approves_and_it_runs_once(kind: str, tmp_path: Path, doer: Doer) -> None:
    async with acting_on(kind, tmp_path, doer) as aof:
        card = await asked(aof)
        assert "lever restart api" in card["text"]
        await restarted(aof, doer)
        await aof.lead.presses(card, "Approve")
        said = (await aof.on_call.next())["text"]
        assert "approved by Omar" in said
        assert "pulled restart api" in said
        await aof.idle()
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_who_is_denied_is_told_by_whom(kind: str, tmp_path: Path, doer: Doer) -> None:
    async with acting_on(kind, tmp_path, doer) as aof:
        await aof.lead.presses(await asked(aof), "Deny")
        assert "Denied by Omar" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert doer.levers.pulled == []


async def test_a_stranger_is_told_nothing_and_starts_nothing(kind: str, tmp_path: Path, doer: Doer) -> None:
    async with acting_on(kind, tmp_path, doer) as aof:
        await stranger(aof).types("restart api")
        await aof.on_call.types("show api")
        await aof.on_call.next()
        await aof.idle()
        assert await stranger(aof).shown() == []
        assert [turn.text for turn in doer.turns] == ["show api"]


# -- who may talk ----------------------------------------------------------------


async def test_who_was_taken_off_the_list_gets_nothing_that_still_waits(kind: str, tmp_path: Path, echo: Echo) -> None:
    """Lessons A6: what goes out is not checked against the list."""
    key = "allowed_numbers" if kind == "whatsapp" else "allowed_users"
    throttled = (
        {"error": {"code": 131056, "times": 2}} if kind == "whatsapp" else {"429": {"retry_after": 5, "times": 2}}
    )
    both = {key: [LEAD, ON_CALL] if kind == "whatsapp" else [OMAR, AMINA]}
    async with either(kind, tmp_path, agent=lambda _: echo, platform=both) as aof:
        await aof.fault(**throttled)
        await aof.on_call.types("mine")
        await aof.lead.types("mine")

        async def both_wait() -> bool:
            return aof.rows("SELECT state, deferrals FROM outbox") == [("queued", 1)] * 2

        await aof.until(both_wait)
        await aof.stop()
        aof.config = aof.config.replace(f'"{aof.lead.number}",', "")
        await aof.start()
        aof.clock.advance(60)
        assert (await aof.on_call.next())["text"] == "You said: mine"
        await aof.lead.types("and now?")
        await aof.on_call.types("and now?")
        assert (await aof.on_call.next())["text"] == "You said: and now?"
        await aof.idle()
        assert aof.rows("SELECT gate FROM outbox WHERE state = 'held'") == [("access",)]
        assert await aof.lead.shown() == []


async def test_without_a_list_a_stranger_gets_one_code_and_whoever_is_let_in_an_answer(
    kind: str, tmp_path: Path, echo: Echo
) -> None:
    """Lessons A6: no list is everybody."""
    nobody_listed = {"allow_live_send": False} if kind == "whatsapp" else {"allow_everyone": False}
    async with either(kind, tmp_path, agent=lambda _: echo, platform=nobody_listed) as aof:
        await stranger(aof).types("restart api")
        told = (await stranger(aof).next())["text"]
        code = CODE.search(told)
        assert code
        for _ in range(4):
            await stranger(aof).types("restart api")
        await aof.on_call.types("me")
        await aof.on_call.next()
        await aof.idle()
        assert echo.turns == []
        assert len(await stranger(aof).shown()) <= MOST_A_DAY
        assert await aof.store.approve(as_typed(code.group()), "", by="test", now=aof.clock.now())
        aof.clock.advance(60)
        await stranger(aof).types("disk?")
        while (await stranger(aof).next())["text"] != "You said: disk?":
            pass
        assert [turn.text for turn in echo.turns] == ["disk?"]
