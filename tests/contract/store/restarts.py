"""A daemon that dies at any arrow of an approval: what was decided stands, and nothing begins twice."""

import pytest

from tests.contract.store.asking import (
    ADA,
    BEN,
    CYD,
    RUN,
    ask,
    asks,
    in_inbox,
    kinds,
    one_of,
    pausing,
    resumed,
    row_of,
    says,
    sent_cards,
    step_of,
)
from tests.contract.store.home import AuditedStore, Home, at

ARROWS = ("asked", "voted", "approved", "leased", "claimed", "ended", "paused again", "denied", "finished")


class Restarts:
    @pytest.mark.parametrize("arrow", ARROWS)
    async def test_a_run_goes_on_from_where_the_daemon_died(self, store: AuditedStore, home: Home, arrow: str) -> None:
        async def dies(at_arrow: str) -> AuditedStore:
            if at_arrow != arrow:
                return store
            await store.close()
            return await home.open()

        asked = asks(needed=2)
        await ask(store, asked)
        store = await dies("asked")
        assert (await says(store, ADA)).counted
        store = await dies("voted")
        assert (await says(store, ADA)).counted, "the same event, once more"
        assert (await says(store, BEN, seconds=2)).decided
        store = await dies("approved")
        assert await in_inbox(home) == [f"run:{RUN}:1"]
        await one_of(store, f"run:{RUN}:1", 3)
        store = await dies("leased")
        begun = step_of(asked, 4)
        assert await store.claim(begun, approval="a1", now=at(4))
        store = await dies("claimed")
        left = await store.settle_unknown(now=at(5))
        assert not await store.claim(begun, approval="a1", now=at(6)), "whatever became of it, it begins once"
        if arrow == "claimed":
            # a daemon calls this when nothing of its own runs yet
            assert [(step.call, step.state, step.ended_at) for step in left] == [("c1", "unknown", at(5))]
        await store.end_step(RUN, "c1", "done", "restarted", now=at(6))
        store = await dies("ended")
        assert (await row_of(store)).state == "unknown", "a step that was given up stays so"
        again = await one_of(store, f"run:{RUN}:1", 66)
        await store.finish(again, pausing(asks("a2", "c2", seconds=66), resumes=RUN), now=at(67))
        store = await dies("paused again")
        assert (await says(store, CYD, "deny", id_="a2", seconds=68)).decided
        store = await dies("denied")
        await resumed(store, 69)
        store = await dies("finished")
        assert await in_inbox(home) == [f"run:{RUN}:1", f"run:{RUN}:2"]
        run = await store.run_of(RUN)
        assert run is not None
        assert (run.state, run.history, [row.state for row in run.approvals]) == ("finished", "", ["denied"])
        assert len(await sent_cards(store, 70)) == 4
        assert await store.check() == []

    async def test_a_call_that_has_ended_is_not_unknown(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store)
        await store.claim(step_of(asks()), approval="a1", now=at(2))
        await store.end_step(RUN, "c1", "failed", "no such deployment", now=at(3))
        await store.close()
        store = await home.open()
        assert await store.settle_unknown(now=at(4)) == []
        step = await store.step(RUN, "c1")
        assert step is not None
        assert (step.state, step.result) == ("failed", "no such deployment")
        assert (await row_of(store)).state == "failed"

    async def test_what_is_unknown_is_written_down(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store)
        await store.claim(step_of(asks()), approval="a1", now=at(2))
        await store.settle_unknown(now=at(3))
        assert (await row_of(store)).state == "unknown"
        assert (await kinds(home))[-2:] == ["step_begun", "step_unknown"]
        assert await store.settle_unknown(now=at(4)) == []
