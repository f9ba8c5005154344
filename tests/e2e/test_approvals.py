"""A call waits for people: the right one decides, once, about exactly what runs."""

from tests.e2e.acting import BOSS, acting, asked, press_of, restarted
from tests.e2e.world import LEAD, ON_CALL, World


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


async def test_where_two_are_needed_and_one_can_be_asked_the_sentence_says_so(tmp_path, doer):
    async with acting(tmp_path, doer, approval={"allowed_users": ["@lead"], "min_approvers": 2}) as aof:
        await aof.on_call.types("restart api")
        said = (await aof.on_call.next())["text"]
        assert "It needs 2 people, and only Omar can be asked." in said
        assert "names more approvers under spec.approval.allowed_users" in said
        assert "or lowers min_approvers" in said
        assert "Nobody" not in said


async def test_without_a_rule_nobody_may_approve(tmp_path, doer):
    async with acting(tmp_path, doer, approval={}) as aof:
        await aof.on_call.types("restart api")
        assert "spec.approval.allowed_users" in (await aof.on_call.next())["text"]


# -- wrong taps ----------------------------------------------------------------


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
