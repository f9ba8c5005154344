"""Budgets in the tables: a reservation is one row in each of them, and is settled in all at once."""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from aof.domain.budget import NOTHING, Amounts, Budget, BudgetScope, Exhausted, Granted, Meter, Worst, day_of, grant
from aof.store.sqlite.connections import Connections
from aof.store.sqlite.rows import Row
from aof.store.statements import statements

SQL = statements("aof.store.sqlite", "budgets")


class SQLiteBudgets(Connections):
    """Implements `Budgets`."""

    async def reserve(
        self, reservation: str, worst: Worst, budgets: Sequence[Budget], *, now: datetime
    ) -> Granted | Exhausted:
        return await self._writer.do(lambda connection: reserve(connection, reservation, worst, budgets, now))

    async def settle_reservation(self, reservation: str, spent: Amounts) -> None:
        await self._writer.do(lambda connection: settle(connection, reservation, spent))

    async def settle_in_full(self) -> list[Amounts]:
        """Count what a daemon that died had reserved; whoever starts one calls this before anything runs."""
        return await self._writer.do(settle_in_full)

    async def meters(self, budgets: Sequence[Budget], *, now: datetime) -> list[Meter]:
        return await self._read(lambda reader: meters(reader, budgets, now))

    async def spent_on(self, day: str) -> list[tuple[BudgetScope, str, Amounts]]:
        return await self._read(lambda reader: spent_on(reader, day))


def reserve(
    connection: sqlite3.Connection, reservation: str, worst: Worst, budgets: Sequence[Budget], now: datetime
) -> Granted | Exhausted:
    """Nobody else writes meanwhile, so what is left is left."""
    granted = grant(worst, meters(connection, budgets, now))
    if isinstance(granted, Granted):
        for budget in budgets:
            held = _place(budget, now) | asdict(granted.amounts) | {"id": reservation}
            connection.execute(SQL["reserve"], held)
    return granted


def settle(connection: sqlite3.Connection, reservation: str, spent: Amounts) -> None:
    for row in connection.execute(SQL["release"], {"id": reservation}).fetchall():
        if spent != NOTHING:
            connection.execute(SQL["spend"], dict(row) | asdict(spent))


def settle_in_full(connection: sqlite3.Connection) -> list[Amounts]:
    """Count what a daemon that died had reserved: nobody can tell how much of it was taken."""
    left = connection.execute(SQL["open_reservations"]).fetchall()
    for row in left:
        settle(connection, row["id"], _amounts(row))
    return [_amounts(row) for row in left]


def meters(connection: sqlite3.Connection, budgets: Sequence[Budget], now: datetime) -> list[Meter]:
    return [_meter(connection, budget, now) for budget in budgets]


def spent_on(connection: sqlite3.Connection, day: str) -> list[tuple[BudgetScope, str, Amounts]]:
    rows = connection.execute(SQL["spent_on"], {"day": day})
    return [(row["scope"], row["subject"], _amounts(row)) for row in rows]


def _place(budget: Budget, now: datetime) -> dict[str, object]:
    return {"day": day_of(now), "scope": budget.scope, "subject": budget.subject}


def _meter(connection: sqlite3.Connection, budget: Budget, now: datetime) -> Meter:
    place = _place(budget, now)
    counted = connection.execute(SQL["counted"], place).fetchone()
    held = connection.execute(SQL["held"], place).fetchone()
    return Meter(budget, NOTHING if counted is None else _amounts(counted), _amounts(held))


def _amounts(row: Row) -> Amounts:
    return Amounts(row["runs"], row["tokens"], row["tool_calls"], row["cost"])
