"""Who asks by a code, who is let in and sent away, who is suspended."""

from datetime import timedelta
from typing import Any

import pytest

from aof.domain.errors import NameTaken
from aof.domain.pairing import MOST_A_DAY, MOST_WRONG_TRIES
from aof.store.base import Standing, TurnResult
from aof.store.results import Held, Sent
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    OTHER_USER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    leased,
    leased_parts,
    message,
    only,
    text,
)

CODE, OTHER_CODE, WRONG = "ABCD2345", "WXYZ6789", "22222222"
DAY = 86_400
TOLD = TurnResult(
    "done",
    "code_told",
    (text("your code"),),
    cause="system",
    asked="let me in",
    answered="your code",
    until=at(3_600),
    is_strangers=True,
)


async def asks(store: AuditedStore, event_id: str = "a", code: str = CODE, seconds: float = 0, **who: Any) -> bool:
    """Somebody writes; whether they are told a code."""
    await store.accept([message(event_id, **who)], now=at(seconds))
    lease = next(each for each in await leased(store, seconds) if each.event.event_id == event_id)
    told = await store.ask_pairing(lease, code, now=at(seconds))
    await store.finish(lease, TOLD if told else TurnResult("done", "refused"), now=at(seconds))
    return told


async def standing(store: AuditedStore, event_id: str, seconds: float = 0, **who: Any) -> Standing:
    """What the lease of a message says of its sender."""
    await store.accept([message(event_id, **who)], now=at(seconds))
    lease = next(each for each in await leased(store, seconds) if each.event.event_id == event_id)
    await store.finish(lease, TurnResult("done", "refused"), now=at(seconds))
    return lease.standing


