"""WhatsApp and Telegram at once: one person is the same on both, and decides where they are reached."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.e2e.acting import Doer, restarted
from tests.e2e.both import BOSS, OnTelegram, both, styles
from tests.e2e.flow import ENGLISH, TOKEN, added
from tests.e2e.telegram import AMINA, BOT, FORUM, OMAR
from tests.e2e.world import World


async def asked(aof: World, people: OnTelegram) -> tuple[dict[str, Any], dict[str, Any]]:
    """A question about `restart api` that Amina has asked on WhatsApp: Omar's card there, and on Telegram."""
    await aof.on_call.types("restart api")
    assert (await aof.on_call.next())["text"].count("Omar") == 1, "asked on two accounts, one person"
    return await aof.lead.next(), await people[OMAR].sees("asks to run")


async def test_a_call_asked_on_whatsapp_is_decided_on_telegram(tmp_path: Path, doer: Doer) -> None:
    async with both(tmp_path, doer) as (aof, people):
        on_whatsapp, card = await asked(aof, people)
        assert "lever restart api" in on_whatsapp["text"]
        assert styles(card) == [("Approve", "success"), ("Edit", "plain"), ("Deny", "danger")]
        aof.clock.advance(5)
        await people[OMAR].presses(card, "Approve")
        assert "approved by Omar" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        # what can't be replaced is told once; it may not have been Omar who tapped
        assert "Approved by Omar at" in (await aof.lead.next())["text"]
        decided = await people[OMAR].sees("✅ Approved by Omar")
        assert (decided["id"], decided["buttons"]) == (card["id"], [])
        assert "lever restart api" in decided["text"]
        await aof.idle()
        assert len(await people.side.calls("editMessageText")) == 1
        assert sum("restart api" in message["text"] for message in await aof.lead.shown()) == 2
        # a late tap on the card that stays is told who decided
        await aof.lead.presses(on_whatsapp, "Deny")
        assert "Already approved" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_call_asked_on_telegram_is_decided_on_whatsapp_by_the_rule_of_telegram(
    tmp_path: Path, doer: Doer
) -> None:
    spec = {"approval": {"allowed_users": ["@boss"]}, "telegram": {"approval_allowed_users": ["@lead"]}}
    async with both(tmp_path, doer, greeted=(OMAR, BOSS), **spec) as (aof, people):
        await people[AMINA].types("remove api")
        await people[AMINA].sees("needs an approval")
        card = await aof.lead.next()
        await aof.lead.presses(card, "Deny")
        await people[AMINA].sees("Denied by Omar")
        await people[OMAR].sees("❌ Denied by Omar")
        assert not any("lever" in message["text"] for message in await people[BOSS].shown())
        assert doer.levers.pulled == []


async def test_who_asked_or_is_not_named_decides_on_no_account(tmp_path: Path, doer: Doer) -> None:
    approval = {"allowed_users": ["@lead", "@on-call"]}
    async with both(tmp_path, doer, greeted=(AMINA, OMAR, BOSS), approval=approval) as (aof, people):
        _, card = await asked(aof, people)
        approve = next(button["id"] for button in card["buttons"] if button["title"] == "Approve")
        assert not any("asks to run" in message["text"] for message in await people[AMINA].shown())
        for who in (AMINA, BOSS):
            # a tap on what was not shown in that chat, as a hostile client would make it
            await people.tapped(who, approve)
        await people[AMINA].sees("no longer works")
        await people[BOSS].sees("لم يعد")
        await people[AMINA].types("/approvals")
        await people[AMINA].sees("Open questions: 1")
        assert await people[AMINA].offered() == []
        assert doer.levers.pulled == []
        (row,) = await aof.store.open_approvals()
        assert row.votes == ()


async def test_one_person_is_one_vote_on_both_accounts(tmp_path: Path, doer: Doer) -> None:
    spec = {"approval": {"allowed_users": ["@lead", "@boss"], "min_approvers": 2}}
    async with both(tmp_path, doer, greeted=(OMAR, BOSS), **spec) as (aof, people):
        first, card = await asked(aof, people)
        await aof.lead.presses(first, "Approve")
        assert "1 of 2" in (await aof.lead.next())["text"]
        aof.clock.advance(5)
        await people[OMAR].presses(card, "Approve")
        await people[OMAR].sees("decided about this already")
        assert doer.levers.pulled == []
        await people[BOSS].presses(await people[BOSS].sees("يطلب"), "موافقة")
        assert "approved by Omar, Boss" in (await aof.on_call.next())["text"]
        assert "Omar, Boss" in (await people[BOSS].sees("✅ وافق عليه"))["text"]
        await people[OMAR].sees("✅ Approved by Omar, Boss")


