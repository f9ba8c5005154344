"""Leasing parts and settling them."""

from contextlib import suppress
from datetime import timedelta
from typing import get_args

import pytest

from aof.domain.errors import LeaseLost
from aof.domain.message import ReceiptState
from aof.store.results import Dead, Deferred, Held, PartResult, Sent, Uncertain
from tests.contract.store.home import (
    ACCOUNT,
    LEASE,
    OPEN_WAIT,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    leased_parts,
    message,
    only_part,
    receipt,
    states,
    text,
)

TEN = timedelta(seconds=10)
DEFERRED = Deferred(TEN, 131056, "too fast")
UNCERTAIN = Uncertain(TEN, "time-out")
HELD = Held("live", "allow_live_send is false")
DEAD = Dead(131009, "no such thing")


class Sending:
    async def test_parts_of_a_conversation_leave_in_order_and_one_at_a_time(self, store: AuditedStore) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        ids += await answer(store, message("b"), text("3"))
        (elsewhere,) = await answer(store, message("c", number=OTHER_NUMBER), text("4"), seconds=1)
        first, other = await leased_parts(store, 1)
        assert (first.part_id, other.part_id) == (ids[0], elsewhere)
        assert await leased_parts(store, 1) == ()
        order = [first.part_id]
        await store.settle(first, Sent("wamid.1"), now=at(1))
        order += [lease.part_id for lease in await deliver(store, 2)]
        assert order == list(ids)

    async def test_no_more_parts_are_leased_than_asked_for(self, store: AuditedStore) -> None:
        for n in range(3):
            await answer(store, message(f"m{n}", number=f"+4915100000{n}"), text("x"), seconds=n)
        found = await store.lease_parts(now=at(9), lease_for=LEASE, most=2, open_wait=OPEN_WAIT)
        assert len(found.leases) == 2
        assert found.next_at is not None
        assert found.next_at <= at(9)

    async def test_parts_of_a_paused_account_stay(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        (other,) = await answer(store, message("a", account="whatsapp:2"), text("y"))
        assert [lease.part_id for lease in await leased_parts(store, paused=[ACCOUNT])] == [other]
        found = await store.lease_parts(
            now=at(1), lease_for=LEASE, most=9, open_wait=OPEN_WAIT, paused=[ACCOUNT, "whatsapp:2"]
        )
        assert found.next_at == at(60), "only the lapse of what is being sent is waited for"
        assert len(await leased_parts(store, 1)) == 1

    async def test_a_deferred_part_blocks_its_own_conversation_only(self, store: AuditedStore) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        await store.settle(await only_part(store), DEFERRED, now=at())
        await answer(store, message("c", number=OTHER_NUMBER), text("3"))
        found = await store.lease_parts(now=at(9), lease_for=LEASE, most=9, open_wait=OPEN_WAIT)
        assert [lease.conversation for lease in found.leases] == [f"{ACCOUNT}/{OTHER_NUMBER}"]
        assert found.next_at == at(10)
        again = await only_part(store, 10)
        assert (again.part_id, again.attempt, again.deferrals, again.uncertain) == (ids[0], 2, 1, 0)

    async def test_a_wait_of_our_own_does_not_count_as_a_deferral(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("1"))
        await store.settle(await only_part(store), Deferred(TEN, 0, "paced", counts=False), now=at())
        assert (await only_part(store, 10)).deferrals == 0

    @pytest.mark.parametrize(("result", "state"), [(HELD, "held"), (DEAD, "dead")])
    async def test_a_held_or_dead_part_lets_later_ones_pass(
        self, home: Home, store: AuditedStore, result: PartResult, state: ReceiptState
    ) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        await store.settle(await only_part(store), result, now=at())
        assert [lease.part_id for lease in await deliver(store)] == [ids[1]]
        assert await states(home) == {ids[0]: state, ids[1]: "sent"}
        await store.close()
        assert await leased_parts(await home.open(), 9999) == ()

    async def test_an_uncertain_part_blocks_until_its_wait_is_over_and_is_then_marked(
        self, home: Home, store: AuditedStore
    ) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        await store.settle(await only_part(store), UNCERTAIN, now=at())
        found = await store.lease_parts(now=at(9), lease_for=LEASE, most=9, open_wait=OPEN_WAIT)
        assert (found.leases, found.next_at) == ((), at(10))
        again = await only_part(store, 10)
        assert (again.part_id, again.uncertain, again.deferrals) == (ids[0], 1, 0)
        await store.settle(again, Sent("wamid.2"), now=at(11))
        (row,) = await home.rows("SELECT state, repeated, message_id FROM outbox WHERE part = :part", part=ids[0])
        assert row == {"state": "sent", "repeated": 1, "message_id": "wamid.2"}

    async def test_a_part_sent_once_is_not_marked_as_repeated(self, home: Home, store: AuditedStore) -> None:
        await answer(store, message("a"), text("1"))
        await store.settle(await only_part(store), DEFERRED, now=at())
        await deliver(store, 10)
        assert await home.rows("SELECT repeated, uncertain FROM outbox") == [{"repeated": 0, "uncertain": 0}]

    async def test_a_second_uncertain_end_is_counted(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("1"))
        await store.settle(await only_part(store), UNCERTAIN, now=at())
        await store.settle(await only_part(store, 10), UNCERTAIN, now=at(10))
        third = await only_part(store, 20)
        assert (third.uncertain, third.attempt) == (2, 3)
        await store.settle(third, Held("operator", "maybe on the phone"), now=at(20))
        assert await leased_parts(store, 9999) == ()

    async def test_a_send_found_open_after_reopening_waits_for_a_receipt(self, home: Home) -> None:
        store = await home.open()
        (part_id,) = await answer(store, message("a"), text("1"))
        old = await only_part(store)
        await store.close()
        store = await home.open()
        found = await store.lease_parts(now=at(1), lease_for=LEASE, most=9, open_wait=OPEN_WAIT)
        assert (found.leases, found.next_at) == ((), at(61))
        assert await states(home) == {part_id: "uncertain"}
        again = await only_part(store, 61)
        assert (again.uncertain, again.attempt) == (1, 2)
        with pytest.raises(LeaseLost):
            await store.settle(old, Sent("wamid.old"), now=at(62))
        assert await states(home) == {part_id: "sending"}

    async def test_a_send_whose_lease_lapsed_waits_for_a_receipt(self, home: Home, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), text("1"))
        await leased_parts(store)
        assert await leased_parts(store, 60) == ()
        assert await states(home) == {part_id: "uncertain"}
        assert (await only_part(store, 120)).uncertain == 1

    async def test_the_answer_of_a_send_that_lapsed_is_still_believed(self, home: Home, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), text("1"))
        lease = await only_part(store)
        await leased_parts(store, 60)
        await store.settle(lease, Sent("wamid.late"), now=at(61))
        assert await states(home) == {part_id: "sent"}
        assert await leased_parts(store, 9999) == ()

    @pytest.mark.parametrize("second", [DEFERRED, UNCERTAIN, HELD, DEAD], ids=lambda r: type(r).__name__)
    @pytest.mark.parametrize("first", [Sent("wamid.1"), DEFERRED, HELD, DEAD], ids=lambda r: type(r).__name__)
    async def test_what_is_settled_is_not_settled_again(
        self, home: Home, store: AuditedStore, first: PartResult, second: PartResult
    ) -> None:
        await answer(store, message("a"), text("1"))
        lease = await only_part(store)
        await store.settle(lease, first, now=at())
        before = await home.rows("SELECT * FROM outbox")
        with suppress(LeaseLost):
            await store.settle(lease, second, now=at(1))
        assert await home.rows("SELECT * FROM outbox") == before

    async def test_a_part_nobody_can_read_any_more_is_buried_and_stops_nothing(
        self, home: Home, store: AuditedStore
    ) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        (other,) = await answer(store, message("b", number=OTHER_NUMBER), text("3"))
        await home.change("UPDATE outbox SET body = '{}' WHERE part = :part", part=ids[0])
        assert {lease.part_id for lease in await deliver(store)} == {ids[1], other}
        assert (await states(home))[ids[0]] == "dead"
        assert await store.check() == []


