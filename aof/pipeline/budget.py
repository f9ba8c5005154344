"""Runs of agents with a model are kept to budgets: reserved before, counted after, refused where nothing is left."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from uuid import uuid4

from aof.agents.base import Agent, Allowance, Turn
from aof.agents.unavailable import Unavailable
from aof.clock import Clock
from aof.domain.budget import (
    NOTHING,
    Amounts,
    Budget,
    BudgetScope,
    Exhausted,
    Granted,
    Quantity,
    Worst,
    renews_at,
)
from aof.domain.errors import AofError, StoreBusy
from aof.logs import get
from aof.metrics import Metrics
from aof.store.budgets import Budgets
from aof.texts import budgets as texts
from aof.texts.language import Language
from aof.tools.base import Scope

log = get(__name__)

_SETTLE_WAITS_SECONDS = (0.2, 1.0, 3.0, None)


@dataclass(frozen=True, slots=True)
class Price:
    """Of one token asked and one answered, in `COST_UNITS`."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Asking:
    """What an agent asks models for."""

    tokens: int
    """The most in one run."""
    tool_calls: int
    """The most in one run."""
    prices: Mapping[str, Price] = field(default_factory=dict)
    """By the model's name; empty: costs are not counted."""

    def worst(self, runs: int) -> Worst:
        dearest = max((max(price.input, price.output) for price in self.prices.values()), default=0)
        return Worst(self.tokens, self.tool_calls, dearest, runs)

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> int:
        """Of one answer; a name that the vendor spells otherwise costs as much as the dearest."""
        known = self.prices.get(model)
        prices = [known] if known is not None else list(self.prices.values())
        dearest = (max(price.input for price in prices), max(price.output for price in prices)) if prices else (0, 0)
        return input_tokens * dearest[0] + output_tokens * dearest[1]


class OverBudget(AofError):
    """A run may take nothing."""

    def __init__(self, exhausted: Exhausted, apology: str) -> None:
        super().__init__(apology)
        self.exhausted = exhausted
        self.apology = apology


