"""What came while a run waited for people is held back for that run, and opened once it has gone on."""

from dataclasses import replace
from datetime import timedelta

from aof.domain.message import Decided
from aof.store.base import EventLease, TurnResult
from aof.store.parking import Moves
from tests.contract.store.asking import RUN, ask, asks, pausing, resumed, says
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    done,
    leased,
    message,
    only,
    text,
)

DAY = 86_400
KEEP = timedelta(days=10)
CHAT = f"{ACCOUNT}/{NUMBER}"
BEHIND = TurnResult("parked", "queued", asked="disk", behind=RUN)


async def held(store: AuditedStore, *event_ids: str, seconds: float = 1) -> list[EventLease]:
    """Messages come while the run waits, and are held back; the first is told so."""
    found = []
    for n, event_id in enumerate(event_ids):
        await store.accept([message(event_id)], now=at(seconds))
        found.append(await only(store, seconds))
        said = (text("it waits"),) if n == 0 else ()
        await store.finish(found[-1], replace(BEHIND, parts=said), now=at(seconds))
    return found


async def answered_in_turn(store: AuditedStore, seconds: float = 20) -> list[str]:
    """Answer whatever is open; return it in the order it came."""
    order = []
    while found := await leased(store, seconds):
        (lease,) = found
        order.append(lease.event.event_id)
        await store.finish(lease, done(text("fine")), now=at(seconds))
    return order


async def of_inbox(home: Home) -> dict[str, tuple[str, str | None]]:
    rows = await home.rows("SELECT event_id, state, behind FROM inbox WHERE kind = 'message' ORDER BY seq")
    return {row["event_id"]: (row["state"], row["behind"]) for row in rows}


class HeldBack:
    async def test_it_keeps_nothing_waiting_and_is_opened_in_order_with_the_end_of_the_run(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        await held(store, "a", "b")
        assert await store.held_back(RUN) == 2
        assert (await store.counts()).held_back == 2
        assert await leased(store, 2) == ()
        await says(store, seconds=3)
        await store.accept([message("c")], now=at(4))
        (decided,) = await leased(store, 5)
        assert isinstance(decided.event, Decided)
        assert (await of_inbox(home))["a"] == ("parked", RUN)
        await store.finish(decided, TurnResult("done", "answered", (text("ran"),), resumes=RUN), now=at(6))
        assert (await of_inbox(home))["a"] == ("new", None)
        assert await store.held_back(RUN) == 0
        assert await answered_in_turn(store) == ["a", "b", "c"]
        said = [part.part_id.partition(":")[2] for part in await deliver(store, 30)]
        assert len(said) == len(set(said))
        assert await store.check() == []

    async def test_it_is_answered_however_old_it_is_and_the_attempt_is_given_back(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await held(store, "a")
        await says(store)
        await resumed(store)
        lease = await only(store, 20)
        assert lease.wanted
        assert lease.attempt == 1

    async def test_what_a_person_is_asked_about_is_not_what_waits_for_a_run(self, store: AuditedStore) -> None:
        await ask(store, asks())
        (lease,) = await held(store, "a")
        assert await store.waiting(CHAT, NUMBER) == ()
        await store.accept([message("tap")], now=at(2))
        moves = Moves(runs=(lease.seq,), skips=(lease.seq,))
        await store.finish(await only(store, 2), replace(done(), moves=moves), now=at(2))
        assert await store.held_back(RUN) == 1

    async def test_a_run_that_pauses_again_opens_it_and_it_may_be_held_back_once_more(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        await held(store, "a")
        await says(store)
        (decided,) = await leased(store, 10)
        await store.finish(decided, pausing(asks("a2", "c2", seconds=10), resumes=RUN), now=at(10))
        lease = await only(store, 11)
        await store.finish(lease, replace(BEHIND, parts=(text("it waits again"),)), now=at(11))
        assert await of_inbox(home) | {"a": ("parked", RUN)} == await of_inbox(home)
        await says(store, id_="a2", seconds=12)
        await resumed(store, 13)
        assert await answered_in_turn(store) == ["a"]

    async def test_a_run_that_is_given_up_lets_go_of_it(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await held(store, "a")
        await says(store)
        (decided,) = await leased(store, 10)
        await store.finish(decided, TurnResult("new", "deferred"), now=at(10))
        assert await store.held_back(RUN) == 1
        (decided,) = await leased(store, 11)
        await store.finish(decided, TurnResult("dead", "buried"), now=at(11))
        assert await answered_in_turn(store) == ["a"]

    async def test_an_event_of_the_run_that_nobody_can_read_lets_go_of_it(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        await held(store, "a")
        await says(store)
        await home.change("UPDATE inbox SET payload = '{}' WHERE kind = 'decided'")
        assert await leased(store, 10) == ()
        assert await answered_in_turn(store) == ["a"]

    async def test_what_would_wait_for_a_run_that_has_gone_on_meanwhile_is_answered(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        # of another chat, as before two chats became one
        await store.accept([message("a", number="+4915100000009")], now=at(1))
        lease = await only(store, 1)
        await says(store)
        await resumed(store)
        assert await store.finish(lease, replace(BEHIND, parts=(text("it waits"),)), now=at(11)) == ()
        assert (await of_inbox(home))["a"] == ("new", None)
        assert await answered_in_turn(store) == ["a"]

    async def test_what_waits_in_a_conversation_that_was_joined_to_another_is_opened_there(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("first", number=None, user_id=USER), text("x"), seconds=-1)
        await ask(store, asks())
        (lease,) = await held(store, "a")
        await store.accept([message("both", user_id=USER)], now=at(2))
        both = await only(store, 2)
        assert both.conversation != lease.conversation
        await store.finish(both, done(), now=at(2))
        await says(store, seconds=4)
        await resumed(store, 5)
        assert await answered_in_turn(store) == ["a"]

    async def test_it_is_not_swept_while_it_waits(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await held(store, "a")
        while await store.sweep(now=at(30 * DAY), keep=KEEP, keep_ids=KEEP):
            pass
        assert await store.held_back(RUN) == 1
        assert [row.id for row in await store.lapse(now=at(30 * DAY))] == ["a1"]
        await resumed(store, 30 * DAY)
        assert await answered_in_turn(store, 30 * DAY) == ["a"]
