from dataclasses import replace

import pytest

from aof.agents.written.runbook import Offer, Runbook, Step
from aof.domain.response import Status
from aof.texts.language import Language
from aof.tools.base import Context
from tests.unit.agents.written.house import House, Stopped, response, waiting
from tests.unit.agents.written.shelf import RESTART, SCALE, TWICE

BEFORE = ("kubectl", "-n", "prod", "get", "deploy", "api")
CHANGE = ("kubectl", "-n", "prod", "rollout", "restart", "deploy/api")
CHECK = ("kubectl", "-n", "prod", "rollout", "status", "deploy/api")


@pytest.fixture
def house() -> House:
    house = House(RESTART, SCALE, TWICE)
    house.programs.prints = {"status": "deployment successfully rolled out", "get": "api 3/3"}
    return house


async def test_a_changing_step_waits_for_people_and_those_behind_it_wait_too(house: House) -> None:
    waits = waiting(await house.ask("restart the api"))
    (asked,) = waits.asks
    assert (asked.proposal.call, asked.proposal.argv) == ("restart", CHANGE)
    assert asked.proposal.reason == "restarts the api of prod"
    assert asked.proposal.undo == ("kubectl", "-n", "prod", "rollout", "undo", "deploy/api")
    assert asked.proposal.dry_run == ("kubectl", "-n", "prod", "rollout", "history", "deploy/api")
    assert house.programs.ran == [BEFORE]
    assert "✅ before" in waits.said
    assert "api 3/3" in waits.said


async def test_after_the_approval_the_rest_runs_and_each_command_once(house: House) -> None:
    said = response(await house.decide(waiting(await house.ask("restart the api"))))
    assert house.programs.ran == [BEFORE, CHANGE, CHECK]
    assert said.status is Status.OK
    assert said.text.startswith("restart the api: done, 3 steps.\n\nThe api of prod is new.")
    assert [line[0] for line in said.text.splitlines() if "`kubectl" in line] == ["✅", "✅", "✅"]
    assert "successfully rolled out" in said.text
    assert [(action.id, action.title) for action in said.actions] == [
        ("say:pods", "Pods"),
        ("runbook:scale-api", "Scale it"),
    ]


async def test_a_denied_step_keeps_the_rest_from_running(house: House) -> None:
    said = response(await house.decide(waiting(await house.ask("restart the api")), approved=False, reason="not now"))
    assert house.programs.ran == [BEFORE]
    assert said.status is Status.FAILED
    assert "stopped at the step restart" in said.text
    assert "denied by bea: not now" in said.text
    assert said.text.count("⏸") == 2
    assert "is new" not in said.text


async def test_who_denied_is_told_once(house: House) -> None:
    waits = waiting(await house.ask("restart the api"))
    said = response(await house.decide(waits, approved=False, reason="denied by bea"))
    assert said.text.count("denied by bea") == 1


async def test_two_changing_steps_are_asked_one_after_the_other(house: House) -> None:
    second = waiting(await house.decide(waiting(await house.ask("/twice"))))
    assert [asked.proposal.call for asked in second.asks] == ["second"]
    said = response(await house.decide(second))
    assert said.status is Status.OK
    assert [argv[1:] for argv in house.programs.ran] == [
        ("get", "pods"), ("restart", "a"), ("restart", "b"), ("get", "events"),
    ]  # fmt: skip
    assert [ran.argv[-1] for ran in house.scope.record.ran] == ["a", "b"]


async def test_a_denied_middle_step(house: House) -> None:
    second = waiting(await house.decide(waiting(await house.ask("/twice"))))
    said = response(await house.decide(second, approved=False))
    assert [argv[-1] for argv in house.programs.ran] == ["pods", "a"]
    assert [line[0] for line in said.text.splitlines() if "`kubectl" in line] == ["✅", "✅", "⏸", "⏸"]


async def test_an_approver_changes_the_command(house: House) -> None:
    first = waiting(await house.ask("/twice"))
    second = waiting(await house.decide(first, command="kubectl restart c"))
    said = response(await house.decide(second))
    assert [argv[-1] for argv in house.programs.ran] == ["pods", "c", "b", "events"]
    assert "`kubectl restart c`" in said.text
    assert "`kubectl restart a`" not in said.text
    assert said.status is Status.OK


