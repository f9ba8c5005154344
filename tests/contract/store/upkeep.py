"""Notices, quarantine, retention, counts and the audit chain."""

import asyncio
from datetime import timedelta

from aof.domain.errors import SendHeld
from aof.domain.message import Notice, Unreadable
from aof.store.base import TurnResult
from aof.store.results import Dead, Held
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    broken_at,
    buttons,
    deliver,
    leased_parts,
    message,
    only,
    only_part,
    reaction,
    receipt,
    text,
)

DAY = 86400
KEEP, KEEP_IDS = timedelta(days=10), timedelta(days=20)
HERE = f"{ACCOUNT}/{NUMBER}"


def notice(event_id: str) -> Notice:
    return Notice(platform="whatsapp", account=ACCOUNT, event_id=event_id, about="account_update", raw='{"a": 1}')


def unreadable(event_id: str) -> Unreadable:
    return Unreadable(platform="whatsapp", account=ACCOUNT, event_id=event_id, reason="new type", raw='{"b": 2}')


async def sweep(store: AuditedStore, days: float, *, batch: int = 500) -> int:
    return await store.sweep(now=at(days * DAY), keep=KEEP, keep_ids=KEEP_IDS, batch=batch)


class Keeping:
    async def test_a_notice_and_an_unreadable_item_are_kept_once(self, home: Home, store: AuditedStore) -> None:
        first = await store.accept([notice("n"), unreadable("u"), notice("n")], now=at())
        again = await store.accept([notice("n"), unreadable("u")], now=at(1))
        assert (first.kept, first.duplicates, again.kept, again.duplicates) == (2, 1, 0, 2)
        assert await home.rows("SELECT about, raw FROM notice") == [{"about": "account_update", "raw": '{"a": 1}'}]
        assert (await store.counts()).quarantined == 1

    async def test_a_body_nobody_can_read_is_kept_once_as_it_came(self, home: Home, store: AuditedStore) -> None:
        body = b'{"entry": [\xff\x00'
        for _ in range(2):
            await store.quarantine(ACCOUNT, body, "no JSON", now=at())
        await store.quarantine(ACCOUNT, body + b" ", "no JSON", now=at())
        assert (await store.counts()).quarantined == 2
        rows = await home.rows("SELECT reason, raw FROM quarantine ORDER BY seq LIMIT 1")
        assert rows == [{"reason": "no JSON", "raw": body}]

    async def test_counts_tell_what_is_open(self, store: AuditedStore) -> None:
        assert (await store.counts()).events == {}
        await answer(store, message("a"), text("1"), text("2"))
        await store.accept([message("b"), message("c", number=OTHER_NUMBER), reaction("r")], now=at())
        await only_part(store)
        counts = await store.counts()
        assert (counts.events, counts.parts, counts.quarantined) == ({"new": 2}, {"sending": 1, "queued": 1}, 0)


