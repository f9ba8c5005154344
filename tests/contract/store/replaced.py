"""Cards that are on phones are replaced in the transaction that ends their question."""

from aof.domain.linked import Linked
from aof.domain.response import EditPart
from aof.store.approvals import ApprovalRow, ShownCard
from aof.store.base import PartLease
from aof.store.results import Dead, Sent
from tests.contract.store.asking import ADA, APPROVER_CHAT, BEN, EXPIRES, NUDGE, ask, asks, card, resumed, says
from tests.contract.store.home import ACCOUNT, NUMBER, AuditedStore, Home, at, deliver, leased_parts

HERE = f"{ACCOUNT}/{NUMBER}"


def settled(row: ApprovalRow, shown: ShownCard) -> str:
    assert shown.part.type == "buttons"
    return "" if shown.at.conversation == HERE else f"{shown.part.text} {row.state} by {row.decided_by}"


def replacing(store: AuditedStore) -> AuditedStore:
    store.learn(linked=Linked(), settled=settled)
    return store


def edits(sent: list[PartLease]) -> list[tuple[str, str, str]]:
    return [
        (lease.conversation, lease.part.message_id, lease.part.text)
        for lease in sent
        if isinstance(lease.part, EditPart)
    ]


class Replaced:
    async def test_every_card_on_a_phone_is_replaced_once_it_is_decided(self, store: AuditedStore) -> None:
        replacing(store)
        await ask(store, asks(cards=(card("a1"), card("a1", HERE))))
        await deliver(store)
        assert await store.nudge("a1", [card("a1")], now=at(NUDGE))
        await deliver(store, NUDGE)
        assert (await says(store, BEN, seconds=NUDGE + 1)).decided
        said = "Let it run? approved by Ben"
        # of the two parts of a card the one with the buttons, of the first asking and of the second
        ids = [f"wamid.{store.store_id}:appr:a1:{n}" for n in (1, 5)]
        assert edits(await deliver(store, NUDGE + 2)) == [(APPROVER_CHAT, id_, said) for id_ in ids]
        assert await store.check() == []

    async def test_a_card_that_waits_to_be_sent_is_not_replaced_since_it_is_not_sent(
        self, store: AuditedStore, home: Home
    ) -> None:
        replacing(store)
        await ask(store, asks())
        await says(store, BEN, "deny")
        rows = await home.rows("SELECT part FROM outbox WHERE body LIKE '%edit%'")
        assert rows == []

    async def test_a_card_that_was_on_its_way_is_replaced_under_the_id_that_it_got(self, store: AuditedStore) -> None:
        replacing(store)
        await ask(store, asks())
        # its first part is on the phone, its buttons are under way
        held: list[PartLease] = []
        while not held:
            for lease in await leased_parts(store):
                if lease.part_id.endswith(":appr:a1:1"):
                    held.append(lease)
                else:
                    await store.settle(lease, Sent("m"), now=at())
        await says(store, BEN, "deny")
        assert edits(await deliver(store, 2)) == []
        await store.settle(held[0], Sent("late"), now=at(3))
        assert edits(await deliver(store, 3)) == [(APPROVER_CHAT, "late", "Let it run? denied by Ben")]

    async def test_what_would_replace_a_card_that_was_never_sent_is_buried_and_stops_nothing(
        self, store: AuditedStore, home: Home
    ) -> None:
        replacing(store)
        await ask(store, asks())
        held: list[PartLease] = []
        while not held:
            for lease in await leased_parts(store, begun=False):
                if lease.part_id.endswith(":appr:a1:1"):
                    held.append(lease)
                else:
                    await store.begin(lease)
                    await store.settle(lease, Sent("m"), now=at())
        await says(store, BEN, "deny")
        await store.settle(held[0], Dead(0, "no"), now=at(2))
        assert edits(await deliver(store, 3)) == []
        (row,) = await home.rows("SELECT state, buried, error FROM outbox WHERE part LIKE '%:denied'")
        # nobody has to look at it
        assert row == {"state": "dead", "buried": 1, "error": "what it would replace was never sent"}

    async def test_however_a_question_ends_its_cards_say_so(self, store: AuditedStore) -> None:
        replacing(store)
        await ask(store, *(asks(f"a{n}", f"c{n}") for n in range(1, 5)))
        await deliver(store)
        await store.supersede("a1", asks("b1", "c1"), ADA, event="edit", now=at(1))
        await store.void(["a2"], by="killswitch", now=at(2))
        await store.decide("a3", ADA, "approve", by="root", note="", told=(), now=at(3), use_by=at(300))
        await store.lapse(now=at(EXPIRES))
        said = {text for _, _, text in edits(await deliver(store, EXPIRES))}
        assert said == {
            "Let it run? superseded by Ada",
            "Let it run? void by killswitch",
            "Let it run? approved by Ada (terminal: root)",
            "Let it run? lapsed by expired",
        }

    async def test_what_was_approved_and_never_begun_says_so_too(self, store: AuditedStore) -> None:
        replacing(store)
        await ask(store, asks())
        await deliver(store)
        await says(store, BEN)
        await resumed(store, 5)
        said = [text for _, _, text in edits(await deliver(store, 6))]
        assert said[-1] == "Let it run? void by ended"
