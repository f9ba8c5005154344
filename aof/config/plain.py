"""Nodes whose keys no model knows, as the plain values of JSON."""

import json
import math
from typing import Any

from aof.config.document import Node, ScalarNode, SequenceNode, is_null
from aof.config.problem import Place
from aof.config.read import DROPPED, Reader

_CORE = "tag:yaml.org,2002:"
_BOOLEANS = {"true": True, "false": False}


def read_plain(reader: Reader, place: Place, node: Node) -> Any:
    """A value with the types that JSON has; keys stay as they are written."""
    if is_null(node):
        return None
    if isinstance(node, ScalarNode):
        return _scalar(reader, place, node)
    if isinstance(node, SequenceNode):
        read = [reader.nested(one, (*place, at), read_plain) for at, one in enumerate(node.value)]
        return [one for one in read if one is not DROPPED]
    pairs = {
        entry.name: reader.nested(entry.value, (*place, entry.name), read_plain)
        for entry in reader.entries(node, place, spelled=False, names=bool)
    }
    return {name: one for name, one in pairs.items() if one is not DROPPED}


def _scalar(reader: Reader, place: Place, node: ScalarNode) -> Any:
    if node.tag == f"{_CORE}bool" and node.value.casefold() in _BOOLEANS:
        return _BOOLEANS[node.value.casefold()]
    if node.tag in {f"{_CORE}int", f"{_CORE}float"}:
        try:
            number = json.loads(node.value)
        except ValueError:
            number = None
        if isinstance(number, int | float) and math.isfinite(number):
            return number
    return reader.text(node, place)
