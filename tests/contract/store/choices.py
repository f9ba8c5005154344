"""What a press or a typed number means."""

from typing import get_args

import pytest

from aof.domain.message import ReceiptState
from aof.domain.response import Action, Response, Status
from aof.store.base import Shown
from aof.store.results import Dead, Held, PartResult, Sent
from tests.contract.store.home import (
    ACCOUNT,
    NUMBER,
    OTHER_NUMBER,
    OTHER_USER,
    USER,
    AuditedStore,
    answer,
    at,
    buttons,
    deliver,
    leased_parts,
    message,
    moved,
    only_part,
    receipt,
    text,
)

HERE = f"{ACCOUNT}/{NUMBER}"
LOGS = Shown(Action(id="act:logs", title="Logs"), None, numbered=False)


class Presses:
    async def test_a_choice_can_be_pressed_from_the_moment_its_part_is_being_sent(self, store: AuditedStore) -> None:
        (part_id,) = await answer(store, message("a"), buttons("pick", "Logs", "Events"))
        assert await store.pressed(HERE, "logs") is None, "it was only queued"
        lease = await only_part(store)
        assert await store.pressed(HERE, "logs") == LOGS, "the person may be quicker than the platform's answer"
        await store.settle(lease, Sent("wamid.1"), now=at())
        for state in get_args(ReceiptState):
            await store.accept([receipt(state, "wamid.1", part_id=part_id)], now=at())
            assert await store.pressed(HERE, "logs") == LOGS

    @pytest.mark.parametrize("result", [Held("live", "no"), Dead(1, "no")], ids=["held", "dead"])
    async def test_a_choice_that_never_left_can_not_be_pressed(self, store: AuditedStore, result: PartResult) -> None:
        await answer(store, message("a"), buttons("pick", "Logs"))
        await store.settle(await only_part(store), result, now=at())
        assert await store.pressed(HERE, "logs") is None

    async def test_a_choice_belongs_to_its_conversation(self, store: AuditedStore) -> None:
        await answer(store, message("a"), buttons("pick", "Logs"))
        await answer(store, message("b", number=OTHER_NUMBER), text("hi"))
        await deliver(store)
        assert await store.pressed(f"{ACCOUNT}/{OTHER_NUMBER}", "logs") is None
        assert await store.pressed(HERE, "events") is None

    async def test_the_newest_choice_with_an_id_wins(self, store: AuditedStore) -> None:
        rest = Response(text="newer", status=Status.WARNING, actions=(Action(id="x", title="X", description="why"),))
        await answer(store, message("a"), buttons("old", "More", rest=Response(text="older"), more="more"))
        await answer(store, message("b"), buttons("new", "More", "Logs", rest=rest, more="more"))
        await answer(store, message("c"), buttons("never left", "More"))
        for _ in range(2):
            await store.settle(await only_part(store), Sent("wamid.x"), now=at())
        shown = await store.pressed(HERE, "more")
        assert shown is not None
        assert shown.rest == rest
        assert await store.pressed(HERE, "logs") == LOGS, "the rest stands behind More only"


class Numbers:
    async def test_a_number_means_a_choice_for_its_sender_in_its_time(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("1. Logs\n2. Events", "Logs", "Events"), choices_until=at(1800))
        assert await store.numbered(HERE, 1, NUMBER, now=at()) is None, "it was only queued"
        await deliver(store)
        second = Shown(Action(id="act:events", title="Events"), None, numbered=True)
        assert await store.numbered(HERE, 2, NUMBER, now=at(1799)) == second
        assert await store.numbered(HERE, 2, NUMBER, now=at(1800)) is None
        for number in (0, 3, -1):
            assert await store.numbered(HERE, number, NUMBER, now=at()) is None
        pressed = await store.pressed(HERE, "events")
        assert pressed is not None
        assert pressed.action == second.action

    async def test_a_number_still_means_a_choice_when_its_sender_goes_on_under_another_identity(
        self, store: AuditedStore
    ) -> None:
        await answer(store, message("a"), text("1. Logs", "Logs"), choices_until=at(1800))
        await deliver(store)
        await store.accept([message("b", user_id=USER)], now=at())
        assert await store.numbered(HERE, 1, USER, now=at()) is not None, "the user id became known"
        await store.accept([moved("c", old=(NUMBER, USER), new=(OTHER_NUMBER, None))], now=at())
        assert await store.numbered(HERE, 1, OTHER_NUMBER, now=at()) is not None

    async def test_only_the_newest_numbered_message_counts(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("old", "Logs", "Events"), choices_until=at(1800))
        await answer(store, message("b"), text("new", "Pods"), choices_until=at(1800))
        await answer(store, message("c"), text("plain"), buttons("buttons", "Yes"), choices_until=at(1800))
        await deliver(store)
        first = await store.numbered(HERE, 1, NUMBER, now=at())
        assert first is not None
        assert first.action.title == "Pods"
        assert await store.numbered(HERE, 2, NUMBER, now=at()) is None

    async def test_a_newer_numbered_message_for_somebody_else_in_the_group_counts_as_the_newest(
        self, store: AuditedStore
    ) -> None:
        mine, theirs = (message(n, group="g", user_id=n) for n in (USER, OTHER_USER))
        await answer(store, mine, text("mine", "Logs"), choices_until=at(1800))
        await deliver(store)
        here = f"{ACCOUNT}/g"
        assert await store.numbered(here, 1, USER, now=at()) is not None
        assert await store.numbered(here, 1, OTHER_USER, now=at()) is None
        await answer(store, theirs, text("theirs", "Pods"), choices_until=at(1800))
        await deliver(store)
        assert await store.numbered(here, 1, USER, now=at()) is None
        assert await store.numbered(here, 1, OTHER_USER, now=at()) is not None

    async def test_a_numbered_more_brings_its_rest(self, store: AuditedStore) -> None:
        rest = Response(text="البقية", actions=(Action(id="a", title="A"),))
        part = text("1. Logs", "Logs", "More")
        part = type(part)(part.part, rest=rest, more="more")
        await answer(store, message("a"), part, choices_until=at(9))
        await deliver(store)
        more = await store.numbered(HERE, 2, NUMBER, now=at())
        first = await store.numbered(HERE, 1, NUMBER, now=at())
        assert more is not None
        assert first is not None
        assert (more.rest, first.rest) == (rest, None)

    async def test_a_message_that_failed_or_never_left_is_not_the_newest(self, store: AuditedStore) -> None:
        await answer(store, message("a"), text("old", "Logs"), choices_until=at(1800))
        await deliver(store, message_id="wamid.1")
        await answer(store, message("b"), text("held", "Pods"), choices_until=at(1800))
        await store.settle(await only_part(store), Held("live", "no"), now=at())
        (part_id,) = await answer(store, message("c"), text("failed", "Disk"), choices_until=at(1800))
        await deliver(store, message_id="wamid.3")
        await store.accept([receipt("failed", "wamid.3", part_id=part_id)], now=at())
        first = await store.numbered(HERE, 1, NUMBER, now=at())
        assert first is not None
        assert first.action.title == "Logs"
        assert await leased_parts(store) == ()
