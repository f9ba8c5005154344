"""Faults that strike the next requests, in the order in which they were added.

`rate_limited`
    429 with `Retry-After`
`broken`
    500
`unavailable`
    503
`refused`
    400, as if the conversation were too long
`cut_before_answer`
    the connection is dropped before a byte of the answer
`cut_within_answer`
    the connection is dropped after the headers and half of the answer
`hang`
    nothing comes until the client goes away or the server stops
`slow`
    a pause before each piece of a stream; a plain answer comes as late as all of its pieces
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aof.simulator.model import errors
from aof.simulator.model.completion import prompt_tokens
from aof.simulator.model.errors import ApiError

KINDS = (
    "rate_limited",
    "broken",
    "unavailable",
    "refused",
    "cut_before_answer",
    "cut_within_answer",
    "hang",
    "slow",
)

RETRY_AFTER_SECONDS = 1.0
PAUSE_SECONDS = 0.05


class WrongFault(ValueError):
    """The message says what can be written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What strikes one request."""

    kind: str
    seconds: float

    def refusal(self, body: Mapping[str, Any]) -> ApiError | None:
        """The error that it answers with, if it does."""
        match self.kind:
            case "rate_limited":
                return errors.rate_limited(body["model"], self.seconds)
            case "broken":
                return errors.BROKEN
            case "unavailable":
                return errors.UNAVAILABLE
            case "refused":
                return errors.too_long(prompt_tokens(body))
        return None


class Faults:
    """What will strike. Only requests with the right key that would be answered are struck."""

    def __init__(self) -> None:
        self._waiting: deque[Fault] = deque()

    def add(self, kind: str, times: int = 1, *, seconds: float | None = None) -> None:
        """Strike as many of the next requests. `seconds`: of `rate_limited`, when to come again (1); of `slow`, each
        pause (0.05).

        Raises:
            WrongFault: There is no such fault, or it has no such number.
        """
        if kind not in KINDS:
            raise WrongFault(f"There is no fault {kind!r}. The faults are: {', '.join(KINDS)}.")
        if seconds is not None and kind not in {"rate_limited", "slow"}:
            raise WrongFault(f"{kind} has no seconds; rate_limited and slow have.")
        if times < 1 or (seconds is not None and seconds < 0):
            raise WrongFault(f"{kind}: times is 1 or more, seconds 0 or more.")
        if seconds is None:
            seconds = RETRY_AFTER_SECONDS if kind == "rate_limited" else PAUSE_SECONDS
        self._waiting.extend([Fault(kind, seconds)] * times)

    def clear(self) -> None:
        """Nothing strikes any more."""
        self._waiting.clear()

    def __len__(self) -> int:
        """How many have not struck yet."""
        return len(self._waiting)

    def take(self) -> Fault | None:
        """What strikes this request."""
        return self._waiting.popleft() if self._waiting else None
