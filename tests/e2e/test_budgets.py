"""Budgets on the phone: what a day has left, what is said when nothing is, and that nothing goes past it."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from aof.daemon import running
from aof.simulator.model import Call, Conversation, ModelServer, Said
from aof.simulator.model.completion import Completion
from tests.e2e.cli import done
from tests.e2e.processes import Starter, starter
from tests.e2e.service import operated
from tests.e2e.test_approvals_killed import scene
from tests.e2e.world import LEAD, ON_CALL, World

PRICES = [{"model": "openai:scripted", "input": 1.0, "output": 2.0}]
RUNBOOK = {
    "apiVersion": "aof.dev/v1",
    "kind": "Runbook",
    "metadata": {"name": "api-health"},
    "spec": {
        "phrases": {"en": ["how is the api"]},
        "steps": [{"id": "look", "run": ["apictl", "status", "api"]}],
    },
}
RENEWS = "It renews at 00:00 UTC, in "


@pytest.fixture(scope="module")
def forks() -> Iterator[Starter]:
    with starter() as made:
        yield made


def says(body: Mapping[str, Any]) -> Said:
    return Said(f"Heard: {Conversation(body).last_user_text}")


def restless(body: Mapping[str, Any]) -> Said:
    return Said("Looking.", [Call("shell", {"command": f"apictl status api{len(body['messages'])}"})])


def restarts_or_looks(body: Mapping[str, Any]) -> Said:
    if results := Conversation(body).last_results:
        return Said(f"The result is: {results[-1].content}")
    verb = "status" if Conversation(body).last_user_text == "look" else "restart"
    return Said(calls=[Call("shell", {"command": f"apictl {verb} api"})])


@asynccontextmanager
async def kept(folder: Path, *, answer: Any = says, **given: Any) -> AsyncIterator[tuple[World, ModelServer]]:
    """A daemon with budgets, on a day that is not about to end; `is_beside`: on the day of whoever stands beside it."""
    given = {"greeted": (), **given}
    is_beside = given.pop("is_beside", False)
    async with operated(folder, answer=answer, **given) as (aof, model, _service):
        if left(aof) < timedelta(minutes=30) and not is_beside:
            aof.clock.advance(3600)
        yield aof, model


def left(aof: World) -> timedelta:
    """Until the day ends."""
    now = aof.clock.now()
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC) - now


async def asks(aof: World, text: str, number: str = ON_CALL) -> str:
    await aof.phone(number).types(text)
    return await hears(aof, number)


async def hears(aof: World, number: str = ON_CALL) -> str:
    return str((await aof.phone(number).next())["text"])


def counted(aof: World, scope: str = "person") -> list[tuple[Any, ...]]:
    return aof.rows("SELECT runs, tokens, tool_calls, cost FROM budget WHERE scope = ? ORDER BY day, subject", scope)


def taken(model: ModelServer, answer: Any = says) -> tuple[int, int]:
    """Tokens asked and answered, by the server's own count."""
    answers = [Completion(answer(asked.body), asked.body, number=1, created=0).whole() for asked in model.requests]
    usages = [one["usage"] for one in answers]
    return sum(one["prompt_tokens"] for one in usages), sum(one["completion_tokens"] for one in usages)


async def test_the_last_question_of_a_day_is_answered_and_the_next_one_is_not(tmp_path: Path) -> None:
    async with kept(tmp_path, budgets={"per_person": {"runs_per_day": 2}}) as (aof, model):
        for text in ("one", "two"):
            assert await asks(aof, text) == f"Heard: {text}"
        said = await asks(aof, "three")
        assert said.startswith(f"⚠️ Your budget for today is spent: 2 of 2 questions. {RENEWS}")
        assert "Whoever runs me can raise it: spec.budgets.per_person.runs_per_day." in said
        assert len(model.requests) == 2
        assert await asks(aof, "one", LEAD) == "Heard: one", "everybody has their own"
        aof.clock.advance(left(aof).total_seconds())
        assert await asks(aof, "four") == "Heard: four"
        assert [row[0] for row in counted(aof)] == [2, 1, 1]


async def test_who_writes_arabic_reads_it_in_arabic(tmp_path: Path) -> None:
    async with kept(tmp_path, budgets={"per_person": {"runs_per_day": 1}}) as (aof, _model):
        await asks(aof, "كيف حال الخادم؟")
        said = await asks(aof, "وماذا الآن؟")
        assert "ميزانيتك لليوم استُهلكت" in said
        assert "spec.budgets.per_person.runs_per_day" in said


async def test_what_needs_no_model_needs_no_budget(tmp_path: Path) -> None:
    async with kept(tmp_path, budgets={"total": {"runs_per_day": 1}}) as (aof, model):
        await asks(aof, "one")
        assert "The budget of all together for today is spent" in await asks(aof, "two", LEAD)
        assert "up" in (await asks(aof, "/run agent runbook uptime")).lower()
        assert "The budget of all together today: 1 of 1 questions." in await asks(aof, "/status")
        await asks(aof, "/agent runbook")
        assert "up" in (await asks(aof, "uptime")).lower()
        assert len(model.requests) == 1


