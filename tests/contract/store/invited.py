"""Who is let in by a code that an operator gave out: whoever shows it first, once, and in its time."""

import asyncio

import pytest

from aof.domain.errors import NameTaken
from aof.domain.pairing import new_invitation
from tests.contract.store.home import NUMBER, USER, AuditedStore, Home, at, done, message
from tests.contract.store.pairing import CODE, asks, standing
from tests.contract.store.places import heard

HOUR = 3_600


class Invited:
    async def invited(self, store: AuditedStore, name: str = "Ola", *, seconds: float = 0) -> str:
        code = new_invitation()
        await store.invite(code, name, by="ada", expires_at=at(seconds + HOUR), now=at(seconds))
        return code

    async def shows(
        self, store: AuditedStore, code: str, seconds: float = 1, *, user_id: str = USER, group: str | None = None
    ) -> str:
        said = message(f"{user_id}-{seconds}-{code}", f"/start {code}", number=None, user_id=user_id, group=group)
        lease = await heard(store, said, seconds)
        name = await store.use_invitation(lease, code, now=at(seconds))
        await store.finish(lease, done(), now=at(seconds))
        return name

    async def test_whoever_shows_it_first_is_let_in_and_nobody_after_them(
        self, store: AuditedStore, home: Home
    ) -> None:
        code = await self.invited(store)
        assert await self.shows(store, code) == "Ola"
        found = await standing(store, "a", 2, number=None, user_id=USER)
        assert (found.pairing, found.name) == ("approved", "Ola")
        for user_id in ("DE.2", USER):
            assert await self.shows(store, code, 3, user_id=user_id) == ""
        (paired,) = await store.paired(now=at(4))
        assert (paired.name, paired.user_id, paired.state) == ("Ola", USER, "approved")
        kinds = [row["kind"] for row in await home.rows("SELECT kind FROM audit ORDER BY seq")]
        assert [kind for kind in kinds if kind.startswith(("p", "i"))] == ["person_invited", "pairing_approved"]
        kept = await home.rows("SELECT facts FROM audit_words")
        assert all('"by": "ada"' in row["facts"] and code not in row["facts"] for row in kept)
        assert await store.check() == []

    async def test_of_two_who_show_it_at_once_one_is_let_in(self, store: AuditedStore) -> None:
        code = await self.invited(store)
        leases = [
            await heard(store, message(f"{one}", f"/start {code}", number=None, user_id=one), 1)
            for one in ("DE.1", "DE.2", "DE.3")
        ]
        names = await asyncio.gather(*(store.use_invitation(lease, code, now=at(1)) for lease in leases))
        assert sorted(names) == ["", "", "Ola"]
        assert len(await store.paired(now=at(2))) == 1

    async def test_what_is_kept_opens_nothing(self, store: AuditedStore, home: Home) -> None:
        code = await self.invited(store)
        (row,) = await home.rows("SELECT code FROM invitation")
        assert row["code"] != code
        assert await self.shows(store, row["code"]) == ""

    async def test_a_guess_costs_nobody_their_invitation(self, store: AuditedStore) -> None:
        code = await self.invited(store)
        for n in range(20):
            assert await self.shows(store, new_invitation(), n + 1, user_id=f"DE.{n}") == ""
        assert await self.shows(store, code, 30) == "Ola"

    @pytest.mark.parametrize(("seconds", "name"), [(HOUR - 1, "Ola"), (HOUR, "")])
    async def test_it_is_good_in_its_time(self, store: AuditedStore, seconds: float, name: str) -> None:
        assert await self.shows(store, await self.invited(store), seconds) == name

    async def test_in_a_group_it_is_no_word_and_stays_good(self, store: AuditedStore) -> None:
        code = await self.invited(store)
        assert await self.shows(store, code, group="-4") == ""
        assert await self.shows(store, code, 2) == "Ola"

    async def test_a_newer_one_for_the_same_name_ends_the_former(self, store: AuditedStore) -> None:
        former, newer = await self.invited(store), await self.invited(store, seconds=1)
        assert await self.shows(store, former, 2) == ""
        assert await self.shows(store, newer, 3) == "Ola"

    async def test_who_was_told_a_code_may_show_an_invitation(self, store: AuditedStore) -> None:
        assert await asks(store, number=NUMBER, user_id=USER)
        assert await self.shows(store, await self.invited(store)) == "Ola"
        assert await store.approve(CODE, "Ben", by="ada", now=at(2)) is None, "the code is used up"
        assert [row.name for row in await store.paired(now=at(3))] == ["Ola"]

    async def test_who_was_sent_away_and_who_is_in_are_let_in_by_none(self, store: AuditedStore) -> None:
        assert await self.shows(store, await self.invited(store)) == "Ola"
        other = await self.invited(store, "Ben", seconds=2)
        assert await self.shows(store, other, 3) == "", "they are in, under another name"
        assert await store.revoke("Ola", by="ada", now=at(4))
        assert await self.shows(store, other, 5) == ""
        assert await self.shows(store, other, 6, user_id="DE.9") == "Ben", "it was not used up by them"

    async def test_a_name_that_is_taken_or_suspended_is_given_to_nobody(self, store: AuditedStore) -> None:
        waiting = await self.invited(store, "Ben")
        assert await self.shows(store, await self.invited(store)) == "Ola"
        with pytest.raises(NameTaken, match="Ola already"):
            await self.invited(store)
        await store.suspend("Ben", by="ada", now=at(2))
        with pytest.raises(NameTaken, match="Ben is suspended"):
            await self.invited(store, "Ben")
        assert await self.shows(store, waiting, 3, user_id="DE.9") == ""

    async def test_links_are_known_beside_the_daemon_as_the_last_connection_said(
        self, store: AuditedStore, home: Home
    ) -> None:
        for name in ("oldbot", "opsbot"):
            await store.keep_invite_link("telegram:7", f"https://t.me/{name}?start={{code}}")
        beside = await home.open_beside()
        try:
            assert await beside.invite_links() == {"telegram:7": "https://t.me/opsbot?start={code}"}
        finally:
            await beside.close()
