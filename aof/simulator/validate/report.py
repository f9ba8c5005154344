"""Collects refusals while a body is read.

Wordings that were captured from production say so where they are written; the others follow their pattern.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from aof.simulator.errors import GraphError, bad_param, bad_value, missing
from aof.simulator.settings import Count


@dataclass(slots=True)
class Report:
    """The refusals so far, in the order in which the body was read."""

    count: Count
    errors: list[GraphError] = field(default_factory=list)
    place: str = ""
    """What was read last; a refusal is about it."""

    def size(self, text: str) -> int:
        return len(text) if self.count == "code_points" else len(text.encode("utf-16-le", "surrogatepass")) // 2

    def param(self, message: str, details: str | None = None) -> None:
        self._refuse(bad_param(message, details))

    def value(self, details: str) -> None:
        self._refuse(bad_value(details))

    def missing(self, path: str) -> None:
        self._refuse(missing(f"{path} is required"))  # synthetic details

    def _refuse(self, error: GraphError) -> None:
        self.errors.append(replace(error, field=self.place or None))

    def length(self, name: str, text: str | None, most: int, least: int = 1) -> None:
        """Captured for `Body text` and `Button title`; synthetic by the same pattern for other names."""
        if text is not None and not least <= self.size(text) <= most:
            self.value(f"{name} length invalid. Min length: {least}, Max length: {most}")


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object and where it stands, e.g. `interactive['action']`. Reading reports what is absent or mistyped."""

    report: Report
    path: str
    value: dict[str, Any]

    def at(self, key: str) -> str:
        return f"{self.path}['{key}']" if self.path else key

    def text(self, key: str, *, required: bool = True) -> str | None:
        value = self._read(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.report.param(f"Param {self.at(key)} must be a string.")
            return None
        return value

    def flag(self, key: str) -> None:
        self.report.place = self.at(key)
        if not isinstance(self.value.get(key, False), bool):
            self.report.param(f"Param {self.at(key)} must be a boolean.")

    def node(self, key: str, *, required: bool = True) -> "Node | None":
        value = self._read(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.report.param(f"Param {self.at(key)} must be a JSON object.")
            return None
        return Node(self.report, self.at(key), value)

    def nodes(self, key: str, *, required: bool = True) -> "list[Node] | None":
        """The objects of an array; `None` when it is absent or no array."""
        value = self._read(key, required=required)
        if value is None:
            return None
        if not isinstance(value, list):
            self.report.param(f"Param {self.at(key)} must be an array.")
            return None
        found = []
        for index, item in enumerate(value):
            path = f"{self.at(key)}[{index}]"
            if isinstance(item, dict):
                found.append(Node(self.report, path, item))
            else:
                self.report.place = path
                self.report.param(f"Param {path} must be a JSON object.")
        return found

    def one_of(self, key: str, allowed: tuple[str, ...], *, required: bool = True) -> str | None:
        value = self.text(key, required=required)
        if value is not None and value not in allowed:
            self.report.param(f'Param {self.at(key)} must be one of {{{", ".join(allowed)}}} - got "{value[:100]}".')
            return None
        return value

    def only(self, *allowed: str) -> None:
        """Graph refuses keys that it does not know in the objects of a message."""
        for key in self.value:
            if key not in allowed:
                self.report.place = self.at(key)
                self.report.param(f'Unexpected key "{key[:100]}" on param "{self.path}".')

    def _read(self, key: str, *, required: bool) -> Any:
        self.report.place = self.at(key)
        value = self.value.get(key)
        if value is None and required:
            if self.path:
                self.report.missing(self.at(key))
            else:
                self.report.param(f"The parameter {key} is required.")
        return value


WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
BARE_IP_HOST = re.compile(r"https?://(?:[^@/?#]*@)?(?:\d{1,3}(?:\.\d{1,3}){3}|\[)", re.IGNORECASE)


def check_web_address(report: Report, name: str, address: str | None, *, ip_allowed: bool = True) -> None:
    """An http(s) address. The wording is synthetic."""
    if address is None:
        return
    if not WEB_ADDRESS.match(address):
        report.value(f"{name} is not a valid URI.")
    elif not ip_allowed and BARE_IP_HOST.match(address):
        report.value(f"{name} must not use an IP address as its host.")
