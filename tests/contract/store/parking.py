"""What waited too long is parked, and then answered, or over, on a person's word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aof.domain.errors import LeaseLost
from aof.store.base import EventLease, TurnResult
from aof.store.parking import Moves
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    done,
    leased,
    message,
    moved,
    only,
    press,
    text,
)

DAY = 86_400
KEEP = timedelta(days=10)
CHAT = f"{ACCOUNT}/{NUMBER}"
PARKED = TurnResult("parked", "late", (text("Run?"),), asked="disk", answered="Run?")


async def seqs(store: AuditedStore, conversation: str = CHAT, sender: str = NUMBER) -> list[tuple[str, bool]]:
    return [(one.event.event_id, one.parked) for one in await store.waiting(conversation, sender)]


async def parked(store: AuditedStore, *event_ids: str) -> EventLease:
    """Let messages come, and park them all with the first one's turn; return its lease."""
    await store.accept([message(event_id) for event_id in event_ids], now=at())
    lease = await only(store)
    others = tuple(one.seq for one in await store.waiting(CHAT, NUMBER))
    await store.finish(lease, replace(PARKED, moves=Moves(parks=others)), now=at())
    return lease


async def says(store: AuditedStore, moves: Moves, seconds: float = 1, *, event_id: str = "tap") -> None:
    """A tap comes and moves what waits."""
    await store.accept([press(event_id, "act:run")], now=at(seconds))
    lease = next(one for one in await leased(store, seconds) if one.event.event_id == event_id)
    await store.finish(lease, replace(done(text("yes")), moves=moves), now=at(seconds))


async def all_parked(store: AuditedStore) -> tuple[int, ...]:
    return tuple(one.seq for one in await store.waiting(CHAT, NUMBER) if one.parked)


