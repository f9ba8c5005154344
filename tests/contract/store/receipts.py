"""Receipts: whatever their order and repetition, one end."""

import itertools
from typing import get_args

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aof.domain.message import ReceiptState
from aof.store.results import Sent
from tests.contract.store.home import (
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    message,
    only_part,
    receipt,
    states,
    text,
)

HEIGHT = {"sent": 0, "failed": 1, "delivered": 2, "read": 3}
"""Written anew on purpose: the product's own table is what is tested."""

Told = tuple[ReceiptState, bool]
"""A receipt, and whether it carries the part's id."""
_receipts = st.lists(st.tuples(st.sampled_from(get_args(ReceiptState)), st.booleans()), max_size=7)
_count = itertools.count()


class Receipts:
    @settings(
        max_examples=60,
        suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example has a person of its own
    )
    @given(before=_receipts, after=_receipts)
    @example(before=[("failed", False), ("sent", True)], after=[("delivered", True), ("failed", True)])
    @example(before=[("read", False)], after=[("failed", True)])
    async def test_every_order_and_repetition_gives_one_end(
        self, home: Home, store: AuditedStore, before: list[Told], after: list[Told]
    ) -> None:
        run = next(_count)
        message_id = f"wamid.{run}"
        (part_id,) = await answer(store, message(f"e{run}", number=f"+49151{run:07}"), text("x"))
        lease = await only_part(store)

        async def receive(steps: list[Told]) -> None:
            for state, named in steps:
                about = part_id if named else None
                await store.accept([receipt(state, message_id, part_id=about)], now=at())

        await receive(before)
        await store.settle(lease, Sent(message_id), now=at())
        await receive(after)
        seen = {"sent"} | {"read" if state == "played" else state for state, _ in [*before, *after]}
        assert (await states(home))[part_id] == max(seen, key=HEIGHT.__getitem__)
        assert await store.check() == []

    async def test_a_receipt_is_counted_once(self, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), text("x"))
        one = receipt("delivered", "wamid.1", part_id=part_id)
        accepted = await store.accept([one, one], now=at())
        assert (accepted.receipts, accepted.duplicates, accepted.new) == (1, 1, 0)

    async def test_a_receipt_that_names_the_message_only_waits_for_the_sends_answer(
        self, home: Home, store: AuditedStore
    ) -> None:
        (part_id,) = await answer(store, message("a"), text("x"))
        lease = await only_part(store)
        await store.accept([receipt("read", "wamid.1")], now=at())
        assert await states(home) == {part_id: "sending"}
        await store.settle(lease, Sent("wamid.1"), now=at())
        assert await states(home) == {part_id: "read"}

    async def test_a_receipt_of_a_part_nobody_knows_is_kept(self, home: Home, store: AuditedStore) -> None:
        accepted = await store.accept([receipt("sent", "wamid.unknown", part_id="nobody:1:0")], now=at())
        assert (accepted.receipts, accepted.duplicates) == (1, 0)
        assert await home.rows("SELECT message_id, part FROM receipt") == [
            {"message_id": "wamid.unknown", "part": "nobody:1:0"}
        ]

    async def test_a_receipt_for_another_stores_part_settles_nothing_here(
        self, home: Home, store: AuditedStore
    ) -> None:
        (part_id,) = await answer(store, message("a"), text("x"))
        place = part_id.partition(":")[2]
        foreign = [receipt("failed", "wamid.1", part_id=f"00000000:{place}", recipient=OTHER_NUMBER)]
        await store.accept(foreign, now=at())
        await deliver(store, message_id="wamid.1")
        await store.accept([receipt("read", "wamid.1", part_id=f"00000000:{place}")], now=at())
        assert await states(home) == {part_id: "sent"}

    async def test_a_receipt_from_another_account_settles_nothing(self, home: Home, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), text("x"))
        await deliver(store, message_id="wamid.1")
        both = [
            receipt("read", "wamid.1", part_id=part_id, account="whatsapp:2"),
            receipt("delivered", "wamid.1", account="whatsapp:2"),
        ]
        await store.accept(both, now=at())
        assert await states(home) == {part_id: "sent"}

    async def test_a_failed_part_keeps_the_platforms_code_and_words(self, home: Home, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        await deliver(store, message_id="wamid.1")
        failed = receipt("failed", "wamid.1", code=131026, reason="Message undeliverable: no WhatsApp")
        await store.accept([failed], now=at())
        await store.accept([receipt("sent", "wamid.1")], now=at())
        assert await home.rows("SELECT state, code, error FROM outbox") == [
            {"state": "failed", "code": 131026, "error": "Message undeliverable: no WhatsApp"}
        ]

    async def test_a_failure_told_before_the_sends_answer_keeps_its_code(self, home: Home, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        lease = await only_part(store)
        await store.accept([receipt("failed", "wamid.1", code=131049, reason="healthy ecosystem")], now=at())
        await store.settle(lease, Sent("wamid.1"), now=at())
        assert await home.rows("SELECT state, code, error FROM outbox") == [
            {"state": "failed", "code": 131049, "error": "healthy ecosystem"}
        ]

    async def test_a_failure_that_named_no_part_counts_once_the_message_is_known(
        self, home: Home, store: AuditedStore
    ) -> None:
        (part_id,) = await answer(store, message("a"), text("x"))
        await only_part(store)
        await store.accept([receipt("failed", "wamid.1", code=131026)], now=at())
        assert await states(home) == {part_id: "sending"}
        await store.accept([receipt("sent", "wamid.1", part_id=part_id)], now=at(1))
        assert await states(home) == {part_id: "failed"}

    async def test_one_webhook_moves_many_parts_beside_its_messages(self, home: Home, store: AuditedStore) -> None:
        ids = await answer(store, message("a"), text("1"), text("2"))
        await deliver(store)
        accepted = await store.accept(
            [
                receipt("delivered", f"wamid.{ids[0]}", part_id=ids[0]),
                message("b"),
                receipt("read", f"wamid.{ids[1]}", part_id=ids[1]),
            ],
            now=at(),
        )
        assert (accepted.receipts, accepted.new) == (2, 1)
        assert await states(home) == {ids[0]: "delivered", ids[1]: "read"}
