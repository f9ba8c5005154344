"""Rows of the one table, and the table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, what came out, what it is held against."""

    what: str
    figure: str
    against: str = ""
    """The same of the others."""
    ratio: str = ""
    reach: str = ""
    """What was to be reached."""
    reached: bool | None = None
    """None: nothing was to be."""

    @property
    def verdict(self) -> str:
        return {None: "", True: "reached", False: "**missed**"}[self.reached]


def table(rows: Iterable[Row]) -> str:
    """In Markdown."""
    lines = ["| Measured | Here | Others | Ratio | To reach | |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.figure} | {row.against} | {row.ratio} | {row.reach} | {row.verdict} |" for row in rows
    ]
    return "\n".join(lines)
