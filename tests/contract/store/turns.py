"""What a lease tells of earlier turns, and what is said before a turn has ended."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aof.domain.errors import LeaseLost
from aof.domain.response import TextPart
from aof.store.base import TurnResult
from tests.contract.store.home import (
    NUMBER,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    buttons,
    deliver,
    done,
    leased,
    message,
    only,
    text,
)

NOTE = TextPart(text="still working")


class Notes:
    async def test_a_note_leaves_before_its_turn_ends_and_once_by_its_name(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        lease = await only(store)
        assert await store.note(lease, "working", NOTE, now=at(1))
        assert not await store.note(lease, "working", NOTE, now=at(2))
        sent = await deliver(store, 3)
        await store.finish(lease, done(text("the answer")), now=at(4))
        sent += await deliver(store, 5)
        assert [part.cause for part in sent] == ["reply", "reply"]
        assert sent[0].part == NOTE

    async def test_a_turn_that_begins_anew_says_nothing_twice(self, store: AuditedStore, home: Home) -> None:
        await store.accept([message("a")], now=at())
        first = await only(store)
        assert await store.note(first, "working", NOTE, now=at())
        second = await only(store, 61)
        assert not await store.note(second, "working", NOTE, now=at(61))
        with pytest.raises(LeaseLost):
            await store.note(first, "other", NOTE, now=at(62))
        assert len(await home.rows("SELECT * FROM outbox")) == 1


class Turns:
    async def test_only_a_turn_that_ended_with_its_daemon_was_interrupted(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        first = await only(store)
        assert not first.interrupted
        again = await only(store, 61)
        assert again.interrupted, "its lease lapsed"
        await store.finish(again, TurnResult("new", "returned", attempted=False), now=at(62))
        third = await only(store, 63)
        assert third.interrupted, "the daemon was stopped"
        await store.finish(third, TurnResult("new", "deferred", again_in=timedelta(seconds=1)), now=at(64))
        assert not (await only(store, 66)).interrupted, "it only failed"

    async def test_a_crash_interrupts(self, store: AuditedStore, home: Home) -> None:
        await store.accept([message("a")], now=at())
        await only(store)
        await store.close()
        assert (await only(await home.open(), 1)).interrupted

    async def test_of_a_flood_only_the_first_is_to_be_told(self, store: AuditedStore) -> None:
        for n in range(4):
            await store.accept([message(f"m{n}")], now=at(), max_waiting=1)
        told = []
        for n in range(4):
            lease = await only(store, n)
            told.append((lease.overflow, lease.told_of_overflow))
            outcome = "overflowed" if lease.overflow else "answered"
            await store.finish(lease, replace(done(text("x")), outcome=outcome), now=at(n))
        assert told == [(False, False), (True, False), (True, True), (True, True)]
        await store.accept([message("later")], now=at(9), max_waiting=1)
        lease = await only(store, 9)
        assert (lease.overflow, lease.told_of_overflow) == (False, False)

    async def test_an_agent_that_was_chosen_stays_for_its_chooser_in_this_chat(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("g", group="room")], now=at())
        for lease in await leased(store):
            assert lease.chosen == ""
            choose = "dockhand" if lease.event.event_id == "a" else "harbour"
            await store.finish(lease, replace(done(text("x")), choose=choose), now=at())
        others = [message("b"), message("h", group="room"), message("i", number=OTHER_NUMBER, group="room")]
        await store.accept(others[:1] + others[2:], now=at(1))
        found = {lease.event.event_id: lease for lease in await leased(store, 1)}
        assert {key: lease.chosen for key, lease in found.items()} == {"b": "dockhand", "i": ""}

    async def test_an_agent_that_was_chosen_stays_when_a_user_id_becomes_known(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), replace(done(text("x")), choose="dockhand"), now=at())
        await store.accept([message("b", user_id="US.1")], now=at(1))
        assert (await only(store, 1)).chosen == "dockhand"

    async def test_a_choice_knows_who_offered_it(self, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        lease = await only(store)
        offered = replace(done(buttons("?", "Go")), offered_by="dockhand")
        await store.finish(lease, offered, now=at())
        await deliver(store, 1)
        shown = await store.pressed(lease.conversation, "go")
        assert shown is not None
        assert shown.agent == "dockhand"

    async def test_what_a_stranger_says_is_kept_in_no_transcript_and_no_chain(
        self, store: AuditedStore, home: Home
    ) -> None:
        for n, outcome in enumerate(("refused", "code_told")):
            await store.accept([message(f"m{n}")], now=at(n))
            lease = await only(store, n)
            await store.finish(lease, replace(done(text("x")), outcome=outcome, is_strangers=True), now=at(n))
        assert await home.rows("SELECT * FROM turn") == []
        assert await home.rows("SELECT * FROM audit") == []
        await answer(store, message("known", number=NUMBER), text("x"), seconds=5)
        assert len(await home.rows("SELECT * FROM turn")) == 2