async def test_a_run_ends_before_it_would_go_past_the_tokens_that_are_left(tmp_path: Path) -> None:
    async with kept(tmp_path, answer=restless, budgets={"per_person": {"tokens_per_day": 1000}}) as (aof, model):
        said = await asks(aof, "go on for ever")
        spent = sum(taken(model, restless))
        assert said.startswith("⚠️ Looking.\n\nYour budget for today is too small for more: ")
        assert f"{spent:,} of 1,000 tokens. {RENEWS}" in said
        assert spent <= 1000
        assert counted(aof) == [(1, spent, len(model.requests), 0)]
        requests = len(model.requests)
        assert f"{spent:,} of 1,000 tokens" in await asks(aof, "and again")
        assert len(model.requests) == requests
        assert counted(aof) == [(1, spent, requests, 0)]


async def test_a_spent_budget_of_tools_ends_a_run_and_refuses_the_next(tmp_path: Path) -> None:
    async with kept(tmp_path, answer=restless, budgets={"per_agent": {"tool_calls_per_day": 2}}) as (aof, model):
        said = await asks(aof, "go on for ever")
        assert "The budget of operator for today is spent: 2 of 2 uses of tools." in said
        assert "than I may spend on one question" not in said
        assert len(model.requests) == 3
        assert "2 of 2 uses of tools" in await asks(aof, "and again", LEAD)
        assert len(model.requests) == 3


async def test_a_limit_of_the_agent_is_told_as_its_own(tmp_path: Path) -> None:
    budgets = {"per_person": {"tokens_per_day": 100_000, "tool_calls_per_day": 50}}
    limits = {"max_tool_calls": 2}
    async with kept(tmp_path, answer=restless, agent={"limits": limits}, budgets=budgets) as (aof, model):
        said = await asks(aof, "go on for ever")
        assert "this took more than I may spend on one question (3 steps)" in said
        assert "budget" not in said
        assert counted(aof) == [(1, sum(taken(model, restless)), 2, 0)]


async def test_costs_are_counted_at_the_prices_of_the_file(tmp_path: Path) -> None:
    budgets = {"total": {"cost_per_day": 0.002}, "prices": PRICES, "currency": "EUR"}
    async with kept(tmp_path, budgets=budgets) as (aof, model):
        said = ""
        while "budget" not in said:
            said = await asks(aof, f"number {len(model.requests)}")
        asked, answered = taken(model)
        cost = asked * 1_000 + answered * 2_000
        assert counted(aof, "total") == [(len(model.requests), asked + answered, 0, cost)]
        assert cost <= 2_000_000
        assert f"{cost / 1e9:.4f} of 0.0020 EUR" in said
        assert "spec.budgets.total.cost_per_day" in said


async def test_two_chats_at_once_share_what_there_is(tmp_path: Path) -> None:
    budgets = {"total": {"tokens_per_day": 1000}, "per_run": {"tokens": 1000}}
    async with kept(tmp_path, budgets=budgets) as (aof, model):
        held = model.hold()
        await aof.on_call.types("first")
        await model.asked(1)
        said = await asks(aof, "second", LEAD)
        assert said.startswith("⚠️ What is left of the budget of all together for today is held by questions that are")
        assert "(0 of 1,000 tokens gone)" in said
        held.release()
        assert await hears(aof) == "Heard: first"
        assert await asks(aof, "second", LEAD) == "Heard: second"
        assert counted(aof, "total") == [(2, sum(taken(model)), 0, 0)]
        assert aof.rows("SELECT * FROM reservation") == []


async def test_a_model_that_fails_takes_nothing(tmp_path: Path) -> None:
    async with kept(tmp_path, budgets={"per_person": {"runs_per_day": 1}}) as (aof, model):
        model.faults.add("broken", 3)
        assert "can't be reached" in await asks(aof, "ahoy")
        assert counted(aof) == aof.rows("SELECT * FROM reservation") == []
        assert await asks(aof, "ahoy") == "Heard: ahoy"


async def test_a_restart_in_the_middle_costs_nobody_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0)
    async with kept(tmp_path, budgets={"per_person": {"runs_per_day": 1}}) as (aof, model):
        model.faults.add("hang")
        await aof.on_call.types("ahoy")
        await model.asked(1)
        await aof.restart()
        assert await hears(aof) == "Heard: ahoy"
        assert [row[0] for row in counted(aof)] == [1]
        assert "spent: 1 of 1 questions" in await asks(aof, "again")


