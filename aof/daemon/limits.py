"""The limits of a day that `spec.budgets` gives, also where they are only read beside the daemon."""

from collections.abc import Mapping
from decimal import Decimal

from aof.config.budgets import DayLimits
from aof.daemon.assembly import Assembly
from aof.domain.budget import COST_UNITS, BudgetScope, Quantity

SCOPES: dict[BudgetScope, str] = {
    "person": "per_person",
    "conversation": "per_conversation",
    "agent": "per_agent",
    "total": "total",
}
"""The keys of `spec.budgets`, by scope."""


def limits_of(assembly: Assembly) -> Mapping[BudgetScope, Mapping[Quantity, int]]:
    """By scope; one without limits is empty."""
    budgets = assembly.config.spec.budgets
    return {scope: _limits(budgets.limits[key]) for scope, key in SCOPES.items()}


def _limits(limits: DayLimits) -> dict[Quantity, int]:
    cost = None if limits.cost_per_day is None else int(Decimal(str(limits.cost_per_day)) * COST_UNITS)
    given: dict[Quantity, int | None] = {
        "runs": limits.runs_per_day,
        "tokens": limits.tokens_per_day,
        "tool_calls": limits.tool_calls_per_day,
        "cost": cost,
    }
    return {quantity: limit for quantity, limit in given.items() if limit is not None}
