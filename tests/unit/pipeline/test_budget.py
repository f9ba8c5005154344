"""What is counted for a run, however it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aof.agents.base import ModelAnswer, Turn
from aof.clock import SteppedClock
from aof.domain.budget import Amounts, Budget
from aof.metrics import Metrics
from aof.pipeline.budget import Asking, Budgeting
from aof.store.sqlite import SQLiteStore
from aof.texts.language import Language

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOTAL = Budget("total", "", {"tokens": 100, "tool_calls": 9})


class Named:
    name = "ops"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SQLiteStore]:
    made = await SQLiteStore.open(tmp_path / "aof.db")
    yield made
    await made.close()


async def ran(store: SQLiteStore, error: BaseException | None, *answers: ModelAnswer, is_measured: bool) -> Amounts:
    """What is counted and no longer held."""
    agent: Any = Named()
    budgeting = Budgeting(
        store,
        SteppedClock(NOW),
        Metrics(),
        limits={"total": TOTAL.limits},
        agents={"ops": Asking(tokens=60, tool_calls=3)},
        keys={},
        currency="USD",
    )
    turn = Turn("x", None, Language.ENGLISH, NOW)
    with suppress(RuntimeError, asyncio.CancelledError):
        async with budgeting.reserved(agent, turn):
            assert (turn.allowance.tokens, turn.allowance.tool_calls) == (60, 3)
            turn.allowance.answers += answers
            turn.allowance.is_measured = is_measured
            if error is not None:
                raise error
    (meter,) = await store.meters([TOTAL], now=NOW)
    assert meter.reserved == Amounts()
    return meter.spent


ANSWER = ModelAnswer("m", 10, 2)


@pytest.mark.parametrize(
    ("error", "answers", "is_measured", "spent"),
    [
        (None, [ANSWER, ANSWER], True, Amounts(1, 24)),
        (None, [], True, Amounts()),
        (RuntimeError(), [], True, Amounts()),
        (RuntimeError(), [ANSWER], True, Amounts(1, 12)),
        (asyncio.CancelledError(), [], True, Amounts(1)),
        (asyncio.CancelledError(), [ANSWER], True, Amounts(1, 12)),
        (None, [ModelAnswer("m", 0, 0)], False, Amounts(1, 60, 3)),
    ],
    ids=["answered", "not asked", "failed", "failed later", "cancelled", "cancelled later", "not measured"],
)
async def test_what_was_taken_is_counted(
    store: SQLiteStore, error: BaseException | None, answers: list[ModelAnswer], is_measured: bool, spent: Amounts
) -> None:
    assert await ran(store, error, *answers, is_measured=is_measured) == spent
