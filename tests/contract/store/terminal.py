"""What operators see and decide of questions, and what a suspension takes away."""

import pytest

from aof.domain.approval import Party, Verdict
from aof.domain.response import TextPart
from aof.store.approvals import Voted
from aof.store.base import Elsewhere
from aof.store.operators import Cut
from tests.contract.store.asking import (
    ADA,
    APPROVER_CHAT,
    BEN,
    CYD,
    EXPIRES,
    RUN,
    USABLE,
    ask,
    asks,
    goes_on,
    in_inbox,
    kinds,
    row_of,
    says,
    step_of,
)
from tests.contract.store.home import OTHER_NUMBER, AuditedStore, Home, at, deliver
from tests.contract.store.pairing import CODE
from tests.contract.store.pairing import asks as pairs

TOLD = (Elsewhere(APPROVER_CHAT, (TextPart(text="it is over"),)),)


async def decides(
    store: AuditedStore, party: Party = ADA, verdict: Verdict = "approve", *, seconds: float = 1, note: str = ""
) -> Voted:
    now = at(seconds)
    return await store.decide(
        "a1", party, verdict, by="root", note=note, told=TOLD, now=now, use_by=now + USABLE
    )  # fmt: skip


async def words(home: Home, kind: str) -> list[str]:
    rows = await home.rows(
        "SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = :kind ORDER BY seq", kind=kind
    )
    return [row["facts"] for row in rows]


class Terminal:
    async def test_a_vote_in_a_persons_name_counts_as_theirs_and_says_who_gave_it(
        self, store: AuditedStore, home: Home
    ) -> None:
        await ask(store, asks())
        await deliver(store)
        beside = await home.open_beside()
        voted = await decides(beside, note="seen")
        assert (voted.counted, voted.decided) == (True, True)
        row = await row_of(store)
        assert (row.state, row.decided_by, row.use_by) == ("approved", "Ada (terminal: root)", at(301))
        assert [(vote.party, vote.by, vote.note) for vote in row.votes] == [("ada", "root", "seen")]
        assert len(await goes_on(store)) == 1
        (fact,) = await words(home, "approval_approved")
        for said in ('"by": "root"', '"as": "Ada"', '"note": "seen"', '"verdict": "approve"', RUN):
            assert said in fact
        assert [part.part for part in await deliver(store, 2)] == [TextPart(text="it is over")]

    async def test_nobody_is_told_before_it_is_decided_nor_by_who_comes_too_late(self, store: AuditedStore) -> None:
        await ask(store, asks(needed=2))
        await deliver(store)
        assert not (await decides(store)).decided
        assert not (await decides(store)).counted, "each person votes once, wherever they do"
        assert not (await decides(store, BEN, seconds=EXPIRES)).counted
        assert list(await deliver(store, 2)) == []
        assert (await says(store, BEN)).decided
        assert not (await decides(store, CYD)).counted
        assert list(await deliver(store, 3)) == []

    async def test_a_refusal_is_written_down(self, store: AuditedStore, home: Home) -> None:
        await store.refuse_decision("a1", BEN, "asked for it", by="root", now=at())
        assert await words(home, "decision_refused") == ['{"as": "Ben", "by": "root", "refused": "asked for it"}']

    async def test_questions_are_found_by_the_beginning_of_their_id(self, store: AuditedStore) -> None:
        await ask(store, asks("a1"), asks("a2", "c2"), asks("b_1", "c3"))
        assert [row.id for row in await store.approvals_like("a")] == ["a1", "a2"]
        assert [row.id for row in await store.approvals_like("a2")] == ["a2"]
        assert [row.id for row in await store.approvals_like("b_")] == ["b_1"]
        assert await store.approvals_like("%") == []
        assert [row.id for row in await store.approvals(most=2)] == ["a2", "b_1"]

    async def test_what_it_was_before_it_was_changed_can_be_seen(self, store: AuditedStore) -> None:
        await ask(store, asks(), asks("x1", "c2"))
        await store.supersede("a1", asks("a2"), CYD, event="edit", now=at(2))
        assert [row.id for row in await store.approvals_of_call(RUN, "c1")] == ["a1", "a2"]

    async def test_a_switch_says_who_threw_it_and_when(self, store: AuditedStore) -> None:
        assert await store.thrown("killswitch") is None
        await store.switch("killswitch", on=True, by="root", now=at(3))
        thrown = await store.thrown("killswitch")
        assert thrown is not None
        assert (thrown.by, thrown.at) == ("root", at(3))


