"""Chats and their topics: each a conversation of its own, wherever its group goes, and who lets the daemon in."""

from dataclasses import replace

from aof.domain.message import ButtonPress, ChatMoved, InboundMessage, Reachability, Sender
from aof.domain.response import Action
from aof.store.base import Elsewhere, EventLease, Expected, PartLease, Remembered
from aof.store.results import Dead, Moved, Sent
from tests.contract.store.asking import RUN, asks, pausing, says
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
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
    only,
    only_part,
    text,
)

OLD, NEW = "-4001", "-1001000000004001"


def in_room(event_id: str, room: str = OLD, *, thread: str = "", user_id: str = USER) -> InboundMessage:
    return message(event_id, number=None, user_id=user_id, group=room, thread=thread)


def goes_on(old: str = OLD, new: str = NEW) -> ChatMoved:
    return ChatMoved(platform="whatsapp", account=ACCOUNT, event_id=f"moved:{old}:{new}", old_chat=old, new_chat=new)


def told(event_id: str, seconds: float | None, *, reachable: bool, user_id: str = USER) -> Reachability:
    return Reachability(
        platform="whatsapp",
        account=ACCOUNT,
        event_id=event_id,
        sender=Sender(user_id=user_id),
        reachable=reachable,
        sent_at=None if seconds is None else at(seconds),
    )


def tap(event_id: str, action: str, room: str, *, thread: str = "") -> ButtonPress:
    return ButtonPress(
        platform="whatsapp",
        account=ACCOUNT,
        event_id=event_id,
        chat_id=room,
        group=room.startswith("-"),
        thread=thread,
        sender=Sender(user_id=USER),
        action_id=action,
        form="callback",
    )


async def heard(store: AuditedStore, event: InboundMessage | ButtonPress, seconds: float) -> EventLease:
    await store.accept([event], now=at(seconds))
    return next(each for each in await leased(store, seconds) if each.event.event_id == event.event_id)


async def may_be_reached(store: AuditedStore) -> bool:
    return await store.reach("whatsapp", [USER]) is not None


