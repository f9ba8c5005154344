"""A part that asks people knows what has become of its question."""

from dataclasses import replace
from datetime import timedelta

from aof.domain.response import TextPart
from aof.store.base import Elsewhere
from aof.store.results import Deferred
from tests.contract.store.asking import APPROVER_CHAT, ask, asks, one_of, says
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
