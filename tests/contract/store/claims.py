"""What is refused once a question is closed, and what may begin, once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from aof.domain.approval import Party, Verdict
from aof.store.approvals import Step
from tests.contract.store.asking import (
    BEN,
    CYD,
    EXPIRES,
    RUN,
    ask,
    asks,
    card,
    in_inbox,
    kinds,
    row_of,
    says,
    sent_cards,
    step_of,
)
from tests.contract.store.home import (
    AuditedStore,
    Home,
    at,
    deliver,
)

Way = Callable[[AuditedStore], Awaitable[object]]


async def _approved(store: AuditedStore) -> None:
    assert (await says(store)).decided


async def _denied(store: AuditedStore) -> None:
    assert (await says(store, BEN, "deny")).decided


async def _superseded(store: AuditedStore) -> None:
    assert await store.supersede("a1", asks("a2", seconds=2), CYD, event="edit", now=at(2)) is not None


async def _voided(store: AuditedStore) -> None:
    assert await store.void_all(by="killswitch", now=at(2)) == 1


async def _lapsed(store: AuditedStore) -> None:
    assert len(await store.lapse(now=at(EXPIRES))) == 1


async def _running(store: AuditedStore) -> None:
    await _approved(store)
    assert await store.claim(step_of(asks()), approval="a1", now=at(2))


async def _done(store: AuditedStore) -> None:
    await _running(store)
    await store.end_step(RUN, "c1", "done", "restarted", now=at(3))


CLOSED: dict[str, Way] = {
    "approved": _approved,
    "denied": _denied,
    "superseded": _superseded,
    "void": _voided,
    "lapsed": _lapsed,
    "running": _running,
    "done": _done,
}


class Refusing:
    @pytest.mark.parametrize("closed", CLOSED)
    async def test_a_vote_on_what_is_not_open(self, store: AuditedStore, home: Home, closed: str) -> None:
        await ask(store, asks())
        await CLOSED[closed](store)
        before, events = await row_of(store), await in_inbox(home)
        assert before.state == closed
        verdicts: tuple[Verdict, ...] = ("approve", "deny")
        for verdict in verdicts:
            voted = await store.vote(
                "a1", Party(key=verdict), verdict, event=f"late {verdict}", note="", now=at(5), use_by=at(305)
            )
            assert (voted.counted, voted.decided, voted.row) == (False, False, before)
        assert await row_of(store) == before
        assert await in_inbox(home) == events
        assert await store.check() == []

    @pytest.mark.parametrize("closed", [name for name in CLOSED if name != "superseded"])
    async def test_another_command_for_what_is_not_open(self, store: AuditedStore, closed: str) -> None:
        await ask(store, asks())
        await CLOSED[closed](store)
        before = await row_of(store)
        assert await store.supersede("a1", asks("a9"), CYD, event="edit", now=at(5)) is None
        assert await row_of(store) == before
        assert await store.approval("a9") is None

    @pytest.mark.parametrize("closed", [name for name in CLOSED if name not in {"approved", "running", "done"}])
    async def test_a_call_that_nobody_let(self, store: AuditedStore, closed: str) -> None:
        await ask(store, asks())
        await CLOSED[closed](store)
        assert not await store.claim(step_of(asks()), approval="a1", now=at(5))
        assert await store.steps_of(RUN) == []
        assert (await row_of(store)).state == closed

    @pytest.mark.parametrize("closed", ["approved", "superseded", "void", "lapsed", "denied", "running", "done"])
    async def test_to_bring_up_once_more_what_is_not_open(self, store: AuditedStore, closed: str) -> None:
        await ask(store, asks())
        await CLOSED[closed](store)
        await deliver(store, 5)
        assert not await store.nudge("a1", [card("a1")], now=at(5))
        assert await sent_cards(store, 5) == []

    @pytest.mark.parametrize("closed", ["superseded", "void", "lapsed", "denied", "running", "done"])
    async def test_to_take_back_what_is_not_open(self, store: AuditedStore, closed: str) -> None:
        await ask(store, asks())
        await CLOSED[closed](store)
        before = await row_of(store)
        await store.void(["a1", "nowhere"], by="policy", now=at(5))
        assert await row_of(store) == before


class Claiming:
    async def test_an_approved_call_begins_once_and_ends(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store)
        begun = step_of(asks(), 2)
        assert await store.claim(begun, approval="a1", now=at(2))
        assert (await row_of(store)).state == "running"
        assert await store.step(RUN, "c1") == begun
        assert not await store.claim(begun, approval="a1", now=at(3)), "a second claim"
        assert not await store.claim(begun, approval="", now=at(3)), "a second claim, past the question"
        await store.end_step(RUN, "c1", "done", "it is secret that it restarted", now=at(4))
        ended = replace(begun, state="done", result="it is secret that it restarted", ended_at=at(4))
        assert await store.steps_of(RUN) == [ended]
        assert (await row_of(store)).state == "done"
        await store.end_step(RUN, "c1", "failed", "otherwise", now=at(5))
        assert await store.steps_of(RUN) == [ended], "what has ended stays as it is"
        assert (await kinds(home))[-2:] == ["step_begun", "step_done"]
        facts = [row["facts"] for row in await home.rows("SELECT facts FROM audit_words")]
        assert "secret" not in str(facts)

    @pytest.mark.parametrize("seconds", [300.9, 301])
    async def test_it_begins_in_its_time(self, store: AuditedStore, seconds: float) -> None:
        await ask(store, asks())
        await says(store)
        assert await store.claim(step_of(asks()), approval="a1", now=at(seconds)) is (seconds < 301)

    @pytest.mark.parametrize(
        "changed",
        [{"fingerprint": "0" * 64}, {"call": "c2"}, {"run": "run-2"}],
        ids=lambda changed: next(iter(changed)),
    )
    async def test_it_is_exactly_what_was_approved(self, store: AuditedStore, changed: dict[str, str]) -> None:
        await ask(store, asks())
        await says(store)
        other: Step = replace(step_of(asks()), **changed)  # type: ignore[arg-type]  # fields by name
        assert not await store.claim(other, approval="a1", now=at(2))
        assert (await row_of(store)).state == "approved"
        assert await store.step(other.run, other.call) is None
        assert await store.claim(step_of(asks()), approval="a1", now=at(2)), "what was approved still may"

    async def test_an_undecided_call_does_not_begin(self, store: AuditedStore) -> None:
        await ask(store, asks())
        assert not await store.claim(step_of(asks()), approval="a1", now=at(1))
        assert not await store.claim(step_of(asks()), approval="nowhere", now=at(1))
        assert await store.steps_of(RUN) == []

    async def test_a_call_that_the_policy_lets_begins_once_too(self, store: AuditedStore) -> None:
        free = replace(step_of(asks()), run="run-9", admitted_by="defaults")
        assert await store.claim(free, approval="", now=at())
        assert not await store.claim(free, approval="", now=at(1))
        await store.end_step("run-9", "c1", "failed", "no", now=at(2))
        assert not await store.claim(free, approval="", now=at(3))
        assert [step.state for step in await store.steps_of("run-9")] == ["failed"]

    async def test_a_step_whose_approval_was_used_by_another_call_leaves_no_trace(self, store: AuditedStore) -> None:
        """A call was begun past its question: the question is not used up by the refusal."""
        await ask(store, asks())
        await says(store)
        assert await store.claim(step_of(asks()), approval="", now=at(2))
        assert not await store.claim(step_of(asks()), approval="a1", now=at(2))
        assert (await row_of(store)).state == "approved"
