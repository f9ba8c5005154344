"""What the HTTP platform takes: numbers of our own, since no vendor sets any."""

from datetime import timedelta

from aof.domain.limits import ChoiceLimits, Limit, PlatformLimits, Unit
from aof.platforms.base import Rates

_OURS = "our own choice"

TEXT = Limit(65_536, Unit.CODE_POINTS, _OURS)
LONGEST_CHOICE = 256
"""Code points of the id by which a choice is pressed."""

LIMITS = PlatformLimits(
    text=TEXT,
    body=TEXT,
    buttons=ChoiceLimits(
        most=100,
        id=Limit(LONGEST_CHOICE, Unit.CODE_POINTS, _OURS),
        title=Limit(256, Unit.CODE_POINTS, _OURS),
        description=Limit(1024, Unit.CODE_POINTS, _OURS),
    ),
    rows=None,
    list_label=None,
)

RATES = Rates(per_second=200, pair_burst=100, pair_refill=timedelta(milliseconds=20))
"""So that a program that asks in a loop leaves others their turn."""
