"""A call that waits is changed, asked about, withdrawn and cut short; what runs is told as it was."""

import asyncio
from typing import Any

import pytest

from aof.domain.errors import StoreBusy
from aof.tools.base import Result
from tests.e2e.acting import BOSS, acting, asked, restarted
from tests.e2e.world import LEAD

# -- a changed command ----------------------------------------------------------------


async def test_an_approver_changes_the_command_and_another_one_approves_it(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS)) as aof:
        card = await asked(aof)
        await aof.phone(BOSS).next()
        await aof.lead.presses(card, "Edit")
        assert "lever restart api" in (await aof.lead.next())["text"]
        await aof.lead.types("lever restart api —now")
        assert "Changed" in (await aof.lead.next())["text"]
        assert "Omar changed your command" in (await aof.on_call.next())["text"]
        anew = await aof.phone(BOSS).next()
        assert "lever restart api --now" in anew["text"]
        assert "Before it was" in anew["text"]
        await aof.lead.presses(card, "Approve")
        assert "changed; the new card counts" in (await aof.lead.next())["text"]
        await aof.phone(BOSS).presses(anew, "Approve")
        assert "pulled restart api --now" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api", "--now")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("break everything", "Not run"),
        ("'restart api", "the quotes do not match"),
        ("lever restart api", "it is the same command"),
        ("lever restart db", "nobody but you could approve your change"),
    ],
)
async def test_a_change_that_can_not_be_taken_leaves_the_question_open(tmp_path, doer, typed, said):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Edit")
        await aof.lead.next()
        await aof.lead.types(typed)
        answer = (await aof.lead.next())["text"]
        assert "Not changed" in answer
        assert said in answer
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]


# -- questions, lists, switches ----------------------------------------------------------------


async def test_why_decides_nothing(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.lead.sends(text="is it safe?", quoted_id=card["id"])
        said = await aof.lead.next()
        assert "Nothing is decided" in said["text"]
        assert "it is slow" in said["text"]
        again = await aof.lead.next()
        assert [button["title"] for button in again["buttons"]] == ["Approve", "Edit", "Deny"]
        await aof.lead.types("why")
        assert "Nothing is decided" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == []


async def test_open_questions_are_shown_again(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await asked(aof)
        await aof.lead.types("/approvals")
        both = [await aof.lead.next(), await aof.lead.next()]
        card = next(message for message in both if message["buttons"])
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]


async def test_who_asked_withdraws_it(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.on_call.types("/cancel")
        assert "Withdrawn: 1" in (await aof.on_call.next())["text"]
        assert "withdrawn" in (await aof.lead.next())["text"]
        await aof.lead.presses(card, "Approve")
        assert "withdrawn" in (await aof.lead.next())["text"]
        await aof.idle()
        assert doer.levers.pulled == []


async def test_the_kill_switch_ends_everything_and_only_an_approver_lifts_it(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.on_call.types("/killswitch")
        texts = [(await aof.on_call.next())["text"], (await aof.on_call.next())["text"]]
        assert any("The kill switch is on" in text for text in texts)
        assert any("Withdrawn" in text for text in texts)
        await aof.lead.next()
        await aof.lead.presses(card, "Approve")
        assert "withdrawn" in (await aof.lead.next())["text"]
        await aof.on_call.types("restart api")
        assert "kill switch is on" in (await aof.on_call.next())["text"]
        await aof.on_call.types("/killswitch off")
        assert "only those who may approve" in (await aof.on_call.next())["text"]
        await aof.lead.types("/killswitch off")
        assert "is off" in (await aof.lead.next())["text"]
        await aof.on_call.types("restart api")
        assert "needs an approval" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == []


async def test_a_message_beside_a_paused_run_is_answered_by_looking_only(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.on_call.types("show api")
        said = await aof.on_call.next()
        assert "pulled show api" in said["text"]
        assert "Waiting for approval: `lever restart api`" in said["text"].replace("```", "`")
        await aof.on_call.types("remove api")
        assert "Not run" in (await aof.on_call.next())["text"]
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]
        assert ("lever", "remove", "api") not in doer.levers.pulled


async def test_a_suspended_approver_decides_nothing(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.store.suspend("Omar", by="admin", now=aof.clock.now())
        await aof.lead.presses(card, "Approve")
        await aof.idle()
        assert doer.levers.pulled == []
        assert (await aof.store.open_approvals())[0].state == "asked"


async def test_suspending_who_asked_ends_the_question(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.store.suspend("Amina", by="admin", now=aof.clock.now())
        await aof.lead.presses(card, "Approve")
        assert "withdrawn" in (await aof.lead.next())["text"]
        await aof.idle()
        assert doer.levers.pulled == []


# -- what runs, and what can't be known ----------------------------------------------------------------


async def test_after_a_failed_step_the_rest_is_not_run(tmp_path, doer):
    doer.levers.results["restart"] = Result("no such thing", failed=True)
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("restart api\nremove api")
        await aof.on_call.next()
        for card in [await aof.lead.next(), await aof.lead.next()]:
            await aof.lead.presses(card, "Approve")
            await aof.lead.next()
        said = (await aof.on_call.next())["text"]
        assert "Failed: `lever restart api`" in said.replace("```", "`")
        assert "an earlier step failed" in said
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_restart_in_the_middle_of_a_step_leaves_it_unknown_and_never_repeats_it(tmp_path, doer):
    doer.levers.may_end = asyncio.Event()
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Approve")
        await doer.levers.began.wait()
        # what runs dies with the daemon, before it could write down what came of it
        for effect in list(aof.daemon.acting.gate._effects):
            effect.cancel()
        await aof.restart()
        doer.gate = aof.daemon.acting.gate
        texts = [(await aof.on_call.next())["text"]]
        if "restarted" in texts[0]:
            texts.append((await aof.on_call.next())["text"])
        assert "can't tell whether" in texts[-1]
        assert "lever show api" in texts[-1]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_another_configuration_of_the_agent_runs_nothing(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        doer.digest = "two"
        await restarted(aof, doer)
        await aof.lead.presses(card, "Approve")
        assert "was changed or removed" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == []


async def test_a_command_that_would_run_otherwise_than_shown_is_not_run(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        plan = doer.levers.plan

        async def other(arguments, scope):
            found = await plan(arguments, scope)
            object.__setattr__(found, "argv", (*found.argv, "--all"))
            return found

        doer.levers.plan = other  # type: ignore[method-assign]
        await aof.lead.presses(card, "Approve")
        said = (await aof.on_call.next())["text"]
        assert "not what was approved" in said
        assert "the command" in said
        assert doer.levers.pulled == []


async def test_a_store_that_is_busy_at_the_press_takes_the_vote_later(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        vote, refused = aof.store.vote, []

        async def busy_once(*args: Any, **kwargs: Any) -> Any:
            if not refused:
                refused.append(1)
                raise StoreBusy("it is full")
            return await vote(*args, **kwargs)

        aof.store.vote = busy_once
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_store_that_is_busy_when_a_step_ends_still_learns_what_came_of_it(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        end_step, refused = aof.store.end_step, []

        async def busy_once(*args: Any, **kwargs: Any) -> Any:
            if not refused:
                refused.append(1)
                raise StoreBusy("it is full")
            return await end_step(*args, **kwargs)

        aof.store.end_step = busy_once
        await aof.lead.presses(card, "Approve")
        assert "Ran" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        assert aof.rows("SELECT state FROM step") == [("done",)]
