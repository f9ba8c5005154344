"""`spec.budgets`: what models may take in a day, and what their tokens cost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator

from aof.config.model import Absent, StrictModel
from aof.config.providers import check_model, named_model

MOST = 10**12
"""Of anything in a day."""


class DayLimits(StrictModel):
    """What may be taken in a calendar day, in UTC."""

    tokens_per_day: Annotated[int | None, Absent("no limit"), Field(ge=1, le=MOST, examples=[200_000])] = None
    """Tokens of models, asked and answered."""
    runs_per_day: Annotated[int | None, Absent("no limit"), Field(ge=1, le=MOST, examples=[50])] = None
    """Questions that a model answers."""
    tool_calls_per_day: Annotated[int | None, Absent("no limit"), Field(ge=1, le=MOST, examples=[300])] = None
    """Uses of tools by agents with a model."""
    cost_per_day: Annotated[
        float | None, Absent("no limit"), Field(gt=0, le=1_000_000, allow_inf_nan=False, examples=[5.0])
    ] = None
    """What tokens may cost; every model of every agent needs a price then."""


class RunLimits(StrictModel):
    """The worst case of one run, for agents that do not say it themselves."""

    tokens: int = Field(default=50_000, ge=1, le=100_000_000)
    """Tokens that a run reserves, and ends at, where its agent has no `limits.max_tokens_per_run`."""
    tool_calls: int = Field(default=50, ge=1, le=10_000)
    """Uses of tools that a run reserves, and ends at, where its agent has no `limits.max_tool_calls`."""


class Price(StrictModel):
    """What the tokens of one model cost."""

    model: Annotated[str, Field(min_length=1, examples=["anthropic:claude-sonnet-4-5"])]
    """`provider:model`, as agents name it."""
    input: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[3.0])]
    """Of a million tokens that are asked."""
    output: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[15.0])]
    """Of a million tokens that are answered."""

    @field_validator("model")
    @classmethod
    def _complete(cls, model: str) -> str:
        check_model(model)
        return str(named_model(model))


class BudgetsConfig(StrictModel):
    """What models may take in a day; runbooks and commands take nothing of it."""

    per_person: Annotated[DayLimits | None, Absent("no limit")] = None
    """Of each person, over all their chats."""
    per_conversation: Annotated[DayLimits | None, Absent("no limit")] = None
    """Of each chat; a group is one."""
    per_agent: Annotated[DayLimits | None, Absent("no limit")] = None
    """Of each agent."""
    total: Annotated[DayLimits | None, Absent("no limit")] = None
    """Of all together."""
    per_run: RunLimits = RunLimits.model_construct()
    currency: str = Field(default="USD", min_length=1, max_length=8, pattern=r"^\w+$")
    """What prices and costs are in."""
    prices: Annotated[tuple[Price, ...] | None, Absent("no model has a price, and there is no limit on costs")] = None
    """What tokens cost, by model."""

    @field_validator("prices")
    @classmethod
    def _one_each(cls, prices: tuple[Price, ...] | None) -> tuple[Price, ...] | None:
        models = [price.model for price in prices or ()]
        for model in models:
            if models.count(model) > 1:
                raise ValueError(f"{model} has two prices. Keep one of them.")
        return prices

    @property
    def limits(self) -> Mapping[str, DayLimits]:
        """By key."""
        named = ("per_person", "per_conversation", "per_agent", "total")
        return {name: getattr(self, name) or DayLimits() for name in named}

    def price_of(self, model: str) -> tuple[Decimal, Decimal] | None:
        """Of a million tokens asked and answered; None where it has none."""
        found = next((price for price in self.prices or () if price.model == model), None)
        return None if found is None else (Decimal(str(found.input)), Decimal(str(found.output)))