class OvertakenByReceipts:
    @pytest.mark.parametrize("result", [DEFERRED, UNCERTAIN, HELD, DEAD], ids=lambda r: type(r).__name__)
    async def test_a_receipt_before_the_sends_own_answer_stands(
        self, home: Home, store: AuditedStore, result: PartResult
    ) -> None:
        (part_id,) = await answer(store, message("a"), text("1"))
        lease = await only_part(store)
        await store.accept([receipt("delivered", "wamid.1", part_id=part_id)], now=at())
        await store.settle(lease, result, now=at(1))
        assert await states(home) == {part_id: "delivered"}
        assert await leased_parts(store, 9999) == ()

    @pytest.mark.parametrize("result", [DEFERRED, UNCERTAIN, HELD, DEAD], ids=lambda r: type(r).__name__)
    @pytest.mark.parametrize("state", get_args(ReceiptState))
    async def test_a_receipt_prevents_a_second_copy(
        self, home: Home, store: AuditedStore, result: PartResult, state: ReceiptState
    ) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        await store.settle(await only_part(store), result, now=at())
        await store.accept([receipt(state, "wamid.1", part_id=ids[0])], now=at(1))
        assert (await states(home))[ids[0]] == {"played": "read"}.get(state, state)
        assert [lease.part_id for lease in await deliver(store, 1)] == [ids[1]]
        assert await leased_parts(store, 9999) == ()

    async def test_a_receipt_for_a_queued_part_prevents_its_first_copy(self, home: Home, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), text("1"))
        await store.accept([receipt("read", "wamid.1", part_id=part_id)], now=at())
        assert await leased_parts(store, 9999) == ()
        assert await states(home) == {part_id: "read"}

    async def test_a_receipt_settles_a_send_found_open(self, home: Home) -> None:
        store = await home.open()
        ids = await answer(store, message("a"), text("1"), text("2"))
        await leased_parts(store)
        await store.close()
        store = await home.open()
        assert await leased_parts(store, 1) == ()
        await store.accept([receipt("sent", "wamid.1", part_id=ids[0])], now=at(2))
        assert [lease.part_id for lease in await deliver(store, 2)] == [ids[1]]
        rows = await home.rows("SELECT state, message_id, repeated FROM outbox ORDER BY seq LIMIT 1")
        assert rows == [{"state": "sent", "message_id": "wamid.1", "repeated": 0}]

    async def test_a_part_that_was_leased_and_not_begun_is_certainly_not_sent(self, home: Home) -> None:
        store = await home.open()
        await answer(store, message("a"), text("1"))
        (lease,) = await leased_parts(store, begun=False)
        assert set((await states(home)).values()) == {"queued"}
        await store.close()
        reopened = await home.open()
        (again,) = await leased_parts(reopened, 1)
        assert (again.part_id, again.attempt, again.uncertain) == (lease.part_id, 2, 0)
        with pytest.raises(LeaseLost):
            await reopened.begin(lease)

    async def test_a_receipt_between_lease_and_begin_keeps_a_second_copy_from_leaving(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("a"), text("1"))
        await store.settle(await only_part(store), UNCERTAIN, now=at(0))
        (lease,) = await leased_parts(store, 10, begun=False)
        await store.accept([receipt("delivered", "wamid.1", part_id=lease.part_id)], now=at(10))
        with pytest.raises(LeaseLost):
            await store.begin(lease)

    async def test_what_is_held_before_it_is_sent_once_more_is_not_marked_as_repeated(self, home: Home) -> None:
        store = await home.open()
        await answer(store, message("a"), text("1"))
        await store.settle(await only_part(store), UNCERTAIN, now=at(0))
        (lease,) = await leased_parts(store, 10, begun=False)
        await store.settle(lease, HELD, now=at(10))
        (row,) = await home.rows("SELECT state, uncertain, repeated FROM outbox")
        assert row == {"state": "held", "uncertain": 1, "repeated": 0}
