"""Turns under way can be stopped by whoever started them, from their first moment on."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from aof.domain.linked import Linked
from aof.domain.message import InboundMessage, Sender
from aof.pipeline.runs import Run, Runs

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def message(id_: str, text: str) -> InboundMessage:
    sender = Sender(number="+15550001001")
    return InboundMessage(
        platform="whatsapp", account="whatsapp:1", event_id=id_, chat_id="+15550001001", sender=sender, sent_at=NOW,
        text=text, raw=b"{}",
    )  # fmt: skip


def begun(runs: Runs, ends: list[str]) -> Run:
    async def turn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ends.append("written down")

    lease: Any = SimpleNamespace(seq=1, event=message("question", "disk"), conversation="c")
    run = Run(lease, asyncio.create_task(turn()), NOW)
    runs.begin(run)
    return run


async def test_a_turn_that_is_stopped_before_its_first_step_still_ends_by_itself() -> None:
    runs, ends = Runs(), list[str]()
    run = begun(runs, ends)
    runs.cancel(message("stop", "/cancel"))
    await run.task
    assert (ends, run.cancelled_by) == (["written down"], "stop")
    assert runs.stopped_by(message("stop", "/cancel")) == "disk"


async def test_a_turn_whose_answer_is_being_written_is_not_stopped() -> None:
    runs, ends = Runs(), list[str]()
    run = begun(runs, ends)
    run.answered = True
    runs.cancel(message("stop", "/cancel"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert run.cancelled_by is None
    assert runs.stopped_by(message("stop", "/cancel")) is None
    run.task.cancel()
    await run.task


async def test_a_person_sees_what_they_have_running_on_another_account() -> None:
    linked = Linked({"person:Sara": frozenset({"whatsapp:+15550001001", "telegram:55501"})})
    runs, ends = Runs(linked), list[str]()
    run = begun(runs, ends)

    def asking(user_id: str) -> InboundMessage:
        return InboundMessage(
            platform="telegram",
            account="telegram:7",
            event_id="status",
            chat_id=user_id,
            sender=Sender(user_id=user_id),
        )

    assert runs.of_sender(asking("55501")) == [run]
    assert runs.of_sender(asking("55502")) == []
    # but it is stopped where it was asked
    runs.cancel(asking("55501"))
    await asyncio.sleep(0)
    assert run.cancelled_by is None
    run.task.cancel()
    await asyncio.gather(run.task, return_exceptions=True)
