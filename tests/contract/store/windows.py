"""Parts that wait until their person writes: parked with one nudge, taken up in order, whatever dies in between."""

from contextlib import suppress

import pytest

from aof.domain.errors import LeaseLost
from aof.domain.message import InboundMessage, Notice, Receipt, TemplateNews
from aof.domain.response import TemplatePart, TextPart
from aof.store.base import PartLease
from aof.store.results import Accepted, Closed, Dead, Held, Sent
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    USER,
    AuditedStore,
    Home,
    answer,
    at,
    call,
    deliver,
    leased_parts,
    message,
    moved,
    only_part,
    reaction,
    receipt,
    states,
    text,
)

NUDGE = TemplatePart(name="message_waiting", language="en_US")
CLOSED = Held("window", "they have not written for a day", Closed(NUDGE))
REFUSED = Held("window", "they have not written for a day", Closed(NUDGE, refused=True))
DAY = 86_400.0
HALF_HOUR = 1_800.0


async def park(store: AuditedStore, seconds: float, held: Held = CLOSED) -> list[str]:
    """Park all that is queued but the nudges; return the ids of those in their order."""
    nudges = []
    while found := await leased_parts(store, seconds, begun=held.closed is not None and held.closed.refused):
        for lease in found:
            if isinstance(lease.part, TemplatePart):
                nudges.append(lease.part_id)
                await store.settle(lease, Sent(f"wamid.{lease.part_id}"), now=at(seconds))
            else:
                await store.settle(lease, held, now=at(seconds))
    return nudges


async def notices(store: AuditedStore, *texts: str, seconds: float, number: str = NUMBER) -> list[str]:
    found = await store.conversation_with(ACCOUNT, number)
    assert found is not None
    return await store.send(found.conversation, [TextPart(text=one) for one in texts], by="test", now=at(seconds))


def late(event_id: str, written: float) -> InboundMessage:
    return message(event_id).model_copy(update={"sent_at": at(written)})


def outside(message_id: str, *, part_id: str | None, when: float = 0) -> Receipt:
    failed = receipt("failed", message_id, part_id=part_id, code=131047, reason="closed")
    return failed.model_copy(update={"outside_window": True, "at": at(when)})