class Budgeting:
    """What the configuration grants, and how much of it is gone."""

    def __init__(
        self,
        store: Budgets,
        clock: Clock,
        metrics: Metrics,
        *,
        limits: Mapping[BudgetScope, Mapping[Quantity, int]],
        agents: Mapping[str, Asking],
        keys: Mapping[BudgetScope, str],
        currency: str,
    ) -> None:
        """
        Args:
            agents: Those with a model, by name.
            keys: Where the limits are written.
        """
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._limits = limits
        self.agents = agents
        self._keys = keys
        self._currency = currency
        self._settling: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def reserved(
        self, agent: Agent, turn: Turn, *, repeats: bool = False, goes_on: bool = False
    ) -> AsyncIterator[None]:
        """Let an agent answer within what is left; what it took is counted however it ends.

        Args:
            repeats: An earlier attempt at it was counted as a run.
            goes_on: It was counted before, and people have decided meanwhile. It is never refused: what they approved
                runs, and where nothing is left the model is not asked about it.

        Raises:
            OverBudget: Nothing is left.
            StoreBusy: Nothing can be reserved now.
        """
        asking = self.agents.get(agent.name)
        if asking is None or isinstance(agent, Unavailable):
            yield
            return
        allowance, budgets = turn.allowance, self._budgets(turn.scope)
        worst, reservation = asking.worst(0 if repeats or goes_on else 1), uuid4().hex
        granted: Granted | Exhausted | None = None
        if budgets:
            try:
                granted = await self._store.reserve(reservation, worst, budgets, now=self._clock.now())
            except asyncio.CancelledError:
                # it may be on disk all the same
                self._settles(reservation, NOTHING)
                raise
        if isinstance(granted, Granted):
            _allow(allowance, worst, granted)
        elif isinstance(granted, Exhausted):
            self._metrics.over_budget.labels(granted.meter.budget.scope).inc()
            log.info(
                "over_budget", agent=agent.name, scope=granted.meter.budget.scope, quantity=granted.quantity,
                spent=granted.is_spent,
            )  # fmt: skip
            if not goes_on:
                raise OverBudget(granted, self._sentence(granted, turn.language))
            allowance.tokens, allowance.short = 0, frozenset({"tokens"})
        is_cancelled = False
        try:
            yield
        except asyncio.CancelledError:
            is_cancelled = True
            raise
        finally:
            spent = _spent(allowance, asking, granted if isinstance(granted, Granted) else None)
            # nobody can tell what a request took whose answer was not waited for, so it was a run at least
            spent = replace(spent, runs=worst.runs if allowance.answers or is_cancelled else 0)
            self._metrics.tokens.labels(agent.name).inc(spent.tokens)
            if isinstance(granted, Granted):
                # a second cancellation ends the waiting and not the settling
                await asyncio.shield(self._settles(reservation, spent))

    async def ended(self, turn: Turn) -> str:
        """Why a run had to stop before its own limits.

        Raises:
            StoreBusy: It can't be looked up now.
        """
        quantity = turn.allowance.short_of
        if quantity is None:
            return ""
        meters = await self._store.meters(self._budgets(turn.scope), now=self._clock.now())
        bounds = [
            (left, Exhausted(meter, one))
            for meter in meters
            for one in meter.budget.limits
            # a limit on costs is one on tokens
            if (left := meter.left(one)) is not None and (left <= 0 or one in {quantity, "cost"})
        ]
        nearest = min(bounds, key=lambda bound: bound[0] / bound[1].limit, default=None)
        return "" if nearest is None else self._sentence(nearest[1], turn.language)

    async def lines(self, scope: Scope, language: Language) -> list[str]:
        """How much of today's budgets is gone, a line each.

        Raises:
            StoreBusy: It can't be looked up now.
        """
        meters = await self._store.meters(self._budgets(scope), now=self._clock.now())
        if not meters:
            return []
        lines = [texts.meter(language, meter, self._currency) for meter in meters]
        return [*lines, texts.renews(language, renews_at(self._clock.now()), self._clock.now())]

    def _budgets(self, scope: Scope) -> Sequence[Budget]:
        subjects: dict[BudgetScope, str] = {
            "person": scope.requester.key,
            "conversation": scope.conversation,
            "agent": scope.agent,
            "total": "",
        }
        return [Budget(of, subject, self._limits[of]) for of, subject in subjects.items() if self._limits.get(of)]

    def _sentence(self, exhausted: Exhausted, language: Language) -> str:
        budget, now = exhausted.meter.budget, self._clock.now()
        key = f"{self._keys[budget.scope]}.{exhausted.quantity}_per_day"
        return texts.exhausted(language, exhausted, self._currency, key=key, renews=renews_at(now), now=now)

    def _settles(self, reservation: str, spent: Amounts) -> asyncio.Task[None]:
        settling = asyncio.create_task(self._settle(reservation, spent))
        self._settling.add(settling)
        settling.add_done_callback(self._settling.discard)
        return settling

    async def _settle(self, reservation: str, spent: Amounts) -> None:
        for wait_seconds in _SETTLE_WAITS_SECONDS:
            try:
                await self._store.settle_reservation(reservation, spent)
            except StoreBusy as error:
                # what stays held is counted in full at the next start
                log.warning("store_refused", during="settle_reservation", reason=str(error))
                if wait_seconds is not None:
                    await self._clock.sleep(wait_seconds)
            else:
                return


def _allow(allowance: Allowance, worst: Worst, granted: Granted) -> None:
    amounts, bounded = granted.amounts, granted.bounded
    short: set[Quantity] = set()
    if bounded & {"tokens", "cost"}:
        allowance.tokens = amounts.tokens
        short |= {"tokens"} if amounts.tokens < worst.tokens else set()
    if "tool_calls" in bounded:
        allowance.tool_calls = amounts.tool_calls
        short |= {"tool_calls"} if amounts.tool_calls < worst.tool_calls else set()
    allowance.short = frozenset(short)


def _spent(allowance: Allowance, asking: Asking, granted: Granted | None) -> Amounts:
    if not allowance.is_measured and granted is not None:
        # a server that does not say what it took has taken all that it could
        return granted.amounts
    tokens = sum(one.input_tokens + one.output_tokens for one in allowance.answers)
    cost = sum(asking.cost(one.model, one.input_tokens, one.output_tokens) for one in allowance.answers)
    return Amounts(0, tokens, allowance.tool_calls_made, cost)
