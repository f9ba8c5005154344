"""A card whose question is decided before it leaves is not sent, and the outbox says why."""

from pathlib import Path
from typing import Any

from tests.e2e.acting import Doer, acting, restarted
from tests.e2e.world import World


async def held_card(aof: World, doer: Doer) -> tuple[int, str]:
    """A question was asked while nothing could leave; its card's row, and its id."""
    gate = '"hold_on_loopback": '
    aof.config = aof.config.replace('"safety":', f'{gate}true, "safety":')
    await restarted(aof, doer)
    await aof.on_call.types("restart api")

    async def all_held() -> bool:
        return aof.rows("SELECT count(*) FROM outbox WHERE state = 'held'") == [(2,)]

    await aof.until(all_held)
    aof.config = aof.config.replace(f"{gate}true", f"{gate}false")
    await restarted(aof, doer)
    ((seq, id_),) = aof.rows("SELECT seq, question FROM outbox WHERE question IS NOT NULL")
    return seq, id_


async def settled(aof: World, seq: int) -> list[Any]:
    async def so() -> bool:
        return aof.rows("SELECT 1 FROM outbox WHERE seq = ? AND state NOT IN ('held', 'queued', 'sending')", seq) != []

    await aof.until(so)
    return aof.rows("SELECT state, error FROM outbox WHERE seq = ?", seq)


async def test_a_card_that_comes_too_late_is_not_sent(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer) as aof:
        seq, _ = await held_card(aof, doer)
        assert await aof.store.void_all(by="killswitch", now=aof.clock.now()) == 1
        await aof.store.release([seq], by="admin", now=aof.clock.now())
        state = await settled(aof, seq)
        assert state == [("dead", "the question that it asks is void, so it was not sent")]
        assert [shown for shown in await aof.lead.shown() if shown["buttons"]] == []
        (row,) = await aof.store.parts(seqs=[seq])
        assert "is void, so it was not sent" in row.reason


async def test_a_card_whose_question_is_open_still_leaves(tmp_path: Path, doer: Doer) -> None:
    async with acting(tmp_path, doer) as aof:
        seq, _ = await held_card(aof, doer)
        await aof.store.release([seq], by="admin", now=aof.clock.now())
        card = await aof.lead.next()
        await aof.lead.presses(card, "Approve")
        assert "pulled restart api" in (await aof.on_call.next())["text"]