class Topics:
    async def test_each_topic_is_a_conversation_and_is_answered_where_it_was_asked(self, store: AuditedStore) -> None:
        places = [(USER, ""), (USER, "7"), (USER, "8"), (OLD, ""), (OLD, "7")]
        leases: list[EventLease] = []
        for n, (chat, thread) in enumerate(places):
            group = chat if chat == OLD else None
            said = message(f"e{n}", number=None, user_id=USER, group=group, thread=thread)
            leases.append(await heard(store, said, n))
            await store.finish(leases[-1], done(text(f"{n}")), now=at(n))
        assert len({lease.conversation for lease in leases}) == len(places)
        assert [(lease.address.chat, lease.address.thread) for lease in leases] == places
        parts = await leased_parts(store, 9)
        assert sorted((part.address.chat, part.address.thread) for part in parts) == sorted(places)
        again = await heard(store, message("again", number=None, user_id=USER, thread="7"), 10)
        assert again.conversation == leases[1].conversation

    async def test_topics_wait_for_their_own_alone(self, store: AuditedStore) -> None:
        said = [
            message("a", number=None, user_id=USER, thread="1"),
            message("b", number=None, user_id=USER, thread="2"),
            message("c", number=None, user_id=USER),
            message("d", number=None, user_id=USER, thread="1"),
        ]
        await store.accept(said, now=at(0))
        assert {lease.event.event_id for lease in await leased(store)} == {"a", "b", "c"}

    async def test_what_was_chosen_asked_and_remembered_in_a_topic_holds_there_alone(self, store: AuditedStore) -> None:
        there, elsewhere = (message(f"{n}", number=None, user_id=USER, thread=n) for n in ("1", "2"))
        lease = await heard(store, there, 0)
        kept = replace(
            done(buttons("which?", "Yes"), text("or type it", "One")),
            choose="ops",
            choose_context="prod",
            expects=Expected("why", "a1", at(100)),
            remembered=Remembered("ops", "the disk"),
            choices_until=at(100),
        )
        await store.finish(lease, kept, now=at(0))
        await deliver(store, 1)
        other = await heard(store, elsewhere, 2)
        main = await heard(store, message("main", number=None, user_id=USER), 2)
        for lease in (other, main):
            assert (lease.chosen, lease.context, lease.expected) == ("", "", None)
            assert await store.pressed(lease.conversation, "yes") is None
            assert await store.numbered(lease.conversation, 1, USER, now=at(3)) is None
            assert await store.recall(lease.conversation, "", "ops", since=at(0), most=9) == ()
        again = await heard(store, there.model_copy(update={"event_id": "again"}), 3)
        assert (again.chosen, again.context, again.expected) == ("ops", "prod", Expected("why", "a1", at(100)))
        assert await store.recall(again.conversation, "", "ops", since=at(0), most=9) == ("the disk",)
        for shown in (
            await store.pressed(again.conversation, "yes"),
            await store.numbered(again.conversation, 1, USER, now=at(3)),
        ):
            assert shown is not None

    async def test_a_run_goes_on_in_the_topic_it_was_asked_from(self, store: AuditedStore) -> None:
        lease = await heard(store, message("q", number=None, user_id=USER, thread="7"), 0)
        await store.finish(lease, pausing(asks(cards=())), now=at(0))
        assert [run.run for run in await store.paused_in(lease.conversation)] == [RUN]
        main = await heard(store, message("main", number=None, user_id=USER), 1)
        assert await store.paused_in(main.conversation) == []
        await store.finish(main, done(), now=at(1))
        await says(store, seconds=2)
        went_on = await only(store, 3)
        assert (went_on.conversation, went_on.event.thread, went_on.address.thread) == (lease.conversation, "7", "7")

    async def test_a_person_is_reached_in_their_main_conversation_though_they_only_wrote_in_topics(
        self, store: AuditedStore
    ) -> None:
        lease = await heard(store, message("a", number=NUMBER, user_id=USER, thread="7"), 1)
        await store.finish(lease, done(), now=at(1))
        for ids in ([USER], [NUMBER]):
            found = await store.reach("whatsapp", ids)
            assert found is not None
            assert found.conversation != lease.conversation
            assert (found.address.chat, found.address.thread, found.heard_at) == (USER, "", at(1))
        asked = replace(done(), elsewhere=(Elsewhere(found.conversation, (text("card").part,)),))
        await store.finish(await heard(store, message("b", number=OTHER_NUMBER), 2), asked, now=at(2))
        assert (await only_part(store, 3)).address == found.address
        main = await heard(store, message("c", number=NUMBER, user_id=USER), 4)
        assert main.conversation == found.conversation

    async def test_topics_go_where_their_person_goes(self, store: AuditedStore) -> None:
        await answer(store, message("a", thread="7"), text("early"), seconds=1)
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None), sent=at(2))], now=at(2))
        part = await only_part(store, 3)
        assert (part.address.number, part.address.thread) == (OTHER_NUMBER, "7")
        await store.settle(part, Sent("wamid.1"), now=at(3))
        again = await heard(store, message("b", number=OTHER_NUMBER, thread="7"), 4)
        assert again.conversation == part.conversation

    async def test_topics_of_two_conversations_of_one_person_are_both_kept_when_they_are_joined(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("a", number=NUMBER, thread="7"), seconds=1)
        younger = await heard(store, message("b", number=None, user_id=USER, thread="8"), 2)
        await store.finish(younger, done(text("to eight")), now=at(2))
        await answer(store, message("c", number=NUMBER, user_id=USER), seconds=3)
        part = await only_part(store, 4)
        assert (part.address.user_id, part.address.number, part.address.thread) == (USER, NUMBER, "8")
        again = await heard(store, message("d", number=NUMBER, user_id=USER, thread="8"), 5)
        assert again.conversation == younger.conversation


