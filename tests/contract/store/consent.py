"""The ledger of consent: it is written as a word comes in, follows its person, and never passes to somebody else."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aof.domain.consent import AGREE, DECLINE, ConsentState
from aof.domain.errors import StoreError
from aof.domain.message import InboundMessage, Preference, Sender
from aof.domain.response import Choice, TemplatePart, TextPart
from aof.store.base import Opted
from aof.store.consent import ASK_AGAIN, Entry, ToWrite
from aof.store.results import Dead
from aof.texts.language import Language
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
    deliver,
    done,
    leased,
    message,
    moved,
    only,
    only_part,
    press,
    receipt,
    text,
)

WHO, SOMEBODY = Sender(number=NUMBER, user_id=USER), Sender(number=OTHER_NUMBER, user_id=OTHER_USER)
ASK = TemplatePart(
    name="opt_in",
    language="en_US",
    buttons=(
        Choice(id=AGREE, title="Yes", action_id=AGREE),
        Choice(id=DECLINE, title="No", action_id=DECLINE),
    ),
)
ASKED: Any = {"language": Language.ARABIC, "evidence": "a form", "by": "ada"}


def said(event_id: str, words: str, *, sent: float | None = None, sender: Sender = WHO) -> InboundMessage:
    event = message(event_id, words, number=sender.number, user_id=sender.user_id)
    return event.model_copy(update={"sent_at": at(sent)}) if sent is not None else event


def preference(event_id: str, state: ConsentState, *, sent: float = 0, sender: Sender = WHO) -> Preference:
    return Preference(
        platform="whatsapp", account=ACCOUNT, event_id=event_id, sender=sender, state=state, words="they said so",
        sent_at=at(sent),
    )  # fmt: skip


async def stands(store: AuditedStore, sender: Sender = WHO) -> ConsentState | None:
    return (await store.standing(ACCOUNT, sender)).consent


async def written(store: AuditedStore, state: ConsentState, sender: Sender, *, seconds: float = 0) -> int:
    entry = Entry(state, "operator", "by phone", by="ada")
    return (await store.write_consent([ToWrite(ACCOUNT, sender, entry)], now=at(seconds))).changed


class Words:
    async def test_a_word_counts_as_it_comes_in_before_anybody_answers_it(self, store: AuditedStore) -> None:
        assert await stands(store) is None
        await store.accept([said("a", "disk"), said("b", "STOP")], now=at())
        assert await stands(store) == "out"
        first = await only(store)
        assert (first.opted, first.standing.consent) == (None, "out")
        await store.finish(first, done(), now=at(1))
        assert (await only(store, 1)).opted == Opted("out", changed=True, is_first=True)

    async def test_a_part_that_waited_knows_of_it_at_its_lease_and_at_its_request(self, store: AuditedStore) -> None:
        await answer(store, said("a", "disk"), text("x"))
        found = await store.lease_parts(
            now=at(1), lease_for=timedelta(seconds=60), most=1, open_wait=timedelta(seconds=60)
        )
        assert found.leases[0].standing.consent is None
        await store.accept([said("b", "إيقاف")], now=at(2))
        assert (await store.begin(found.leases[0])).consent == "out"

    async def test_too_much_at_once_is_no_reason_not_to_hear_stop(self, store: AuditedStore) -> None:
        await store.accept([said("a", "disk"), said("b", "stop")], now=at(), max_waiting=1)
        assert await stands(store) == "out"

    async def test_a_repeat_changes_nothing_and_the_same_word_again_says_so(self, store: AuditedStore) -> None:
        await store.accept([said("a", "stop")], now=at())
        await store.accept([said("b", "start")], now=at(1))
        await store.accept([said("a", "stop")], now=at(2))
        assert await stands(store) == "in"
        await store.accept([said("c", "start"), said("d", "stop"), said("e", "stop")], now=at(3))
        found = []
        for second in range(4, 9):
            lease = await only(store, second)
            await store.finish(lease, done(), now=at(second))
            found.append(lease.opted)
        assert found == [
            Opted("out", changed=True, is_first=True),
            Opted("in", changed=True, is_first=False),
            None,
            Opted("out", changed=True, is_first=False),
            Opted("out", changed=False, is_first=False),
        ]
        rows = await store.consent_history(ACCOUNT, WHO)
        assert [(row.state, row.how, row.evidence, row.by, row.event) for row in rows] == [
            ("out", "word", "stop", "", "a"),
            ("in", "word", "start", "", "b"),
            ("out", "word", "stop", "", "d"),
        ]

    async def test_an_older_start_that_comes_late_lifts_no_newer_stop(self, store: AuditedStore) -> None:
        await store.accept([said("a", "stop", sent=5)], now=at(10))
        await store.accept([said("b", "start", sent=4)], now=at(11))
        assert await stands(store) == "out"
        await store.accept([said("c", "start", sent=6)], now=at(12))
        assert await stands(store) == "in"

    async def test_who_changes_their_mind_all_day_ends_with_stop(self, store: AuditedStore) -> None:
        for n in range(12):
            await store.accept([said(f"{n}", "stop" if n % 2 else "start")], now=at(n))
        await store.accept([said("last", "start")], now=at(20))
        assert await stands(store) == "out"
        assert len(await store.consent_history(ACCOUNT, WHO)) == 4
        await store.accept([said("next", "start")], now=at(86_420))
        assert await stands(store) == "in"

    async def test_many_webhooks_at_once_are_heard_in_their_order(self, home: Home) -> None:
        store = await home.open()
        await store.accept([said("known", "hi")], now=at())
        words = ("disk", "stop", "disk", "start", "stop", "disk")
        await asyncio.gather(*(store.accept([said(f"{n}", one)], now=at(n)) for n, one in enumerate(words)))
        assert await stands(store) == "out"

    async def test_what_they_told_the_platform_is_out_and_its_end_lifts_no_stop(self, store: AuditedStore) -> None:
        await store.accept([preference("p1", "out", sent=1)], now=at(1))
        assert await stands(store) == "out"
        await store.accept([preference("p1", "out", sent=1), preference("p2", "in", sent=2)], now=at(2))
        assert await stands(store) is None
        await store.accept([said("a", "stop", sent=3), preference("p3", "in", sent=4)], now=at(4))
        assert await stands(store) == "out"
        rows = await store.consent_history(ACCOUNT, WHO)
        assert [(row.state, row.how) for row in rows[:2]] == [("out", "platform"), ("in", "platform")]

    async def test_a_refusal_for_that_reason_is_out_once(self, store: AuditedStore) -> None:
        await answer(store, said("a", "disk"), text("x"), text("y"))
        lease = await only_part(store, 1)
        await store.settle(lease, Dead(131050, "they stopped marketing", opted_out=True), now=at(2))
        assert await stands(store) == "out"
        (second,) = await deliver(store, 3)
        failed = receipt("failed", f"wamid.{second.part_id}", code=131050).model_copy(update={"opted_out": True})
        await store.accept([failed], now=at(4))
        await store.accept([failed], now=at(5))
        rows = await store.consent_history(ACCOUNT, WHO)
        assert [(row.state, row.how, row.event) for row in rows] == [("out", "refusal", lease.part_id)]

    async def test_a_receipt_of_that_reason_is_out(self, store: AuditedStore) -> None:
        await answer(store, said("a", "disk"), text("x"))
        (lease,) = await deliver(store, 1)
        failed = receipt("failed", f"wamid.{lease.part_id}", code=131050).model_copy(update={"opted_out": True})
        await store.accept([failed], now=at(2))
        assert await stands(store) == "out"

    async def test_a_reaction_and_a_group_say_nothing(self, store: AuditedStore) -> None:
        await store.accept([message("a", "stop", number=NUMBER, user_id=USER, group="g")], now=at())
        assert await stands(store) is None
        assert (await only(store)).opted is None

    async def test_the_ledger_only_grows_and_is_never_swept(self, store: AuditedStore, home: Home) -> None:
        await store.accept([said("a", "stop")], now=at())
        await store.finish(await only(store), done(), now=at(1))
        for statement in ("UPDATE consent SET state = 'in'", "DELETE FROM consent"):
            with pytest.raises(Exception, match="only grows"):
                await home.change(statement)
        ten_years = 3650 * 86_400
        while await store.sweep(now=at(ten_years), keep=timedelta(days=30), keep_ids=timedelta(days=30)):
            pass
        assert await stands(store) == "out"
        # nor is it forgotten whose number it is
        conversation = await store.open_conversation(ACCOUNT, NUMBER, now=at(ten_years))
        await store.send(conversation, [TextPart(text="x")], by="ada", now=at(ten_years))
        assert (await only_part(store, ten_years)).address.user_id == USER

    async def test_who_said_what_is_in_the_audit_chain(self, store: AuditedStore, home: Home) -> None:
        await store.accept([said("a", "stop")], now=at())
        (row,) = await home.rows("SELECT kind, facts FROM audit JOIN audit_words USING (seq)")
        assert row["kind"] == "consent_out"
        assert '"event": "a"' in row["facts"]
        assert await store.check() == []


class Identity:
    @pytest.mark.parametrize("state", ["in", "out"])
    async def test_a_word_follows_its_person_to_another_number(self, store: AuditedStore, state: ConsentState) -> None:
        await store.accept([said("a", "start" if state == "in" else "stop")], now=at())
        await store.accept([moved("m", old=(NUMBER, USER), new=(OTHER_NUMBER, OTHER_USER))], now=at(1))
        assert await stands(store, SOMEBODY) == state
        assert await stands(store, Sender(user_id=OTHER_USER)) == state
        assert await stands(store, Sender(number=NUMBER, user_id="GB.3")) is None
        assert await stands(store, Sender(number=NUMBER)) is None

    @pytest.mark.parametrize("state", ["in", "out"])
    async def test_a_word_of_a_number_alone_follows_too(self, store: AuditedStore, state: ConsentState) -> None:
        await written(store, state, Sender(number=NUMBER))
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(1))
        assert await stands(store, Sender(number=OTHER_NUMBER)) == state
        assert await stands(store, Sender(number=NUMBER)) is None

    async def test_the_next_owner_of_a_number_starts_anew(self, store: AuditedStore) -> None:
        await store.accept([said("a", "start")], now=at())
        next_owner = Sender(number=NUMBER, user_id=OTHER_USER)
        await store.accept([said("b", "disk", sender=next_owner)], now=at(1))
        assert await stands(store, next_owner) is None
        # while nobody knows that the number changed hands, a number alone proves nothing either
        assert await stands(store, Sender(number=NUMBER)) is None
        assert await stands(store, Sender(user_id=USER)) == "in"

    async def test_an_agreement_by_number_is_whose_user_id_it_turns_out_to_be(self, store: AuditedStore) -> None:
        await written(store, "in", Sender(number=NUMBER))
        await store.accept([said("a", "disk")], now=at(1))
        next_owner = Sender(number=NUMBER, user_id=OTHER_USER)
        await store.accept([said("b", "disk", sender=next_owner)], now=at(2))
        assert await stands(store, next_owner) is None
        assert await stands(store, Sender(user_id=USER)) == "in"

    async def test_that_is_found_out_even_by_the_plainest_of_messages(self, store: AuditedStore) -> None:
        # who is known well is accepted by a shorter way
        for n in range(2):
            await store.accept([said(f"a{n}", "disk")], now=at(n))
        await written(store, "in", Sender(number=NUMBER), seconds=3)
        rows = await store.consent_history(ACCOUNT, Sender(user_id=USER))
        assert [row.state for row in rows] == ["in"]

    async def test_an_agreement_of_the_former_owner_is_not_the_movers(self, store: AuditedStore) -> None:
        await written(store, "in", Sender(number=OTHER_NUMBER))
        await store.accept([said("a", "disk")], now=at(1))
        await store.accept([moved("m", old=(NUMBER, USER), new=(OTHER_NUMBER, USER), sent=at(2))], now=at(2))
        assert await stands(store, Sender(number=OTHER_NUMBER, user_id=USER)) is None
        assert await stands(store, Sender(number=OTHER_NUMBER)) is None

    async def test_what_the_platform_tells_of_somebody_binds_their_number_too(self, store: AuditedStore) -> None:
        conversation = await store.open_conversation(ACCOUNT, NUMBER, now=at())
        await store.accept([preference("p", "out", sent=1)], now=at(1))
        await store.send(conversation, [TextPart(text="x")], by="ada", now=at(2))
        part = await only_part(store, 2)
        assert (part.address.user_id, part.standing.consent) == (USER, "out")
        await store.accept([said("a", "disk", sender=Sender(number=NUMBER, user_id=OTHER_USER))], now=at(3))
        assert await stands(store, Sender(number=NUMBER, user_id=OTHER_USER)) is None
        assert await stands(store, Sender(user_id=USER)) == "out"

    async def test_what_is_meant_for_somebody_who_never_wrote_does_not_go_to_their_numbers_next_owner(
        self, store: AuditedStore
    ) -> None:
        """The platform alone told their user id, by a preference about which nothing is written down."""
        await store.accept([preference("p", "in")], now=at())
        assert await store.contacts() == []
        conversation = await store.open_conversation(ACCOUNT, NUMBER, now=at(1))
        await store.send(conversation, [TextPart(text="x")], by="ada", now=at(1))
        next_owner = Sender(number=NUMBER, user_id=OTHER_USER)
        await store.accept([said("a", "hello", sender=next_owner)], now=at(2))
        sent = await only_part(store, 3)
        assert (sent.address.number, sent.address.user_id) == (None, USER)

    async def test_stop_from_the_new_number_before_the_move_is_heard_of_stays(self, store: AuditedStore) -> None:
        await store.accept([said("a", "start")], now=at())
        ahead = Sender(number=OTHER_NUMBER, user_id=OTHER_USER)
        await store.accept([said("b", "stop", sender=ahead)], now=at(2))
        await store.accept([moved("m", old=(NUMBER, USER), new=(OTHER_NUMBER, OTHER_USER), sent=at(1))], now=at(3))
        assert await stands(store, ahead) == "out"

    async def test_stop_from_a_number_alone_holds_under_the_user_id_too(self, store: AuditedStore) -> None:
        await store.accept([said("a", "start")], now=at())
        await store.accept([said("b", "stop", sender=Sender(number=NUMBER))], now=at(1))
        assert await stands(store) == "out"
        assert await stands(store, Sender(number=NUMBER)) == "out"

    @pytest.mark.parametrize(
        ("listed", "known"),
        [
            ("+5511987654321", "+551187654321"),
            ("+551187654321", "+5511987654321"),
            ("+525512345678", "+5215512345678"),
            ("+5215512345678", "+525512345678"),
        ],
    )
    async def test_a_number_is_one_in_whatever_spelling(self, store: AuditedStore, listed: str, known: str) -> None:
        await written(store, "in", Sender(number=listed))
        assert await stands(store, Sender(number=known)) == "in"
        await store.accept([said("a", "stop", sender=Sender(number=known, user_id="BR.1"))], now=at(1))
        assert await stands(store, Sender(number=listed)) == "out"
        await store.accept([said("b", "disk", sender=Sender(number=known, user_id="BR.2"))], now=at(2))
        assert await stands(store, Sender(number=listed, user_id="BR.2")) is None

    async def test_each_account_has_a_ledger_of_its_own(self, store: AuditedStore) -> None:
        await store.accept([said("a", "stop")], now=at())
        assert (await store.standing("whatsapp:2", WHO)).consent is None


class ByOthers:
    async def test_all_is_written_or_nothing(self, store: AuditedStore) -> None:
        await store.accept([said("a", "stop")], now=at())
        entries = [
            ToWrite(ACCOUNT, sender, Entry("in", "import", "list of 2024", by="ada")) for sender in (SOMEBODY, WHO)
        ]
        outcome = await store.write_consent(entries, now=at(1))
        assert (outcome.changed, outcome.refused) == (0, {1: "out"})
        assert await stands(store, SOMEBODY) is None
        outcome = await store.write_consent(entries[:1], now=at(2))
        assert (outcome.changed, outcome.refused) == (1, {})
        assert (await store.write_consent(entries[:1], now=at(3))).changed == 0

    async def test_what_somebody_else_declined_for_them_somebody_else_lifts(self, store: AuditedStore) -> None:
        assert await written(store, "out", WHO) == 1
        assert await written(store, "in", WHO) == 1
        assert await stands(store) == "in"

    async def test_a_request_is_asked_once_and_answered_by_a_tap(self, store: AuditedStore) -> None:
        asked = await store.ask_consent(ACCOUNT, Sender(number=NUMBER), ASK, **ASKED, now=at())
        again = await store.ask_consent(ACCOUNT, Sender(number=NUMBER), ASK, **ASKED, now=at(9))
        assert (again.part_id, again.refused) == ("", "asked")
        part = await only_part(store)
        assert (part.part_id, part.cause, part.about, part.standing.consent) == (
            asked.part_id, "operator", "consent", None,
        )  # fmt: skip
        await store.accept([press("p", AGREE)], now=at(20))
        assert await stands(store, Sender(number=NUMBER)) == "in"
        answered = await only(store, 20)
        assert (answered.opted, answered.language) == (Opted("in", changed=True, is_first=True), Language.ARABIC)
        (waits, agreed) = await store.consent_history(ACCOUNT, Sender(number=NUMBER))
        assert (waits.state, waits.evidence, waits.by) == ("asked", "a form", "ada")
        assert (agreed.state, agreed.how) == ("in", "button")

    async def test_a_tap_on_no_counts_without_a_request_and_one_on_yes_does_not(self, store: AuditedStore) -> None:
        await store.accept([press("p", AGREE)], now=at())
        assert await stands(store, Sender(number=NUMBER)) is None
        assert (await only(store)).opted is None
        await store.accept([press("q", DECLINE)], now=at(1))
        assert await stands(store, Sender(number=NUMBER)) == "out"

    async def test_nobody_is_asked_who_said_anything_or_was_asked_lately(self, store: AuditedStore) -> None:
        who = Sender(number=NUMBER)
        await store.ask_consent(ACCOUNT, who, ASK, **ASKED, now=at())
        month = ASK_AGAIN.total_seconds()
        early = await store.ask_consent(ACCOUNT, who, ASK, **ASKED, now=at(month - 1))
        late = await store.ask_consent(ACCOUNT, who, ASK, **ASKED, now=at(month))
        assert (early.refused, late.refused) == ("asked", None)
        await store.accept([press("p", DECLINE)], now=at(month + 1))
        never = await store.ask_consent(ACCOUNT, who, ASK, **ASKED, now=at(9 * month))
        assert never.refused == "out"
        await store.accept([said("s", "start", sender=who)], now=at(9 * month + 1))
        agreed = await store.ask_consent(ACCOUNT, who, ASK, **ASKED, now=at(9 * month + 2))
        assert agreed.refused == "in"

    async def test_a_request_needs_somewhere_to_go(self, store: AuditedStore) -> None:
        with pytest.raises(StoreError, match="no number"):
            await store.ask_consent(ACCOUNT, Sender(user_id=USER), ASK, **ASKED, now=at())
        assert await store.contacts() == []

    async def test_the_list_has_everybody_once_the_newest_first(self, store: AuditedStore) -> None:
        await store.accept([said("a", "start")], now=at())
        await store.accept([said("b", "stop", sender=SOMEBODY)], now=at(1))
        await store.ask_consent(ACCOUNT, Sender(number="+4930123456"), ASK, **ASKED, now=at(2))
        found = await store.contacts()
        assert [(one.number, one.state, one.row.state) for one in found] == [
            ("+4930123456", None, "asked"),
            (OTHER_NUMBER, "out", "out"),
            (NUMBER, "in", "in"),
        ]
        assert [one.number for one in await store.contacts(state="out")] == [OTHER_NUMBER]
        assert [one.number for one in await store.contacts(state="asked")] == ["+4930123456"]
        assert len(await store.contacts(most=2)) == 2

    async def test_an_answer_to_a_word_is_marked_as_one(self, store: AuditedStore) -> None:
        await store.accept([said("a", "stop")], now=at())
        (lease,) = await leased(store)
        await store.finish(lease, replace(done(text("x")), about="consent"), now=at(1))
        part = await only_part(store, 2)
        assert (part.cause, part.about) == ("reply", "consent")
