"""Accepting, leasing and finishing events."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from aof.domain.errors import LeaseLost, StoreBusy, StoreError
from aof.domain.message import Address, InboundMessage
from aof.domain.response import Response, TextPart
from aof.store.base import OutgoingPart, TurnResult
from aof.texts.language import Language
from tests.contract.store.home import (
    LEASE,
    NUMBER,
    OTHER_NUMBER,
    USER,
    AuditedStore,
    Home,
    at,
    done,
    leased,
    leased_parts,
    message,
    only,
    press,
    reaction,
    text,
)

AGAIN = TurnResult("new", "failed", again_in=timedelta(seconds=30), error="no answer")


class Accepting:
    async def test_an_event_is_there_after_reopening(self, home: Home) -> None:
        store = await home.open()
        said = message("a", "قرص web-1 \u0000 👩\u200d🚒", user_id=USER)
        assert (await store.accept([said], now=at())).fresh == ("a",)
        await store.close()
        lease = await only(await home.open())
        assert lease.event == said
        assert (lease.attempt, lease.overflow, lease.received_at) == (1, False, at())

    async def test_a_press_comes_back_as_a_press(self, store: AuditedStore) -> None:
        await store.accept([press("p", "logs"), message("m", "button:logs")], now=at())
        first = await only(store)
        assert first.event == press("p", "logs")
        await store.finish(first, done(), now=at())
        assert isinstance((await only(store)).event, InboundMessage), "typing its words is no press"

    async def test_the_same_event_ten_times_at_once_is_one_event(self, store: AuditedStore) -> None:
        answers = await asyncio.gather(*(store.accept([message("a")], now=at()) for _ in range(10)))
        assert [answer.new for answer in answers].count(1) == 1
        assert [answer.duplicates for answer in answers].count(1) == 9
        assert len(await leased(store)) == 1

    async def test_an_event_twice_in_one_webhook_is_one_event(self, store: AuditedStore) -> None:
        accepted = await store.accept([message("a"), message("b"), message("a", "changed")], now=at())
        assert (accepted.new, accepted.duplicates, accepted.fresh) == (2, 1, ("a", "b"))

    async def test_an_event_that_was_answered_is_still_known_after_reopening(self, home: Home) -> None:
        store = await home.open()
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), done(), now=at())
        await store.close()
        store = await home.open()
        accepted = await store.accept([message("a")], now=at(6 * 86400))
        assert (accepted.new, accepted.duplicates) == (0, 1)
        assert await leased(store, 6 * 86400) == ()

    async def test_two_accounts_may_use_one_event_id(self, store: AuditedStore) -> None:
        accepted = await store.accept([message("a"), message("a", account="whatsapp:2")], now=at())
        assert accepted.new == 2
        assert len({lease.conversation for lease in await leased(store)}) == 2

    async def test_a_reaction_is_kept_once_and_never_leased(self, store: AuditedStore) -> None:
        first = await store.accept([reaction("r")], now=at())
        second = await store.accept([reaction("r")], now=at())
        assert (first.kept, first.new, second.duplicates) == (1, 0, 1)
        assert await leased(store) == ()

    async def test_what_came_beyond_the_most_that_may_wait_is_marked_as_overflow(self, store: AuditedStore) -> None:
        said = [message(f"m{n}") for n in range(4)]
        await store.accept(said, now=at(), max_waiting=2)
        await store.accept([message("elsewhere", number=OTHER_NUMBER)], now=at(), max_waiting=2)
        seen = {}
        while leases := await leased(store):
            for lease in leases:
                seen[lease.event.event_id] = lease.overflow
                await store.finish(lease, done(), now=at())
        assert seen == {"m0": False, "m1": False, "m2": True, "m3": True, "elsewhere": False}


class Leasing:
    async def test_a_conversation_is_answered_in_order_and_others_beside_it(self, store: AuditedStore) -> None:
        await store.accept([message("a1")], now=at())
        await store.accept([message("b1", number=OTHER_NUMBER), message("a2")], now=at(1))
        first, second = await leased(store, 1)
        assert [first.event.event_id, second.event.event_id] == ["a1", "b1"]
        assert await leased(store, 2) == ()
        await store.finish(first, done(), now=at(2))
        assert (await only(store, 2)).event.event_id == "a2"

    async def test_no_more_conversations_are_leased_than_asked_for_and_the_oldest_first(
        self, store: AuditedStore
    ) -> None:
        for n in range(5):
            await store.accept([message(f"m{n}", number=f"+4915100000{n}")], now=at(n))
        assert [lease.event.event_id for lease in await leased(store, 10, most=3)] == ["m0", "m1", "m2"]
        found = await store.lease_events(now=at(10), lease_for=LEASE, most=1, per_person=9)
        assert [lease.event.event_id for lease in found.leases] == ["m3"]
        assert found.next_at is not None
        assert found.next_at <= at(10), "m4 is ready already"

    async def test_an_empty_store_says_that_only_something_new_wakes_it(self, store: AuditedStore) -> None:
        found = await store.lease_events(now=at(), lease_for=LEASE, most=1, per_person=1)
        assert (found.leases, found.next_at) == ((), None)

    async def test_a_lapsed_lease_is_leased_again_and_its_old_holder_is_fenced(
        self, home: Home, store: AuditedStore
    ) -> None:
        await store.accept([message("a"), message("b")], now=at())
        old = await only(store)
        found = await store.lease_events(now=at(59), lease_for=LEASE, most=9, per_person=9)
        assert (found.leases, found.next_at) == ((), at(60))
        new = await only(store, 60)
        assert (new.event.event_id, new.attempt) == ("a", 2)
        assert new.epoch > old.epoch
        before = await home.rows("SELECT * FROM inbox ORDER BY seq")
        with pytest.raises(LeaseLost):
            await store.finish(old, done(text("late")), now=at(61))
        with pytest.raises(LeaseLost):
            await store.extend(old, now=at(61), lease_for=LEASE)
        assert await home.rows("SELECT * FROM inbox ORDER BY seq") == before
        assert (await store.counts()).parts == {}
        assert await home.rows("SELECT * FROM turn") == []
        assert await home.rows("SELECT * FROM audit") == []
        assert len(await store.finish(new, done(text("in time")), now=at(61))) == 1

    async def test_a_lease_that_is_extended_does_not_lapse(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        lease = await only(store)
        await store.extend(lease, now=at(50), lease_for=LEASE)
        assert await leased(store, 109) == ()
        assert (await only(store, 110)).attempt == 2

    async def test_a_lease_does_not_lapse_under_a_caller_that_still_holds_it(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b")], now=at())
        lease = await only(store)
        found = await store.lease_events(
            now=at(3600), lease_for=LEASE, most=9, per_person=9, holding=[lease.conversation]
        )
        assert found.leases == ()
        assert found.next_at is None, "a time that is over already would make the caller ask again and again"
        await store.finish(lease, done(text("after a long sleep")), now=at(3601))
        assert (await only(store, 3601)).event.event_id == "b"

    async def test_what_a_caller_still_holds_counts_for_its_person(self, store: AuditedStore) -> None:
        await store.accept([message(f"g{n}", group=f"group-{n}", user_id=USER) for n in range(2)], now=at())
        (held,) = await leased(store, per_person=1)
        found = await store.lease_events(
            now=at(3600), lease_for=LEASE, most=9, per_person=1, holding=[held.conversation]
        )
        assert found.leases == ()

    async def test_what_a_closed_store_had_leased_is_leased_again_at_once(self, home: Home) -> None:
        store = await home.open()
        await store.accept([message(f"m{n}", number=f"+4915100000{n}") for n in range(3)], now=at())
        old = await leased(store)
        await store.close()
        store = await home.open()
        found = await store.lease_events(now=at(1), lease_for=LEASE, most=2, per_person=9)
        assert [lease.attempt for lease in found.leases] == [2, 2]
        assert found.next_at is not None
        assert found.next_at <= at(1), "the third waits for nothing but room"
        assert [lease.attempt for lease in await leased(store, 1)] == [2]
        with pytest.raises(LeaseLost):
            await store.finish(old[0], done(text("from before")), now=at(1))

    async def test_one_person_has_no_more_running_than_allowed(self, store: AuditedStore) -> None:
        groups = [message(f"g{n}", group=f"group-{n}", user_id=USER) for n in range(3)]
        await store.accept([*groups, message("else", number=OTHER_NUMBER)], now=at())
        first = await leased(store, per_person=2)
        running = {lease.event.event_id: lease for lease in first}
        del running["else"]
        assert len(running) == 2
        assert await leased(store, 1, per_person=2) == ()
        await store.finish(running.popitem()[1], done(), now=at(2))
        (last,) = await leased(store, 2, per_person=2)
        assert {last.event.event_id, *running} < {"g0", "g1", "g2"}

    async def test_a_lower_limit_after_a_crash_does_not_lock_a_person_out(self, home: Home) -> None:
        store = await home.open()
        await store.accept([message(f"g{n}", group=f"group-{n}", user_id=USER) for n in range(3)], now=at())
        assert len(await leased(store, per_person=3)) == 3
        await store.close()
        store = await home.open()
        answered = 0
        for seconds in range(0, 10, 2):
            for lease in await leased(store, seconds, per_person=1):
                await store.finish(lease, done(), now=at(seconds))
                answered += 1
        assert answered == 3

    async def test_an_event_nobody_can_read_any_more_is_buried_and_stops_nothing(
        self, home: Home, store: AuditedStore
    ) -> None:
        await store.accept([message("bad"), message("after"), message("other", number=OTHER_NUMBER)], now=at())
        await home.change("UPDATE inbox SET payload = '{\"kind\": \"gone\"}' WHERE event_id = 'bad'")
        seen = [lease.event.event_id for lease in await leased(store)]
        seen += [lease.event.event_id for lease in await leased(store, 1)]
        assert sorted(seen) == ["after", "other"]
        assert (await store.counts()).events["dead"] == 1
        assert await store.check() == []


class Finishing:
    async def test_part_ids_name_the_store_the_event_and_their_place(self, home: Home) -> None:
        store = await home.open()
        await store.accept([message("a")], now=at())
        lease = await only(store)
        ids = await store.finish(lease, done(text("1"), text("2")), now=at())
        assert ids == (f"{store.store_id}:{lease.seq}:0", f"{store.store_id}:{lease.seq}:1")
        assert len(store.store_id) == 8
        await store.close()
        assert (await home.open()).store_id == store.store_id

    async def test_finishing_twice_loses_the_lease(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        lease = await only(store)
        await store.finish(lease, done(text("once")), now=at())
        with pytest.raises(LeaseLost):
            await store.finish(lease, done(text("twice")), now=at())
        assert (await store.counts()).parts == {"queued": 1}

    async def test_finishing_twice_does_not_end_the_next_event(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b")], now=at())
        first = await only(store)
        await store.finish(first, done(), now=at())
        second = await only(store)
        with pytest.raises(LeaseLost):
            await store.finish(first, done(text("twice")), now=at())
        with pytest.raises(LeaseLost):
            await store.extend(first, now=at(), lease_for=LEASE)
        await store.finish(second, done(), now=at())

    @pytest.mark.parametrize(
        ("result", "error"),
        [
            (replace(done(text("x")), cause=cast("Any", "nonsense")), StoreError),
            (done(text("fine"), OutgoingPart(TextPart(text="x"), reply_to=cast("Any", object()))), Exception),
            (done(text("fine"), OutgoingPart(cast("Any", Response(text="no part")))), Exception),
        ],
        ids=["a cause the schema refuses", "a value the database can't take", "a part that is none"],
    )
    async def test_a_turn_that_fails_to_be_kept_leaves_nothing_and_can_be_finished_again(
        self, home: Home, store: AuditedStore, result: TurnResult, error: type[Exception]
    ) -> None:
        await store.accept([message("a")], now=at())
        lease = await only(store)
        with pytest.raises(error) as raised:
            await store.finish(lease, result, now=at())
        assert not isinstance(raised.value, StoreBusy), "it would fail again, however often it is tried"
        for table in ("outbox", "turn", "choice", "audit"):
            assert await home.rows(f"SELECT * FROM {table}") == []  # noqa: S608 -- the names stand above
        assert (await store.counts()).events == {"running": 1}
        await store.finish(lease, done(text("kept")), now=at(1))
        assert (await store.counts()).parts == {"queued": 1}

    async def test_an_event_to_be_tried_again_keeps_later_ones_waiting(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b")], now=at())
        await store.finish(await only(store), AGAIN, now=at())
        found = await store.lease_events(now=at(29), lease_for=LEASE, most=9, per_person=9)
        assert (found.leases, found.next_at) == ((), at(30))
        await store.accept([message("c")], now=at(29))
        assert await leased(store, 29.5) == ()
        again = await only(store, 30)
        assert (again.event.event_id, again.attempt) == ("a", 2)

    async def test_an_attempt_that_is_given_back_does_not_count(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), replace(AGAIN, attempted=False), now=at())
        assert (await only(store, 30)).attempt == 1

    async def test_a_buried_event_lets_the_conversation_go_on(self, home: Home, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b")], now=at())
        buried = TurnResult("dead", "buried", (text("sorry"),), cause="system", error="poison")
        ids = await store.finish(await only(store), buried, now=at())
        assert len(ids) == 1
        assert (await only(store)).event.event_id == "b"
        assert (await store.counts()).events == {"dead": 1, "running": 1}
        (row,) = await home.rows("SELECT outcome, error FROM inbox WHERE state = 'dead'")
        assert row == {"outcome": "buried", "error": "poison"}

    async def test_the_language_of_a_turn_is_known_in_the_next(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b"), message("c")], now=at())
        first = await only(store)
        assert first.language is None
        await store.finish(first, replace(done(), language=Language.ARABIC), now=at())
        second = await only(store)
        assert second.language is Language.ARABIC
        await store.finish(second, done(), now=at())
        assert (await only(store)).language is Language.ARABIC

    async def test_a_turn_is_written_into_the_transcript(self, home: Home, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), done(text("fine")), now=at())
        rows = await home.rows("SELECT role, body FROM turn ORDER BY role DESC")
        assert rows == [{"role": "person", "body": "disk"}, {"role": "agent", "body": "fine"}]
        assert [part.part for part in await leased_parts(store)] == [TextPart(text="fine")]

    async def test_where_an_answer_goes_is_where_the_event_came_from(self, store: AuditedStore) -> None:
        said = [message("dm", user_id=USER), message("gm", group="group-1", user_id=USER)]
        await store.accept(said, now=at())
        for lease in await leased(store):
            await store.finish(lease, done(text(lease.event.event_id)), now=at())
        addresses = {cast("TextPart", part.part).text: part.address for part in await leased_parts(store)}
        assert addresses["dm"] == Address(chat=USER, number=NUMBER, user_id=USER)
        assert (addresses["gm"].chat, addresses["gm"].group) == ("group-1", True)
        assert addresses["dm"].number == NUMBER
