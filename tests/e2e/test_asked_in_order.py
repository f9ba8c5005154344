"""`ask_in_order`: one entry of the list after another is asked, and nothing lapses in silence."""

from pathlib import Path

from tests.e2e.acting import BOSS, Doer, acting, asked
from tests.e2e.world import LEAD

IN_ORDER = {"allowed_users": ["Omar", "Boss"], "ask_in_order": True, "timeout_minutes": 30}
GREETED = (LEAD, BOSS)


async def test_the_next_is_asked_at_two_thirds_and_whoever_asked_reads_so(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer, greeted=GREETED, approval=IN_ORDER) as aof:
        await aof.on_call.types("restart api")
        told = (await aof.on_call.next())["text"]
        assert "Asked: Omar (30 min)" in told
        assert "If nobody has decided in 20 min, I ask Boss too." in told
        await aof.lead.next()
        await aof.idle()
        assert [shown for shown in await aof.phone(BOSS).shown() if shown["buttons"]] == []
        aof.clock.advance(20 * 60 + 1)
        card = await aof.phone(BOSS).next()
        assert "Not decided yet. Asked before you: Omar." in card["text"]
        assert "Still waiting for you" in (await aof.lead.next())["text"]
        told = (await aof.on_call.next())["text"]
        assert "Nobody has decided yet. Asked: Omar; now Boss too:" in told
        assert "lever restart api" in told
        await aof.phone(BOSS).presses(card, "Approve")
        assert "approved by Boss" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_a_question_that_nobody_decides_ends_before_all_who_were_asked(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer, greeted=GREETED, approval=IN_ORDER) as aof:
        await asked(aof)
        aof.clock.advance(20 * 60 + 1)
        assert "Asked before you" in (await aof.phone(BOSS).next())["text"]
        await aof.lead.next()
        await aof.on_call.next()
        aof.clock.advance(10 * 60)
        assert "Nobody decided in time" in (await aof.on_call.next())["text"]
        for phone in (aof.lead, aof.phone(BOSS)):
            assert "not decided in time" in (await phone.next())["text"]
        assert doer.levers.pulled == []


async def test_the_order_is_no_authority(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer, greeted=GREETED, approval=IN_ORDER) as aof:
        await asked(aof)
        await aof.phone(BOSS).types("/approvals")
        shown = [await aof.phone(BOSS).next(), await aof.phone(BOSS).next()]
        await aof.phone(BOSS).presses(next(one for one in shown if one["buttons"]), "Approve")
        assert "approved by Boss" in (await aof.on_call.next())["text"]


async def test_whoever_comes_later_and_is_decided_about_before_is_not_asked(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer, greeted=GREETED, approval=IN_ORDER) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Deny")
        assert "Denied by Omar" in (await aof.on_call.next())["text"]
        aof.clock.advance(3600)
        await aof.phone(BOSS).types("/status")
        await aof.phone(BOSS).next()
        assert [shown for shown in await aof.phone(BOSS).shown() if "lever" in shown["text"]] == []


async def test_where_the_first_can_not_be_asked_the_next_is_asked_at_once(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer, greeted=(BOSS,), approval=IN_ORDER) as aof:
        await aof.on_call.types("restart api")
        told = (await aof.on_call.next())["text"]
        assert "Asked: Boss (30 min)" in told
        assert "I ask" not in told


async def test_two_who_are_needed_are_asked_at_once(tmp_path: Path, doer: Doer) -> None:
    approval = {**IN_ORDER, "min_approvers": 2}
    async with acting(tmp_path, doer, greeted=GREETED, approval=approval) as aof:
        await aof.on_call.types("restart api")
        assert "Asked: Omar, Boss (30 min)" in (await aof.on_call.next())["text"]