class Pairings:
    async def test_a_code_lets_in_whoever_was_told_it_once(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        approved = await store.approve(CODE, "Ola", by="ada", now=at(60))
        assert approved is not None
        assert (approved.user_id, approved.number, approved.name, approved.state) == (USER, NUMBER, "Ola", "approved")
        assert await store.approve(CODE, "", by="ada", now=at(61)) is None
        found = await standing(store, "b", 62, number=OTHER_NUMBER)
        assert found.pairing is None
        assert (await store.paired(now=at(63)))[0].is_open is False

    @pytest.mark.parametrize(("seconds", "opens"), [(3_599, True), (3_600, False)])
    async def test_a_code_opens_for_an_hour(self, store: AuditedStore, seconds: float, opens: bool) -> None:
        assert await asks(store)
        assert ((await store.paired(now=at(seconds)))[0].is_open) is opens
        assert (await store.approve(CODE, "", by="ada", now=at(seconds)) is not None) is opens

    @pytest.mark.parametrize(("wrong", "opens"), [(MOST_WRONG_TRIES - 1, True), (MOST_WRONG_TRIES, False)])
    async def test_wrong_codes_close_it(self, store: AuditedStore, wrong: int, opens: bool) -> None:
        assert await asks(store)
        for _ in range(wrong):
            assert await store.approve(WRONG, "", by="ada", now=at(1)) is None
        assert (await store.approve(CODE, "", by="ada", now=at(2)) is not None) is opens

    @pytest.mark.parametrize(("seconds", "told"), [(DAY - 1, False), (DAY, True)])
    async def test_a_stranger_is_told_one_a_day(self, store: AuditedStore, seconds: float, told: bool) -> None:
        assert await asks(store)
        assert await asks(store, "b", OTHER_CODE, seconds) is told

    async def test_a_message_whose_turn_begins_anew_is_told_again_and_a_second_message_is_not(
        self, store: AuditedStore
    ) -> None:
        await store.accept([message("a")], now=at())
        first = await only(store)
        assert await store.ask_pairing(first, CODE, now=at())
        again = await only(store, 61)  # the first one's lease has lapsed
        assert await store.ask_pairing(again, OTHER_CODE, now=at(61))
        await store.finish(again, TOLD, now=at(61))
        assert not await asks(store, "b", WRONG, 62)
        assert await store.approve(CODE, "", by="ada", now=at(63)) is None
        assert await store.approve(OTHER_CODE, "", by="ada", now=at(63)) is not None

    async def test_so_many_strangers_a_day_are_told_one(self, store: AuditedStore) -> None:
        for n in range(MOST_A_DAY):
            assert await asks(store, f"m{n}", f"CODE{n:04}", number=f"+49151000{n:04}")
        assert not await asks(store, "late", number=OTHER_NUMBER)
        assert not await asks(store, "later", seconds=DAY - 1, number="+491719999")
        assert await asks(store, "next day", seconds=DAY, number="+491718888")

    async def test_whoever_is_known_by_number_alone_is_that_number(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        await store.approve(CODE, "", by="ada", now=at())
        assert (await standing(store, "b", 1, number=NUMBER, user_id=USER)).pairing == "approved"
        assert (await standing(store, "c", 2, number=OTHER_NUMBER, user_id=OTHER_USER)).pairing is None

    async def test_whoever_is_known_by_a_user_id_is_no_number(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        await store.approve(CODE, "", by="ada", now=at())
        assert (await standing(store, "b", 100, number=NUMBER, user_id=OTHER_USER)).pairing is None
        assert (await standing(store, "c", 200, number=OTHER_NUMBER, user_id=USER)).pairing == "approved"

    async def test_sent_away_and_let_in_again(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.approve(CODE, "Ola", by="ada", now=at())
        (gone,) = await store.revoke("Ola", by="ada", now=at(1))
        assert gone.state == "revoked"
        assert await store.revoke("Ola", by="ada", now=at(2)) == []
        assert (await standing(store, "b", 2)).pairing == "revoked"
        assert not await asks(store, "c", OTHER_CODE, 2 * DAY), "who was sent away is told nothing"
        (back,) = await store.readmit(NUMBER, "", by="ada", now=at(3))
        assert (back.state, back.name) == ("approved", "Ola")
        await store.revoke("Ola", by="ada", now=at(4))
        (renamed,) = await store.readmit("Ola", "Olga", by="ada", now=at(5))
        assert renamed.name == "Olga"

    async def test_parts_carry_what_was_decided_about_whom_they_are_for(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.approve(CODE, "Ola", by="ada", now=at(62))
        await answer(store, message("b"), text("x"), seconds=63)
        await store.suspend("Hind", by="ada", now=at(64))
        (code,) = await leased_parts(store, 65)
        await store.settle(code, Sent("wamid.code"), now=at(65))
        (part,) = await leased_parts(store, 66, begun=False)
        assert part.standing == Standing("approved", "Ola", frozenset({"Hind"}))

    async def test_strangers_are_forgotten_after_a_day_and_others_are_not(
        self, store: AuditedStore, home: Home
    ) -> None:
        assert await asks(store)
        assert await asks(store, "b", OTHER_CODE, number=OTHER_NUMBER)
        await store.approve(OTHER_CODE, "", by="ada", now=at(1))
        for seconds, left in ((DAY - 1, 2), (DAY + 1, 1)):
            await store.sweep(now=at(seconds), keep=timedelta(days=30), keep_ids=timedelta(days=30))
            assert len(await store.paired(now=at(seconds))) == left

    async def test_no_code_stands_in_the_store_and_every_decision_is_in_the_chain(
        self, store: AuditedStore, home: Home
    ) -> None:
        assert await asks(store)
        assert CODE not in str(await home.rows("SELECT * FROM pairing"))
        await store.approve(CODE, "Ola", by="ada", now=at())
        await store.revoke("Ola", by="ada", now=at())
        kinds = [row["kind"] for row in await home.rows("SELECT kind FROM audit ORDER BY seq")]
        assert kinds == ["pairing_approved", "pairing_revoked"]
        assert await store.check() == []

    async def test_an_empty_word_names_nobody(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.approve(CODE, "", by="ada", now=at(1))
        assert await store.revoke("", by="ada", now=at(2)) == []
        await store.revoke(NUMBER, by="ada", now=at(3))
        assert await store.readmit("", "", by="ada", now=at(4)) == []

    async def test_a_name_is_one_persons(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.approve(CODE, "Sam", by="ada", now=at(1))
        assert await asks(store, "b", OTHER_CODE, 2, number=OTHER_NUMBER)
        with pytest.raises(NameTaken, match="Sam"):
            await store.approve(OTHER_CODE, "Sam", by="ada", now=at(3))
        await store.revoke("Sam", by="ada", now=at(4))
        assert await store.approve(OTHER_CODE, "Sam", by="ada", now=at(5)), "a refused name costs no try"
        for who in ("Sam", NUMBER):
            with pytest.raises(NameTaken, match="Sam"):
                await store.readmit(who, "", by="ada", now=at(6))
        (back,) = await store.readmit(NUMBER, "Samira", by="ada", now=at(7))
        assert (back.number, back.name) == (NUMBER, "Samira")

    async def test_nobody_is_given_the_name_of_somebody_who_is_suspended(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.suspend("Sam", by="ada", now=at(1))
        with pytest.raises(NameTaken):
            await store.approve(CODE, "Sam", by="ada", now=at(2))

    async def test_a_code_that_a_gate_holds_is_not_kept_for_ever(self, store: AuditedStore, home: Home) -> None:
        assert await asks(store)
        (lease,) = await leased_parts(store, begun=False)
        assert lease.until == at(3_600)
        await store.settle(lease, Held("live_send", "allow_live_send is false"), now=at())
        kept = timedelta(days=30)
        while await store.sweep(now=at(400 * DAY), keep=kept, keep_ids=kept):
            pass
        assert await home.rows("SELECT body FROM outbox") == []
        assert await home.rows("SELECT number FROM conversation") == []


class Suspensions:
    async def test_it_can_be_read_who_did_what_and_the_chain_holds_without_it(
        self, store: AuditedStore, home: Home
    ) -> None:
        await store.suspend("Ola", by="ada", now=at())
        (row,) = await home.rows("SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = 'person_suspended'")
        assert row["facts"] == '{"by": "ada", "name": "Ola"}'
        await home.change("DELETE FROM audit_words")
        assert await store.check() == []

    async def test_a_part_that_is_about_to_be_written_hears_what_was_decided_meanwhile(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("a"), text("x"))
        (part,) = await leased_parts(store, begun=False)
        assert part.standing.suspended == frozenset()
        await store.suspend("Ola", by="ada", now=at(1))
        assert (await store.begin(part)).suspended == frozenset({"Ola"})

    async def test_in_a_group_it_is_the_asker_who_counts(self, store: AuditedStore) -> None:
        await answer(store, message("a", group="room", user_id=USER), text("x"))
        (part,) = await leased_parts(store)
        assert (part.address.group, part.recipient.user_id) == (True, USER)

    async def test_a_name_is_suspended_and_resumed_once(self, store: AuditedStore) -> None:
        assert await store.suspend("Ola", by="ada", now=at())
        assert not await store.suspend("Ola", by="ada", now=at(1))
        assert list(await store.suspended()) == ["Ola"]
        assert (await standing(store, "a", 2)).suspended == frozenset({"Ola"})
        assert await store.resume_person("Ola", by="ada", now=at(3))
        assert not await store.resume_person("Ola", by="ada", now=at(4))
        assert (await standing(store, "b", 5, number=OTHER_NUMBER)).suspended == frozenset()

    async def test_an_operator_sees_what_a_lease_says(self, store: AuditedStore) -> None:
        assert await asks(store)
        await store.approve(CODE, "Ola", by="ada", now=at())
        await store.suspend("Ola", by="ada", now=at())
        sender = message("x").sender
        assert await store.standing(ACCOUNT, sender) == Standing("approved", "Ola", frozenset({"Ola"}))
        assert (await store.standing("whatsapp:2", sender)).pairing is None