class Retention:
    async def test_what_was_said_goes_at_its_time_and_ids_at_theirs(self, home: Home, store: AuditedStore) -> None:
        await answer(store, message("a"), buttons("pick", "Logs"))
        await deliver(store, message_id="wamid.1")
        await store.accept([receipt("read", "wamid.1"), notice("n"), unreadable("u"), reaction("r")], now=at())
        assert await sweep(store, 10) == 0, "nothing is older than its time yet"
        assert await sweep(store, 10.1) > 0
        assert await home.rows("SELECT payload FROM inbox WHERE payload IS NOT NULL") == []
        for table in ("turn", "outbox", "choice"):
            assert await home.rows(f"SELECT * FROM {table}") == []  # noqa: S608 -- the names stand above
        again = await store.accept(
            [message("a"), reaction("r"), receipt("read", "wamid.1"), notice("n"), unreadable("u")], now=at(10.2 * DAY)
        )
        assert (again.duplicates, again.new, again.kept, again.receipts) == (5, 0, 0, 0)
        while await sweep(store, 20.1):
            pass
        for table in ("inbox", "receipt", "notice", "quarantine"):
            assert await home.rows(f"SELECT * FROM {table}") == []  # noqa: S608 -- the names stand above
        assert await store.check() == [], "erasing leaves the chain whole"

    async def test_ids_are_kept_at_least_as_long_as_what_was_said(self, store: AuditedStore) -> None:
        await answer(store, message("a"))
        await store.sweep(now=at(11 * DAY), keep=KEEP, keep_ids=timedelta(days=1), batch=500)
        await store.sweep(now=at(9 * DAY), keep=KEEP, keep_ids=timedelta(days=1), batch=500)
        store_keeps = await store.accept([message("young")], now=at(5 * DAY))
        await store.finish(await only(store, 5 * DAY), TurnResult("done", "answered"), now=at(5 * DAY))
        await store.sweep(now=at(7 * DAY), keep=KEEP, keep_ids=timedelta(days=1), batch=500)
        assert store_keeps.new == 1
        assert (await store.accept([message("young")], now=at(7 * DAY))).duplicates == 1

    async def test_what_is_open_is_never_erased(self, home: Home, store: AuditedStore) -> None:
        await answer(store, message("held"), buttons("1", "Logs"))
        await store.settle(await only_part(store), Held("live", "no"), now=at())
        ids = await answer(store, message("sending"), text("2"), buttons("queued", "Events"))
        sending = await only_part(store)
        await store.accept([message("running"), message("waiting")], now=at())
        running = await only(store)
        for days in (11, 21, 400):
            await sweep(store, days)
        assert {row["state"] for row in await home.rows("SELECT state FROM outbox")} == {"held", "sending", "queued"}
        assert (await store.counts()).events == {"running": 1, "new": 1}
        assert running.event.event_id == "running"
        await store.accept([receipt("sent", "wamid.2", part_id=ids[0])], now=at(400 * DAY))
        assert sending.part_id == ids[0]
        (queued,) = await leased_parts(store, 400 * DAY)
        assert queued.part_id == ids[1]
        assert await store.pressed(HERE, "events") is not None, "its choices waited with it"

    async def test_dead_events_and_dead_parts_go_with_the_others(self, home: Home, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        await store.finish(await only(store), TurnResult("dead", "buried", (text("sorry"),)), now=at())
        await store.settle(await only_part(store), Dead(1, "no"), now=at())
        await sweep(store, 21)
        await sweep(store, 21)
        assert await home.rows("SELECT seq FROM inbox UNION ALL SELECT seq FROM outbox") == []

    async def test_it_goes_in_small_batches(self, home: Home, store: AuditedStore) -> None:
        await store.accept([notice(f"n{n}") for n in range(5)], now=at())
        assert [await sweep(store, 21, batch=2) for _ in range(4)] == [2, 2, 1, 0]

    async def test_people_who_fell_silent_are_forgotten_unless_something_is_held_for_them(
        self, home: Home, store: AuditedStore
    ) -> None:
        await answer(store, message("a"), text("x"))
        await deliver(store)
        await answer(store, message("b", number=OTHER_NUMBER), text("y"))
        await store.settle(await only_part(store), Held("live_send", "closed"), now=at())
        while await sweep(store, 21):
            pass
        assert await home.rows("SELECT alias FROM address") == [{"alias": OTHER_NUMBER}]
        assert [row["number"] for row in await home.rows("SELECT number FROM conversation")] == [OTHER_NUMBER]
        # whoever comes back is met anew
        await answer(store, message("c"), text("z"), seconds=21 * DAY)
        assert [lease.address.number for lease in await leased_parts(store, 21 * DAY)] == [NUMBER]

    async def test_a_seq_is_never_given_twice(self, home: Home, store: AuditedStore) -> None:
        first = await answer(store, message("a"), text("x"))
        await deliver(store)
        while await sweep(store, 21):
            pass
        assert await home.rows("SELECT * FROM inbox") == []
        await store.close()
        reopened = await home.open()
        assert await answer(reopened, message("b"), text("x"), seconds=21 * DAY) != first


class Audit:
    async def _story(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("1"), text("2"))
        await deliver(store)
        await asyncio.gather(*(store.accept([message(f"m{n}", number=f"+4915100000{n}")], now=at()) for n in range(5)))
        await store.finish(
            (await store.lease_events(now=at(), lease_for=KEEP, most=1, per_person=1)).leases[0],
            TurnResult("done", "answered", (text("no"),)),
            now=at(),
        )
        await store.settle(await only_part(store), Held("live", str(SendHeld("live", "no"))), now=at())

    async def test_the_chain_is_whole_after_a_story_and_a_reopening(self, home: Home) -> None:
        store = await home.open()
        await self._story(store)
        assert await store.check() == []
        await store.close()
        store = await home.open()
        await answer(store, message("later"), text("3"))
        assert await store.check() == []
        assert len(await home.rows("SELECT seq FROM audit")) == 6

    async def test_a_stranger_writes_nothing_into_what_is_kept_for_ever(self, home: Home, store: AuditedStore) -> None:
        await store.accept([message("a")], now=at())
        (lease,) = (await store.lease_events(now=at(), lease_for=KEEP, most=1, per_person=1)).leases
        await store.finish(lease, TurnResult("done", "refused", is_strangers=True), now=at())
        assert await home.rows("SELECT seq FROM audit") == []

    async def test_every_changed_row_breaks_it_there(self, home: Home, store: AuditedStore) -> None:
        await self._story(store)
        rows = await home.rows("SELECT * FROM audit ORDER BY seq")
        for row in rows:
            for column, changed in (
                ("at", row["at"] + 1),
                ("kind", "turn_other"),
                ("subject", row["subject"] + "0"),
                ("digest", "0" * 64),
                ("prev", "1" * 64),
                ("hash", "2" * 64),
            ):
                write = f"UPDATE audit SET {column} = :value WHERE seq = :seq"  # noqa: S608 -- the names stand above
                await home.change(write, value=changed, seq=row["seq"])
                assert await store.check() == broken_at(row["seq"]), column
                await home.change(write, value=row[column], seq=row["seq"])
        assert await store.check() == []

    async def test_every_missing_row_breaks_it_there_and_going_on_does_not_mend_it(
        self, home: Home, store: AuditedStore
    ) -> None:
        await self._story(store)
        last = (await home.rows("SELECT max(seq) AS seq FROM audit"))[0]["seq"]
        for seq in range(1, last + 1):
            (row,) = await home.rows("SELECT * FROM audit WHERE seq = :seq", seq=seq)
            await home.change("DELETE FROM audit WHERE seq = :seq", seq=seq)
            assert await store.check() == broken_at(seq)
            if seq < last:
                names = ", ".join(row)
                places = ", ".join(f":{name}" for name in row)
                await home.change(f"INSERT INTO audit ({names}) VALUES ({places})", **row)  # noqa: S608 -- our own columns
        await answer(store, message("later"), text("3"), seconds=9)
        assert await store.check() == broken_at(last)
