"""What becomes of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aof.domain.errors import AofError


class HttpRefused(AofError):
    """Our rules forbid it. Where they forbid the first request, nothing was sent; a refused redirect was only read."""


class HttpFailed(AofError):
    """There is no answer that could be used.

    Attributes:
        was_sent: The request may have arrived, and what it asks for may be done.
    """

    def __init__(self, reason: str, *, was_sent: bool) -> None:
        super().__init__(reason)
        self.was_sent = was_sent


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server answered, as text that can be shown."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that say something of the text, by their names in small letters; cleaned and redacted."""
    text: str = ""
    """Cleaned and redacted."""
    cut: bool = False
    """There was more than the limit, or the end was damaged."""
    redirected_to: str = ""
    """Where the answer comes from after redirects; empty where there was none."""
