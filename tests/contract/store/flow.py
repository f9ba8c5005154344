"""Opportunities, their drafts, and notifications, as any store keeps them."""

from dataclasses import replace
from datetime import timedelta

from aof.domain.response import ButtonsPart, Choice, TextPart
from aof.store.base import Elsewhere
from aof.store.opportunities import NewDraft, NewMove, NewNotification, NewOpportunity
from aof.store.results import Sent
from aof.texts.language import Language
from tests.contract.store.home import ACCOUNT, NUMBER, OTHER_NUMBER, AuditedStore, Home, at

KEEP = timedelta(days=30)
NEW = NewOpportunity("a", "Renew", "", Language.ENGLISH, "Layla", OTHER_NUMBER, ACCOUNT, "digest", "key", "api")
CARD = ButtonsPart(text="?", buttons=(Choice(id="opp:a:accept", title="Accept", action_id="opp:a:accept"),))
DRAFT_CARD = ButtonsPart(text="?", buttons=(Choice(id="msg:a-d1:edit", title="Edit", action_id="msg:a-d1:edit"),))
NOTE = NewNotification("n", "key", "digest", "Omar", "", "text", "", (("ack", "Ack"),), (TextPart(text="text"),))
MAKES = NewDraft("Hello", "template")


async def conversation(store: AuditedStore) -> str:
    return await store.open_conversation(ACCOUNT, NUMBER, now=at())


async def sent(store: AuditedStore, message_id: str) -> str:
    """Send the next part; its id."""
    leases = await store.lease_parts(now=at(), lease_for=KEEP, most=1, open_wait=KEEP)
    (lease,) = leases.leases
    await store.begin(lease)
    await store.settle(lease, Sent(message_id), now=at())
    return lease.part_id