class MovedChats:
    async def test_a_group_goes_on_with_its_topics_under_its_new_id(self, store: AuditedStore, home: Home) -> None:
        before = [await heard(store, in_room(f"a{thread}", thread=thread), 0) for thread in ("", "7")]
        for lease in before:
            await store.finish(lease, replace(done(buttons("go on?", "Yes")), choose="ops"), now=at(0))
        accepted = await store.accept([goes_on()], now=at(1))
        assert (accepted.kept, accepted.duplicates) == (1, 0)
        parts = await leased_parts(store, 2)
        assert {(part.address.chat, part.address.thread) for part in parts} == {(NEW, ""), (NEW, "7")}
        for part in parts:
            await store.settle(part, Sent(f"{OLD}:{part.seq}"), now=at(2))
        for room in (NEW, OLD):
            for was, thread in zip(before, ("", "7"), strict=True):
                later = await heard(store, in_room(f"{room}{thread}", room, thread=thread), 3)
                assert (later.conversation, later.address.chat, later.chosen) == (was.conversation, NEW, "ops")
                await store.finish(later, done(), now=at(3))
                pressed = await heard(store, tap(f"p{room}{thread}", "yes", room, thread=thread), 4)
                await store.finish(pressed, done(), now=at(4))
                shown = await store.pressed(pressed.conversation, "yes")
                assert shown is not None
                assert shown.action == Action(id="act:yes", title="Yes")
        assert [row["subject"] for row in await home.rows("SELECT subject FROM audit WHERE kind = 'chat_moved'")] == [
            f"{ACCOUNT}/{OLD}"
        ]

    async def test_the_same_move_told_again_in_whatever_way_moves_nothing(self, store: AuditedStore) -> None:
        was = await heard(store, in_room("a"), 0)
        await store.finish(was, done(text("one")), now=at(0))
        await store.accept([goes_on()], now=at(1))
        assert (await store.accept([goes_on()], now=at(2))).duplicates == 1
        back = goes_on(NEW, OLD)
        await store.accept(
            [back, goes_on(OLD, "-5"), goes_on(OLD, OLD).model_copy(update={"event_id": "x"})], now=at(3)
        )
        assert (await only_part(store, 4)).address.chat == NEW
        assert (await heard(store, in_room("b", OLD), 5)).conversation == was.conversation

    async def test_what_was_said_under_the_new_id_before_the_word_came_is_the_same_groups(
        self, store: AuditedStore
    ) -> None:
        old = await heard(store, in_room("a"), 0)
        await store.finish(old, done(), now=at(0))
        early = await heard(store, in_room("b", NEW), 1)
        await store.accept([in_room("c", NEW)], now=at(1))
        assert early.conversation != old.conversation
        await store.accept([goes_on()], now=at(2))
        await store.finish(early, done(buttons("early", "Yes")), now=at(3))
        still_open = await only(store, 3)
        await store.finish(still_open, done(text("open")), now=at(3))
        assert [part.address.chat for part in await deliver(store, 4)] == [NEW, NEW]
        pressed = await heard(store, tap("p", "yes", NEW), 5)
        assert pressed.conversation == old.conversation
        assert await store.pressed(pressed.conversation, "yes") is not None

    async def test_a_group_moves_twice_and_every_former_id_leads_to_it(self, store: AuditedStore) -> None:
        was = await heard(store, in_room("a", "-1"), 0)
        await store.finish(was, done(), now=at(0))
        await store.accept([goes_on("-2", "-3"), goes_on("-1", "-2")], now=at(1))
        for n, room in enumerate(("-1", "-2", "-3")):
            later = await heard(store, in_room(f"b{n}", room), 2 + n)
            assert (later.conversation, later.address.chat) == (was.conversation, "-3")
            await store.finish(later, done(), now=at(2 + n))

    async def test_a_part_that_finds_its_group_moved_is_sent_there_at_once(self, store: AuditedStore) -> None:
        await answer(store, in_room("a", thread="7"), text("one"), text("two"))
        first = await only_part(store, 1)
        await store.settle(first, Moved(NEW, "it moved"), now=at(1))
        again = await only_part(store, 1)
        assert (again.part_id, again.address.chat, again.address.thread) == (first.part_id, NEW, "7")
        assert (again.deferrals, again.uncertain) == (0, 0)
        await store.settle(again, Sent("m1"), now=at(1))
        assert (await only_part(store, 1)).address.chat == NEW

    async def test_a_part_that_was_on_its_way_when_the_word_came_is_sent_to_the_new_id(
        self, store: AuditedStore
    ) -> None:
        await answer(store, in_room("a"), text("one"))
        first = await only_part(store, 1)
        await store.accept([goes_on()], now=at(2))
        await store.settle(first, Moved(NEW, "it moved"), now=at(3))
        assert (await only_part(store, 3)).address.chat == NEW

    async def test_no_word_of_a_platform_sends_a_part_for_ever(self, store: AuditedStore) -> None:
        await answer(store, in_room("a"), text("one"))
        first = await only_part(store, 1)
        await store.settle(first, Moved(NEW, "it moved"), now=at(1))
        second = await only_part(store, 1)
        await store.settle(second, Moved(OLD, "and back"), now=at(1))
        assert await leased_parts(store, 60) == ()
        third = await only_part(store, 61)
        assert (third.address.chat, third.deferrals) == (NEW, 1)


