"""What a tool may ask of a server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from aof.tools.http.addresses import Network
from aof.tools.http.place import Place
from aof.tools.http.words import HttpRefused

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})

PLAIN_HEADERS = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""Their values are no secrets."""

_OURS = frozenset(
    {
        *("accept-encoding", "connection", "content-encoding", "content-length", "cookie", "expect", "host"),
        *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_VALUE = re.compile(r"[\x20-\x7e]{0,4096}")


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """One server, and what may be asked of it.

    Raises:
        ValueError: That is no server, no method or no header.
    """

    base_url: str
    """Every request goes to its host and port, below its path."""
    allowed_methods: tuple[str, ...] = ("GET", "HEAD")
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    token: SecretStr | None = None
    """Sent as `Authorization: Bearer`, to the host of `base_url` alone."""
    timeout_seconds: float = 30.0
    """For all of it: looking up, connecting, redirects, reading."""
    allow_private: bool | tuple[Network, ...] = False
    """True opens loopback, private and CGNAT networks; link-local and others have to be named."""
    most_bytes: int = 1024 * 1024
    """Of an answer as it comes and unpacked, and of a request's body."""

    def __post_init__(self) -> None:
        try:
            Place.of(self.base_url)
        except HttpRefused as error:
            raise ValueError(f"base_url: {error}") from error
        if unknown := set(self.allowed_methods) - METHODS:
            raise ValueError(f"allowed_methods: {', '.join(sorted(unknown))} is none of {', '.join(sorted(METHODS))}")
        for name, value in self.headers.items():
            if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
                raise ValueError(f"headers: {name!r} is no header, or its value is none")
            if name.lower() in _OURS or (self.token is not None and name.lower() == "authorization"):
                raise ValueError(f"headers: {name} is set by the client itself")
        if self.token is not None and not _VALUE.fullmatch(self.token.get_secret_value()):
            raise ValueError("token: it holds a sign that no header can hold")
        if self.timeout_seconds <= 0 or self.most_bytes <= 0:
            raise ValueError("timeout_seconds and most_bytes are more than 0")
