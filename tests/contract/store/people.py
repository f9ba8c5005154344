"""Who a conversation belongs to: numbers, user ids, and what becomes of both."""

import itertools

import pytest

from aof.domain.message import InboundMessage
from aof.store.base import EventLease
from tests.contract.store.home import (
    NUMBER,
    OTHER_NUMBER,
    OTHER_USER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    buttons,
    deliver,
    done,
    leased,
    leased_parts,
    message,
    moved,
    text,
)

THIRD_NUMBER = "+447700900123"

BY_NUMBER = message("n", number=NUMBER)
BY_USER = message("u", number=None, user_id=USER)
BY_BOTH = message("b", number=NUMBER, user_id=USER)


async def said(store: AuditedStore, event: InboundMessage, seconds: float) -> EventLease:
    """Let somebody say something and end the turn; return what was leased for it."""
    await store.accept([event], now=at(seconds))
    lease = next(each for each in await leased(store, seconds) if each.event.event_id == event.event_id)
    await store.finish(lease, done(text(event.event_id)), now=at(seconds))
    return lease


def again(event: InboundMessage) -> InboundMessage:
    return event.model_copy(update={"event_id": f"{event.event_id}-again"})


class People:
    @pytest.mark.parametrize(
        "order",
        list(itertools.permutations([BY_NUMBER, BY_USER, BY_BOTH])),
        ids=lambda o: "".join(e.event_id for e in o),
    )
    async def test_number_and_user_id_lead_to_the_older_conversation_whatever_came_first(
        self, store: AuditedStore, order: tuple[InboundMessage, ...]
    ) -> None:
        oldest = (await said(store, order[0], 0)).conversation
        for seconds, event in enumerate(order[1:], start=1):
            await said(store, event, seconds)
        later = [await said(store, again(event), 10) for event in (BY_NUMBER, BY_USER, BY_BOTH)]
        assert {lease.conversation for lease in later} == {oldest}
        assert {(lease.address.number, lease.address.user_id) for lease in later} == {(NUMBER, USER)}

    async def test_what_was_shown_before_both_were_known_can_be_pressed_afterwards(self, store: AuditedStore) -> None:
        await answer(store, BY_NUMBER, buttons("to the number", "Logs"))
        await answer(store, BY_USER, buttons("to the user id", "Events"), seconds=1)
        await deliver(store, 2)
        both = await said(store, BY_BOTH, 3)
        assert await store.pressed(both.conversation, "logs") is not None
        assert await store.pressed(both.conversation, "events") is not None

    async def test_what_is_shown_by_a_turn_that_both_overtook_can_be_pressed(self, store: AuditedStore) -> None:
        await said(store, BY_NUMBER, 0)
        await store.accept([BY_USER], now=at(1))
        (running,) = await leased(store, 1)
        await store.accept([BY_BOTH], now=at(2))
        await store.finish(running, done(buttons("pick", "Logs")), now=at(3))
        await deliver(store, 3)
        (both,) = await leased(store, 3)
        assert both.conversation != running.conversation
        assert await store.pressed(both.conversation, "logs") is not None

    async def test_a_person_whose_number_changes_goes_on_in_the_same_conversation(self, store: AuditedStore) -> None:
        before = await said(store, message("a", number=NUMBER), 0)
        accepted = await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        assert (accepted.kept, accepted.new) == (1, 0)
        assert (
            await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        ).duplicates == 1
        after = await said(store, message("b", number=OTHER_NUMBER), 2)
        assert (after.conversation, after.address.number) == (before.conversation, OTHER_NUMBER)
        parts = [part.address.number for part in await deliver(store, 3)]
        assert parts == [OTHER_NUMBER, OTHER_NUMBER], "what was queued follows the person"

    async def test_a_person_whose_user_id_changes_goes_on_in_the_same_conversation(self, store: AuditedStore) -> None:
        before = await said(store, BY_BOTH, 0)
        await store.accept([moved("m", old=(None, USER), new=(None, OTHER_USER))], now=at(1))
        after = await said(store, message("new", number=None, user_id=OTHER_USER), 2)
        assert (after.conversation, after.address.user_id) == (before.conversation, OTHER_USER)
        stranger = await said(store, message("c", number=None, user_id=USER), 3)
        assert stranger.conversation != before.conversation

    async def test_the_number_that_somebody_gave_up_opens_a_new_conversation(self, store: AuditedStore) -> None:
        before = await said(store, message("a", number=NUMBER), 0)
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        stranger = await said(store, message("b", number=NUMBER), 2)
        assert stranger.conversation != before.conversation
        assert (await said(store, message("c", number=OTHER_NUMBER), 3)).conversation == before.conversation

    async def test_the_number_of_somebody_who_just_writes_from_another_opens_a_new_conversation(
        self, store: AuditedStore
    ) -> None:
        before = await said(store, BY_BOTH, 0)
        after = await said(store, message("b2", number=OTHER_NUMBER, user_id=USER), 1)
        assert after.conversation == before.conversation
        stranger = await said(store, message("c", number=NUMBER), 2)
        assert stranger.conversation != before.conversation

    async def test_a_number_given_up_in_a_change_that_names_the_user_id_opens_a_new_conversation(
        self, store: AuditedStore
    ) -> None:
        before = await said(store, BY_BOTH, 0)
        await store.accept([moved("m", old=(None, USER), new=(OTHER_NUMBER, USER))], now=at(1))
        stranger = await said(store, message("c", number=NUMBER), 2)
        assert stranger.conversation != before.conversation
        assert (await said(store, message("d", number=OTHER_NUMBER), 3)).conversation == before.conversation

    async def test_a_recycled_number_gets_neither_the_conversation_nor_its_parts(self, store: AuditedStore) -> None:
        former = await said(store, BY_BOTH, 0)
        stranger = await said(store, message("s", number=NUMBER, user_id=OTHER_USER), 1)
        assert stranger.conversation != former.conversation
        assert (stranger.address.number, stranger.address.user_id) == (NUMBER, OTHER_USER)
        going = {part.conversation: part.address for part in await leased_parts(store, 2)}
        assert going[former.conversation].number is None
        assert going[former.conversation].user_id == USER
        assert going[stranger.conversation].number == NUMBER
        assert (await said(store, message("s2", number=NUMBER), 3)).conversation == stranger.conversation
        assert (await said(store, again(BY_USER), 4)).conversation == former.conversation

    async def test_a_recycled_number_gets_no_parts_of_a_conversation_joined_to_its_former_owners(
        self, store: AuditedStore
    ) -> None:
        await said(store, BY_USER, 0)
        await said(store, BY_NUMBER, 1)
        await said(store, BY_BOTH, 2)
        stranger = await said(store, message("s", number=NUMBER, user_id=OTHER_USER), 3)
        for part in await leased_parts(store, 4):
            reached = part.address.number or part.address.user_id or part.address.chat
            if part.conversation != stranger.conversation:
                assert reached == USER

    async def test_a_number_taken_over_by_a_change_gets_no_parts_of_its_former_owner(self, store: AuditedStore) -> None:
        former = await said(store, message("f", number=OTHER_NUMBER), 0)
        mover = await said(store, message("m", number=NUMBER), 1)
        change = moved("c", old=(NUMBER, None), new=(OTHER_NUMBER, None), sent=at(2))
        await store.accept([change], now=at(3))
        going = {part.conversation: part.address for part in await leased_parts(store, 4)}
        assert going[mover.conversation].number == OTHER_NUMBER
        lost = going[former.conversation]
        assert OTHER_NUMBER not in {lost.number, lost.chat}
        assert (await said(store, message("m2", number=OTHER_NUMBER), 5)).conversation == mover.conversation

    async def test_what_a_person_wrote_under_a_new_number_before_its_change_was_told_is_theirs(
        self, store: AuditedStore
    ) -> None:
        before = await said(store, message("a", number=NUMBER), 0)
        ahead = await said(store, message("b", number=OTHER_NUMBER), 6)
        change = moved("c", old=(NUMBER, None), new=(OTHER_NUMBER, None), sent=at(5))
        await store.accept([change], now=at(7))
        going = {part.conversation: part.address.number for part in await leased_parts(store, 8)}
        assert going == {before.conversation: OTHER_NUMBER, ahead.conversation: OTHER_NUMBER}
        assert (await said(store, message("d", number=OTHER_NUMBER), 9)).conversation == before.conversation

    async def test_a_change_never_moves_the_person_who_has_the_old_number_now(self, store: AuditedStore) -> None:
        holder = await said(store, message("h", number=NUMBER, user_id=OTHER_USER), 0)
        mover = await said(store, message("m", number=None, user_id=USER), 1)
        await store.accept([moved("c", old=(NUMBER, USER), new=(THIRD_NUMBER, USER))], now=at(2))
        assert (await said(store, message("m2", number=THIRD_NUMBER), 3)).conversation == mover.conversation
        still = await said(store, message("h2", number=NUMBER, user_id=OTHER_USER), 4)
        assert (still.conversation, still.address.number) == (holder.conversation, NUMBER)
        assert (await said(store, message("h3", number=NUMBER), 5)).conversation == holder.conversation

    async def test_a_change_of_somebody_unknown_is_kept_and_moves_nobody(self, home: Home, store: AuditedStore) -> None:
        accepted = await store.accept([moved("c", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at())
        assert accepted.kept == 1
        assert await home.rows("SELECT * FROM conversation") == []

    async def test_groups_are_apart_from_each_other_and_from_their_members(self, store: AuditedStore) -> None:
        events = [
            message("dm", user_id=USER),
            message("g1", group="group-1", user_id=USER),
            message("g1b", group="group-1", user_id=OTHER_USER, number=OTHER_NUMBER),
            message("g2", group="group-2", user_id=USER),
        ]
        leases = [await said(store, event, seconds) for seconds, event in enumerate(events)]
        assert leases[1].conversation == leases[2].conversation
        assert len({lease.conversation for lease in leases}) == 3
        assert {(lease.address.number, lease.address.user_id) for lease in leases[1:]} == {(None, None)}
        assert (await said(store, message("dm2", number=OTHER_NUMBER), 9)).conversation not in {
            lease.conversation for lease in leases
        }

    async def test_the_same_person_at_two_of_our_numbers_has_two_conversations(self, store: AuditedStore) -> None:
        here = await said(store, message("a", user_id=USER), 0)
        there = await said(store, message("a", user_id=USER, account="whatsapp:2"), 1)
        assert here.conversation != there.conversation