async def test_one_person_with_two_accounts_is_not_two(tmp_path: Path, doer: Doer) -> None:
    spec = {"approval": {"allowed_users": ["@lead"], "min_approvers": 2}}
    async with both(tmp_path, doer, **spec) as (aof, _):
        await aof.on_call.types("restart api")
        assert "It needs 2 people, and only Omar can be asked." in (await aof.on_call.next())["text"]


async def test_a_card_is_decided_on_telegram_after_a_restart(tmp_path: Path, doer: Doer) -> None:
    async with both(tmp_path, doer) as (aof, people):
        _, card = await asked(aof, people)
        await aof.stop()
        # while the daemon is away
        await people[OMAR].presses(card, "Deny")
        await aof.start()
        await restarted(aof, doer)
        assert "Denied by Omar" in (await aof.on_call.next())["text"]
        assert (await people[OMAR].sees("❌ Denied by Omar"))["id"] == card["id"]
        assert doer.levers.pulled == []


async def test_what_nobody_decides_and_what_is_withdrawn_stands_on_the_cards(tmp_path: Path, doer: Doer) -> None:
    async with both(tmp_path, doer) as (aof, people):
        _, card = await asked(aof, people)
        aof.clock.advance(21 * 60)
        again = await people[OMAR].sees("Still waiting for you")
        aof.clock.advance(10 * 60)
        await people[OMAR].sees("ℹ️ Not decided in time")
        await aof.on_call.next()
        await aof.idle()
        for shown in (card, again):
            assert "Not decided in time" in (await people[OMAR].phone.message(shown["id"]))["text"]
        await aof.on_call.types("remove api")
        await aof.on_call.next()
        await people[OMAR].sees("lever remove api")
        await aof.on_call.types("/cancel")
        await people[OMAR].sees("ℹ️ Withdrawn")
        assert await people[OMAR].offered() == []


async def test_what_is_chosen_on_one_platform_holds_on_the_other(tmp_path: Path, doer: Doer) -> None:
    context = {"apiVersion": "aof.dev/v1", "kind": "Context", "metadata": {"name": "lab"}, "spec": {}}
    (tmp_path / "contexts").mkdir()
    (tmp_path / "contexts" / "lab.yaml").write_text(json.dumps(context))
    async with both(tmp_path, doer, greeted=(), contexts={"directory": "contexts"}) as (aof, people):
        await aof.on_call.types("/context lab")
        await aof.on_call.next()
        await people[AMINA].types("show api")
        assert "lab" in (await people[AMINA].sees("pulled show api"))["text"]
        await people[OMAR].types("show db")
        assert "lab" not in (await people[OMAR].sees("pulled show db"))["text"]


async def test_stop_holds_for_one_account_and_a_suspension_for_the_person(tmp_path: Path, doer: Doer) -> None:
    async with both(tmp_path, doer) as (aof, people):
        await aof.lead.types("STOP")
        await aof.lead.next()
        await aof.on_call.types("restart api")
        assert "Asked: Omar" in (await aof.on_call.next())["text"]
        await people[OMAR].sees("asks to run")
        await aof.idle()
        assert not any("asks to run" in message["text"] for message in await aof.lead.shown())
        await aof.store.suspend("Omar", by="test", now=aof.clock.now())
        was_shown = len(await people[OMAR].shown()), len(await aof.lead.shown())
        await people[OMAR].types("show api")
        await aof.lead.types("show api")
        await aof.on_call.types("/cancel")
        await aof.on_call.next()
        await aof.on_call.types("restart db")
        assert "Nobody" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert (len(await people[OMAR].shown()), len(await aof.lead.shown())) == was_shown
        assert len(doer.turns) == 2, "both of them Amina's"


async def test_who_was_sent_away_meanwhile_is_told_nothing(tmp_path: Path, doer: Doer) -> None:
    approval = {"allowed_users": ["@lead", "@boss"]}
    async with both(tmp_path, doer, greeted=(BOSS,), approval=approval) as (aof, people):
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        await aof.lead.next()
        await aof.store.suspend("Omar", by="test", now=aof.clock.now())
        await people[BOSS].presses(await people[BOSS].sees("lever restart api"), "موافقة")
        assert "approved by Boss" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert aof.rows("SELECT part FROM outbox WHERE state = 'held'") == []


async def test_who_changed_it_on_one_platform_may_not_approve_it_on_the_other(tmp_path: Path, doer: Doer) -> None:
    approval = {"allowed_users": ["@lead", "@boss"]}
    async with both(tmp_path, doer, greeted=(OMAR, BOSS), approval=approval) as (aof, people):
        card, on_telegram = await asked(aof, people)
        await aof.lead.presses(card, "Edit")
        await aof.lead.next()
        await aof.lead.types("lever restart db")
        assert "Changed" in (await aof.lead.next())["text"]
        assert (await people[OMAR].sees("ℹ️ Changed by Omar"))["id"] == on_telegram["id"]
        await people[OMAR].types("/approvals")
        await people[OMAR].sees("Open questions: 1")
        assert await people[OMAR].offered() == []
        await people[BOSS].presses(await people[BOSS].sees("lever restart db"), "موافقة")
        await aof.on_call.next()
        assert "approved by Boss" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "db")]