class LetIn:
    async def begun(self, store: AuditedStore) -> PartLease:
        await answer(store, message("a", number=None, user_id=USER), text("one"), seconds=1)
        assert await may_be_reached(store)
        return await only_part(store, 2)

    async def test_who_shut_the_daemon_out_is_nobody_who_can_be_asked_until_they_write(
        self, store: AuditedStore
    ) -> None:
        part = await self.begun(store)
        await store.settle(part, Dead(403, "they shut us out", unreachable=True), now=at(2))
        assert not await may_be_reached(store)
        (row,) = await store.parts()
        assert (row.state, row.code, row.reason, row.shut_out) == ("dead", 403, "they shut us out", True)
        await answer(store, message("b", number=None, user_id=USER), seconds=3)
        assert await may_be_reached(store)
        assert await store.retry([row.seq], by="ada", now=at(4)) == 1
        assert not (await store.parts())[0].shut_out

    async def test_who_writes_many_messages_at_once_is_let_in_too(self, store: AuditedStore) -> None:
        part = await self.begun(store)
        await store.settle(part, Dead(403, "they shut us out", unreachable=True), now=at(2))
        await store.accept([message("b", number=None, user_id=USER, thread="7")], now=at(3))
        assert await may_be_reached(store)

    async def test_a_press_lets_in_and_so_does_the_platforms_word(self, store: AuditedStore) -> None:
        await self.begun(store)
        await store.accept([told("out", 3, reachable=False)], now=at(3))
        assert not await may_be_reached(store)
        await store.accept([tap("p", "yes", USER)], now=at(4))
        assert await may_be_reached(store)
        await store.accept([told("out again", 5, reachable=False)], now=at(5))
        await store.accept([told("in", 5, reachable=True)], now=at(5))
        assert await may_be_reached(store), "a platform tells whole seconds"

    async def test_words_that_overtake_each_other_end_where_the_last_of_them_was_true(
        self, store: AuditedStore
    ) -> None:
        await self.begun(store)
        await store.accept([told("in", 6, reachable=True)], now=at(7))
        await store.accept([told("out", 5, reachable=False)], now=at(8))
        assert await may_be_reached(store)
        late = message("b", number=None, user_id=USER).model_copy(update={"sent_at": at(9)})
        await store.accept([told("out again", 10, reachable=False), late], now=at(11))
        assert not await may_be_reached(store)
        assert (await store.accept([told("in", 6, reachable=True)], now=at(12))).duplicates == 1
        assert not await may_be_reached(store)

    async def test_a_part_that_arrives_proves_that_they_let_it_in(self, store: AuditedStore) -> None:
        part = await self.begun(store)
        await store.accept([told("out", 3, reachable=False)], now=at(3))
        await store.settle(part, Sent("m1"), now=at(4))
        assert await may_be_reached(store)

    async def test_a_word_about_somebody_who_never_wrote_is_kept(self, store: AuditedStore) -> None:
        accepted = await store.accept([told("out", 3, reachable=False, user_id="DE.9")], now=at(3))
        assert (accepted.kept, accepted.new) == (1, 0)
        assert await store.reach("whatsapp", ["DE.9"]) is None

    async def test_one_account_that_is_shut_out_shuts_no_other_out(self, store: AuditedStore) -> None:
        part = await self.begun(store)
        await answer(store, message("b", number=None, user_id=USER, account="whatsapp:2"), seconds=0)
        await store.settle(part, Dead(403, "they shut us out", unreachable=True), now=at(2))
        found = await store.reach("whatsapp", [USER])
        assert found is not None
        assert found.account == "whatsapp:2"