class Opportunities:
    async def test_a_card_leaves_with_its_opportunity_and_can_be_pressed_there(self, store: AuditedStore) -> None:
        there = await conversation(store)
        kept, row = await store.add_opportunity(NEW, [Elsewhere(there, (CARD,))], now=at())
        assert (kept, row.state, row.draft) == ("new", "open", "")
        assert await sent(store, "wamid.1") == f"{store.store_id}:opp:a:0"
        shown = await store.pressed(there, "opp:a:accept")
        assert shown is not None
        assert shown.action.id == "opp:a:accept"

    async def test_the_same_once_more_is_known_and_another_one_under_its_id_or_key_is_kept_nowhere(
        self, store: AuditedStore, home: Home
    ) -> None:
        await store.add_opportunity(NEW, [], now=at())
        assert (await store.add_opportunity(NEW, [], now=at(5)))[0] == "known"
        assert (await store.add_opportunity(replace(NEW, key="second"), [], now=at(5)))[0] == "known"
        for other in (
            replace(NEW, digest="other"),
            replace(NEW, digest="other", key=""),
            replace(NEW, id="b", digest="other"),
            replace(NEW, id="b", digest="other", key="second"),
        ):
            kept, row = await store.add_opportunity(other, [], now=at(5))
            assert (kept, row.id) == ("different", "a")
        assert await home.rows("SELECT id, created_at FROM opportunity") == [
            {"id": "a", "created_at": at().timestamp()}
        ]

    async def test_a_move_is_written_whole_and_its_event_moves_nothing_again(
        self, store: AuditedStore, home: Home
    ) -> None:
        there = await conversation(store)
        await store.add_opportunity(NEW, [], now=at())
        drafted = NewMove("a", "draft", "Sara", "e1", makes=MAKES, told=(Elsewhere(there, (TextPart(text="Sara"),)),))
        for seconds in (1, 2):
            moved = await store.move_opportunity(drafted, now=at(seconds))
            assert moved.counted
            assert moved.draft is not None
            assert (moved.draft.id, moved.draft.state, moved.draft.text) == ("a-d1", "waiting", "Hello")
        assert [(move.change, move.by, move.draft) for move in await store.moves_of_opportunity("a")] == [
            ("draft", "Sara", "a-d1")
        ]
        assert len(await home.rows("SELECT 1 FROM outbox")) == 1
        assert (await store.move_of_event("a", "e1")) is not None
        assert await store.move_of_event("a", "e2") is None

    async def test_what_the_rules_do_not_let_move_keeps_nothing(self, store: AuditedStore, home: Home) -> None:
        await store.add_opportunity(NEW, [], now=at())
        before = await home.rows("SELECT * FROM audit")
        approve = NewMove("a", "approve", "Sara", "e1", draft=1, outbound=(TextPart(text="Hello"),))
        moved = await store.move_opportunity(approve, now=at())
        assert not moved.counted
        assert moved.row is not None
        gone = await store.move_opportunity(replace(approve, opportunity="b"), now=at())
        assert (gone.counted, gone.row) == (False, None)
        assert await home.rows("SELECT * FROM audit") == before
        assert await home.rows("SELECT 1 FROM outbox") == []

    async def test_an_approval_writes_to_the_contact_who_never_wrote(self, store: AuditedStore) -> None:
        await store.add_opportunity(NEW, [], now=at())
        await store.move_opportunity(NewMove("a", "draft", "Sara", "e1", makes=MAKES), now=at())
        out = (TextPart(text="Hello"),)
        assert (await store.move_opportunity(NewMove("a", "approve", "Sara", "e2", 1, outbound=out), now=at())).counted
        (departure,) = await store.departures_of("a")
        assert (departure.part, departure.state) == (f"{store.store_id}:msg:a-d1:0", "queued")
        leases = await store.lease_parts(now=at(), lease_for=KEEP, most=1, open_wait=KEEP)
        (lease,) = leases.leases
        assert (lease.cause, lease.address.number, lease.heard_at) == ("operator", OTHER_NUMBER, None)

    async def test_a_rewrite_takes_the_place_of_the_draft_before(self, store: AuditedStore) -> None:
        await store.add_opportunity(NEW, [], now=at())
        await store.move_opportunity(NewMove("a", "accept", "Sara", "e1", makes=MAKES), now=at())
        rewrite = NewMove("a", "rewrite", "Sara", "e2", 1, makes=NewDraft("Other", "Sara"))
        assert (await store.move_opportunity(rewrite, now=at())).counted
        assert [(draft.id, draft.state) for draft in await store.drafts_of("a")] == [
            ("a-d1", "superseded"),
            ("a-d2", "waiting"),
        ]
        old = NewMove("a", "approve", "Sara", "e3", 1, outbound=(TextPart(text="Hello"),))
        assert not (await store.move_opportunity(old, now=at())).counted

    async def test_the_draft_of_a_card_is_found_by_its_message_in_its_own_chat_alone(self, store: AuditedStore) -> None:
        there = await conversation(store)
        await store.add_opportunity(NEW, [Elsewhere(there, (DRAFT_CARD,))], now=at())
        await sent(store, "wamid.1")
        assert await store.draft_shown(there, "wamid.1") == "a-d1"
        assert await store.draft_shown(there, "wamid.2") == ""
        elsewhere = await store.open_conversation(ACCOUNT, OTHER_NUMBER, now=at())
        assert await store.draft_shown(elsewhere, "wamid.1") == ""

    async def test_what_waits_is_listed_and_kept_and_what_was_decided_goes_in_time(
        self, store: AuditedStore, home: Home
    ) -> None:
        for id_, change in (("a", "skip"), ("b", "")):
            await store.add_opportunity(replace(NEW, id=id_, key=""), [], now=at())
            if change:
                await store.move_opportunity(NewMove(id_, "skip", "Sara", "e1"), now=at())
        assert [row.id for row in await store.opportunities(states=["open"])] == ["b"]
        assert [row.id for row in await store.opportunities()] == ["a", "b"]
        later = at() + 2 * KEEP
        while await store.sweep(now=later, keep=KEEP, keep_ids=KEEP):
            pass
        assert [row.id for row in await store.opportunities()] == ["b"]
        for table in ("draft", "opportunity_move"):
            assert await home.rows(f"SELECT * FROM {table}") == []  # noqa: S608 -- a word of this test


class Notifications:
    async def test_the_first_press_of_an_action_stands(self, store: AuditedStore) -> None:
        new = replace(NOTE, conversation=await conversation(store))
        assert (await store.notify(new, now=at()))[0] == "new"
        assert (await store.notify(replace(new, id="m"), now=at()))[1].id == "n"
        assert (await store.notify(replace(new, digest="x"), now=at()))[0] == "different"
        first = await store.press_notification("n", "ack", "Omar", event="e1", now=at(1))
        assert first is not None
        assert first[1]
        assert await store.press_notification("n", "ack", "Omar", event="e1", now=at(2)) == first
        again = await store.press_notification("n", "ack", "Omar", event="e2", now=at(3))
        assert again == (first[0], False)
        assert await store.press_notification("n", "mute", "Omar", event="e3", now=at()) is None
        assert await store.press_notification("m", "ack", "Omar", event="e3", now=at()) is None
        row = await store.notification("n")
        assert row is not None
        assert row.presses == (first[0],)
        assert [one.state for one in row.departures] == ["queued"]
        assert (await store.audit_verified()).broken is None
