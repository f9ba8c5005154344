"""The numbers of Meta's reference."""

import pytest

from aof.domain.limits import Limit, Unit
from aof.platforms.whatsapp.limits import LIMITS, OPAQUE_ID, RATES, TYPING_LASTS

assert LIMITS.buttons is not None
assert LIMITS.rows is not None
assert LIMITS.rows.description is not None
assert LIMITS.list_label is not None


@pytest.mark.parametrize(
    ("limit", "most"),
    [
        (LIMITS.text, 4096),
        (LIMITS.body, 1024),
        (LIMITS.buttons.id, 256),
        (LIMITS.buttons.title, 20),
        (LIMITS.rows.id, 200),
        (LIMITS.rows.title, 24),
        (LIMITS.rows.description, 72),
        (LIMITS.list_label, 20),
        (OPAQUE_ID, 512),
    ],
)
def test_a_limit_counts_utf16_units_and_names_its_source(limit: Limit, most: int) -> None:
    assert (limit.most, limit.unit) == (most, Unit.UTF16)
    assert "developers.facebook.com" in limit.source or "OpenAPI" in limit.source


def test_there_are_three_buttons_and_ten_rows() -> None:
    assert LIMITS.buttons is not None
    assert LIMITS.rows is not None
    assert (LIMITS.buttons.most, LIMITS.rows.most) == (3, 10)


def test_the_rates_stay_below_metas() -> None:
    assert RATES.per_second < 80
    assert RATES.pair_burst <= 45
    assert RATES.pair_refill.total_seconds() >= 6
    assert TYPING_LASTS.total_seconds() <= 25
