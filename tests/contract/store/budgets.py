"""What models may take of a day: reserved before a run, settled after it, never overspent."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.domain.budget import NOTHING, Amounts, Budget, Exhausted, Granted, Meter, Worst
from tests.contract.store.home import AuditedStore, Home, at

DAY = 86_400
AMINA = Budget("person", "person:Amina", {"tokens": 100, "runs": 3})
ALL = Budget("total", "", {"tokens": 150, "tool_calls": 4, "cost": 1_000})


async def reserve(
    store: AuditedStore, name: str, worst: Worst, *budgets: Budget, seconds: float = 0
) -> Granted | Exhausted:
    return await store.reserve(name, worst, budgets, now=at(seconds))


async def meter(store: AuditedStore, budget: Budget, seconds: float = 0) -> Meter:
    (found,) = await store.meters([budget], now=at(seconds))
    return found


class Reserving:
    async def test_the_worst_case_is_held_in_every_budget(self, store: AuditedStore) -> None:
        granted = await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        assert granted == Granted(Amounts(1, 60, 3, 0), frozenset({"runs", "tokens", "tool_calls", "cost"}))
        for budget in (AMINA, ALL):
            assert (await meter(store, budget)).reserved == Amounts(1, 60, 3, 0)
            assert (await meter(store, budget)).spent == NOTHING

    async def test_less_is_granted_where_less_is_left_anywhere(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        granted = await reserve(store, "r2", Worst(60, 3), AMINA, ALL)
        assert isinstance(granted, Granted)
        assert granted.amounts == Amounts(1, 40, 1, 0)

    @pytest.mark.parametrize(
        ("limits", "worst", "quantity"),
        [
            ({"runs": 1}, Worst(10, 1), "runs"),
            ({"tokens": 10}, Worst(10, 1), "tokens"),
            ({"tool_calls": 1}, Worst(10, 1), "tool_calls"),
            ({"cost": 20}, Worst(10, 1, price=2), "cost"),
            ({"cost": 21}, Worst(10, 1, price=2), "cost"),
        ],
        ids=["runs", "tokens", "calls", "cost", "less than a token costs"],
    )
    async def test_at_the_boundary_the_last_is_given_and_no_more(
        self, store: AuditedStore, limits: Any, worst: Worst, quantity: str
    ) -> None:
        budget = Budget("agent", "ops", limits)
        assert isinstance(await reserve(store, "r1", worst, budget), Granted)
        refused = await reserve(store, "r2", worst, budget)
        assert isinstance(refused, Exhausted)
        assert (refused.quantity, refused.meter.budget, refused.is_spent) == (quantity, budget, False)
        await store.settle_reservation("r1", Amounts(1, 10, 1, 21))
        refused = await reserve(store, "r2", worst, budget)
        assert isinstance(refused, Exhausted)
        assert refused.is_spent

    async def test_what_is_refused_holds_nothing_anywhere(self, store: AuditedStore, home: Home) -> None:
        await reserve(store, "r1", Worst(100, 0), AMINA)
        assert isinstance(await reserve(store, "r2", Worst(1, 0), ALL, AMINA), Exhausted)
        assert (await meter(store, ALL)).reserved == NOTHING
        assert len(await home.rows("SELECT 1 FROM reservation")) == 1

    async def test_a_run_that_goes_on_is_no_further_run(self, store: AuditedStore) -> None:
        for n in range(3):
            await reserve(store, f"r{n}", Worst(1, 0), AMINA)
        assert isinstance(await reserve(store, "r3", Worst(1, 0), AMINA), Exhausted)
        assert isinstance(await reserve(store, "r3", Worst(1, 0, runs=0), AMINA), Granted)

    async def test_subjects_and_days_are_apart(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(100, 0), AMINA)
        omar = Budget("person", "person:Omar", AMINA.limits)
        assert isinstance(await reserve(store, "r2", Worst(100, 0), omar), Granted)
        assert isinstance(await reserve(store, "r3", Worst(100, 0), AMINA), Exhausted)
        assert isinstance(await reserve(store, "r3", Worst(100, 0), AMINA, seconds=DAY / 2), Granted)

    async def test_many_at_once_never_reserve_more_than_there_is(self, store: AuditedStore) -> None:
        runs = [reserve(store, f"r{n}", Worst(40, 1), ALL) for n in range(20)]
        granted = [one for one in await asyncio.gather(*runs) if isinstance(one, Granted)]
        assert sum(one.amounts.tokens for one in granted) == 150
        assert (await meter(store, ALL)).reserved == Amounts(4, 150, 4, 0)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
    @given(
        runs=st.lists(
            st.tuples(st.integers(1, 90), st.integers(0, 3), st.integers(0, 9), st.floats(0, 1)), max_size=12
        ),
        day=st.uuids(),
    )
    async def test_runs_that_keep_to_their_grants_never_overspend(
        self, store: AuditedStore, runs: Sequence[tuple[int, int, int, float]], day: Any
    ) -> None:
        # the store is one for all examples, so each has a subject of its own
        budget = Budget("conversation", str(day), {"tokens": 100, "tool_calls": 5, "cost": 500, "runs": 8})
        names = [f"{day}-{n}" for n in range(len(runs))]
        worst = [Worst(tokens, calls, price) for tokens, calls, price, _ in runs]
        granted = await asyncio.gather(
            *(reserve(store, name, one, budget) for name, one in zip(names, worst, strict=True))
        )
        for name, one, (_, _, price, used) in zip(names, granted, runs, strict=True):
            if isinstance(one, Granted):
                tokens, calls = int(one.amounts.tokens * used), int(one.amounts.tool_calls * used)
                await store.settle_reservation(name, Amounts(1, tokens, calls, tokens * price))
        spent = (await meter(store, budget)).spent
        assert all(spent.of(quantity) <= limit for quantity, limit in budget.limits.items())
        assert (await meter(store, budget)).reserved == NOTHING


class Settling:
    async def test_what_was_taken_is_counted_and_the_rest_given_back(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        await store.settle_reservation("r1", Amounts(1, 12, 1, 7))
        for budget in (AMINA, ALL):
            assert await meter(store, budget) == Meter(budget, Amounts(1, 12, 1, 7), NOTHING)
        await reserve(store, "r2", Worst(60, 3), AMINA)
        await store.settle_reservation("r2", Amounts(1, 8, 0, 0))
        assert (await meter(store, AMINA)).spent == Amounts(2, 20, 1, 7)
        assert (await meter(store, ALL)).spent == Amounts(1, 12, 1, 7)

    async def test_what_took_nothing_leaves_nothing(self, store: AuditedStore, home: Home) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        await store.settle_reservation("r1", NOTHING)
        assert await home.rows("SELECT * FROM budget") == await home.rows("SELECT * FROM reservation") == []

    async def test_it_counts_once(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA)
        for _ in range(2):
            await store.settle_reservation("r1", Amounts(1, 12))
        await store.settle_reservation("nobody's", Amounts(1, 12))
        assert (await meter(store, AMINA)).spent == Amounts(1, 12)

    async def test_a_run_over_midnight_counts_for_the_day_it_began(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA)
        await store.settle_reservation("r1", Amounts(1, 12))
        assert (await meter(store, AMINA)).spent == Amounts(1, 12)
        assert (await meter(store, AMINA, DAY / 2)).spent == NOTHING

    async def test_more_than_was_granted_is_counted_too(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(100, 0), AMINA)
        await store.settle_reservation("r1", Amounts(1, 130))
        refused = await reserve(store, "r2", Worst(100, 0), AMINA)
        assert isinstance(refused, Exhausted)
        assert (refused.is_spent, refused.meter.spent.tokens) == (True, 130)

    async def test_what_outlives_its_daemon_is_counted_in_full(self, store: AuditedStore, home: Home) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        await reserve(store, "r2", Worst(10, 0), AMINA)
        await store.settle_reservation("r2", Amounts(1, 1))
        await store.close()
        store = await home.open()
        assert (await meter(store, AMINA)).reserved == Amounts(1, 60, 3)
        assert await store.settle_in_full() == [Amounts(1, 60, 3)]
        assert await meter(store, AMINA) == Meter(AMINA, Amounts(2, 61, 3), NOTHING)
        assert await meter(store, ALL) == Meter(ALL, Amounts(1, 60, 3), NOTHING)
        assert await store.settle_in_full() == []

    async def test_a_day_is_told_the_largest_first(self, store: AuditedStore) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        await store.settle_reservation("r1", Amounts(1, 12, 1, 7))
        await reserve(store, "r2", Worst(60, 3), ALL)
        await store.settle_reservation("r2", Amounts(1, 5, 0, 0))
        assert await store.spent_on("2026-03-01") == [
            ("total", "", Amounts(2, 17, 1, 7)),
            ("person", "person:Amina", Amounts(1, 12, 1, 7)),
        ]
        assert await store.spent_on("2026-03-02") == []

    async def test_days_that_are_long_over_are_erased(self, store: AuditedStore, home: Home) -> None:
        await reserve(store, "r1", Worst(60, 3), AMINA, ALL)
        await store.settle_reservation("r1", Amounts(1, 12, 1, 7))
        keep = timedelta(days=30)
        while await store.sweep(now=at(30 * DAY), keep=keep, keep_ids=keep, batch=1):
            pass
        assert len(await home.rows("SELECT 1 FROM budget")) == 2
        while await store.sweep(now=at(31 * DAY), keep=keep, keep_ids=keep, batch=1):
            pass
        assert await home.rows("SELECT 1 FROM budget") == []
