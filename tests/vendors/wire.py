"""What the servers of all vendors have in common: how one is asked, and what it can say."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Asked:
    """A request, in no vendor's words."""

    text: str
    """Of the person, as it came last."""
    results: tuple[str, ...] = ()
    """Of tools, in their order."""
    tools: tuple[str, ...] = ()
    """That the model may call."""
    streams: bool = False
    """The answer is wanted in pieces."""


@dataclass(frozen=True)
class Call:
    """A call of a tool, as the answer."""

    tool: str
    arguments: Mapping[str, Any]


Said = str | Call


class Wire(ABC):
    """How one vendor is spoken to."""

    @abstractmethod
    def is_address(self, request: web.Request) -> bool:
        """Whether the vendor has an API there."""

    @abstractmethod
    def is_allowed(self, request: web.Request, key: str) -> bool:
        """Whether the request proves who it is from."""

    @abstractmethod
    def asked(self, request: web.Request, body: Any) -> Asked:
        """Raises KeyError, or whatever else comes of a body that no such vendor takes."""

    @abstractmethod
    def answer(self, asked: Asked, said: Said) -> tuple[str, bytes]:
        """The type of an answer, and the answer."""

    @abstractmethod
    def error(self, status: int, message: str) -> tuple[Mapping[str, str], Any]:
        """Headers and the JSON of a refusal."""