async def test_in_order_a_person_with_two_accounts_is_one_step(tmp_path: Path, doer: Doer) -> None:
    approval = {"allowed_users": ["Omar", "Boss"], "ask_in_order": True}
    async with both(tmp_path, doer, greeted=(OMAR, BOSS), approval=approval) as (aof, people):
        await aof.on_call.types("restart api")
        waiting = (await aof.on_call.next())["text"]
        assert "Asked: Omar (" in waiting
        assert "I ask Boss too" in waiting
        await people[OMAR].sees("asks to run")
        await aof.lead.next()
        await aof.idle()
        assert not any("lever" in message["text"] for message in await people[BOSS].shown())
        aof.clock.advance(21 * 60)
        await people[BOSS].presses(await people[BOSS].sees("lever restart api"), "موافقة")
        await people[BOSS].sees("✅ وافق عليه")
        await aof.idle()
        assert doer.levers.pulled == [("lever", "restart", "api")]
        assert await people[OMAR].offered() == []


async def test_cards_of_the_operator_flow_say_what_became_of_them(tmp_path: Path, doer: Doer) -> None:
    flow = {"operators": ["Omar", "Boss"], "platform": "telegram", "api_token_env": "AOF_OPERATOR_API_TOKEN"}
    spec = {"operator": flow, "environ": {"AOF_OPERATOR_API_TOKEN": TOKEN}}
    async with both(tmp_path, doer, greeted=(OMAR, BOSS), **spec) as (aof, people):
        await added(aof, ENGLISH)
        card, others = await people[OMAR].sees("Renew the contract"), await people[BOSS].sees("Renew the contract")
        assert [style for _, style in styles(card)] == ["success", "plain", "plain"]
        aof.clock.advance(5)
        await people[OMAR].presses(card, "Message")
        draft = await people[OMAR].sees("Hello Layla")
        assert [style for _, style in styles(draft)] == ["success", "plain", "danger"]
        decided = await people[OMAR].sees("asked for a draft")
        assert (decided["id"], decided["buttons"]) == (card["id"], [])
        # in place of the card and not besides: nobody reads it twice
        in_arabic = await people[BOSS].sees("طلب مسودة")
        assert (in_arabic["id"], in_arabic["buttons"]) == (others["id"], [])
        aof.clock.advance(5)
        await people[OMAR].presses(draft, "Cancel")
        cancelled = await people[OMAR].sees("cancelled the draft")
        assert (cancelled["id"], cancelled["buttons"]) == (draft["id"], [])
        assert "Hello Layla" in cancelled["text"]


# -- while a run takes long ----------------------------------------------------


async def test_a_long_run_shows_what_it_does_and_its_stop_button_stops_it(tmp_path: Path, doer: Doer) -> None:
    doer.levers.may_end = asyncio.Event()
    async with both(tmp_path, doer, greeted=()) as (aof, people):
        await people[AMINA].types("show api")
        await doer.levers.began.wait()
        aof.clock.advance(4)
        draft = await people.asked_for("sendMessageDraft")
        assert draft["text"] == "⏳ Running: lever show api · 0 s"
        assert [one["text"] for one in (await people[AMINA].phone.state())["drafts"]] == [draft["text"]]
        await people[AMINA].phone.does("stop")
        await people[AMINA].sees("Stopped")
        assert (await people[AMINA].phone.state())["drafts"] == []


async def test_in_a_group_progress_is_one_message_that_is_gone_with_the_answer(tmp_path: Path, doer: Doer) -> None:
    doer.levers.may_end = asyncio.Event()
    listed = {"allowed_groups": [FORUM]}
    async with both(tmp_path, doer, greeted=(), telegram=listed) as (aof, people):
        await people.side.posts(FORUM, AMINA, f"@{BOT} show api")
        await doer.levers.began.wait()
        aof.clock.advance(11)
        assert (await people.asked_for("sendMessage"))["text"] == "⏳ Running: lever show api · 0 s"
        doer.levers.may_end.set()
        await people.asked_for("deleteMessage")
        await aof.idle()
        there = [message["text"] for message in await people.side.group(FORUM) if not message["deleted"]]
        assert there == ["pulled show api"]


async def test_the_menu_of_commands_is_published(tmp_path: Path, doer: Doer) -> None:
    async with both(tmp_path, doer, greeted=()) as (_, people):
        for _ in range(2):
            await people.asked_for("setMyCommands")
        menu = {one["command"]: one["description"] for one in (await people[AMINA].phone.state())["menu"]}
        assert {"help", "approvals", "cancel", "killswitch"} <= menu.keys()
        assert all(menu.values())
