"""A call waits for people: the right one decides, once, about exactly what runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aof.domain.errors import StoreBusy
from aof.simulator import PhoneSettings, Settings
from aof.tools.base import Result
from tests.e2e.acting import Doer
from tests.e2e.world import LEAD, ON_CALL, World, world

BOSS = "+15550003003"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "roles": ["on-call"]},
    {"name": "Omar", "whatsapp": LEAD, "roles": ["lead"]},
    {"name": "Boss", "whatsapp": BOSS, "roles": ["lead", "boss"]},
]


@asynccontextmanager
async def acting(folder: Path, doer: Doer, *, greeted: tuple[str, ...] = (LEAD,), **spec: Any) -> AsyncIterator[World]:
    """A daemon with an agent that acts; those who are greeted have written here before."""
    whatsapp = {"allow_everyone": True, "safety": {"read_only": False}, **spec.pop("whatsapp", {})}
    spec = {"people": PEOPLE, "approval": {"allowed_users": ["@lead"]}, **spec}
    phones = tuple(PhoneSettings(str(person["name"]), str(person["whatsapp"])) for person in PEOPLE)
    settings = Settings(phones=phones)
    async with world(folder, agent=lambda _: doer, settings=settings, whatsapp=whatsapp, **spec) as made:
        doer.gate = made.daemon.acting.gate
        for number in greeted:
            await made.phone(number).types("/status")
            await made.phone(number).next()
        yield made


@pytest.fixture
def doer() -> Doer:
    return Doer()


async def restarted(made: World, doer: Doer) -> None:
    await made.restart()
    doer.gate = made.daemon.acting.gate


async def test_a_change_runs_once_the_right_person_has_approved_it(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("restart api")
        waiting = await aof.on_call.next()
        assert "needs an approval" in waiting["text"]
        assert "Omar" in waiting["text"]
        assert "lever restart api" in waiting["text"]
        card = await aof.lead.next()
        assert "*Amina* asks to run" in card["text"]
        assert "lever restart api" in card["text"]
        assert [button["title"] for button in card["buttons"]] == ["Approve", "Edit", "Deny"]
        assert doer.levers.pulled == []
        await aof.lead.presses(card, "Approve")
        assert "Approved" in (await aof.lead.next())["text"]
        done = await aof.on_call.next()
        assert "Ran" in done["text"]
        assert "approved by Omar" in done["text"]
        assert "pulled restart api" in done["text"]
        assert "Ran" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_look_needs_nobody(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("show api")
        assert "pulled show api" in (await aof.on_call.next())["text"]


async def test_a_denial_runs_nothing_and_says_who(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("remove api")
        await aof.on_call.next()
        card = await aof.lead.next()
        await aof.lead.presses(card, "Deny")
        assert "Denied" in (await aof.lead.next())["text"]
        told = await aof.on_call.next()
        assert "Denied by Omar" in told["text"]
        assert doer.levers.pulled == []


async def test_dangerous_calls_are_refused_and_the_chat_says_so(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("break everything")
        said = await aof.on_call.next()
        assert "Not run" in said["text"]
        assert "lever break everything" in said["text"]
        assert doer.levers.pulled == []


async def test_a_phone_only_reads_unless_a_file_says_otherwise(tmp_path, doer):
    async with acting(tmp_path, doer, whatsapp={"safety": {"read_only": True}}) as aof:
        await aof.on_call.types("restart api")
        said = await aof.on_call.next()
        assert "From WhatsApp I only look" in said["text"]
        assert doer.levers.pulled == []


async def test_where_nobody_else_may_approve_the_call_is_refused_at_once(tmp_path, doer):
    async with acting(tmp_path, doer, approval={"allowed_users": ["Amina"]}) as aof:
        await aof.on_call.types("restart api")
        said = await aof.on_call.next()
        assert "Nobody but you could approve it" in said["text"]
        assert "spec.approval.allowed_users" in said["text"]


async def test_without_a_rule_nobody_may_approve(tmp_path, doer):
    async with acting(tmp_path, doer, approval={}) as aof:
        await aof.on_call.types("restart api")
        assert "spec.approval.allowed_users" in (await aof.on_call.next())["text"]


# -- wrong taps ----------------------------------------------------------------


async def asked(aof: World) -> dict[str, Any]:
    """A question about `restart api`, as the Lead's card."""
    await aof.on_call.types("restart api")
    await aof.on_call.next()
    return await aof.lead.next()


async def refusals(aof: World) -> list[str]:
    return [kind for (kind,) in aof.rows("SELECT kind FROM audit WHERE kind = 'turn_press_refused'")]


