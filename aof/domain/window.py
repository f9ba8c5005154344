"""The time in which a person may be written to freely, from when they last wrote or called. Pure."""

from datetime import datetime, timedelta

MARGIN = timedelta(minutes=5)
"""It counts as closed so much earlier: a request takes its time, and clocks differ."""


def closes_at(heard_at: datetime, window: timedelta) -> datetime:
    """From this moment on only approved templates are sent."""
    return heard_at + window - MARGIN


def is_open(heard_at: datetime | None, window: timedelta | None, now: datetime) -> bool:
    """Whether anything may be sent.

    Args:
        heard_at: By the platform's clock; None: they never wrote, or the platform said that it is closed.
        window: The platform's; None: it has none, and anything may be sent at any time.
    """
    return window is None or (heard_at is not None and now < closes_at(heard_at, window))
