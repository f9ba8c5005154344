"""From `spec.budgets` and the agents' files to what the pipeline keeps runs to."""

import math

from aof.clock import Clock
from aof.config.budgets import BudgetsConfig
from aof.daemon.assembly import Assembly
from aof.daemon.limits import SCOPES, limits_of
from aof.domain.budget import COST_UNITS
from aof.metrics import Metrics
from aof.pipeline.budget import Asking, Budgeting, Price
from aof.store.budgets import Budgets

_MILLION = 1_000_000


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
    keys = {scope: f"spec.budgets.{key}" for scope, key in SCOPES.items()}
    return Budgeting(
        store, clock, metrics, limits=limits_of(assembly), agents=agents, keys=keys, currency=budgets.currency
    )


def _price(budgets: BudgetsConfig, model: str) -> Price | None:
    price = budgets.price_of(model)
    # rounded up, so that no limit is passed by what was rounded off
    return None if price is None else Price(*(math.ceil(one * COST_UNITS / _MILLION) for one in price))