async def test_a_second_tap_changes_nothing_and_is_told_who_decided(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Approve")
        await aof.on_call.next()
        await aof.lead.next()
        await aof.lead.next()
        await aof.lead.presses(card, "Deny")
        said = await aof.lead.next()
        assert "Already approved" in said["text"]
        assert "by Omar" in said["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        assert len(await refusals(aof)) == 1


async def test_another_person_can_not_tap_a_card_that_was_not_shown_to_them(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), approval={"allowed_users": ["Omar"]}) as aof:
        card = await asked(aof)
        approve = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        # the same id in another chat, as a hostile client would send it
        for number in (ON_CALL, BOSS):
            await aof.webhook(press_of(aof, number, approve, f"wamid.FORGED{number}"))
            assert "no longer works" in (await aof.phone(number).next())["text"]
        assert doer.levers.pulled == []
        assert (await aof.store.open_approvals())[0].state == "asked"


async def test_what_is_typed_decides_nothing(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        approve = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        for text in (approve, f"button:{approve}", "Approve", "1", "yes"):
            await aof.lead.types(text)
            await aof.lead.next()
        assert doer.levers.pulled == []
        assert (await aof.store.open_approvals())[0].votes == ()


async def test_a_tap_after_the_time_is_over_decides_nothing(tmp_path, doer):
    async with acting(tmp_path, doer, approval={"allowed_users": ["@lead"], "timeout_minutes": 30}) as aof:
        card = await asked(aof)
        aof.clock.advance(21 * 60)
        assert "Still waiting for you" in (await aof.lead.next())["text"]
        aof.clock.advance(10 * 60)
        assert "Nobody decided in time" in (await aof.on_call.next())["text"]
        assert "not decided in time" in (await aof.lead.next())["text"]
        await aof.lead.presses(card, "Approve")
        assert "not decided in time" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == []


async def test_a_card_works_once_after_a_restart(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        await restarted(aof, doer)
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_role_that_was_taken_away_counts_at_the_press(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        aof.config = aof.config.replace('"lead"', '"former"', 1)
        aof.config = aof.config.replace('"@lead"', '"@lead"')
        await restarted(aof, doer)
        await aof.lead.presses(card, "Approve")
        assert "may not decide" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == []
        assert (await aof.store.open_approvals())[0].state == "asked"


async def test_who_asked_may_not_approve(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS)) as aof:
        await aof.lead.types("restart api")
        await aof.lead.next()
        card = await aof.phone(BOSS).next()
        assert "Omar" in card["text"]
        shown = [m for m in await aof.lead.shown() if m["buttons"]]
        assert shown == []
        await aof.lead.types("/approvals")
        listed = await aof.lead.next()
        assert "Open questions: 1" in listed["text"]
        assert [m for m in await aof.lead.shown() if m["buttons"]] == []


async def test_two_people_have_to_approve_where_two_are_needed(tmp_path, doer):
    spec = {"approval": {"allowed_users": ["@lead"], "min_approvers": 2}}
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), **spec) as aof:
        card = await asked(aof)
        other = await aof.phone(BOSS).next()
        await aof.lead.presses(card, "Approve")
        assert "1 of 2" in (await aof.lead.next())["text"]
        await aof.lead.presses(card, "Approve")
        assert "decided about this already" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == []
        await aof.phone(BOSS).presses(other, "Approve")
        assert "approved by Omar, Boss" in (await aof.on_call.next())["text"]


async def test_who_asked_may_approve_where_a_file_says_so(tmp_path, doer):
    spec = {"approval": {"allowed_users": ["@lead"], "allow_self_approval": ["write"]}}
    async with acting(tmp_path, doer, **spec) as aof:
        await aof.lead.types("restart api")
        card = next(m for m in [await aof.lead.next(), await aof.lead.next()] if m["buttons"])
        await aof.lead.presses(card, "Approve")
        texts = [(await aof.lead.next())["text"], (await aof.lead.next())["text"]]
        assert any("pulled restart api" in text for text in texts)


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


def press_of(aof: World, number: str, action_id: str, event_id: str) -> bytes:
    """A tap as the platform would tell it, of somebody who was never shown it."""
    import json

    message = {
        "from": number.removeprefix("+"),
        "id": event_id,
        "timestamp": str(int(aof.clock.now().timestamp())),
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": action_id, "title": "Approve"}},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": aof.simulator.settings.phone_number_id},
        "contacts": [{"profile": {"name": "x"}, "wa_id": number.removeprefix("+")}],
        "messages": [message],
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    return json.dumps(body).encode()