async def test_what_was_cancelled_was_a_question(tmp_path: Path) -> None:
    async with kept(tmp_path, budgets={"per_person": {"runs_per_day": 1}}) as (aof, model):
        model.faults.add("hang")
        await aof.on_call.types("ahoy")
        await model.asked(1)
        await asks(aof, "/cancel")
        await aof.idle()
        assert counted(aof) == [(1, 0, 0, 0)]
        assert "spent: 1 of 1 questions" in await asks(aof, "again")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"tokens_per_day": 900}, "is too small for more: "),
        ({"tool_calls_per_day": 1}, "is spent: 1 of 1 uses of tools"),
    ],
    ids=["too few tokens", "no tools"],
)
async def test_what_people_approved_runs_though_the_budget_is_gone_meanwhile(
    tmp_path: Path, limits: dict[str, int], words: str
) -> None:
    async with kept(tmp_path, answer=restarts_or_looks, greeted=(LEAD,), budgets={"total": limits}) as (aof, model):
        assert "needs an approval" in await asks(aof, "restart api")
        card = await aof.lead.next()
        await asks(aof, "look", LEAD)
        requests = len(model.requests)
        await aof.lead.presses(card, "Approve")
        assert "Approved" in await hears(aof, LEAD)
        said = await hears(aof)
        assert "✅ Ran apictl restart api, approved by Omar" in said.replace("`", "")
        assert words in said
        assert len(model.requests) == requests


async def test_a_why_without_budget_is_answered_by_the_card_alone(tmp_path: Path) -> None:
    budgets = {"total": {"runs_per_day": 1}}
    async with kept(tmp_path, answer=restarts_or_looks, greeted=(LEAD,), budgets=budgets) as (aof, model):
        assert "needs an approval" in await asks(aof, "restart api")
        await aof.lead.next()
        assert "apictl restart api" in await asks(aof, "why", LEAD)
        assert len(model.requests) == 1


async def test_what_a_killed_daemon_had_reserved_is_counted_in_full(tmp_path: Path, forks: Starter) -> None:
    budgets = {"per_person": {"tokens_per_day": 100_000}, "per_run": {"tokens": 60_000}}
    async with scene(tmp_path, forks, budgets=budgets) as made:
        await made.start()
        held = made.model.hold()
        await made.on_call.types("how is the api?")
        await made.model.asked(1)
        await made.kill()
        assert made.rows("SELECT tokens FROM reservation") == [(60_000,)]
        await made.start()
        assert made.rows("SELECT runs, tokens FROM budget") == [(1, 60_000)]
        await made.model.asked(2)
        assert made.rows("SELECT tokens FROM reservation") == [(40_000,)]
        held.release()
        await made.on_call.next()
        assert [row[0] for row in made.rows("SELECT runs FROM budget")] == [1]
        await made.closes()


async def test_a_menu_says_what_an_agent_asks_and_what_it_lacks(tmp_path: Path) -> None:
    tools = [{"type": "Shell", "config": {"allowed_commands": ["apictl"]}}, "grafana_query", "loki_query"]
    async with kept(tmp_path, agent={"tools": tools}) as (aof, _model):
        said = await asks(aof, "/agent info operator")
        assert "Model: openai:scripted." in said
        assert "It has to do without: grafana_query, loki_query." in said
        assert "without a model" not in said


async def test_an_operator_sees_what_is_gone_and_counts_what_was_refused(tmp_path: Path) -> None:
    budgets = {"per_person": {"runs_per_day": 1}, "total": {"tokens_per_day": 5_000}}
    async with kept(tmp_path, budgets=budgets, is_beside=True) as (aof, model):
        await asks(aof, "one")
        await asks(aof, "two")
        await asks(aof, "one", LEAD)
        spent = sum(taken(model))
        assert aof.daemon is not None
        async with aof.control.get(f"http://127.0.0.1:{aof.daemon.admin_port}/metrics") as response:
            metrics = await response.text()
        assert f'aof_model_tokens_total{{agent="operator"}} {spent:.1f}' in metrics
        assert 'aof_over_budget_total{scope="person"} 1.0' in metrics
        told = (await done(aof, "status")).out
        assert f"Budget of total today: {spent:,} of 5,000 tokens." in told
        assert "Budget of person person:Amina today: 1 of 1 questions." in told


async def test_runbooks_that_fit_are_offered_where_a_budget_is_spent(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books/api.yaml").write_text(json.dumps(RUNBOOK))
    spec: dict[str, Any] = {"budgets": {"total": {"runs_per_day": 1}}, "runbooks": {"directory": "books"}}
    async with kept(tmp_path, **spec) as (aof, model):
        await asks(aof, "one")
        await aof.on_call.types("how is the api")
        refused = await aof.on_call.next()
        assert "is spent" in refused["text"]
        (button,) = refused["buttons"]
        await aof.on_call.presses(refused, button["title"])
        assert "latency p50" in await hears(aof)
        assert len(model.requests) == 1
