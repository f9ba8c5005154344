"""How questions end when nobody decides: time, a switch, and who may not talk any more."""

import pytest

from aof.domain.approval import Party
from tests.contract.store.asking import (
    EXPIRES,
    NUDGE,
    RUN,
    ask,
    asks,
    card,
    goes_on,
    in_inbox,
    kinds,
    row_of,
    says,
    step_of,
)
from tests.contract.store.home import (
    NUMBER,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    at,
    message,
)
from tests.contract.store.pairing import CODE
from tests.contract.store.pairing import asks as pairs


class Ending:
    async def test_what_is_due_is_told_with_the_next_moment(self, store: AuditedStore) -> None:
        assert await store.due(now=at()) == ([], None)
        await ask(store, asks(), asks("b1", "c2", seconds=60))
        assert await store.due(now=at(1)) == ([], at(NUDGE))
        rows, next_at = await store.due(now=at(NUDGE))
        assert ([row.id for row in rows], next_at) == (["a1"], at(NUDGE + 60))
        assert await store.nudge("a1", [card("a1")], now=at(NUDGE))
        assert not await store.nudge("a1", [card("a1")], now=at(NUDGE)), "once"
        assert (await row_of(store)).nudged
        assert await store.due(now=at(NUDGE + 1)) == ([], at(NUDGE + 60))
        await says(store, id_="b1", seconds=NUDGE + 2)
        assert await store.due(now=at(NUDGE + 3)) == ([], at(EXPIRES)), "what is approved waits for the other"
        assert await store.lapse(now=at(NUDGE + 302)) == []
        assert [row.id for row in await store.lapse(now=at(EXPIRES))] == ["a1"]
        assert await store.due(now=at(EXPIRES + 1)) == ([], at(EXPIRES + 300)), "and has to begin by then"
        assert [row.id for row in await store.lapse(now=at(EXPIRES + 300))] == ["b1"]
        assert await store.due(now=at(EXPIRES + 301)) == ([], None)

    async def test_what_nobody_decided_lapses_once(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        assert await store.lapse(now=at(EXPIRES - 1)) == []
        (row,) = await store.lapse(now=at(EXPIRES))
        assert (row.state, row.decided_by, row.decided_at) == ("lapsed", "expired", at(EXPIRES))
        assert await store.lapse(now=at(EXPIRES + 1)) == []
        assert await in_inbox(home) == [f"run:{RUN}:1"]

    async def test_what_was_approved_and_not_begun_lapses_and_says_who_approved(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        await says(store)
        (row,) = await store.lapse(now=at(301))
        assert (row.state, row.decided_by, row.decided_at) == ("lapsed", "Ada", at(1))
        assert not await store.claim(step_of(asks()), approval="a1", now=at(100)), "whatever the clock says afterwards"
        assert await in_inbox(home) == [f"run:{RUN}:1"], "it went on when it was approved"

    async def test_all_are_void_or_those_of_one_chat_or_person(self, store: AuditedStore, home: Home) -> None:
        lease = await ask(store, asks(), asks("b1", "c2"))
        await ask(store, asks("d1", run="run-2"), event=message("x", number="+4917700000001"), run="run-2")
        await says(store, id_="b1")
        assert await store.void_all(by="cancel", now=at(2), conversation="nowhere") == 0
        assert await store.void_all(by="cancel", now=at(2), requester="Nobody") == 0
        assert await store.void_all(by="cancel", now=at(2), conversation=lease.conversation) == 2
        assert await in_inbox(home) == [f"run:{RUN}:1"]
        rows = [await row_of(store, id_) for id_ in ("a1", "b1", "d1")]
        assert [(row.state, row.decided_by) for row in rows] == [("void", "cancel"), ("void", "cancel"), ("asked", "")]
        assert await store.void_all(by="killswitch", now=at(3)) == 1
        assert await store.void_all(by="killswitch", now=at(3)) == 0

    @pytest.mark.parametrize("requester", ["Ola", "ola"])
    async def test_a_requester_goes_by_name_or_key(self, store: AuditedStore, requester: str) -> None:
        await ask(store, asks())
        assert await store.void_all(by="x", now=at(1), requester=requester) == 1

    async def test_who_is_suspended_has_asked_for_nothing(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        beside = await home.open_beside()
        assert await beside.suspend("Ben", by="root", now=at(1))
        assert (await row_of(store)).state == "asked", "who may approve is looked at when they press"
        assert await beside.suspend("Ola", by="root", now=at(1))
        row = await row_of(store)
        assert (row.state, row.decided_by) == ("void", "suspended")
        assert len(await goes_on(store)) == 1

    @pytest.mark.parametrize("who", ["Sam", NUMBER])
    async def test_who_was_sent_away_has_asked_for_nothing(self, store: AuditedStore, who: str) -> None:
        assert await pairs(store)
        await store.approve(CODE, "Sam", by="root", now=at())
        by_id = asks("b1", "c2", requester=Party(key="x", ids=frozenset({f"whatsapp:{NUMBER}"})))
        named = asks("a1", "c1", requester=Party(key=f"whatsapp:{NUMBER}", name="Sam"))
        await ask(store, named, by_id, asks("d1", "c3"), event=message("ask"))
        await store.revoke(who, by="root", now=at(1))
        rows = [await row_of(store, id_) for id_ in ("a1", "b1", "d1")]
        assert [(row.state, row.decided_by) for row in rows] == [
            ("void", "revoked"),
            ("void", "revoked"),
            ("asked", ""),
        ]

    async def test_nobody_has_no_name(self, store: AuditedStore) -> None:
        """Whoever was told a code and let in without a name, and a suspension of nobody, end nobody's questions."""
        await pairs(store)
        await store.approve(CODE, "", by="root", now=at())
        await ask(store, asks(), event=message("ask", number=OTHER_NUMBER))
        await store.revoke(NUMBER, by="root", now=at(1))
        await store.suspend("", by="root", now=at(1))
        assert (await row_of(store)).state == "asked"

    async def test_a_switch_is_thrown_once(self, store: AuditedStore, home: Home) -> None:
        assert not await store.is_on("killswitch")
        assert not await store.switch("killswitch", on=False, by="Ada", now=at())
        assert await store.switch("killswitch", on=True, by="Ada", now=at())
        assert not await store.switch("killswitch", on=True, by="Ben", now=at())
        assert await store.is_on("killswitch")
        assert await store.switch("killswitch", on=False, by="Ben", now=at())
        assert not await store.is_on("killswitch")
        assert await kinds(home) == ["killswitch_on", "killswitch_off"]
