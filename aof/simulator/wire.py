"""What went over the wire: every Graph request and its answer, every webhook and what became of it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from aof.simulator import strict_json
from aof.simulator.journal import Journal

KEEP = 10_000
LONGEST_BODY = 64 * 1024
"""Bytes of a body that are kept; of a longer one only the length."""
SECRETS = frozenset({"access_token", "appsecret_proof", "hub.verify_token"})
SHOWN_HEADERS = ("Content-Type", "Content-Length", "User-Agent", "X-Hub-Signature-256")

Kind = Literal["request", "webhook", "verification"]


@dataclass(slots=True)
class Exchange:
    """One request in either direction. `status` is None while no answer has come."""

    kind: Kind
    method: str
    url: str
    headers: dict[str, str]
    body: Any
    at: datetime
    attempt: int = 1
    status: int | None = None
    answer: Any = None
    outcome: str = "open"
    field: str | None = None
    """What a refusal is about, where the simulator knows it."""
    seq: int = dataclasses.field(init=False, default=0)
    changed: int = dataclasses.field(init=False, default=0)

    def shown(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "changed": self.changed,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "method": self.method,
            "url": self.url,
            "headers": self.headers,
            "body": self.body,
            "attempt": self.attempt,
            "status": self.status,
            "answer": self.answer,
            "outcome": self.outcome,
            "field": self.field,
        }


class Wire(Journal[Exchange]):
    """The log of exchanges."""

    def __init__(self) -> None:
        super().__init__(KEEP)
        self.requests = 0
        """Graph requests ever seen."""

    def open(
        self, kind: Kind, method: str, url: str, headers: Mapping[str, str], body: Any, at: datetime, attempt: int = 1
    ) -> Exchange:
        exchange = Exchange(kind, method, without_secrets(url), shown_headers(headers), body, at, attempt)
        self.requests += kind == "request"
        self.add(exchange)
        return exchange

    def close_exchange(self, exchange: Exchange, outcome: str, status: int | None = None, answer: Any = None) -> None:
        exchange.outcome = outcome
        exchange.status = status
        exchange.answer = answer
        self.touch(exchange)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The few that say something; never the token."""
    return {name: headers[name] for name in SHOWN_HEADERS if name in headers}


def without_secrets(url: str) -> str:
    """The same address with the values of secret parameters left out."""
    parts = urlsplit(url)
    if not parts.query:
        return url
    pairs = [(key, "…" if key in SECRETS else value) for key, value in parse_qsl(parts.query, keep_blank_values=True)]
    return parts._replace(query=urlencode(pairs, safe="…{}/:+")).geturl()


def shown_body(raw: bytes) -> Any:
    """A body as JSON where it is sound JSON, else as text; a long one as its length."""
    if len(raw) > LONGEST_BODY:
        return f"<{len(raw)} bytes>"
    try:
        parsed = strict_json.loads(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
    if isinstance(parsed, dict):
        return {key: "…" if key in SECRETS else value for key, value in parsed.items()}
    return parsed
