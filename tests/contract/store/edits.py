"""Parts that change what was said: only the last of them leaves, and none keeps something new waiting."""

from datetime import timedelta

from aof.domain.response import Choice, EditPart
from aof.store.base import OutgoingPart
from aof.store.results import Deferred, Held, Sent, Uncertain
from tests.contract.store.home import (
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    leased_parts,
    message,
    only_part,
    states,
    text,
)

SHOWN = "55501:7"
ASIDE = "a later change of the same message took its place"


def edit(body: str, message_id: str = SHOWN, *titles: str) -> OutgoingPart:
    buttons = tuple(Choice(id=title.lower(), title=title, action_id=f"act:{title.lower()}") for title in titles)
    return OutgoingPart(EditPart(message_id=message_id, text=body, buttons=buttons))


class Edits:
    async def test_of_changes_that_wait_only_the_last_is_sent(self, store: AuditedStore, home: Home) -> None:
        first, other, second, third = await answer(
            store, message("a"), edit("one"), edit("x", "55501:8"), edit("two"), edit("three")
        )
        assert [part.part_id for part in await deliver(store, 1)] == [other, third]
        assert await states(home) == {first: "dead", other: "sent", second: "dead", third: "sent"}
        rows = {row.part_id: row for row in await store.parts()}
        assert [rows[part].reason for part in (first, second)] == [ASIDE, ASIDE]
        kinds = "SELECT subject FROM audit WHERE kind = 'part_superseded' ORDER BY seq"
        assert [row["subject"] for row in await home.rows(kinds)] == [first, second]

    async def test_what_took_its_turn_is_nobodys_trouble(self, store: AuditedStore, home: Home) -> None:
        await answer(store, message("a"), edit("one"), edit("two"))
        dead = "SELECT part FROM outbox WHERE state IN ('held', 'dead', 'failed') AND buried = 0"
        assert await home.rows(dead) == []

    async def test_one_that_is_on_its_way_leaves_and_then_the_last(self, store: AuditedStore) -> None:
        (first,) = await answer(store, message("a"), edit("one"))
        sending = await only_part(store)
        assert sending.part_id == first
        _, third = await answer(store, message("b"), edit("two"), edit("three"))
        assert await leased_parts(store) == ()
        await store.settle(sending, Sent(SHOWN), now=at(1))
        assert [part.part_id for part in await deliver(store, 1)] == [third]

    async def test_one_that_comes_back_finds_its_place_taken(self, store: AuditedStore, home: Home) -> None:
        for n, back in enumerate((Deferred(timedelta(seconds=9), 429, "later"), Held("live_send", "closed"))):
            shown = f"{SHOWN}{n}"
            (first,) = await answer(store, message(f"a{n}"), edit("one", shown), seconds=n)
            sending = await only_part(store, n)
            (second,) = await answer(store, message(f"b{n}"), edit("two", shown), seconds=n)
            await store.settle(sending, back, now=at(n))
            await store.release([row.seq for row in await store.parts() if row.state == "held"], by="ada", now=at(n))
            assert [part.part_id for part in await deliver(store, n)] == [second]
            assert (await states(home))[first] == "dead"

    async def test_one_whose_sender_died_before_its_request_finds_its_place_taken(
        self, store: AuditedStore, home: Home
    ) -> None:
        (first,) = await answer(store, message("a"), edit("one"))
        assert [part.part_id for part in await leased_parts(store, begun=False)] == [first]
        (second,) = await answer(store, message("b"), edit("two"), seconds=1)
        assert [part.part_id for part in await deliver(store, 61)] == [second]
        assert (await states(home))[first] == "dead"

    async def test_something_new_goes_before_changes_that_wait(self, store: AuditedStore) -> None:
        changed, new, later = await answer(store, message("a"), edit("one"), text("the answer"), text("and more"))
        assert [part.part_id for part in await deliver(store)] == [new, later, changed]

    async def test_a_change_of_which_nobody_knows_keeps_no_answer_waiting(self, store: AuditedStore) -> None:
        await answer(store, message("a"), edit("one"))
        sending = await only_part(store)
        await store.settle(sending, Uncertain(timedelta(seconds=10), "no answer"), now=at(0))
        (new,) = await answer(store, message("b"), text("the answer"), seconds=1)
        assert (await only_part(store, 1)).part_id == new

    async def test_a_change_waits_for_what_is_on_its_way(self, store: AuditedStore) -> None:
        new, changed = await answer(store, message("a"), text("the answer"), edit("one"))
        sending = await only_part(store)
        assert sending.part_id == new
        assert await leased_parts(store) == ()
        await store.settle(sending, Deferred(timedelta(seconds=5), 429, "later"), now=at(0))
        assert await leased_parts(store, 4) == ()
        assert [part.part_id for part in await deliver(store, 5)] == [new, changed]

    async def test_the_same_id_in_another_conversation_is_another_message(self, store: AuditedStore) -> None:
        here = await answer(store, message("a"), edit("one"))
        there = await answer(store, message("b", number=None, user_id="DE.1"), edit("two"))
        assert {part.part_id for part in await deliver(store, 1)} == {*here, *there}

    async def test_choices_of_a_change_can_be_pressed_once_it_is_there(self, store: AuditedStore) -> None:
        await answer(store, message("a"), edit("gone", SHOWN, "Gone"), edit("go on?", SHOWN, "Yes"))
        (sent,) = await deliver(store)
        assert await store.pressed(sent.conversation, "gone") is None
        shown = await store.pressed(sent.conversation, "yes")
        assert shown is not None
        assert shown.action.id == "act:yes"
