"""What becomes of a part is decided by whether it may be on the phone, not by the platform's number."""

from datetime import timedelta

import pytest

from aof.clock import SteppedClock
from aof.domain.errors import PlatformError, Retry, SendRefused, SendUncertain, WindowClosed
from aof.metrics import Metrics
from aof.pipeline.deliver import LATER, Deliverer
from aof.pipeline.gates import Delivery, Gates
from aof.pipeline.wait import Bell
from aof.store.results import Dead, Deferred, PartResult, Uncertain


class Later(PlatformError):
    """As a plug-in may define one."""

    retry: Retry = "later"  # type: ignore[misc]  # a plug-in may forget that it is of the class


WAIT = timedelta(seconds=7)


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (SendUncertain("silence"), Uncertain(WAIT, "silence")),
        (SendRefused("no", code=131009), Dead(131009, "no (code 131009)")),
        (WindowClosed("too late", code=131047), Dead(131047, "too late (code 131047)")),
        (Later("not now", code=5), Deferred(LATER, 5, "not now (code 5)")),
        (PlatformError("what", code=1), Dead(1, "what (code 1)")),
    ],
)
async def test_an_error_ends_as_certain_as_it_is(error: PlatformError, result: PartResult) -> None:
    clock = SteppedClock()
    delivery = Delivery(uncertain_wait=WAIT)
    deliverer = Deliverer(
        None,
        clock,
        {},
        {},
        Gates({}, {}, delivery),
        parts=Bell(clock),
        delivery=delivery,
        log_key="k",
        metrics=Metrics(),
    )  # type: ignore[arg-type]  # asks no store
    assert deliverer._by_certainty(error) == result
