"""One person with several accounts, as the configuration links them."""

from dataclasses import replace

from aof.domain.approval import Party
from aof.domain.linked import Linked
from aof.domain.message import InboundMessage, Sender
from tests.contract.store.asking import ask, asks, row_of, says
from tests.contract.store.home import NUMBER, USER, AuditedStore, at, done, leased, message, text

BOT = "telegram:7000"
SARA = "person:Sara"
OTHER_BOT_USER = "55502"
LINKED = Linked({SARA: frozenset({f"whatsapp:{NUMBER}", "telegram:55501"})})


def typed(event_id: str, user_id: str = "55501", *, thread: str = "", group: str = "") -> InboundMessage:
    return InboundMessage(
        platform="telegram",
        account=BOT,
        event_id=event_id,
        chat_id=group or user_id,
        group=bool(group),
        thread=thread,
        sender=Sender(user_id=user_id),
        text="disk",
    )


def learned(store: AuditedStore) -> AuditedStore:
    store.learn(linked=LINKED, settled=lambda _row, _card: "")
    return store


async def chosen(store: AuditedStore, event: InboundMessage, seconds: float, **result: str) -> tuple[str, str]:
    """What somebody had chosen when they wrote; with `result` they choose anew."""
    await store.accept([event], now=at(seconds))
    (lease,) = await leased(store, seconds)
    await store.finish(lease, replace(done(text("x")), **result), now=at(seconds))
    return lease.chosen, lease.context


class LinkedPeople:
    async def test_a_choice_follows_its_person_to_their_other_account(self, store: AuditedStore) -> None:
        learned(store)
        await chosen(store, message("a", user_id=USER), 0, choose="dockhand", choose_context="production")
        assert await chosen(store, typed("b"), 1) == ("dockhand", "production")
        await chosen(store, typed("c"), 2, choose_context="staging")
        assert await chosen(store, message("d", user_id=USER), 3) == ("dockhand", "staging")
        # nobody else, not even of the same platform
        assert await chosen(store, typed("e", OTHER_BOT_USER), 4) == ("", "")

    async def test_what_is_chosen_in_a_topic_or_a_group_stays_there(self, store: AuditedStore) -> None:
        learned(store)
        await chosen(store, typed("a"), 0, choose_context="production")
        assert await chosen(store, typed("b", group="-100"), 1, choose_context="lab") == ("", "")
        assert await chosen(store, typed("c"), 2) == ("", "production")
        assert await chosen(store, typed("d", group="-100"), 3) == ("", "lab")

    async def test_what_was_chosen_before_a_link_holds_until_something_is_chosen_after_it(
        self, store: AuditedStore
    ) -> None:
        await chosen(store, message("a"), 0, choose="dockhand")
        learned(store)
        assert await chosen(store, message("b"), 1, choose_context="lab") == ("dockhand", "")
        assert await chosen(store, typed("c"), 2) == ("", "lab")
        assert await chosen(store, message("d"), 3) == ("dockhand", "lab")

    async def test_choices_of_a_person_outlast_their_conversations(self, store: AuditedStore) -> None:
        learned(store)
        await chosen(store, typed("a"), 0, choose="dockhand")
        while await store.sweep(now=at(10_000_000), keep=at(1) - at(0), keep_ids=at(1) - at(0)):
            pass
        assert await chosen(store, message("b"), 10_000_001) == ("dockhand", "")

    async def test_both_accounts_of_a_person_count_towards_what_one_may_have_running(self, store: AuditedStore) -> None:
        learned(store)
        await store.accept([message("a", user_id=USER)], now=at())
        await store.accept([typed("b")], now=at(1))
        await store.accept([typed("c", OTHER_BOT_USER)], now=at(2))
        # of the number that links them only the event tells: its sender goes by a user id
        found = await leased(store, 2, per_person=1)
        assert sorted(lease.event.event_id for lease in found) == ["a", "c"]
        (first,) = (lease for lease in found if lease.event.event_id == "a")
        await store.finish(first, done(text("x")), now=at(3))
        assert [lease.event.event_id for lease in await leased(store, 4, per_person=1)] == ["b"]

    async def test_one_id_on_two_platforms_is_two_people(self, store: AuditedStore) -> None:
        learned(store)
        await store.accept([typed("a", NUMBER)], now=at())
        await store.accept([message("b")], now=at())
        assert len(await leased(store, per_person=1)) == 2

    async def test_who_is_sent_away_on_one_account_has_said_nothing_on_the_other(self, store: AuditedStore) -> None:
        learned(store)
        await store.accept([typed("hello")], now=at())
        (lease,) = await leased(store)
        await store.ask_pairing(lease, "ABCD1234", now=at())
        await store.finish(lease, done(text("code")), now=at())
        await store.approve("ABCD1234", "sara-on-telegram", by="test", now=at())
        sara = Party(key=SARA, name="Sara", ids=LINKED.ids[SARA])
        await ask(store, asks(needed=2), event=message("ask", number="+49300000"))
        await says(store, sara)
        assert [vote.party for vote in (await row_of(store)).votes] == [SARA]
        await store.revoke("sara-on-telegram", by="test", now=at(3))
        row = await row_of(store)
        assert (row.state, row.votes) == ("asked", ())
