"""Whether the event loop comes to everything in time."""

import asyncio
from time import monotonic

from aof.metrics import Metrics

LAG_SECONDS = 0.25
"""Between two looks at the event loop's lag."""


async def watch_lag(metrics: Metrics) -> None:
    """How late the event loop comes to a timer: what a webhook would have waited."""
    while True:
        due = monotonic() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        metrics.lag.observe(max(0.0, monotonic() - due))
