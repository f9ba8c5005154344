"""What models may take of a day: amounts, who they are counted for, and what a run is granted of what is left. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Literal

BudgetScope = Literal["person", "conversation", "agent", "total"]
"""Whom a budget is for; a run is counted for each of them."""
Quantity = Literal["runs", "tokens", "tool_calls", "cost"]
QUANTITIES: tuple[Quantity, ...] = ("runs", "tokens", "tool_calls", "cost")

COST_UNITS = 1_000_000_000
"""A cost is counted in billionths of the currency: a price of 0.075 per million tokens is 75 of them a token."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each quantity."""

    runs: int = 0
    tokens: int = 0
    """Asked and answered."""
    tool_calls: int = 0
    cost: int = 0
    """In `COST_UNITS`."""

    def of(self, quantity: Quantity) -> int:
        return int(getattr(self, quantity))

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(
            self.runs + other.runs,
            self.tokens + other.tokens,
            self.tool_calls + other.tool_calls,
            self.cost + other.cost,
        )


NOTHING = Amounts()


@dataclass(frozen=True, slots=True)
class Budget:
    """What one person, conversation or agent, or all together, may take in a day."""

    scope: BudgetScope
    subject: str
    """Which of them; empty for all together."""
    limits: Mapping[Quantity, int]
    """A quantity that is not there has no limit."""


@dataclass(frozen=True, slots=True)
class Meter:
    """A budget, and how much of its day is gone."""

    budget: Budget
    spent: Amounts = NOTHING
    reserved: Amounts = NOTHING
    """Held for runs that are not over."""

    def left(self, quantity: Quantity) -> int | None:
        """What a new run may reserve of it; None: as much as it wants."""
        limit = self.budget.limits.get(quantity)
        return None if limit is None else limit - self.spent.of(quantity) - self.reserved.of(quantity)


@dataclass(frozen=True, slots=True)
class Exhausted:
    """Of this quantity too little is left."""

    meter: Meter
    quantity: Quantity

    @property
    def limit(self) -> int:
        return self.meter.budget.limits[self.quantity]

    @property
    def is_spent(self) -> bool:
        """False: something is left, and too little."""
        return self.meter.spent.of(self.quantity) >= self.limit

    @property
    def is_held(self) -> bool:
        """What is left is reserved for other runs, and some of it will come back."""
        return not self.is_spent and self.meter.reserved.of(self.quantity) > 0


@dataclass(frozen=True, slots=True)
class Worst:
    """The most that one run can take."""

    tokens: int
    tool_calls: int
    price: int = 0
    """Of its dearest token, in `COST_UNITS`."""
    runs: int = 1
    """0: it goes on with a run that is counted already."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a run may take."""

    amounts: Amounts
    bounded: frozenset[Quantity] = field(default_factory=frozenset)
    """The quantities that a budget limits."""


def grant(worst: Worst, meters: Iterable[Meter]) -> Granted | Exhausted:
    """The worst case of a run, or as much of it as every budget has left."""
    meters = tuple(meters)
    tokens, tool_calls = worst.tokens, worst.tool_calls
    bounded: set[Quantity] = set()
    exhausted: list[Exhausted] = []
    for meter in meters:
        for quantity in QUANTITIES:
            left = meter.left(quantity)
            if left is None or (quantity == "runs" and not worst.runs):
                continue
            bounded.add(quantity)
            # less than the dearest token costs buys none
            least = max(1, worst.price) if quantity == "cost" else 1
            if left < least and not (quantity == "cost" and not worst.price):
                exhausted.append(Exhausted(meter, quantity))
            elif quantity == "tokens":
                tokens = min(tokens, left)
            elif quantity == "tool_calls":
                tool_calls = min(tool_calls, left)
            elif quantity == "cost" and worst.price:
                tokens = min(tokens, left // worst.price)
    if exhausted:
        # what is spent stays so until the next day; what is only reserved may be free in a moment
        return next((one for one in exhausted if one.is_spent), exhausted[0])
    return Granted(Amounts(worst.runs, tokens, tool_calls, tokens * worst.price), frozenset(bounded))


def day_of(now: datetime) -> str:
    """The calendar day in UTC that a moment is counted for."""
    return now.astimezone(UTC).date().isoformat()


def renews_at(now: datetime) -> datetime:
    """When the next day begins."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
