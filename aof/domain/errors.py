"""Every error of the daemon, classed by what the daemon does about it.

The pipeline branches on the class and on `retry`, never on a platform's number.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal

Retry = Literal["never", "later", "unsafe"]
"""never: it will be refused again. later: it was surely not carried out. unsafe: it may have been carried out."""

Scope = Literal["recipient", "number"]


class AofError(Exception):
    """The root of what the daemon raises on purpose."""


class ConfigError(AofError):
    """The configuration can't be used, and the daemon does not start; the text is one problem a line,
    `file:line: key: problem. What to write.`"""


class PlatformError(AofError):
    """A chat platform refused, or its answer can't be used.

    Attributes:
        code: The platform's own number, 0 where it gave none.
        details: The platform's own words, for an operator; never a secret.
    """

    retry: ClassVar[Retry] = "never"

    def __init__(self, reason: str, *, code: int = 0, details: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.details = details

    def __str__(self) -> str:
        said = f"{self.reason.rstrip('.')} (code {self.code})" if self.code else self.reason
        return f"{said.rstrip('.')}: {self.details}" if self.details else said


class PayloadRejected(PlatformError):
    """A webhook's body can't be read at all; it is quarantined and answered 200."""


class SendRefused(PlatformError):
    """The platform will never accept this part; it is buried with the platform's words."""


class WindowClosed(SendRefused):
    """The platform's time for free-form replies to this person is over; the part is parked until they write, once."""


class OptedOut(SendRefused):
    """The recipient told the platform that they want nothing of the kind; the part is buried, and the ledger of consent
    says that they opted out."""


class RecipientUnreachable(SendRefused):
    """The recipient shut the daemon out, never let it in, or is gone; the part is buried, and they count as nobody who
    can be asked until they write again."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How the wait grows: `first` × `factor` ^ attempt, at most `longest`."""

    first: timedelta
    factor: float
    longest: timedelta


class SendDeferred(PlatformError):
    """The platform surely did not take the part and asks to come back later; it goes back into the queue.

    Attributes:
        backoff: How waits grow with repeated attempts.
        wait: The platform's own word on the wait, which is kept exactly; None where it gave none.
        scope: Whether one recipient has to wait, or everything this number sends.
    """

    retry = "later"

    def __init__(
        self,
        reason: str,
        *,
        backoff: Backoff,
        wait: timedelta | None = None,
        scope: Scope = "recipient",
        code: int = 0,
        details: str = "",
    ) -> None:
        super().__init__(reason, code=code, details=details)
        self.backoff = backoff
        self.wait = wait
        self.scope: Scope = scope


class ChatMovedAway(PlatformError):
    """The group goes on under another id; the part was not sent, and is sent there.

    Attributes:
        new_chat: The group's id from now on.
    """

    retry = "later"

    def __init__(self, reason: str, *, new_chat: str, code: int = 0, details: str = "") -> None:
        super().__init__(reason, code=code, details=details)
        self.new_chat = new_chat


class AccountStopped(PlatformError):
    """Nothing this number sends will be accepted until an operator acts; its parts stay queued."""

    retry = "later"


class SendUncertain(PlatformError):
    """The request was written and no answer tells whether it was carried out; a receipt settles it, else
    `spec.delivery.uncertain` decides."""

    retry = "unsafe"


class SendHeld(PlatformError):
    """A gate is closed, so the part is held.

    Attributes:
        gate: The name of the gate, for the ledger.
    """

    def __init__(self, gate: str, reason: str) -> None:
        super().__init__(reason)
        self.gate = gate


class MediaUnavailable(PlatformError):
    """A file that somebody sent can't be had; they read a sentence, and what they wrote with it is answered."""


class MediaTooLarge(MediaUnavailable):
    """A file is larger than what is read of its kind."""


class AgentError(AofError):
    """An agent could not answer; the person reads its apology.

    Attributes:
        apology: What the person reads; the cause is for the log.
    """

    def __init__(self, apology: str) -> None:
        super().__init__(apology)
        self.apology = apology


class StoreError(AofError):
    """The store did not do what was asked."""


class StoreBusy(StoreError):
    """The store can't write now: full, locked, broken or too slow. Nothing of the batch was kept; ask again later."""


class LeaseLost(StoreError):
    """Somebody else holds the work now; the result has to be dropped."""


class NameTaken(StoreError):
    """Somebody else has the name; the command says so, and nothing was changed."""


class StoreFromFuture(StoreError):
    """The database was written by a newer version of the daemon, and this one does not start on it."""