async def test_a_crash_in_a_changing_step_leaves_it_unknown_and_stops(house: House) -> None:
    waits = waiting(await house.ask("/twice"))
    house.programs.stops_at = "a"
    with pytest.raises(Stopped):
        await house.decide(waits)
    house.programs.stops_at = ""
    said = response(await house.go_on(waits, {}))
    assert [argv[-1] for argv in house.programs.ran] == ["pods", "a"]
    assert said.status is Status.FAILED
    assert "❓ first" in said.text
    assert "check before you repeat it" in said.text
    assert said.text.count("⏸") == 2


async def test_a_crash_between_steps_goes_on_behind_what_was_done(house: House) -> None:
    waits = waiting(await house.ask("restart the api"))
    house.programs.stops_at = "status"
    with pytest.raises(Stopped):
        await house.decide(waits)
    house.programs.stops_at = ""
    said = response(await house.go_on(waits, {}))
    assert house.programs.ran == [BEFORE, CHANGE, CHECK, CHECK]
    assert said.status is Status.OK


async def test_a_crash_before_any_pause_repeats_looks_and_no_change() -> None:
    house = House(TWICE, writes="run")
    house.programs.stops_at = "events"
    with pytest.raises(Stopped):
        await house.ask("/twice")
    house.programs.stops_at = ""
    said = response(await house.ask("/twice"))
    assert said.status is Status.OK
    assert [argv[-1] for argv in house.programs.ran] == ["pods", "a", "b", "events", "pods", "events"]


async def test_a_look_before_a_pause_is_shown_as_it_was_then(house: House) -> None:
    waits = waiting(await house.ask("restart the api"))
    house.programs.prints["get"] = "api 0/3"
    said = response(await house.decide(waits))
    assert "api 3/3" in said.text
    assert "api 0/3" not in said.text


async def test_an_output_that_lacks_what_is_expected_fails_the_step(house: House) -> None:
    house.programs.prints["status"] = "still waiting"
    said = response(await house.decide(waiting(await house.ask("restart the api"))))
    assert said.status is Status.FAILED
    assert "stopped at the step check" in said.text
    assert "expected in the output: successfully\nstill waiting" in said.text


async def test_a_failed_change_is_written_down_as_such_where_its_output_is_not_what_it_should_be() -> None:
    steps = (Step("first", ("kubectl", "restart", "a"), expect_contains="restarted"),)
    house = House(replace(TWICE, steps=steps), writes="run")
    assert response(await house.ask("/twice")).status is Status.FAILED
    assert house.ledger.steps["run-1", "first"].state == "failed"


async def test_another_exit_may_be_the_expected_one() -> None:
    steps = (Step("look", ("grep", "-q", "error", "log"), expect_exit=1),)
    house = House(Runbook("clean-log", steps=steps))
    assert response(await house.ask("/clean-log")).status is Status.FAILED
    house.programs.exits["grep"] = 1
    assert response(await house.ask("/clean-log")).status is Status.OK


async def test_an_unknown_outcome_stops_even_where_a_failure_would_not() -> None:
    steps = tuple(replace(step, goes_on_after_failure=True) for step in TWICE.steps)
    house = House(replace(TWICE, steps=steps), writes="run")
    house.programs.vanishes_at = "a"
    said = response(await house.ask("/twice"))
    assert [argv[-1] for argv in house.programs.ran] == ["pods", "a"]
    assert "stopped at the step first" in said.text


async def test_a_step_that_may_fail_lets_the_others_run() -> None:
    first, *others = TWICE.steps
    house = House(replace(TWICE, steps=(replace(first, goes_on_after_failure=True), *others)), writes="run")
    house.programs.exits["pods"] = 2
    said = response(await house.ask("/twice"))
    assert said.status is Status.WARNING
    assert "done, except for what failed: look" in said.text
    assert [line[0] for line in said.text.splitlines() if "`kubectl" in line] == ["❌", "✅", "✅", "✅"]


