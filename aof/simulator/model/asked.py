"""What the model was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Asked:
    """One request for a completion that came with the right key."""

    body: Mapping[str, Any]
    """Whole, as it came."""
    headers: Mapping[str, str] = field(repr=False)
    at: datetime
    status: int | None = None
    """The HTTP status of the answer, once that has begun."""
