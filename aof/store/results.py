"""What became of one attempt to send a part."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took the part."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """It goes back into the queue."""

    wait: timedelta
    code: int
    reason: str
    counts: bool = True
    """False: nothing was asked of the platform, so the wait does not grow by it."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The request may have been carried out; a receipt may still tell."""

    wait: timedelta
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A gate is closed, or an operator has to decide."""

    gate: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """The platform will never take it."""

    code: int
    reason: str
    opted_out: bool = False
    """The platform refused it because its recipient wants nothing of the kind any more."""


PartResult = Sent | Deferred | Uncertain | Held | Dead
