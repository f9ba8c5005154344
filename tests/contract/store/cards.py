"""A part that asks people knows what has become of its question."""

from dataclasses import replace
from datetime import timedelta

from aof.domain.response import TextPart
from aof.store.approvals import Card
from aof.store.base import Elsewhere
from aof.store.results import Deferred
from tests.contract.store.asking import APPROVER_CHAT, NUDGE, ask, asks, card, one_of, row_of, says
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    AuditedStore,
    Home,
    at,
    deliver,
    done,
    leased_parts,
    message,
    text,
)


class Cards:
    async def test_a_card_says_what_has_become_of_its_question(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        found = [part for part in await leased_parts(store, 1, begun=False) if part.conversation == APPROVER_CHAT]
        assert [part.question for part in found] == ["asked"]
        await store.settle(found[0], Deferred(timedelta(), 0, "paced"), now=at(1))
        await says(store, verdict="deny", seconds=2)
        again = [part for part in await leased_parts(store, 3, begun=False) if part.conversation == APPROVER_CHAT]
        assert [(part.part_id, part.question) for part in again] == [(found[0].part_id, "denied")]
        await store.settle(again[0], Deferred(timedelta(), 0, "paced"), now=at(3))
        await home.change("DELETE FROM approval")
        (last,) = [part for part in await leased_parts(store, 4, begun=False) if part.conversation == APPROVER_CHAT]
        assert last.question == "gone"

    async def test_a_card_that_is_shown_once_more_does_too_and_what_is_none_asks_nothing(
        self, store: AuditedStore
    ) -> None:
        await ask(store, asks(cards=()))
        await store.accept([message("m")], now=at(1))
        lease = await one_of(store, "m", 1)
        shown = Elsewhere(f"{ACCOUNT}/{NUMBER}", (TextPart(text="once more"),), approval="a1")
        await store.finish(lease, replace(done(text("listed")), elsewhere=(shown,)), now=at(1))
        sent = {part.part.text: part.question for part in await deliver(store, 2) if isinstance(part.part, TextPart)}
        assert (sent["listed"], sent["once more"]) == ("", "asked")

    async def test_the_next_steps_of_an_order_are_asked_once_each_and_whoever_asked_is_told(
        self, store: AuditedStore
    ) -> None:
        await ask(store, replace(asks(), reached=1))
        await deliver(store)
        told = Card(f"{ACCOUNT}/{NUMBER}", (TextPart(text="the next is asked"),))
        for is_first in (True, False):
            brought = await store.nudge(
                "a1", [card("a1")], now=at(NUDGE), told=[told], reached=2, next_at=at(NUDGE + 60)
            )
            assert brought is is_first
        row = await row_of(store)
        assert (row.reached, row.nudged) == (2, False)
        assert await store.due(now=at(NUDGE)) == ([], at(NUDGE + 60))
        sent = await deliver(store, NUDGE)
        assert {part.question for part in sent} == {"asked"}
        assert len(sent) == len(card("a1").parts) + 1
        assert [one.id for one in (await store.due(now=at(NUDGE + 60)))[0]] == ["a1"]
        assert await store.nudge("a1", [], now=at(NUDGE + 60), reached=3)
        assert (await row_of(store)).nudged
        assert not await store.nudge("a1", [], now=at(NUDGE + 61), reached=4, next_at=at(NUDGE + 120))

    async def test_nobody_is_told_of_the_next_once_it_is_decided(self, store: AuditedStore) -> None:
        await ask(store, replace(asks(), reached=1))
        await deliver(store)
        told = Card(f"{ACCOUNT}/{NUMBER}", (TextPart(text="the next is asked"),))
        await store.nudge("a1", [], now=at(NUDGE), told=[told], reached=2, next_at=at(NUDGE + 60))
        await says(store, seconds=NUDGE + 1)
        found = await leased_parts(store, NUDGE + 2, begun=False)
        assert [part.question for part in found if part.conversation.endswith(NUMBER)] == ["approved"]