class Cutting:
    async def test_the_vote_of_who_is_suspended_counts_no_more(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks(needed=2))
        await says(store, ADA)
        assert await store.suspend("Ada", by="root", now=at(2)) == Cut(votes=("a1",))
        assert (await row_of(store)).votes == ()
        assert await words(home, "vote_taken_back") == ['{"by": "suspended", "of": "Ada", "verdict": "approve"}']
        assert not (await says(store, BEN, seconds=3)).decided
        assert (await says(store, CYD, seconds=3)).decided

    async def test_who_is_resumed_may_vote_again(self, store: AuditedStore) -> None:
        await ask(store, asks(needed=2))
        await says(store, ADA)
        await store.suspend("Ada", by="root", now=at(2))
        await store.resume_person("Ada", by="root", now=at(3))
        assert (await says(store, ADA, event="once more", seconds=4)).counted

    async def test_what_they_had_let_and_was_not_begun_never_begins(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks(needed=2), asks("b1", "c2"))
        await says(store, ADA)
        await says(store, BEN)
        assert await store.suspend("Ben", by="root", now=at(2)) == Cut(ended=("a1",))
        row = await row_of(store)
        assert (row.state, row.decided_by, len(row.votes)) == ("void", "suspended", 2)
        assert not await store.claim(step_of(asks(needed=2)), approval="a1", now=at(2))
        assert await in_inbox(home) == []
        await says(store, CYD, id_="b1", seconds=3)
        assert await in_inbox(home) == [f"run:{RUN}:1"], "the others are still decided"

    async def test_what_has_begun_is_not_cut(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await says(store, ADA)
        assert await store.claim(step_of(asks()), approval="a1", now=at(2))
        assert await store.suspend("Ada", by="root", now=at(2)) == Cut()
        assert (await row_of(store)).state == "running"

    async def test_a_command_that_they_had_changed_ends(self, store: AuditedStore) -> None:
        await ask(store, asks())
        await store.supersede("a1", asks("a2"), CYD, event="edit", now=at(2))
        assert await store.suspend("Cyd", by="root", now=at(3)) == Cut(ended=("a2",))
        assert (await row_of(store, "a2")).state == "void"

    async def test_others_questions_and_votes_stay(self, store: AuditedStore, home: Home) -> None:
        await ask(store, asks(needed=2), asks("b1", "c2"))
        await says(store, ADA)
        await says(store, ADA, "deny", id_="b1")
        assert await store.suspend("Ben", by="root", now=at(2)) == Cut()
        assert len((await row_of(store)).votes) == 1
        assert await store.suspend("Ada", by="root", now=at(3)) == Cut(votes=("a1",)), "what is over stays as it was"
        assert (await row_of(store, "b1")).state == "denied"
        assert "vote_taken_back" in await kinds(home)

    @pytest.mark.parametrize("who", ["Sam", OTHER_NUMBER])
    async def test_the_vote_of_who_is_sent_away_counts_no_more(self, store: AuditedStore, who: str) -> None:
        sam = Party(key=f"whatsapp:{OTHER_NUMBER}", name="Sam")
        await ask(store, asks(needed=2))
        assert await pairs(store, number=OTHER_NUMBER)
        await store.approve(CODE, "Sam", by="root", now=at())
        await says(store, sam)
        await store.revoke(who, by="root", now=at(2))
        assert (await row_of(store)).votes == ()
        assert (await row_of(store)).state == "asked"
