"""What is asked of people, who is heard, and when a run goes on."""

from dataclasses import replace

import pytest

from aof.domain.errors import LeaseLost
from aof.domain.message import Decided
from aof.store.base import Elsewhere
from tests.contract.store.asking import (
    ADA,
    APPROVER_CHAT,
    ASKER,
    BEN,
    CYD,
    EXPIRES,
    NUDGE,
    RUN,
    ask,
    asks,
    card,
    goes_on,
    in_inbox,
    kinds,
    one_of,
    pausing,
    resumed,
    row_of,
    says,
    sent_cards,
    step_of,
)
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    AuditedStore,
    Home,
    answer,
    at,
    deliver,
    leased_parts,
    message,
    text,
)


class Asking:
    async def test_a_question_is_kept_with_its_run_and_its_cards_leave(self, store: AuditedStore, home: Home) -> None:
        lease = await ask(store, asks())
        row = await row_of(store)
        assert (row.run, row.call, row.conversation, row.state) == (RUN, "c1", lease.conversation, "asked")
        assert (row.asked_at, row.expires_at, row.use_by) == (at(), at(EXPIRES), None)
        assert row.proposal == asks().proposal
        run = await store.run_of(RUN)
        assert run is not None
        assert (run.state, run.requester, run.context, run.account) == ("paused", ASKER, "production", ACCOUNT)
        assert run.history == '{"messages": []}'
        assert run.approvals == (row,)
        assert await store.paused_in(lease.conversation) == [run]
        assert [each.id for each in await store.open_approvals()] == ["a1"]
        assert await sent_cards(store) == [f"{store.store_id}:appr:a1:0", f"{store.store_id}:appr:a1:1"]
        assert [at.conversation for at in await store.cards_of("a1")] == [APPROVER_CHAT]
        assert await kinds(home) == ["approval_asked"]

    async def test_a_press_on_a_card_is_known_where_it_was_sent(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await deliver(store)
        shown = await store.pressed(APPROVER_CHAT, "yes:a1")
        assert shown is not None
        assert (shown.action.id, shown.agent) == ("appr:yes:a1", "")
        assert await store.pressed(f"{ACCOUNT}/{NUMBER}", "yes:a1") is None

    async def test_a_reply_to_a_card_tells_which_it_was(self, store: AuditedStore) -> None:
        await ask(store, asks(), asks("b1", "c2", cards=(card("b1"),)))
        shown_again = Elsewhere(APPROVER_CHAT, card("b1").parts)
        await store.accept([message("list", number=OTHER_NUMBER)], now=at(1))
        listing = replace(pausing(), pause=None, elsewhere=(shown_again,))
        await store.finish(await one_of(store, "list", 1), listing, now=at(1))
        await deliver(store, 2)
        for part, id_ in (("appr:a1:0", "a1"), ("appr:a1:1", "a1"), ("appr:b1:1", "b1")):
            assert await store.approval_shown(APPROVER_CHAT, f"wamid.{store.store_id}:{part}") == id_
        (again,) = [row.message_id for row in await store.parts() if row.part_id.endswith(":to-1")]
        assert await store.approval_shown(APPROVER_CHAT, again) == "b1"
        assert await store.approval_shown(f"{ACCOUNT}/{NUMBER}", f"wamid.{store.store_id}:appr:a1:0") == ""
        assert await store.approval_shown(APPROVER_CHAT, "wamid.of nobody") == ""

    async def test_a_card_that_is_late_does_not_leave_as_if_it_were_not(self, store: AuditedStore) -> None:
        await ask(store, asks())
        cards = [part for part in await leased_parts(store, begun=False) if ":appr:" in part.part_id]
        assert [(part.until, part.cause) for part in cards] == [(at(EXPIRES), "system")]

    async def test_cards_in_several_conversations_have_ids_of_their_own(self, store: AuditedStore) -> None:
        own = f"{ACCOUNT}/{NUMBER}"
        await ask(store, asks(cards=(card("a1"), card("a1", own))))
        assert await store.nudge("a1", [card("a1"), card("a1", own)], now=at(NUDGE))
        sent = await sent_cards(store, NUDGE)
        assert sorted(sent) == [f"{store.store_id}:appr:a1:{n}" for n in range(8)]
        assert {at.conversation for at in await store.cards_of("a1")} == {APPROVER_CHAT, own}
        assert await store.cards_of("a") == []

    async def test_a_lost_lease_asks_nobody(self, store: AuditedStore, home: Home) -> None:
        await store.accept([message("ask")], now=at())
        lost = await one_of(store, "ask")
        await one_of(store, "ask", 61)
        with pytest.raises(LeaseLost):
            await store.finish(lost, pausing(asks()), now=at(62))
        assert await home.rows("SELECT run FROM run") == []
        assert await store.approval("a1") is None

    async def test_it_can_be_read_what_was_asked_and_by_whom_it_was_let(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store)
        words = await home.rows(
            "SELECT kind, facts FROM audit JOIN audit_words USING (seq) WHERE subject = 'a1' ORDER BY seq"
        )
        assert [row["kind"] for row in words] == ["approval_asked", "approval_approved"]
        for said in ('["restart", "api"]', '"write"', '"Ola"', '"Ada", "Ben", "Cyd"', asks().fingerprint, RUN):
            assert said in words[0]["facts"]
        for said in ('"by": "Ada"', '"event": "tap-ada-a1"', RUN):
            assert said in words[1]["facts"]


class Voting:
    async def test_one_approval_lets_it_and_the_run_goes_on_where_it_was_asked(
        self, store: AuditedStore, home: Home
    ) -> None:
        asked = await ask(store, asks())
        voted = await says(store)
        assert voted.counted
        assert voted.decided
        assert voted.row == await row_of(store)
        assert (voted.row.state, voted.row.decided_by, voted.row.decided_at) == ("approved", "Ada", at(1))
        assert voted.row.use_by == at(301)
        assert [(vote.party, vote.verdict) for vote in voted.row.votes] == [("ada", "approve")]
        lease = await one_of(store, f"run:{RUN}:1", 2)
        assert (lease.conversation, lease.address) == (asked.conversation, asked.address)
        assert isinstance(lease.event, Decided)
        assert (lease.event.run, lease.event.sender, lease.event.chat_id) == (
            RUN, asked.event.sender, asked.event.chat_id,
        )  # fmt: skip
        run = await store.run_of(RUN)
        assert run is not None
        assert (run.state, run.history) == ("resuming", '{"messages": []}')
        assert await store.open_approvals() == []
        assert await kinds(home) == ["approval_asked", "approval_approved"]

    async def test_a_run_that_was_asked_for_in_a_group_goes_on_there(self, store: AuditedStore) -> None:
        asked = await ask(store, asks(), event=message("ask", group="room", user_id="US.1"))
        await says(store)
        (event,) = await goes_on(store)
        assert (event.group, event.chat_id, event.sender) == (True, "room", asked.event.sender)

    async def test_it_comes_behind_what_was_said_before(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await store.accept([message("later")], now=at())
        later = await one_of(store, "later")
        await says(store)
        assert await goes_on(store, 2) == []
        await store.finish(later, replace(pausing(), pause=None), now=at(3))
        assert len(await goes_on(store, 3)) == 1

    async def test_one_denial_ends_it(self, store: AuditedStore) -> None:
        await ask(store, asks(needed=2))
        assert not (await says(store)).decided
        voted = await says(store, BEN, "deny")
        assert voted.row is not None
        assert (voted.decided, voted.row.state, voted.row.decided_by, voted.row.use_by) == (True, "denied", "Ben", None)
        assert len(await goes_on(store)) == 1

    async def test_it_takes_as_many_people_as_are_needed(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks(needed=3))
        for party in (ADA, BEN):
            voted = await says(store, party)
            assert (voted.counted, voted.decided) == (True, False)
        assert not (await says(store, ADA, event="once more")).counted
        assert (await row_of(store)).state == "asked"
        assert (await says(store, CYD, seconds=2)).decided
        assert (await row_of(store)).decided_by == "Ada, Ben, Cyd"
        assert await in_inbox(home) == [f"run:{RUN}:1"]

    async def test_two_accounts_of_one_person_are_one_vote(self, store: AuditedStore) -> None:
        await ask(store, asks(needed=2))
        assert (await says(store, ADA, event="whatsapp tap")).counted
        assert not (await says(store, ADA, event="telegram tap")).counted
        assert (await row_of(store)).state == "asked"

    async def test_the_same_event_again_says_what_it_said(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks(needed=2))
        first = [await says(store, ADA), await says(store, BEN, seconds=2)]
        again = [await says(store, ADA, seconds=3), await says(store, BEN, seconds=EXPIRES + 1)]
        assert [(voted.counted, voted.decided) for voted in again] == [(True, False), (True, True)]
        assert [(voted.counted, voted.decided) for voted in first] == [(True, False), (True, True)]
        assert len(await home.rows("SELECT * FROM vote")) == 2
        assert len(await in_inbox(home)) == 1

    async def test_an_event_that_comes_again_under_another_name_is_no_second_vote(self, store: AuditedStore) -> None:
        """A person was given a name while their event was under way once more."""
        await ask(store, asks(needed=2))
        await says(store, ADA, event="tap")
        assert not (await says(store, BEN, event="tap")).decided
        assert (await row_of(store)).state == "asked"

    async def test_a_question_that_nobody_asked(self, store: AuditedStore) -> None:
        voted = await says(store, id_="nowhere")
        assert (voted.row, voted.counted, voted.decided) == (None, False, False)

    async def test_at_its_last_moment_it_is_over(self, store: AuditedStore) -> None:
        await ask(store, asks())
        voted = await says(store, seconds=EXPIRES)
        assert (voted.counted, voted.decided) == (False, False)
        assert voted.row == await row_of(store)
        assert (await says(store, BEN, seconds=EXPIRES - 1)).decided

    async def test_a_run_goes_on_once_when_all_of_it_is_decided(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks("a1", "c1"), asks("a2", "c2"), asks("a3", "c3"))
        await says(store, id_="a1")
        await says(store, BEN, "deny", id_="a2")
        assert await in_inbox(home) == []
        assert [row.id for row in await store.lapse(now=at(EXPIRES))] == ["a3"], (
            "what was approved waits for the others"
        )
        assert await in_inbox(home) == [f"run:{RUN}:1"]
        run = await store.run_of(RUN)
        assert run is not None
        assert [row.state for row in run.approvals] == ["approved", "denied", "lapsed"]
        assert [row.decided_by for row in run.approvals] == ["Ada", "Ben", "expired"]
        assert [row.use_by for row in run.approvals] == [at(EXPIRES + 300), None, None], "usable from the last decision"

    async def test_a_run_that_asks_nothing_goes_on_at_once(self, store: AuditedStore) -> None:
        await ask(store)
        assert len(await goes_on(store)) == 1


class Pausing:
    async def test_the_run_ends_and_what_its_agent_kept_is_erased(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await says(store)
        await resumed(store)
        run = await store.run_of(RUN)
        assert run is not None
        assert (run.state, run.history) == ("finished", "")
        assert await store.paused_in(run.conversation) == []
        assert [row.state for row in run.approvals] == ["void"], "what was not begun by then never begins"
        assert not await store.claim(step_of(asks()), approval="a1", now=at(11))

    async def test_a_run_pauses_again_and_its_former_questions_stay(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await says(store)
        lease = await one_of(store, f"run:{RUN}:1", 2)
        assert await store.claim(step_of(asks()), approval="a1", now=at(2))
        await store.end_step(RUN, "c1", "done", "ok", now=at(3))
        await store.finish(lease, pausing(asks("a2", "c2"), resumes=RUN), now=at(4))
        run = await store.run_of(RUN)
        assert run is not None
        assert (run.state, [row.id for row in run.approvals]) == ("paused", ["a2"])
        assert (await row_of(store)).state == "done"
        await says(store, id_="a2", seconds=5)
        assert await in_inbox(home) == [f"run:{RUN}:1", f"run:{RUN}:2"]
        await resumed(store, 6)
        assert await in_inbox(home) == [f"run:{RUN}:1", f"run:{RUN}:2"]

    async def test_a_call_that_was_let_before_a_run_paused_again_may_begin_in_its_time(
        self, store: AuditedStore
    ) -> None:
        await ask(store, asks())
        await says(store)
        lease = await one_of(store, f"run:{RUN}:1", 2)
        await store.finish(lease, pausing(asks("a2", "c2"), resumes=RUN), now=at(3))
        assert (await row_of(store)).state == "approved"
        assert await store.claim(step_of(asks()), approval="a1", now=at(4))

    async def test_a_second_pause_gives_no_more_time_to_what_was_let_before_it(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await says(store)
        lease = await one_of(store, f"run:{RUN}:1", 2)
        await store.finish(lease, pausing(asks("a2", "c2", seconds=2), resumes=RUN), now=at(3))
        assert await store.due(now=at(4)) == ([], at(301))
        await says(store, id_="a2", seconds=100)
        assert (await row_of(store)).use_by == at(301)
        assert [row.id for row in await store.lapse(now=at(301))] == ["a1"]

    async def test_a_run_that_is_ended_from_outside_leaves_nothing_open(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks())
        await store.accept([message("cancel")], now=at(1))
        ended = replace(pausing(), pause=None, resumes=RUN)
        await store.finish(await one_of(store, "cancel", 1), ended, now=at(2))
        row = await row_of(store)
        assert (row.state, row.decided_by) == ("void", "ended")
        assert await in_inbox(home) == []

    async def test_a_question_that_is_changed_is_asked_anew_without_votes(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks("a1", "c1", needed=2), asks("b1", "c2"))
        await says(store, ADA)
        await deliver(store)
        other = asks("a2", "c1", needed=2, seconds=2, argv=("restart", "web"))
        row = await store.supersede("a1", other, CYD, event="edit", now=at(2))
        assert row is not None
        assert (row.id, row.state, row.votes, row.editor, row.run, row.call) == ("a2", "asked", (), CYD, RUN, "c1")
        old = await row_of(store)
        assert (old.state, old.superseded_by, old.decided_by) == ("superseded", "a2", "Cyd")
        assert await store.approval_of(RUN, "c1") == row
        run = await store.run_of(RUN)
        assert run is not None
        assert [each.id for each in run.approvals] == ["a2", "b1"], "the changed one keeps its place"
        assert await sent_cards(store, 3) == [f"{store.store_id}:appr:a2:0", f"{store.store_id}:appr:a2:1"]
        again = await store.supersede("a1", asks("a3"), CYD, event="edit", now=at(3))
        assert again == row, "the same event gets the same row"
        assert await store.approval("a3") is None
        assert await store.supersede("a1", asks("a3"), CYD, event="another edit", now=at(3)) is None
        for party in (ADA, BEN):
            await says(store, party, id_="a2", seconds=4)
        await says(store, id_="b1", seconds=4)
        assert len(await in_inbox(home)) == 1
        assert not await store.claim(step_of(asks("a1", "c1", needed=2)), approval="a2", now=at(5)), (
            "the former command"
        )
        assert await store.claim(step_of(other), approval="a2", now=at(5))

    async def test_a_person_who_wrote_under_two_identities_goes_on_in_the_older_conversation(
        self, store: AuditedStore
    ) -> None:
        older = await ask(store, asks(), event=message("ask", user_id="US.7", number=None))
        younger = await ask(store, asks("b1", "d1", run="run-2"), event=message("ask2"), seconds=0.5, run="run-2")
        assert older.conversation != younger.conversation
        await answer(store, message("both", number=NUMBER, user_id="US.7"), text("hi"), seconds=1)
        for conversation in (older.conversation, younger.conversation):
            assert [run.run for run in await store.paused_in(conversation)] == [RUN, "run-2"]
        await says(store, id_="b1", seconds=2)
        lease = await one_of(store, "run:run-2:1", 3)
        assert lease.conversation == older.conversation
        assert await store.void_all(by="cancel", now=at(4), conversation=younger.conversation) == 2
