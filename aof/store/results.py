"""What became of a webhook, and of one attempt to send a part."""

from dataclasses import dataclass
from datetime import timedelta

from aof.domain.message import TemplateNews
from aof.domain.response import TemplatePart


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of the events of one webhook."""

    new: int = 0
    """Events that somebody will answer."""
    kept: int = 0
    """Reactions, identities, notices and quarantined items that were new."""
    duplicates: int = 0
    receipts: int = 0
    """Receipts that were new, whether or not they moved a row."""
    fresh: tuple[str, ...] = ()
    """The event ids of those counted as new."""
    quarantined: int = 0
    """Of those kept, the ones that could not be read."""
    billed: tuple[str, ...] = ()
    """The platform's category of each message of which a receipt said for the first time that it is billed."""
    taken_up: int = 0
    """Parts that were parked until their person wrote, and that are on their way now."""
    templates: tuple[TemplateNews, ...] = ()
    """What is new of templates."""


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
class Closed:
    """The platform's window to the recipient is closed: they are asked to write, once for all that is parked."""

    nudge: TemplatePart | None
    """None: nothing is configured that could ask."""
    refused: bool = False
    """The platform said so itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """A gate is closed, or an operator has to decide."""

    gate: str
    reason: str
    closed: Closed | None = None
    """The part is parked until the person writes, and then taken up by itself."""


@dataclass(frozen=True, slots=True)
class Dead:
    """The platform will never take it."""

    code: int
    reason: str
    opted_out: bool = False
    """The platform refused it because its recipient wants nothing of the kind any more."""
    unreachable: bool = False
    """The platform lets nothing through to its recipient, until they write again."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Its group goes on under another id; it is sent there at once. Nothing was sent to the former one."""

    new_chat: str
    reason: str


PartResult = Sent | Deferred | Uncertain | Held | Dead | Moved
