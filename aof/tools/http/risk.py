"""What a request may do, and how it is shown to who approves it."""

from aof.domain.risk import Risk, highest
from aof.tools.http.place import shown_url

_RISKS = {
    "GET": Risk.READ,
    "HEAD": Risk.READ,
    "POST": Risk.WRITE,
    "PUT": Risk.WRITE,
    "PATCH": Risk.WRITE,
    "DELETE": Risk.DELETE,
}


def risk_of(method: str, url_was_chosen_by_model: bool) -> Risk:  # noqa: FBT001 -- it is one of two facts
    """A method that is not recognised counts as one that changes something. A name that a model chose can carry bytes
    outward, whatever the method."""
    risk = _RISKS.get(method.upper(), Risk.WRITE)
    return highest(risk, Risk.SENSITIVE) if url_was_chosen_by_model else risk


def request_line(method: str, url: str) -> tuple[str, ...]:
    """The words of a request as an approval shows them: ASCII alone, so that no letter looks like another.

    Raises:
        HttpRefused: The URL is none, or holds a user name.
    """
    return (method.upper(), shown_url(url))