class Parked:
    async def test_what_waits_is_known_oldest_first_and_parked_in_one_turn(
        self, store: AuditedStore, home: Home
    ) -> None:
        await store.accept([message("a"), message("b"), message("c")], now=at())
        lease = await only(store)
        assert await seqs(store) == [("b", False), ("c", False)], "the turn's own is at work"
        b, _ = await store.waiting(CHAT, NUMBER)
        await store.finish(lease, replace(PARKED, moves=Moves(parks=(b.seq,))), now=at())
        assert await seqs(store) == [("a", True), ("b", True), ("c", False)]
        assert (await store.counts()).events == {"parked": 2, "new": 1}
        rows = await home.rows("SELECT outcome, attempts FROM inbox ORDER BY seq")
        assert [(row["outcome"], row["attempts"]) for row in rows] == [("late", 0), ("late", 0), (None, 0)]
        assert (await only(store, 1)).event.event_id == "c", "what is parked keeps nothing waiting"

    async def test_what_is_parked_does_not_count_as_waiting(self, store: AuditedStore) -> None:
        await parked(store, "a", "b")
        await store.accept([message("c")], now=at(1), max_waiting=1)
        assert not (await only(store, 1)).overflow

    async def test_only_what_is_new_here_is_parked(self, store: AuditedStore, home: Home) -> None:
        await answer(store, message("over"), text("x"))
        await store.accept([message("elsewhere", number=OTHER_NUMBER), message("a")], now=at())
        lease = next(one for one in await leased(store) if one.event.event_id == "a")
        everything = tuple(row["seq"] for row in await home.rows("SELECT seq FROM inbox"))
        await store.finish(lease, replace(PARKED, moves=Moves(parks=everything)), now=at())
        states = {row["event_id"]: row["state"] for row in await home.rows("SELECT event_id, state FROM inbox")}
        assert states == {"over": "done", "elsewhere": "running", "a": "parked"}

    async def test_run_answers_them_in_their_order_before_what_came_later(self, store: AuditedStore) -> None:
        await parked(store, "a", "b")
        await store.accept([press("tap", "act:run"), message("later")], now=at(1))
        tap = await only(store, 1)
        await store.finish(tap, replace(done(text("yes")), moves=Moves(runs=await all_parked(store))), now=at(1))
        seen = []
        for _ in range(3):
            lease = await only(store, 2)
            seen.append((lease.event.event_id, lease.wanted, lease.attempt, lease.interrupted))
            await store.finish(lease, done(text(f"answer to {lease.event.event_id}")), now=at(2))
        assert seen == [("a", True, 1, False), ("b", True, 1, False), ("later", False, 1, False)]
        assert len(await deliver(store, 3)) == 5, "the question, the word about the tap, and three answers"
        assert await seqs(store) == []

    async def test_what_was_asked_for_again_is_not_asked_about_once_more(self, store: AuditedStore) -> None:
        await parked(store, "a", "b")
        await says(store, Moves(runs=await all_parked(store)))
        await only(store, 2)
        assert await seqs(store) == []

    async def test_run_twice_runs_once(self, store: AuditedStore, home: Home) -> None:
        await parked(store, "a")
        run = Moves(runs=await all_parked(store))
        await says(store, run, 1)
        await store.finish(await only(store, 2), done(text("x")), now=at(2))
        await says(store, run, 3, event_id="tap again")
        await says(store, Moves(skips=run.runs), 4, event_id="skip")
        assert await leased(store, 5) == ()
        assert await home.rows("SELECT DISTINCT state, outcome FROM inbox") == [
            {"state": "done", "outcome": "answered"}
        ]

    async def test_skip_ends_them(self, store: AuditedStore, home: Home) -> None:
        await parked(store, "a", "b")
        skip = Moves(skips=await all_parked(store))
        await says(store, skip)
        assert await leased(store, 2) == ()
        rows = await home.rows("SELECT state, outcome FROM inbox WHERE event_id IN ('a', 'b')")
        assert [(row["state"], row["outcome"]) for row in rows] == [("done", "skipped")] * 2
        await says(store, Moves(runs=skip.skips), 3, event_id="run")
        assert await leased(store, 4) == ()
        assert (await store.accept([message("a")], now=at(5))).duplicates == 1

    @pytest.mark.parametrize("seconds", [61, 1])
    async def test_a_lost_lease_moves_nothing(self, home: Home, seconds: float) -> None:
        store = await home.open()
        lease = await parked(store, "a")
        run = Moves(runs=(lease.seq,))
        await store.accept([press("tap", "act:run"), message("b")], now=at())
        old = await only(store)
        if seconds == 1:
            await store.close()
            store = await home.open()
        again = await only(store, seconds)
        with pytest.raises(LeaseLost):
            await store.finish(old, replace(done(text("yes")), moves=run), now=at(seconds))
        assert await seqs(store) == [("a", True), ("b", False)]
        await store.finish(again, replace(done(text("yes")), moves=run), now=at(seconds))
        assert (await only(store, seconds)).event.event_id == "a"

    async def test_in_a_group_each_sender_has_their_own(self, store: AuditedStore) -> None:
        room = f"{ACCOUNT}/room"
        said = [message(n, group="room", number=who) for n, who in (("a", NUMBER), ("b", OTHER_NUMBER), ("c", NUMBER))]
        await store.accept(said, now=at())
        lease = await only(store)
        assert await seqs(store, room, NUMBER) == [("c", False)]
        assert await seqs(store, room, OTHER_NUMBER) == [("b", False)]
        await store.finish(lease, PARKED, now=at())
        assert await seqs(store, room, OTHER_NUMBER) == [("b", False)]
        assert await seqs(store, room, NUMBER) == [("a", True), ("c", False)]

    async def test_in_a_chat_of_two_it_is_one_person_whatever_they_go_by(self, store: AuditedStore) -> None:
        await parked(store, "a")
        await store.accept([moved("moved", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        assert await seqs(store, sender=OTHER_NUMBER) == [("a", True)]

    async def test_what_was_parked_in_a_joined_conversation_is_run_from_the_older_one(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("first", number=None, user_id=USER), text("x"), seconds=-1)
        lease = await parked(store, "a")
        await store.accept([message("both", user_id=USER)], now=at(1))
        both = await only(store, 1)
        assert both.conversation != lease.conversation
        for conversation in (both.conversation, lease.conversation):
            assert ("a", True) in await seqs(store, conversation, USER)
        await store.finish(both, replace(done(text("yes")), moves=Moves(runs=(lease.seq,))), now=at(1))
        again = await only(store, 1)
        assert (again.event.event_id, again.address.user_id) == ("a", USER)

    async def test_overflow_is_not_asked_about(self, store: AuditedStore) -> None:
        await store.accept([message("a"), message("b"), message("c")], now=at(), max_waiting=2)
        await only(store)
        assert await seqs(store) == [("b", False)]

    async def test_what_nobody_can_read_any_more_is_left_out(self, store: AuditedStore, home: Home) -> None:
        await store.accept([message("a"), message("b"), message("c")], now=at())
        await only(store)
        await home.change("UPDATE inbox SET payload = '{\"kind\": \"gone\"}' WHERE event_id = 'b'")
        assert await seqs(store) == [("c", False)]

    async def test_the_question_is_told_and_the_transcript_waits_for_the_answer(
        self, store: AuditedStore, home: Home
    ) -> None:
        lease = await parked(store, "a")
        (asked,) = await deliver(store, 1)
        await says(store, Moves(runs=await all_parked(store)))
        (again,) = await leased(store, 2)
        ids = await store.finish(again, replace(done(text("fine")), answered="fine"), now=at(2))
        assert asked.part_id not in ids
        lines = await home.rows("SELECT role, body FROM turn WHERE seq = :seq ORDER BY role", seq=lease.seq)
        assert [(line["role"], line["body"]) for line in lines] == [("agent", "fine"), ("person", "disk")]

    async def test_what_nobody_wanted_ends_in_its_time(self, store: AuditedStore, home: Home) -> None:
        await parked(store, "a", "b")
        await deliver(store)
        await store.sweep(now=at(9 * DAY), keep=KEEP, keep_ids=KEEP)
        assert (await store.counts()).events == {"parked": 2}
        while await store.sweep(now=at(11 * DAY), keep=KEEP, keep_ids=KEEP, batch=1):
            pass
        assert await home.rows("SELECT 1 FROM inbox UNION SELECT 1 FROM conversation") == []
        assert await store.check() == []

    async def test_an_operators_word_is_a_word(self, store: AuditedStore, home: Home) -> None:
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), TurnResult("dead", "buried"), now=at())
        (dead,) = await store.quarantined()
        await store.replay(dead.id, [], by="admin", now=at(1))
        lease = await only(store, 1)
        assert lease.wanted
        await store.finish(lease, done(text("x")), now=at(1))
        await store.quarantine(ACCOUNT, b"{", "no JSON", now=at(2))
        (unread,) = await store.quarantined()
        await store.replay(unread.id, [message("read after all")], by="admin", now=at(3))
        assert (await only(store, 3)).wanted
