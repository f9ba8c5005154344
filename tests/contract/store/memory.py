"""What is known of a sender when they speak again, and what is said in other conversations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aof.domain.response import ButtonsPart, Choice, TextPart
from aof.store.base import Elsewhere, Expected, Remembered, TurnResult
from tests.contract.store.asking import APPROVER_CHAT, RUN, ask, asks, card, one_of, resumed, row_of, says, step_of
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    done,
    message,
    moved,
    only,
    text,
)

KEEP = timedelta(days=30)
DAY = 86_400
CHAT = f"{ACCOUNT}/{NUMBER}"
ROOM = f"{ACCOUNT}/room"
EDIT = Expected("edit", "a1", at(600))


async def turn(
    store: AuditedStore, event_id: str, result: TurnResult, seconds: float = 0, *, group: str | None = None,
    number: str = NUMBER,
) -> None:  # fmt: skip
    await store.accept([message(event_id, group=group, number=number)], now=at(seconds))
    await store.finish(await one_of(store, event_id, seconds), result, now=at(seconds))


class Contexts:
    async def test_a_context_and_an_agent_are_chosen_apart(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), choose_context="production"))
        await store.accept([message("b")], now=at(1))
        lease = await only(store, 1)
        assert (lease.chosen, lease.context) == ("", "production")
        await store.finish(lease, replace(done(text("x")), choose="dockhand"), now=at(1))
        await turn(store, "c", replace(done(text("x")), choose_context="staging"), 2)
        await store.accept([message("d")], now=at(3))
        lease = await only(store, 3)
        assert (lease.chosen, lease.context) == ("dockhand", "staging")

    async def test_in_a_group_it_is_its_choosers_alone(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), choose_context="production"), group="room")
        for event_id, number, context in (("b", NUMBER, "production"), ("c", OTHER_NUMBER, "")):
            await store.accept([message(event_id, number=number, group="room")], now=at(1))
            lease = await only(store, 1)
            assert lease.context == context
            await store.finish(lease, done(text("x")), now=at(1))


class Expectations:
    async def test_the_next_message_is_taken_for_it_and_no_other(self, store: AuditedStore, home: Home) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT))
        await store.accept([message("b")], now=at(1))
        lease = await only(store, 1)
        assert lease.expected == EDIT
        await store.finish(lease, done(text("x")), now=at(1))
        await store.accept([message("c")], now=at(2))
        assert (await only(store, 2)).expected is None
        assert await home.rows("SELECT * FROM expectation") == []

    async def test_it_is_replaced(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT))
        other = Expected("why", "a2", at(700))
        await turn(store, "b", replace(done(text("x")), expects=other), 1)
        await store.accept([message("c")], now=at(2))
        assert (await only(store, 2)).expected == other

    async def test_it_has_its_time(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT))
        await store.accept([message("b")], now=at(600))
        assert (await only(store, 600)).expected is None

    async def test_an_attempt_that_is_repeated_keeps_it(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT))
        await turn(store, "b", TurnResult("new", "deferred"), 1)
        assert (await only(store, 2)).expected == EDIT

    async def test_what_was_refused_keeps_it(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT))
        await turn(store, "b", TurnResult("done", "refused", is_strangers=True), 1)
        await store.accept([message("c"), message("d")], now=at(2), max_waiting=1)
        await store.finish(await one_of(store, "c", 2), replace(done(text("x")), expects=EDIT), now=at(2))
        overflow = await one_of(store, "d", 3)
        assert overflow.overflow
        await store.finish(overflow, TurnResult("done", "overflowed"), now=at(3))
        await store.accept([message("e")], now=at(4))
        assert (await only(store, 4)).expected == EDIT

    async def test_in_a_group_it_is_one_senders(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), expects=EDIT), group="room")
        await turn(store, "b", done(text("x")), 1, group="room", number=OTHER_NUMBER)
        await store.accept([message("c", group="room")], now=at(2))
        assert (await only(store, 2)).expected == EDIT

    async def test_what_people_decided_is_no_message_of_the_sender(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await turn(store, "why", replace(done(text("x")), expects=EDIT), 1)
        await says(store, seconds=2)
        lease = await one_of(store, f"run:{RUN}:1", 3)
        assert lease.expected is None
        await store.finish(lease, replace(done(text("x")), resumes=RUN), now=at(3))
        await store.accept([message("b")], now=at(4))
        assert (await only(store, 4)).expected == EDIT


class Memories:
    async def test_the_newest_are_recalled_the_oldest_of_them_first(self, store: AuditedStore) -> None:
        for n in range(4):
            await turn(store, f"m{n}", replace(done(text("x")), remembered=Remembered("ops", f"turn {n}")), n)
        for sender in (NUMBER, ""):
            assert await store.recall(CHAT, sender, "ops", since=at(-1), most=2) == ("turn 2", "turn 3")
        assert await store.recall(CHAT, NUMBER, "ops", since=at(1), most=9) == ("turn 1", "turn 2", "turn 3")
        assert await store.recall(CHAT, NUMBER, "other", since=at(-1), most=9) == ()
        assert await store.recall("nowhere", NUMBER, "ops", since=at(-1), most=9) == ()

    async def test_in_a_chat_of_two_it_stays_when_a_user_id_becomes_known(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), remembered=Remembered("ops", "before")))
        await store.accept([moved("c", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        assert await store.recall(CHAT, OTHER_NUMBER, "ops", since=at(-1), most=9) == ("before",)

    async def test_in_a_group_each_sender_has_their_own(self, store: AuditedStore) -> None:
        await turn(store, "a", replace(done(text("x")), remembered=Remembered("ops", "mine")), group="room")
        assert await store.recall(ROOM, NUMBER, "ops", since=at(-1), most=9) == ("mine",)
        for other in (OTHER_NUMBER, ""):
            assert await store.recall(ROOM, other, "ops", since=at(-1), most=9) == ()

    async def test_it_is_forgotten_on_request_and_begins_anew(self, store: AuditedStore) -> None:
        for agent in ("ops", "other"):
            await turn(store, agent, replace(done(text("x")), remembered=Remembered(agent, "secret")))
        await turn(store, "g", replace(done(text("x")), remembered=Remembered("ops", "in the room")), 1, group="room")
        await turn(store, "r", replace(done(text("x")), forgets=True, remembered=Remembered("ops", "anew")), 2)
        assert await store.recall(CHAT, NUMBER, "ops", since=at(-1), most=9) == ("anew",)
        assert await store.recall(CHAT, NUMBER, "other", since=at(-1), most=9) == ()
        assert await store.recall(ROOM, NUMBER, "ops", since=at(-1), most=9) == ("in the room",)

    async def test_nothing_is_remembered_of_strangers(self, store: AuditedStore, home: Home) -> None:
        result = TurnResult("done", "refused", is_strangers=True, remembered=Remembered("ops", "x"), expects=EDIT)
        await turn(store, "a", result)
        assert await home.rows("SELECT conversation FROM memory UNION SELECT conversation FROM expectation") == []


class ElsewhereParts:
    async def test_others_hear_of_it_in_the_same_transaction(self, store: AuditedStore) -> None:
        await answer(store, message("hello", number=OTHER_NUMBER))
        shown = ButtonsPart(text="Seen?", buttons=(Choice(id="seen", title="Seen", action_id="act:seen"),))
        others = (
            Elsewhere(APPROVER_CHAT, (TextPart(text="Ada approved it"), shown)),
            Elsewhere(CHAT, (TextPart(text="one"),)),
        )
        await store.accept([message("a")], now=at(1))
        lease = await only(store, 1)
        ids = await store.finish(lease, replace(done(text("here")), elsewhere=others), now=at(1))
        assert ids == (f"{store.store_id}:{lease.seq}:0",)
        sent = {part.part_id: part.conversation for part in await deliver(store, 2)}
        assert sent == {
            ids[0]: CHAT,
            f"{store.store_id}:{lease.seq}:to-0": APPROVER_CHAT,
            f"{store.store_id}:{lease.seq}:to-1": APPROVER_CHAT,
            f"{store.store_id}:{lease.seq}:to-2": CHAT,
        }
        pressed = await store.pressed(APPROVER_CHAT, "seen")
        assert pressed is not None
        assert pressed.action.id == "act:seen"


class Facts:
    async def test_what_people_decided_stands_in_the_chain_in_words_without_what_was_said(
        self, store: AuditedStore, home: Home
    ) -> None:
        facts = {"approval": "a1", "by": "ada"}
        await turn(store, "a", replace(done(text("a secret")), outcome="decided", facts=facts))
        await turn(store, "b", done(text("another")), 1)
        words = await home.rows("SELECT kind, facts FROM audit JOIN audit_words USING (seq)")
        assert [row["kind"] for row in words] == ["turn_decided"]
        assert '"approval": "a1"' in words[0]["facts"]
        assert '"event": "a"' in words[0]["facts"]
        assert "secret" not in words[0]["facts"]
        assert await store.check() == []

    async def test_what_was_said_is_in_the_digest(self, store: AuditedStore, home: Home) -> None:
        for event_id, said in (("a", "one"), ("b", "two"), ("b2", "two")):
            await turn(store, event_id, replace(done(text(said)), facts={"event": "x"}))
        one, two, again = await home.rows("SELECT digest FROM audit ORDER BY seq")
        assert one != two == again


class Reaching:
    async def test_a_person_is_written_to_where_they_were_heard_last(self, store: AuditedStore) -> None:
        assert await store.reach("whatsapp", [NUMBER]) is None
        await answer(store, message("a", user_id="US.1"), seconds=1)
        await answer(store, message("b", user_id="US.1", account="whatsapp:2"), seconds=2)
        await answer(store, message("c", user_id="US.1", account="telegram:3"), seconds=3)
        await answer(store, message("d", user_id="US.1", group="room"), seconds=4)
        for ids in ([NUMBER], ["US.1"], ["US.1", "nobody", NUMBER]):
            found = await store.reach("whatsapp", ids)
            assert found is not None
            assert (found.account, found.conversation, found.heard_at) == ("whatsapp:2", "whatsapp:2/US.1", at(2))
            assert (found.address.number, found.address.user_id) == (NUMBER, "US.1")
        for platform, ids in (("whatsapp", ["nobody"]), ("whatsapp", []), ("what", [NUMBER]), ("slack", [NUMBER])):
            assert await store.reach(platform, ids) is None


class LedgerRetention:
    async def swept(self, store: AuditedStore, seconds: float) -> None:
        while await store.sweep(now=at(seconds), keep=KEEP, keep_ids=KEEP, batch=1):
            pass

    async def rows(self, home: Home) -> dict[str, int]:
        tables = ("run", "approval", "vote", "step", "memory", "expectation")
        return {table: len(await home.rows(f"SELECT 1 FROM {table}")) for table in tables}  # noqa: S608 -- our own names

    async def test_what_is_over_goes_in_its_time_and_the_chain_stays(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await turn(store, "a", replace(done(), remembered=Remembered("ops", "x"), expects=EDIT), 1)
        await says(store, seconds=2)
        await store.claim(step_of(asks()), approval="a1", now=at(3))
        await store.end_step(RUN, "c1", "done", "restarted", now=at(4))
        await resumed(store, 5)
        await self.swept(store, 30 * DAY)
        assert set((await self.rows(home)).values()) == {1}
        await deliver(store, 6)
        await self.swept(store, 31 * DAY)
        assert set((await self.rows(home)).values()) == {0}
        assert await store.check() == []

    @pytest.mark.parametrize("waits", ["asked", "resuming", "running"])
    async def test_what_is_open_stays_however_old(self, store: AuditedStore, home: Home, waits: str) -> None:
        await ask(store, asks(), asks("b1", "c2", cards=(card("b1"),)))
        await says(store, seconds=2)
        if waits != "asked":
            await says(store, id_="b1", seconds=2)
        if waits == "running":
            await store.claim(step_of(asks()), approval="a1", now=at(3))
            await resumed(store, 5)
        await deliver(store, 6)
        await self.swept(store, 90 * DAY)
        assert (await row_of(store)).state == {"asked": "approved", "resuming": "approved", "running": "running"}[waits]
        kept = await self.rows(home)
        assert (kept["run"], kept["step"]) == (1, int(waits == "running"))
        if waits == "asked":
            await says(store, id_="b1", seconds=90 * DAY, verdict="deny")
            await store.void_all(by="cancel", now=at(90 * DAY))
            await resumed(store, 90 * DAY)

    async def test_a_run_that_waits_to_go_on_keeps_what_it_goes_on_from(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await says(store, verdict="deny")
        await deliver(store, 6)
        await self.swept(store, 90 * DAY)
        run = await store.run_of(RUN)
        assert run is not None
        assert run.history
        await resumed(store, 90 * DAY)

    async def test_a_run_whose_turn_was_buried_goes_too(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store, verdict="deny")
        lease = await one_of(store, f"run:{RUN}:1", 2)
        await store.finish(lease, TurnResult("dead", "failed", error="three times"), now=at(3))
        await deliver(store, 6)
        run = await store.run_of(RUN)
        assert run is not None
        assert run.history, "an operator may still take it up again"
        await self.swept(store, 31 * DAY)
        await self.swept(store, 62 * DAY)
        assert (await self.rows(home))["run"] == 0
