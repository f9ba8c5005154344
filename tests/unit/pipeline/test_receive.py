"""What a webhook becomes, before anybody answers: kept, put into quarantine, or dropped."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from aof.clock import SteppedClock
from aof.domain.errors import SendRefused
from aof.domain.message import ButtonPress, InboundEvent, InboundMessage, Sender
from aof.metrics import Metrics
from aof.pipeline.receive import Receiver
from aof.pipeline.runs import Runs
from aof.pipeline.wait import Bell
from aof.platforms.base import NO_HEADERS, AnyPlatform
from aof.store.sqlite import SQLiteStore

PLACE: dict[str, Any] = {"platform": "fake", "account": "fake:1", "chat_id": "55501", "sender": Sender(user_id="55501")}
TAP = ButtonPress(**PLACE, event_id="callback:1", action_id="menu:help", form="callback")


class Fake:
    """A platform that reads one thing in everything, and waits for a word on taps."""

    name = "fake"
    account = "fake:1"

    def __init__(self, *events: InboundEvent, refuses: bool = False) -> None:
        self.events = events
        self.refuses = refuses
        self.answered: list[str] = []

    def parse_message(self, payload: bytes, headers: object) -> Sequence[InboundEvent]:
        if not self.events:
            raise IndexError("a fault of ours")
        return self.events

    async def answer_press(self, press: ButtonPress) -> None:
        self.answered.append(press.event_id)
        if self.refuses:
            raise SendRefused("the query is too old", code=400)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    opened = await SQLiteStore.open(tmp_path / "aof.db")
    yield opened
    await opened.close()


@pytest.fixture
async def receiver(store: SQLiteStore) -> AsyncIterator[Receiver]:
    clock = SteppedClock()
    made = Receiver(
        store,
        clock,
        runs=Runs(),
        paces={},
        events=Bell(clock),
        parts=Bell(clock),
        max_waiting=10,
        stops_run=lambda _: False,
        wants=lambda event: not isinstance(event, InboundMessage) or event.addressed,
        metrics=Metrics(),
    )
    yield made
    await made.close()


async def receives(receiver: Receiver, platform: Fake, times: int = 1) -> None:
    for _ in range(times):
        await receiver.receive(cast("AnyPlatform", platform), b'{"update_id": 1}', NO_HEADERS)


async def test_a_body_on_which_our_own_reading_breaks_is_kept_in_quarantine(
    store: SQLiteStore, receiver: Receiver
) -> None:
    """The platform would bring it again for a day, and hold back what comes after it."""
    await receives(receiver, Fake())
    (kept,) = await store.quarantined()
    assert "the log says how" in kept.reason


async def test_what_people_of_a_group_say_to_each_other_is_not_kept(store: SQLiteStore, receiver: Receiver) -> None:
    await receives(receiver, Fake(InboundMessage(**PLACE, event_id="1", text="lunch?", addressed=False)))
    assert (await store.counts()).events == {}


@pytest.mark.parametrize("refuses", [False, True], ids=["in time", "too late"])
async def test_a_tap_has_a_word_at_once_and_only_the_first_time(
    store: SQLiteStore, receiver: Receiver, *, refuses: bool
) -> None:
    platform = Fake(TAP, refuses=refuses)
    await receives(receiver, platform, times=2)
    await receiver.close()
    assert platform.answered == ["callback:1"]
    assert (await store.counts()).events == {"new": 1}
