"""From `spec.budgets` and the agents' files to what the pipeline keeps runs to."""

import math
from collections.abc import Mapping
from decimal import Decimal

from aof.clock import Clock
from aof.config.budgets import BudgetsConfig, DayLimits
from aof.daemon.assembly import Assembly
from aof.domain.budget import COST_UNITS, BudgetScope, Quantity
from aof.metrics import Metrics
from aof.pipeline.budget import Asking, Budgeting, Price
from aof.store.budgets import Budgets

_SCOPES: dict[BudgetScope, str] = {
    "person": "per_person",
    "conversation": "per_conversation",
    "agent": "per_agent",
    "total": "total",
}
_MILLION = 1_000_000


def limits_of(assembly: Assembly) -> Mapping[BudgetScope, Mapping[Quantity, int]]:
    """By scope; one without limits is empty."""
    budgets = assembly.config.spec.budgets
    return {scope: _limits(budgets.limits[key]) for scope, key in _SCOPES.items()}


def budgeting_of(assembly: Assembly, store: Budgets, clock: Clock, metrics: Metrics) -> Budgeting:
    """From the files."""
    budgets = assembly.config.spec.budgets
    agents = {
        file.name: Asking(
            tokens=file.settings.max_tokens_per_run or budgets.per_run.tokens,
            tool_calls=budgets.per_run.tool_calls
            if file.settings.max_tool_calls is None
            else file.settings.max_tool_calls,
            prices={
                model.name: price
                for model in (file.settings.model, *file.settings.fallback_models)
                if (price := _price(budgets, str(model))) is not None
            },
        )
        for file in assembly.agent_files.values()
        if file.settings is not None
    }
    keys = {scope: f"spec.budgets.{key}" for scope, key in _SCOPES.items()}
    return Budgeting(
        store, clock, metrics, limits=limits_of(assembly), agents=agents, keys=keys, currency=budgets.currency
    )


def _limits(limits: DayLimits) -> dict[Quantity, int]:
    cost = None if limits.cost_per_day is None else int(Decimal(str(limits.cost_per_day)) * COST_UNITS)
    given: dict[Quantity, int | None] = {
        "runs": limits.runs_per_day,
        "tokens": limits.tokens_per_day,
        "tool_calls": limits.tool_calls_per_day,
        "cost": cost,
    }
    return {quantity: limit for quantity, limit in given.items() if limit is not None}


def _price(budgets: BudgetsConfig, model: str) -> Price | None:
    price = budgets.price_of(model)
    # rounded up, so that no limit is passed by what was rounded off
    return None if price is None else Price(*(math.ceil(one * COST_UNITS / _MILLION) for one in price))
