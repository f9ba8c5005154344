"""One MCP server, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aof.domain.risk import Risk


@dataclass(frozen=True, slots=True)
class McpSettings:
    """A program to start, or an address."""

    name: str
    command: str | Sequence[str] = ()
    """A program with or without arguments; a text is split as a shell would."""
    args: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """All that the program is given beside a path, a home and a locale."""
    url: str = ""
    transport: Literal["stdio", "sse", "http"] | None = None
    """None: http where there is an address, else stdio."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    token_env: str = ""
    """The variable with a bearer token for the address."""
    tools: Sequence[str] | None = None
    """Only these are used; None: all."""
    classes: Mapping[str, Risk] = field(default_factory=dict)
    """By the server's own name of a tool."""
    trust_hints: bool = False
    """Whether a tool of which the server says that it only looks counts as one that does."""
    timeout_seconds: float = 30.0
    """For one call, and for connecting."""
    timeouts: Mapping[str, float] = field(default_factory=dict)
    """For calls of one tool, by the server's own name of it."""
    reconnects: bool = True
    """Whether a lost connection is made again."""
