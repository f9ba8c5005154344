"""What the pipeline asks of a store about budgets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aof.domain.budget import Amounts, Budget, BudgetScope, Exhausted, Granted, Meter, Worst


class Budgets(Protocol):
    """Reserves before a run, and settles after it. Every method may raise StoreBusy: nothing was kept.

    A reservation that its daemon did not live to settle is counted in full, when the next one starts.
    """

    async def reserve(
        self, reservation: str, worst: Worst, budgets: Sequence[Budget], *, now: datetime
    ) -> Granted | Exhausted:
        """Hold the worst case of a run, or what is left of it, in all the budgets at once or in none.

        Args:
            reservation: A name that was never used.
        """
        ...

    async def settle_reservation(self, reservation: str, spent: Amounts) -> None:
        """Give a reservation back and count what was really taken, on the day it was made.

        One that is settled already stays so.
        """
        ...

    async def meters(self, budgets: Sequence[Budget], *, now: datetime) -> list[Meter]:
        """How much of each is gone today."""
        ...

    async def spent_on(self, day: str) -> list[tuple[BudgetScope, str, Amounts]]:
        """What was counted on a day, by scope and subject; the largest in tokens first."""
        ...