class Windows:
    async def test_what_is_parked_gets_one_nudge_and_leaves_in_order_before_what_is_said_next(
        self, store: AuditedStore, home: Home
    ) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        parts = await notices(store, "1", "2", seconds=DAY)
        (nudge,) = await park(store, DAY)
        parts += await notices(store, "3", seconds=DAY + 60)
        assert await park(store, DAY + 60) == [], "one for a closed window, however much is parked"
        (waiting,) = await store.closed_windows()
        assert (waiting.parked, waiting.account, waiting.address.number) == (3, ACCOUNT, NUMBER)
        assert waiting.nudge is not None
        assert waiting.nudge.state == "sent"

        ids = await answer(store, message("b"), text("answer"), seconds=DAY + 120)
        assert [lease.part_id for lease in await deliver(store, DAY + 121)] == [*parts, *ids]
        assert await store.closed_windows() == []
        assert await store.check() == []
        assert (await states(home))[nudge] == "sent"

    async def test_a_window_that_closes_again_is_another_one(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        for day in (1, 2, 3):
            await notices(store, "news", seconds=day * DAY)
            assert len(await park(store, day * DAY)) == 1
            accepted = await store.accept([message(f"m{day}")], now=at(day * DAY + HALF_HOUR))
            assert accepted.taken_up == 1
            await deliver(store, day * DAY + HALF_HOUR)

    async def test_whoever_writes_between_the_lease_and_its_end_is_not_nudged(
        self, store: AuditedStore, home: Home
    ) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        (part,) = await notices(store, "news", seconds=DAY)
        (lease,) = await leased_parts(store, DAY, begun=False)
        await store.accept([message("b")], now=at(DAY + 1))
        await store.settle(lease, CLOSED, now=at(DAY + 2))
        assert (await states(home))[part] == "queued"
        again = await only_part(store, DAY + 3)
        assert (again.part_id, again.window_from) == (part, at(DAY + 1))
        assert await store.closed_windows() == []

    async def test_a_lease_says_since_when_the_window_counts(self, store: AuditedStore) -> None:
        await answer(store, late("a", -500), text("x"))
        (lease,) = await leased_parts(store, 1, begun=False)
        assert lease.window_from == at(-500), "by the platform's clock, however late it came"
        assert (lease.refused, lease.template) == (0, None)

    @pytest.mark.parametrize("event", ["reaction", "older"])
    async def test_what_opens_no_window_takes_nothing_up(self, store: AuditedStore, event: str) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        await notices(store, "news", seconds=DAY)
        await park(store, DAY)
        said = reaction("r") if event == "reaction" else late("b", -60)
        assert (await store.accept([said], now=at(DAY + 60))).taken_up == 0
        (waiting,) = await store.closed_windows()
        assert waiting.parked == 1

    async def test_a_call_opens_the_window_and_is_answered_by_what_is_parked_alone(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        (part,) = await notices(store, "news", seconds=DAY)
        await park(store, DAY)
        accepted = await store.accept([call("c")], now=at(DAY + 60))
        assert (accepted.taken_up, accepted.new, accepted.kept) == (1, 0, 1)
        assert [lease.part_id for lease in await deliver(store, DAY + 61)] == [part]

    async def test_two_people_who_write_in_one_webhook_get_what_is_theirs(self, store: AuditedStore) -> None:
        for number in (NUMBER, OTHER_NUMBER):
            await answer(store, message(f"a{number}", number=number), text("hello"))
        await deliver(store)
        for number in (NUMBER, OTHER_NUMBER):
            await notices(store, f"for {number}", seconds=DAY, number=number)
        await park(store, DAY)
        both = [message("b", number=NUMBER), message("c", number=OTHER_NUMBER)]
        assert (await store.accept(both, now=at(DAY + 1))).taken_up == 2

    async def test_what_was_parked_under_a_number_follows_a_word_under_the_user_id(self, store: AuditedStore) -> None:
        await store.open_conversation(ACCOUNT, NUMBER, now=at())
        (part,) = await notices(store, "news", seconds=1)
        assert len(await park(store, 1)) == 1, "to whoever never wrote the window is closed"
        await answer(store, message("a", number=None, user_id=USER), seconds=2)
        accepted = await store.accept([message("b", number=NUMBER, user_id=USER)], now=at(3))
        assert accepted.taken_up == 1
        assert part in [lease.part_id for lease in await deliver(store, 4)]

    async def test_a_window_goes_with_a_person_to_their_new_number(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        await notices(store, "news", seconds=DAY)
        await park(store, DAY)
        await store.accept([moved("m", old=(NUMBER, None), new=(OTHER_NUMBER, None))], now=at(DAY + 1))
        accepted = await store.accept([message("b", number=OTHER_NUMBER)], now=at(DAY + 2))
        assert accepted.taken_up == 1

    async def test_a_nudge_that_nobody_needs_any_more_is_dropped(self, store: AuditedStore, home: Home) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        await notices(store, "news", seconds=DAY)
        (lease,) = await leased_parts(store, DAY, begun=False)
        await store.settle(lease, CLOSED, now=at(DAY))
        await store.accept([message("b")], now=at(DAY + 1))
        sent = [one.part for one in await deliver(store, DAY + 2)]
        assert sent == [TextPart(text="news")]
        (row,) = await home.rows("SELECT state, error FROM outbox WHERE part LIKE '%nudge%'")
        assert (row["state"], row["error"]) == ("dead", "they wrote before it left")

    @pytest.mark.parametrize(("hours", "nudges"), [(1, 0), (25, 1)])
    async def test_after_a_nudge_that_failed_another_one_waits_a_day(
        self, store: AuditedStore, hours: float, nudges: int
    ) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        await notices(store, "news", seconds=DAY)
        (lease,) = await leased_parts(store, DAY, begun=False)
        await store.settle(lease, CLOSED, now=at(DAY))
        await store.settle(await only_part(store, DAY), Dead(132015, "paused"), now=at(DAY))
        (waiting,) = await store.closed_windows()
        assert waiting.nudge is not None
        assert (waiting.nudge.state, waiting.nudge.code, waiting.nudge.reason) == ("dead", 132015, "paused")
        await notices(store, "more", seconds=DAY + hours * 3600)
        assert len(await park(store, DAY + hours * 3600)) == nudges

    async def test_without_a_nudge_what_is_parked_waits_and_one_that_is_configured_later_asks(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("a"), text("hello"))
        await deliver(store)
        await notices(store, "news", seconds=DAY)
        assert await park(store, DAY, Held("window", "none", Closed(None))) == []
        (waiting,) = await store.closed_windows()
        assert (waiting.parked, waiting.nudge) == (1, None)
        (row,) = await store.parts(states=["held"])
        await store.release([row.seq], by="test", now=at(DAY + 1))
        assert len(await park(store, DAY + 1)) == 1

    async def test_who_wants_nothing_is_asked_by_a_part_that_their_word_holds(
        self, store: AuditedStore, home: Home
    ) -> None:
        await answer(store, message("a"), text("hello"))
        await park(store, DAY)
        (row,) = await home.rows("SELECT cause FROM outbox WHERE part LIKE '%nudge%'")
        assert row["cause"] == "system", "an answer always may leave; what asks for a word may not"


class Refusals:
    async def test_a_refused_part_is_parked_once_and_says_how_often(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("hello"))
        (nudge,) = await park(store, 1, REFUSED)
        assert nudge
        (waiting,) = await store.closed_windows()
        assert waiting.parked == 1
        found = await store.conversation_with(ACCOUNT, NUMBER)
        assert found is not None
        assert found.window_from is None, "the platform's word counts more than the clock"
        assert (await store.accept([message("b")], now=at(2))).taken_up == 1
        lease = await only_part(store, 3)
        assert (lease.refused, lease.window_from) == (1, at(2))

    @pytest.mark.parametrize("named", [True, False], ids=["by part", "by message"])
    @pytest.mark.parametrize("order", ["after the answer", "before the answer"])
    async def test_a_late_refusal_sends_a_part_to_the_gates_again_once(
        self, store: AuditedStore, home: Home, named: bool, order: str
    ) -> None:
        (part,) = await answer(store, message("a"), text("hello"))
        lease = await only_part(store)
        refusal = outside("wamid.1", part_id=part if named else None)
        if order == "before the answer":
            await store.accept([refusal], now=at(1))
        await _settle(store, lease, "wamid.1", 1)
        if order == "after the answer":
            await store.accept([receipt("sent", "wamid.1", part_id=part)], now=at(1))
            await store.accept([refusal], now=at(1))
        assert await states(home) == {part: "queued"}
        await store.accept([refusal, receipt("sent", "wamid.1", part_id=part)], now=at(2))
        assert await states(home) == {part: "queued"}, "what is said of the former message moves nothing any more"

        again = await only_part(store, 3)
        assert (again.part_id, again.refused, again.window_from) == (part, 1, None)
        await store.settle(again, Sent("wamid.2"), now=at(3))
        await store.accept([outside("wamid.2", part_id=part)], now=at(4))
        (row,) = await store.parts(states=["failed"])
        assert (row.code, row.part_id) == (131047, part)
        assert await store.check() == []

    async def test_who_wrote_after_the_refusal_is_written_to_at_once(self, store: AuditedStore) -> None:
        (part,) = await answer(store, message("a"), text("hello"))
        await store.settle(await only_part(store), Sent("wamid.1"), now=at(1))
        await store.accept([message("b")], now=at(10))
        await store.accept([outside("wamid.1", part_id=part, when=5)], now=at(11))
        lease = await only_part(store, 12)
        assert (lease.part_id, lease.window_from) == (part, at(10))

    async def test_what_arrived_after_all_is_not_sent_again(self, store: AuditedStore, home: Home) -> None:
        (part,) = await answer(store, message("a"), text("hello"))
        lease = await only_part(store)
        told = [outside("wamid.1", part_id=None), receipt("delivered", "wamid.1")]
        await store.accept(told, now=at(1))
        await store.settle(lease, Sent("wamid.1"), now=at(2))
        assert await states(home) == {part: "delivered"}

    async def test_a_part_that_an_operator_retries_may_be_parked_again(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("hello"))
        lease = await only_part(store)
        await store.settle(lease, Dead(131047, "closed"), now=at(1))
        await store.retry([lease.seq], by="test", now=at(2))
        assert (await only_part(store, 3)).refused == 0


ARROWS = ("leased", "parked", "nudged", "answered", "taken up", "sending")


class WindowRestarts:
    @pytest.mark.parametrize("arrow", ARROWS)
    async def test_nothing_is_lost_and_nothing_comes_twice_wherever_the_daemon_died(
        self, store: AuditedStore, home: Home, arrow: str
    ) -> None:
        async def dies(at_arrow: str) -> AuditedStore:
            if at_arrow != arrow:
                return store
            await store.close()
            return await home.open()

        await answer(store, message("a"), text("hello"))
        await deliver(store)
        parts = await notices(store, "1", "2", seconds=DAY)
        (lease,) = await leased_parts(store, DAY, begun=False)
        store = await dies("leased")
        nudges: list[str] = []
        if arrow != "leased":
            await store.settle(lease, CLOSED, now=at(DAY))
        store = await dies("parked")
        nudges += await park(store, DAY + 1)
        store = await dies("nudged")
        nudges += await park(store, DAY + 2)
        assert len(nudges) == 1
        await store.accept([message("b")], now=at(DAY + 3))
        store = await dies("answered")
        assert (await store.accept([message("b")], now=at(DAY + 4))).duplicates == 1, "the platform says it once more"
        store = await dies("taken up")
        sent = []
        if arrow == "sending":
            (lease,) = await leased_parts(store, DAY + 5)
            store = await dies("sending")
            sent.append(lease.part_id)
            await store.accept([receipt("delivered", "wamid.x", part_id=lease.part_id)], now=at(DAY + 6))
        sent += [one.part_id for one in await deliver(store, DAY + 600)]
        assert sent == parts
        assert await store.closed_windows() == []


class Templates:
    async def test_what_is_told_of_a_template_is_known_and_the_newest_counts(self, store: AuditedStore) -> None:
        await _told(store, state="approved", word="APPROVED", category="UTILITY", seconds=10)
        await _told(store, state="paused", word="PAUSED", reason="people blocked it", seconds=30)
        await _told(store, state="approved", word="APPROVED", seconds=20)
        await _told(store, category="MARKETING", former_category="UTILITY", seconds=40)
        await _told(store, quality="RED", seconds=50)
        await _told(store, body="Hello {{1}}", places=("1",), buttons=("Show",), seconds=60)
        (row,) = await store.templates()
        assert (row.name, row.language, row.state, row.reason) == ("news", "en_US", "paused", "people blocked it")
        assert (row.category, row.former_category, row.quality) == ("MARKETING", "UTILITY", "RED")
        assert (row.body, row.places, row.buttons) == ("Hello {{1}}", ("1",), ("Show",))
        assert await store.templates(account="whatsapp:2") == []
        assert len(await store.templates(name="news")) == 1

    async def test_a_part_knows_the_state_of_its_template(self, store: AuditedStore) -> None:
        await _told(store, state="paused", word="PAUSED", seconds=1)
        await answer(store, message("a"))
        found = await store.conversation_with(ACCOUNT, NUMBER)
        assert found is not None
        parts = [TemplatePart(name="news", language="en_US"), TemplatePart(name="news", language="ar")]
        await store.send(found.conversation, parts, by="test", now=at(2))
        first = await only_part(store, 3)
        assert first.template == "paused"
        await store.settle(first, Held("template", "it is paused"), now=at(3))
        second = await only_part(store, 4)
        assert second.template is None, "nobody told of it: the platform decides"
        await store.settle(second, Sent("wamid.2"), now=at(4))

        await _told(store, state="approved", word="APPROVED", seconds=5)
        again = await only_part(store, 1_006)
        assert (again.part_id, again.template) == (first.part_id, "approved")

    async def test_a_notice_is_learned_once(self, store: AuditedStore) -> None:
        for _ in range(2):
            accepted = await _told(store, state="paused", word="PAUSED", seconds=1)
        assert (accepted.duplicates, accepted.templates) == (1, ())


async def _told(store: AuditedStore, *, seconds: float, **facts: object) -> Accepted:
    news = TemplateNews.model_validate({"name": "news", "language": "en-US", "at": at(seconds), **facts})
    notice = Notice(
        platform="whatsapp", account=ACCOUNT, event_id=f"t{seconds}", about="template", raw="{}", template=news
    )
    return await store.accept([notice], now=at(1_000 + seconds))


async def _settle(store: AuditedStore, lease: PartLease, message_id: str, seconds: float) -> None:
    # where a receipt came first, the answer of the request moves nothing any more
    with suppress(LeaseLost):
        await store.settle(lease, Sent(message_id), now=at(seconds))
