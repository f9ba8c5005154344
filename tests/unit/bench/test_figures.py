"""Medians, percentiles, ratios and the table: what no run may get wrong, whatever it measures."""

import pytest

from bench.figures import Rounds, percentile
from bench.table import Row, table


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 50, 5.0),
        ([4.0, 1.0, 3.0, 2.0], 50, 2.0),  # by nearest rank: half of all do not exceed it
        ([4.0, 1.0, 3.0, 2.0], 51, 3.0),
        ([float(n) for n in range(1, 101)], 99, 99.0),
        ([float(n) for n in range(1, 101)], 100, 100.0),
        ([1.0, 2.0], 0, 1.0),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_rounds_are_told_by_their_median_and_spread() -> None:
    rounds = Rounds((90.0, 100.0, 130.0, 95.0, 110.0))
    assert rounds.median == 100.0
    assert rounds.spread == pytest.approx(0.4)
    assert rounds.shown() == "100 (± 20 %)"
    assert rounds.over(Rounds((40.0, 50.0, 60.0))) == pytest.approx(2.0)


@pytest.mark.parametrize(("reached", "verdict"), [(True, "reached"), (False, "**missed**"), (None, "")])
def test_a_figure_that_misses_is_printed_as_it_is(reached: bool | None, verdict: str) -> None:
    row = Row("Ingest", "10/s", "20/s", "0.50 ×", "≥ 0.7 ×", reached)
    assert table([row]).splitlines()[-1] == f"| Ingest | 10/s | 20/s | 0.50 × | ≥ 0.7 × | {verdict} |"
