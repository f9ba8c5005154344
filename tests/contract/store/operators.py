"""What operators see and decide, beside a daemon that goes on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aof.domain.errors import LeaseLost, StoreError
from aof.domain.message import Receipt, ReceiptState, Unreadable
from aof.domain.response import Choice, TemplatePart, TextPart
from aof.store.base import TurnResult
from aof.store.results import Dead, Held, Sent, Uncertain
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    done,
    leased,
    leased_parts,
    message,
    only,
    only_part,
    receipt,
    states,
    text,
)

GATE = Held("live_send", "allow_live_send is false")


async def held(store: AuditedStore, event_id: str = "a") -> int:
    """A part that a gate holds; its number."""
    await answer(store, message(event_id), text("x"))
    (lease,) = await leased_parts(store, begun=False)
    await store.settle(lease, GATE, now=at())
    return lease.seq


class OutboxByHand:
    async def test_what_is_held_is_found_by_state_gate_and_number(self, store: AuditedStore) -> None:
        seq = await held(store)
        (delivered,) = await answer(store, message("b"), text("y"), seconds=1)
        await deliver(store, 2)
        assert {row.state for row in await store.parts()} == {"held", "sent"}
        (row,) = await store.parts(states=["held"], gate="live_send")
        assert (row.seq, row.gate, row.reason, row.address.number) == (seq, GATE.gate, GATE.reason, NUMBER)
        assert row.part == TextPart(text="x")
        assert [row.part_id for row in await store.parts(states=["sent"])] == [delivered]
        assert await store.parts(gate="operator") == []
        assert [row.seq for row in await store.parts(seqs=[seq])] == [seq]
        assert [row.state for row in await store.parts(most=1)] == ["sent"], "the newest"

    async def test_what_is_released_leaves_before_what_was_answered_later(
        self, store: AuditedStore, home: Home
    ) -> None:
        seq = await held(store)
        beside = await home.open_beside()
        assert await beside.release([seq], by="ada", now=at(1)) == 1
        assert await beside.release([seq], by="ada", now=at(1)) == 0
        await answer(store, message("b"), text("y"), seconds=2)
        assert [lease.part for lease in await deliver(store, 3)] == [TextPart(text="x"), TextPart(text="y")]
        assert [row["kind"] for row in await home.rows("SELECT kind FROM audit")].count("part_released") == 1
        assert await store.check() == []

    async def test_nothing_held_leaves_by_itself(self, store: AuditedStore) -> None:
        await held(store)
        assert await deliver(store, 10 * 86_400) == []

    async def test_a_part_in_doubt_that_is_released_counts_as_repeated(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        for seconds in (0, 100):
            lease = await only_part(store, seconds)
            await store.settle(lease, Uncertain(timedelta(seconds=10), "silence"), now=at(seconds))
        (third,) = await leased_parts(store, 200, begun=False)
        assert third.uncertain == 2
        await store.settle(third, Held("operator", "it may be on the phone"), now=at(200))
        assert await store.release([third.seq], by="ada", now=at(201)) == 1
        (lease,) = await leased_parts(store, 202)
        assert lease.uncertain == 0
        await store.settle(lease, Sent("wamid.x"), now=at(202))
        assert (await store.parts(seqs=[third.seq]))[0].repeated

    async def test_dead_and_failed_parts_are_sent_once_more_as_new_messages(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"), text("y"))
        dead = await only_part(store)
        await store.settle(dead, Dead(131009, "no"), now=at())
        failed = await only_part(store, 1)
        await store.settle(failed, Sent("wamid.y"), now=at(1))
        gone = receipt("failed", "wamid.y", part_id=failed.part_id, code=131026)
        await store.accept([gone], now=at(2))
        assert await store.retry([dead.seq, failed.seq, 999], by="ada", now=at(3)) == 2
        assert len(await deliver(store, 4)) == 2
        assert {row.state for row in await store.parts()} == {"sent"}
        assert (await store.accept([gone], now=at(5))).duplicates == 1
        assert {row.state for row in await store.parts()} == {"sent"}, "the old failure is another message's"
        assert await store.retry([dead.seq], by="ada", now=at(6)) == 0

    @pytest.mark.parametrize("late", ["sent", "failed"])
    async def test_a_late_receipt_of_the_failed_message_does_not_end_its_retry(
        self, store: AuditedStore, late: ReceiptState
    ) -> None:
        await answer(store, message("a"), text("x"))
        lease = await only_part(store)
        await store.settle(lease, Sent("wamid.old"), now=at())
        await store.accept([receipt("failed", "wamid.old", part_id=lease.part_id, code=131026)], now=at(1))
        assert await store.retry([lease.seq], by="ada", now=at(2)) == 1
        await store.accept([receipt(late, "wamid.old", part_id=lease.part_id, recipient="US.other")], now=at(3))
        assert len(await deliver(store, 4)) == 1

    async def test_a_proof_that_the_failed_message_arrived_after_all_ends_its_retry(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        lease = await only_part(store)
        await store.settle(lease, Sent("wamid.old"), now=at())
        await store.accept([receipt("failed", "wamid.old", part_id=lease.part_id, code=131026)], now=at(1))
        assert await store.retry([lease.seq], by="ada", now=at(2)) == 1
        await store.accept([receipt("delivered", "wamid.old", part_id=lease.part_id)], now=at(3))
        assert await deliver(store, 4) == []

    async def test_the_answer_of_the_send_before_does_not_end_a_retry(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        first = await only_part(store)
        await store.accept([receipt("failed", "wamid.old", part_id=first.part_id, code=131026)], now=at(1))
        assert await store.retry([first.seq], by="ada", now=at(2)) == 1
        with pytest.raises(LeaseLost):
            await store.settle(first, Sent("wamid.old"), now=at(3))
        assert len(await deliver(store, 4)) == 1

    @pytest.mark.parametrize("how", ["release", "retry"])
    async def test_one_part_of_a_conversation_is_in_flight_whatever_is_queued_before_it(
        self, store: AuditedStore, home: Home, how: str
    ) -> None:
        await answer(store, message("a"), text("x"))
        lease = await only_part(store)
        await store.settle(lease, GATE if how == "release" else Dead(131009, "no"), now=at())
        await answer(store, message("b"), text("y"), seconds=1)
        assert (await only_part(store, 2)).part == TextPart(text="y")
        beside = await home.open_beside()
        assert await getattr(beside, how)([lease.seq], by="ada", now=at(3)) == 1
        assert await leased_parts(store, 4) == ()

    async def test_a_stopped_account_is_seen_and_resumed_and_a_restart_resumes_it_too(
        self, store: AuditedStore, home: Home
    ) -> None:
        await store.stop_account(ACCOUNT, 190, "the token has ended", now=at())
        beside = await home.open_beside()
        assert await beside.stopped() == {ACCOUNT: "the token has ended"}
        found = await store.lease_parts(
            now=at(), lease_for=timedelta(seconds=1), most=1, open_wait=timedelta(seconds=1)
        )
        assert found.stopped == {ACCOUNT: "the token has ended"}
        assert await beside.resume(ACCOUNT, by="ada", now=at(1))
        assert not await beside.resume(ACCOUNT, by="ada", now=at(1))
        await store.stop_account(ACCOUNT, 190, "again", now=at(2))
        await store.resume_all(now=at(3))
        assert await beside.stopped() == {}
        kinds = [row["kind"] for row in await home.rows("SELECT kind FROM audit ORDER BY seq")]
        assert kinds == ["account_stopped", "account_resumed"] * 2

    async def test_an_operators_words_leave_through_the_same_outbox(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        found = await store.conversation_with(ACCOUNT, NUMBER)
        assert found is not None
        assert (found.address.number, found.heard_at) == (NUMBER, at())
        assert await store.conversation_with(ACCOUNT, "+499999") is None
        ids = await store.send(found.conversation, [TextPart(text="1"), TextPart(text="2")], by="ada", now=at(1))
        sent = await deliver(store, 2)
        assert [lease.part_id for lease in sent][1:] == ids
        assert [lease.cause for lease in sent] == ["reply", "operator", "operator"]
        assert [lease.heard_at for lease in sent] == [at()] * 3

    async def test_the_quick_replies_of_an_operators_template_mean_what_it_says(self, store: AuditedStore) -> None:
        conversation = await store.open_conversation(ACCOUNT, NUMBER, now=at())
        yes = Choice(id="yes", title="Yes", action_id="menu:yes")
        await store.send(conversation, [TemplatePart(name="ask", language="en_US", buttons=(yes,))], by="ada", now=at())
        assert await store.pressed(conversation, "yes") is None
        await deliver(store, 1)
        shown = await store.pressed(conversation, "yes")
        assert shown is not None
        assert (shown.action.id, shown.numbered, shown.agent) == ("menu:yes", False, "")

    async def test_who_never_wrote_can_be_reached_and_their_first_message_lands_in_that_conversation(
        self, store: AuditedStore
    ) -> None:
        conversation = await store.open_conversation(ACCOUNT, NUMBER, now=at())
        assert await store.open_conversation(ACCOUNT, NUMBER, now=at(1)) == conversation
        await store.send(conversation, [TextPart(text="1")], by="ada", now=at(1))
        (sent,) = await deliver(store, 2)
        assert (sent.address.number, sent.address.chat, sent.heard_at) == (NUMBER, NUMBER, None)
        await store.accept([message("a", user_id=USER)], now=at(3))
        assert (await only(store, 4)).conversation == conversation
        assert await store.open_conversation(ACCOUNT, NUMBER, now=at(5)) == conversation


def _unreadable(event_id: str) -> Unreadable:
    return Unreadable(platform="whatsapp", account=ACCOUNT, event_id=event_id, reason="new type", raw='{"b": 2}')


class InboxByHand:
    async def test_what_could_not_be_read_is_read_after_all_and_then_gone(self, store: AuditedStore) -> None:
        await store.accept([_unreadable("u1")], now=at())
        await store.quarantine(ACCOUNT, b"{broken", "no JSON", now=at(1))
        first, second = await store.quarantined()
        assert (first.reason, first.raw, second.raw) == ("new type", b'{"b": 2}', b"{broken")
        assert await store.quarantined_one("q999") is None
        assert await store.replay(first.id, [message("u1")], by="ada", now=at(2)) == "anew"
        assert await store.replay(first.id, [message("u1")], by="ada", now=at(2)) == "gone"
        assert [row.id for row in await store.quarantined()] == [second.id]
        assert (await only(store, 3)).event.event_id == "u1"
        assert await store.replay(second.id, [message("u1")], by="ada", now=at(4)) == "known"
        for odd in ("", "q", "q-1", "e" + "9" * 40, "x1"):
            assert await store.replay(odd, [], by="ada", now=at(5)) == "gone"

    async def test_a_buried_message_is_answered_anew_behind_what_came_after_it(
        self, store: AuditedStore, home: Home
    ) -> None:
        await store.accept([message("poison", "hard")], now=at())
        lease = await only(store)
        buried = TurnResult("dead", "buried", (text("I could not"),), error="RuntimeError")
        await store.finish(lease, buried, now=at())
        await store.accept([message("later")], now=at(1))
        (row,) = await store.quarantined()
        assert (row.id, row.reason) == (f"e{lease.seq}", "buried: RuntimeError")
        beside = await home.open_beside()
        assert await beside.replay(row.id, [], by="ada", now=at(2)) == "anew"
        assert await beside.replay(row.id, [], by="ada", now=at(2)) == "gone"
        order = []
        for seconds in (3, 4):
            lease = await only(store, seconds)
            order.append((lease.event.event_id, lease.attempt))
            await store.finish(lease, done(text("an answer")), now=at(seconds))
        assert order == [("later", 1), ("poison", 1)]
        assert len(await states(home)) == 3, "its answer has a part of its own beside the apology"
        assert (await store.accept([message("poison", "hard")], now=at(5))).duplicates == 1
        assert await store.check() == []

    async def test_a_turn_under_way_keeps_its_lease_while_an_operator_replays(self, store: AuditedStore) -> None:
        await store.accept([message("poison")], now=at())
        await store.finish(await only(store), TurnResult("dead", "buried"), now=at())
        await store.accept([message("running")], now=at(1))
        running = await only(store, 1)
        (row,) = await store.quarantined()
        assert await store.replay(row.id, [], by="ada", now=at(2)) == "anew"
        assert await leased(store, 3) == ()
        await store.finish(running, done(text("x")), now=at(4))
        assert (await only(store, 5)).event.event_id == "poison"


class StoreByHand:
    async def test_a_store_that_is_whole_says_nothing_and_one_that_was_changed_names_the_row(
        self, store: AuditedStore, home: Home
    ) -> None:
        await answer(store, message("a"), text("x"))
        await answer(store, message("b"), text("y"))
        assert await store.check() == []
        await home.change("UPDATE audit SET digest = 'forged' WHERE seq = 1")
        assert "row 1" in (await store.check())[0]

    async def test_a_changed_word_of_an_operators_deed_is_found(self, store: AuditedStore, home: Home) -> None:
        await store.suspend("Ola", by="ada", now=at())
        await store.resume_person("Ola", by="bob", now=at(1))
        assert (await store.audit_verified()).words == 2
        await home.change("UPDATE audit_words SET facts = replace(facts, 'bob', 'ada')")
        assert await store.check() == ["the facts beside row 2 of the audit chain were changed"]
        found = (await store.audit_verified()).broken
        assert found is not None
        assert (found.seq, found.why, found.at) == (2, "words", at(1))

    async def test_the_chain_is_read_in_pieces(self, store: AuditedStore) -> None:
        assert await store.audit_last() == 0
        for n in range(3):
            await store.suspend(f"person {n}", by="ada", now=at(n))
        await store.resume_person("person 1", by="ada", now=at(3))
        last = await store.audit_last()
        assert last == 4

        async def seqs(after: int = 0, up_to: int = last, **sought: Any) -> list[int]:
            return [row.seq for row in await store.audit_rows(after=after, up_to=up_to, **sought)]

        assert await seqs() == [1, 2, 3, 4]
        assert await seqs(most=2) == [1, 2]
        assert await seqs(2) == [3, 4]
        assert await seqs(up_to=3) == [1, 2, 3]
        assert await seqs(since=at(1), until=at(3)) == [2, 3]
        assert await seqs(kind="*_resumed") == [4]
        assert [row.words for row in await store.audit_rows(after=3, up_to=4)] == ['{"by": "ada", "name": "person 1"}']

    async def test_sizes_count_rows_and_bytes(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("x"))
        sizes = await store.sizes()
        assert (sizes["inbox"], sizes["outbox"], sizes["turn"]) == (1, 1, 2)
        assert sizes["bytes"] > 0

    async def test_a_backup_holds_everything_and_overwrites_nothing(
        self, store: AuditedStore, home: Home, tmp_path: Path
    ) -> None:
        await answer(store, message("a"), text("x"))
        copy = tmp_path / "copy.db"
        await (await home.open_beside()).backup(copy)
        with pytest.raises(StoreError, match="exists already"):
            await store.backup(copy)
        with pytest.raises(StoreError, match="can't be written"):
            await store.backup(tmp_path / "nowhere" / "copy.db")
        assert (await store.accept([message("b")], now=at(1))).new == 1

    async def test_a_message_that_is_billed_is_counted_once(self, store: AuditedStore) -> None:
        def billed(state: str, category: str | None) -> Receipt:
            return receipt(state, "wamid.1").model_copy(update={"category": category})  # type: ignore[arg-type]  # a word of the table

        first = await store.accept([billed("sent", "service")], now=at())
        second = await store.accept([billed("delivered", "service"), billed("read", None)], now=at(1))
        again = await store.accept([billed("sent", "service")], now=at(2))
        assert (first.billed, second.billed, again.billed) == (("service",), (), ())
