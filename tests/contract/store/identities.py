"""Whom a pairing belongs to, when numbers are given up and user ids become known."""

import pytest

from aof.domain.errors import NameTaken
from tests.contract.store.home import (
    NUMBER,
    OTHER_NUMBER,
    OTHER_USER,
    USER,
    AuditedStore,
    at,
    moved,
)
from tests.contract.store.pairing import CODE, DAY, OTHER_CODE, asks, standing


class Identities:
    async def test_whoever_gets_a_number_that_a_paired_person_gave_up_is_a_stranger(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        assert await store.approve(CODE, "Ola", by="ada", now=at(1))
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None), sent=at(2))], now=at(2))
        assert (await standing(store, "b", 90 * DAY, number=NUMBER, user_id=OTHER_USER)).pairing is None
        assert (await standing(store, "c", 91 * DAY, number=OTHER_NUMBER)).pairing == "approved"

    async def test_the_next_owner_of_a_number_takes_no_pairing_along_when_they_change_it(
        self, store: AuditedStore
    ) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        assert await store.approve(CODE, "Ola", by="ada", now=at(1))
        assert (await standing(store, "b", 2, number=NUMBER, user_id=OTHER_USER)).pairing is None
        changed = moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, OTHER_USER), sent=at(3))
        await store.accept([changed], now=at(3))
        assert (await standing(store, "c", 4, number=OTHER_NUMBER, user_id=OTHER_USER)).pairing is None
        assert (await standing(store, "d", 5, number=None, user_id=USER)).pairing == "approved"

    async def test_a_remembered_number_keeps_out_who_is_suspended(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        assert await store.approve(CODE, "Ola", by="ada", now=at(1))
        found = await standing(store, "b", 2, number=NUMBER)
        assert (found.pairing, found.name) == (None, "Ola")

    async def test_who_is_suspended_is_not_said_to_be_let_in_again(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        await store.approve(CODE, "Ola", by="ada", now=at(1))
        await store.suspend("Ola", by="ada", now=at(2))
        await store.revoke("Ola", by="ada", now=at(3))
        with pytest.raises(NameTaken, match="Ola is suspended"):
            await store.readmit("Ola", "", by="ada", now=at(4))

    async def test_a_pairing_by_number_is_bound_once_the_user_id_is_known(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        assert await store.approve(CODE, "Ola", by="ada", now=at(1))
        assert (await standing(store, "b", 2, number=NUMBER, user_id=USER)).pairing == "approved"
        assert (await standing(store, "c", 90 * DAY, number=NUMBER, user_id=OTHER_USER)).pairing is None
        assert (await standing(store, "d", 91 * DAY, number=None, user_id=USER)).pairing == "approved"
        assert (await standing(store, "e", 92 * DAY, number=NUMBER)).pairing is None, "only remembered"

    async def test_who_was_sent_away_stays_so_when_the_number_is_hidden(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        assert await store.revoke(NUMBER, by="ada", now=at(1))
        await standing(store, "b", 2, number=NUMBER, user_id=USER)
        assert (await standing(store, "c", 2 * DAY, number=None, user_id=USER)).pairing == "revoked"

    async def test_who_was_sent_away_is_told_no_code_under_a_new_number(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        assert await store.revoke(USER, by="ada", now=at(1))
        changed = moved("m", old=(NUMBER, USER), new=(OTHER_NUMBER, OTHER_USER), sent=at(2))
        await store.accept([changed], now=at(2))
        assert not await asks(store, "c", OTHER_CODE, 2 * DAY, number=OTHER_NUMBER, user_id=OTHER_USER)

    async def test_nobody_moves_out_of_being_sent_away(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        await store.approve(CODE, "Ola", by="ada", now=at(1))
        assert await asks(store, "b", OTHER_CODE, 2, number=OTHER_NUMBER)
        await store.revoke(OTHER_NUMBER, by="ada", now=at(3))
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None), sent=at(4))], now=at(4))
        assert (await standing(store, "c", 5, number=OTHER_NUMBER)).pairing == "revoked"

    async def test_a_stranger_who_becomes_known_by_a_user_id_is_told_no_second_code(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER)
        assert not await asks(store, "b", OTHER_CODE, 1, number=NUMBER, user_id=USER)
        assert not await asks(store, "c", OTHER_CODE, 2, number=None, user_id=USER)