async def test_a_step_that_the_rules_refuse_stops_it() -> None:
    house = House(TWICE, writes="refuse")
    said = response(await house.ask("/twice"))
    assert [argv[-1] for argv in house.programs.ran] == ["pods"]
    assert "⏸ first: `kubectl restart a` (not run: blocked by policy)" in said.text
    assert house.scope.record.refused


async def test_a_command_that_is_never_a_tool_stops_it() -> None:
    house = House(Runbook("shell", steps=(Step("one", ("sh", "-c", "id")),)))
    said = response(await house.ask("/shell"))
    assert house.programs.ran == []
    assert "not run: sh is never a tool" in said.text


@pytest.mark.parametrize(
    "changed",
    [
        (),
        (replace(TWICE, steps=TWICE.steps[:3]),),
        (replace(TWICE, steps=(*TWICE.steps, Step("more", ("kubectl", "restart", "z")))),),
    ],
    ids=["gone", "a step less", "a step more"],
)
async def test_a_runbook_that_was_changed_while_it_waited_does_not_go_on(
    house: House, changed: tuple[Runbook, ...]
) -> None:
    waits = waiting(await house.ask("/twice"))
    house.runbooks = (RESTART, SCALE, *changed)
    said = response(await house.decide(waits))
    assert said.status is Status.FAILED
    assert "changed while it waited" in said.text
    assert "✅ look" in said.text
    assert [argv[-1] for argv in house.programs.ran] == ["pods"]


async def test_the_state_of_another_agent_is_left_alone(house: House) -> None:
    waits = waiting(await house.ask("/twice"))
    said = response(await house.go_on(replace(waits, state='{"messages": []}'), {}))
    assert said.status is Status.NOTE
    assert [argv[-1] for argv in house.programs.ran] == ["pods"]


async def test_output_is_short_and_can_not_leave_its_fence() -> None:
    house = House(TWICE, writes="run")
    house.programs.prints = {"pods": "p" * 9000, "a": "a" * 200, "events": "```\n*e*\n```" + "e" * 9000}
    said = response(await house.ask("/twice"))
    fences = said.text.split("```")[1::2]
    assert len(fences) == 3
    assert sum(map(len, fences)) <= 3000 + 2 * 3
    assert "a" * 200 in said.text


async def test_in_arabic(house: House) -> None:
    house.language = Language.ARABIC
    said = response(await house.decide(waiting(await house.ask("أعد تشغيل الواجهة في staging"))))
    assert said.text.startswith("أعد تشغيل الواجهة: تم")
    assert house.programs.ran[1] == ("kubectl", "-n", "staging", "rollout", "restart", "deploy/api")


async def test_a_runbook_of_a_context_runs_there_and_goes_on_there() -> None:
    prod = Context(name="prod", namespace="shop")
    house = House(replace(TWICE, context=prod))
    waits = waiting(await house.ask("/twice"))
    assert waits.asks[0].proposal.target == {"place": "prod"}
    waits = waiting(await house.decide(waits))
    assert waits.asks[0].proposal.target == {"place": "prod"}
    assert [ran.argv[-1] for ran in house.scope.record.ran] == ["a"]


async def test_an_undo_that_would_never_run_is_not_shown() -> None:
    steps = (Step("one", ("kubectl", "restart", "a"), undo=("sh", "-c", "id"), dry_run=("kubectl", "get", "a")),)
    (asked,) = waiting(await House(replace(TWICE, steps=steps)).ask("/twice")).asks
    assert (asked.proposal.undo, asked.proposal.dry_run) == ((), ("kubectl", "get", "a"))


async def test_a_next_step_is_asked_with_the_values(house: House) -> None:
    offers = (Offer("Logs", text="logs of {deploy}"), Offer("Long", text="{deploy} " * 20))
    house = House(replace(SCALE, actions=offers), writes="run")
    said = response(await house.ask("scale web-server-with-a-name to 3"))
    assert [action.id for action in said.actions] == ["say:logs of web-server-with-a-name"]


@pytest.mark.parametrize("text", ["exit code 7", "exit code 7\n"])
async def test_what_a_program_prints_is_not_its_exit(text: str) -> None:
    house = House(TWICE, writes="run")
    house.programs.prints["a"] = text
    assert response(await house.ask("/twice")).status is Status.OK
