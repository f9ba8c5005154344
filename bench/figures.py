"""Medians, spreads, percentiles and ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """By nearest rank: the smallest value that at least `percent` % of all do not exceed."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


@dataclass(frozen=True, slots=True)
class Rounds:
    """One figure of each round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def spread(self) -> float:
        """The distance between the best and the worst round, as a share of the median."""
        return (max(self.values) - min(self.values)) / self.median if self.median else 0.0

    def over(self, other: "Rounds") -> float:
        """The ratio of the medians."""
        return self.median / other.median

    def shown(self, digits: int = 0) -> str:
        """The median, with how far the rounds lie around it."""
        return f"{self.median:,.{digits}f} (± {self.spread * 50:.0f} %)"
