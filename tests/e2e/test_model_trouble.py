"""A model's server that fails, hangs, or is gone: whoever asked reads a true sentence, and the daemon goes on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from aof.daemon import running
from aof.simulator.model import Call, Conversation, Said
from tests.e2e.service import operated
from tests.e2e.world import World

UNREACHED = "The model can't be reached right now. Ask again in a minute."


def says(body: Mapping[str, Any]) -> Said:
    return Said(f"Heard: {Conversation(body).last_user_text}")


async def asks(aof: World, text: str) -> str:
    await aof.on_call.types(text)
    return str((await aof.on_call.next())["text"])


@pytest.mark.parametrize("kind", ["broken", "unavailable", "cut_before_answer"])
async def test_what_fails_once_is_asked_again_and_nobody_notices(tmp_path: Path, kind: str) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add(kind)
        assert await asks(aof, "ahoy") == "Heard: ahoy"
        assert len(model.requests) == 2


async def test_too_many_requests_are_asked_again_once_they_may(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add("rate_limited", seconds=0)
        assert await asks(aof, "ahoy") == "Heard: ahoy"
        assert [asked.status for asked in model.requests] == [429, 200]


async def test_what_fails_again_is_told_and_the_next_question_is_answered(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add("broken", 3)
        assert await asks(aof, "ahoy") == f"❌ {UNREACHED}"
        assert [asked.status for asked in model.requests] == [500, 500, 500]
        assert await asks(aof, "once more") == "Heard: once more"
        assert Conversation(model.requests[-1].body).user_texts == ["once more"], "no open question is remembered"


async def test_a_refused_request_is_not_repeated(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add("refused")
        said = await asks(aof, "ahoy")
        assert "Heard" not in said
        assert len(model.requests) == 1


async def test_cancel_ends_a_request_that_hangs(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add("hang")
        await aof.on_call.types("ahoy")
        await model.asked(1)
        said = await asks(aof, "/cancel")
        assert "ahoy" in said
        await model.disconnected(1)
        assert model.disconnects == 1
        await aof.idle()
        assert aof.rows("SELECT outcome FROM inbox WHERE payload LIKE '%\"ahoy\"%'") == [("cancelled",)]
        assert await asks(aof, "again") == "Heard: again"


async def test_who_waits_long_sees_typing_and_a_line_once(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        held = model.hold()
        await aof.on_call.types("ahoy")
        await model.asked(1)
        await aof.wire_until(lambda wire: any("typing_indicator" in str(exchange["body"]) for exchange in wire))
        aof.clock.advance(121)
        assert "Still working (2 min). /cancel stops it." in (await aof.on_call.next())["text"]
        aof.clock.advance(60)
        held.release()
        assert (await aof.on_call.next())["text"] == "Heard: ahoy"
        assert len(model.requests) == 1


async def test_a_restart_in_the_middle_of_a_call_says_so_and_asks_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        model.faults.add("hang")
        await aof.on_call.types("ahoy")
        await model.asked(1)
        held = model.hold()
        await aof.restart()
        await model.asked(2)
        aof.clock.advance(5)
        assert 'I was restarted and am repeating your question: "ahoy".' in (await aof.on_call.next())["text"]
        held.release()
        assert (await aof.on_call.next())["text"] == "Heard: ahoy"
        assert len(model.requests) == 2


def restless(body: Mapping[str, Any]) -> Said:
    return Said("Looking.", [Call("shell", {"command": f"apictl status api{len(body['messages'])}"})])


@pytest.mark.parametrize("limits", [{"max_tokens_per_run": 600}, {"max_tool_calls": 2}], ids=["tokens", "calls"])
async def test_a_budget_that_is_spent_ends_the_run_and_says_so(tmp_path: Path, limits: dict[str, int]) -> None:
    async with operated(tmp_path, answer=restless, agent={"limits": limits}) as (aof, model, _service):
        said = await asks(aof, "go on for ever")
        spent = len(model.requests)
        assert spent < 10
        assert said.startswith("⚠️ Looking.\n\nI stopped here: this took more than I may spend on one question")
        assert f"({spent} steps)" in said
        assert await asks(aof, "/status")
        assert len(model.requests) == spent


async def test_without_a_model_the_runbooks_still_answer(tmp_path: Path) -> None:
    async with operated(tmp_path, answer=says) as (aof, model, _service):
        await model.stop()
        assert await asks(aof, "ahoy") == f"❌ {UNREACHED}"
        await asks(aof, "/agent runbook")
        assert "up" in (await asks(aof, "uptime")).lower()
        await model.start()
