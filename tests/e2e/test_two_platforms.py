"""WhatsApp and a second platform at once: one person is the same on both, and decides where they are reached."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import beside
from tests.e2e.acting import Doer, acting, restarted
from tests.e2e.beside import Beside, Chats
from tests.e2e.flow import ENGLISH, TOKEN, added
from tests.e2e.world import LEAD, ON_CALL, World

AMINA, OMAR, BOSS, STRANGER = "55501", "55502", "55503", "55599"
PEOPLE = [
    {"name": "Amina", "whatsapp": ON_CALL, "telegram": AMINA, "roles": ["on-call"], "language": "en"},
    {"name": "Omar", "whatsapp": LEAD, "telegram": OMAR, "roles": ["lead"]},
    {"name": "Boss", "telegram": BOSS, "roles": ["boss"], "language": "ar"},
]


@pytest.fixture
def chats(monkeypatch: pytest.MonkeyPatch) -> Chats:
    return beside.install(monkeypatch)


@asynccontextmanager
async def both(
    folder: Path, doer: Doer, chats: Chats, *, greeted: tuple[str, ...] = (OMAR,), **spec: Any
) -> AsyncIterator[tuple[World, dict[str, Beside]]]:
    """A daemon on both platforms; whoever is greeted has written on the second one before."""
    other = {"allowed_users": [AMINA, OMAR, BOSS], "safety": {"read_only": False}, **spec.pop("other", {})}
    async with acting(folder, doer, people=PEOPLE, platforms={beside.NAME: other}, **spec) as aof:
        people = {id_: Beside(aof, chats, id_) for id_ in (AMINA, OMAR, BOSS, STRANGER)}
        for id_ in greeted:
            await people[id_].types("/status")
            await people[id_].sees("aof")
        yield aof, people


async def test_a_call_asked_on_whatsapp_is_decided_on_the_other_platform(
    tmp_path: Path, doer: Doer, chats: Chats
) -> None:
    async with both(tmp_path, doer, chats) as (aof, people):
        await aof.on_call.types("restart api")
        waiting = await aof.on_call.next()
        assert waiting["text"].count("Omar") == 1, "asked on two accounts, one person"
        card = await people[OMAR].sees("asks to run")
        on_whatsapp = await aof.lead.next()
        assert "lever restart api" in on_whatsapp["text"]
        assert [(title, style) for title, _, style in card["choices"]] == [
            ("Approve", "good"), ("Edit", "plain"), ("Deny", "danger")
        ]  # fmt: skip
        await people[OMAR].presses(card, "Approve")
        assert "approved by Omar" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        # what can't be replaced is told once; it may not have been Omar who tapped
        assert "Approved by Omar at" in (await aof.lead.next())["text"]
        decided = await people[OMAR].sees("✅ Approved by Omar")
        assert decided["id"] == card["id"]
        assert "lever restart api" in decided["text"]
        assert decided["choices"] == []
        await aof.idle()
        assert len(chats.edits) == 1
        assert sum("restart api" in message["text"] for message in await aof.lead.shown()) == 2
        # a late tap on the card that stays is told who decided
        await aof.lead.presses(on_whatsapp, "Deny")
        assert "Already approved" in (await aof.lead.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_who_asked_or_is_not_named_decides_on_no_account(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    approval = {"allowed_users": ["@lead", "@on-call"]}
    async with both(tmp_path, doer, chats, greeted=(AMINA, OMAR, BOSS), approval=approval) as (aof, people):
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        card = await people[OMAR].sees("asks to run")
        approve = next(id_ for title, id_, _ in card["choices"] if title == "Approve")
        assert not any("asks to run" in message["text"] for message in people[AMINA].shown())
        for who in (AMINA, BOSS):
            # shown the card in their own chat, as a forged one would be
            await people[who].says({"kind": "press", "action_id": approve, "title": "Approve", "form": "callback"})
        await people[AMINA].sees("no longer works")
        await people[AMINA].types("/approvals")
        await people[AMINA].sees("Open questions: 1")
        await people[BOSS].sees("لم يعد")
        assert doer.levers.pulled == []
        (row,) = await aof.store.open_approvals()
        assert row.votes == ()


async def test_one_person_is_one_vote_on_both_accounts(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    spec = {"approval": {"allowed_users": ["@lead", "@boss"], "min_approvers": 2}}
    async with both(tmp_path, doer, chats, greeted=(OMAR, BOSS), **spec) as (aof, people):
        await aof.on_call.types("restart api")
        assert "needs 2 approvals" in (await aof.on_call.next())["text"]
        first, card = await aof.lead.next(), await people[OMAR].sees("asks to run")
        await aof.lead.presses(first, "Approve")
        assert "1 of 2" in (await aof.lead.next())["text"]
        await people[OMAR].presses(card, "Approve")
        await people[OMAR].sees("decided about this already")
        assert doer.levers.pulled == []
        in_arabic = await people[BOSS].sees("يطلب")
        await people[BOSS].presses(in_arabic, "موافقة")
        assert "approved by Omar, Boss" in (await aof.on_call.next())["text"]
        assert "Omar, Boss" in (await people[BOSS].sees("✅ وافق عليه"))["text"]
        assert "✅ Approved by Omar, Boss" in (await people[OMAR].sees("Approved by"))["text"]


async def test_two_are_not_one_person_with_two_accounts(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    spec = {"approval": {"allowed_users": ["@lead"], "min_approvers": 2}}
    async with both(tmp_path, doer, chats, **spec) as (aof, _):
        await aof.on_call.types("restart api")
        assert "It needs 2 people, and only Omar can be asked." in (await aof.on_call.next())["text"]


async def test_a_card_is_decided_on_the_other_platform_after_a_restart(
    tmp_path: Path, doer: Doer, chats: Chats
) -> None:
    async with both(tmp_path, doer, chats) as (aof, people):
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        card = await people[OMAR].sees("asks to run")
        await restarted(aof, doer)
        await people[OMAR].presses(card, "Deny")
        assert "Denied by Omar" in (await aof.on_call.next())["text"]
        assert (await people[OMAR].sees("❌ Denied by Omar"))["id"] == card["id"]
        assert doer.levers.pulled == []


async def test_what_nobody_decides_and_what_is_withdrawn_stands_on_the_cards(
    tmp_path: Path, doer: Doer, chats: Chats
) -> None:
    async with both(tmp_path, doer, chats) as (aof, people):
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        card = await people[OMAR].sees("asks to run")
        aof.clock.advance(21 * 60)
        again = await people[OMAR].sees("Still waiting for you")
        aof.clock.advance(10 * 60)
        assert (await people[OMAR].sees("ℹ️ Not decided in time"))["id"] in {card["id"], again["id"]}
        await aof.on_call.next()
        await aof.idle()
        assert {edit.message_id for edit in chats.edits} == {card["id"], again["id"]}
        await aof.on_call.types("remove api")
        await aof.on_call.next()
        await people[OMAR].sees("lever remove api")
        await aof.on_call.types("/cancel")
        await people[OMAR].sees("ℹ️ Withdrawn")


async def test_what_is_chosen_on_one_platform_holds_on_the_other(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    context = {"apiVersion": "aof.dev/v1", "kind": "Context", "metadata": {"name": "lab"}, "spec": {}}
    (tmp_path / "contexts").mkdir()
    (tmp_path / "contexts" / "lab.yaml").write_text(json.dumps(context))
    spec = {"contexts": {"directory": "contexts"}}
    async with both(tmp_path, doer, chats, greeted=(), **spec) as (aof, people):
        await aof.on_call.types("/context lab")
        await aof.on_call.next()
        await people[AMINA].types("show api")
        assert "lab" in (await people[AMINA].sees("pulled show api"))["text"]
        await people[OMAR].types("show db")
        assert "lab" not in (await people[OMAR].sees("pulled show db"))["text"]


async def test_stop_holds_for_one_account_and_a_suspension_for_the_person(
    tmp_path: Path, doer: Doer, chats: Chats
) -> None:
    async with both(tmp_path, doer, chats) as (aof, people):
        await aof.lead.types("STOP")
        await aof.lead.next()
        await aof.on_call.types("restart api")
        assert "Asked: Omar" in (await aof.on_call.next())["text"]
        await people[OMAR].sees("asks to run")
        await aof.idle()
        assert not any("asks to run" in message["text"] for message in await aof.lead.shown())
        await aof.store.suspend("Omar", by="test", now=aof.clock.now())
        was_shown = len(people[OMAR].shown()), len(await aof.lead.shown())
        await people[OMAR].types("show api")
        await aof.lead.types("show api")
        await aof.on_call.types("/cancel")
        await aof.on_call.next()
        await aof.on_call.types("restart db")
        assert "Nobody" in (await aof.on_call.next())["text"]
        await aof.idle()
        assert (len(people[OMAR].shown()), len(await aof.lead.shown())) == was_shown
        assert len(doer.turns) == 2, "both of them Amina's"


async def test_who_changed_it_on_one_platform_may_not_approve_it_on_the_other(
    tmp_path: Path, doer: Doer, chats: Chats
) -> None:
    approval = {"allowed_users": ["@lead", "@boss"]}
    async with both(tmp_path, doer, chats, greeted=(OMAR, BOSS), approval=approval) as (aof, people):
        await aof.on_call.types("restart api")
        await aof.on_call.next()
        card = await aof.lead.next()
        on_the_other = await people[OMAR].sees("asks to run")
        await aof.lead.presses(card, "Edit")
        await aof.lead.next()
        await aof.lead.types("lever restart db")
        assert "Changed" in (await aof.lead.next())["text"]
        assert (await people[OMAR].sees("ℹ️ Changed by Omar"))["id"] == on_the_other["id"]
        await people[OMAR].types("/approvals")
        await people[OMAR].sees("Open questions: 1")
        assert not any(choices for message in people[OMAR].shown() if (choices := message["choices"]))
        await people[BOSS].presses(await people[BOSS].sees("lever restart db"), "موافقة")
        await aof.on_call.next()
        assert "approved by Boss" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "db")]


async def test_in_order_a_person_with_two_accounts_is_one_step(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    approval = {"allowed_users": ["Omar", "Boss"], "ask_in_order": True}
    async with both(tmp_path, doer, chats, greeted=(OMAR, BOSS), approval=approval) as (aof, people):
        await aof.on_call.types("restart api")
        waiting = (await aof.on_call.next())["text"]
        assert "Asked: Omar (" in waiting
        assert "I ask Boss too" in waiting
        await people[OMAR].sees("asks to run")
        await aof.lead.next()
        await aof.idle()
        assert not any("lever" in message["text"] for message in people[BOSS].shown())
        aof.clock.advance(21 * 60)
        card = await people[BOSS].sees("lever restart api")
        await people[BOSS].presses(card, "موافقة")
        await aof.idle()
        assert doer.levers.pulled == [("lever", "restart", "api")]
        assert not any(message["choices"] for message in people[OMAR].shown())


async def test_cards_of_the_operator_flow_say_what_became_of_them(tmp_path: Path, doer: Doer, chats: Chats) -> None:
    flow = {"operators": ["Omar", "Boss"], "platform": beside.NAME, "api_token_env": "AOF_OPERATOR_API_TOKEN"}
    spec = {"operator": flow, "environ": {"AOF_OPERATOR_API_TOKEN": TOKEN}}
    async with both(tmp_path, doer, chats, greeted=(OMAR, BOSS), **spec) as (aof, people):
        await added(aof, ENGLISH)
        card = await people[OMAR].sees("Renew the contract")
        assert [style for _, _, style in card["choices"]] == ["good", "plain", "plain"]
        others = await people[BOSS].sees("Renew the contract")
        await people[OMAR].presses(card, "Message")
        draft = await people[OMAR].sees("Hello Layla")
        assert [style for _, _, style in draft["choices"]] == ["good", "plain", "danger"]
        decided = await people[OMAR].sees("asked for a draft")
        assert (decided["id"], decided["choices"]) == (card["id"], [])
        # in place of the card and not besides: nobody reads it twice
        in_arabic = await people[BOSS].sees("طلب مسودة")
        assert (in_arabic["id"], in_arabic["choices"]) == (others["id"], [])
        await people[OMAR].presses(draft, "Cancel")
        cancelled = await people[OMAR].sees("cancelled the draft")
        assert (cancelled["id"], cancelled["choices"]) == (draft["id"], [])
        assert "Hello Layla" in cancelled["text"]
