"""The `env` of a document: what the tools of an agent or a context find in their environment."""

from typing import Any

from aof.config.document import Node, ScalarNode
from aof.config.expand import expand
from aof.config.problem import Place
from aof.config.read import DROPPED, Reader


def read_environment(reader: Reader, place: Place, node: Node) -> dict[str, Any]:
    """The entries by name; one whose variable is not set is left out, with a warning."""
    environment: dict[str, Any] = {}
    for entry in reader.entries(node, place, spelled=False):
        unset = expand(entry.value.value, reader.environ).unset if isinstance(entry.value, ScalarNode) else ()
        if unset:
            problem = f"{unset[0]} is not set, so this entry is left out"
            reader.findings.warn(entry.line, (*place, entry.name), problem, "Export it, or remove the entry.")
        elif (value := reader.value(entry.value, str, (*place, entry.name), entry.line)) is not DROPPED:
            environment[entry.name] = "" if value is None else value
    return environment
