"""Reads JSON that can be written out again: real JSON, and not nested without end."""

import json
import math

DEEPEST = 100
"""Objects and arrays in each other."""


def loads(raw: bytes) -> object:
    """The value.

    Raises:
        ValueError: It is not UTF-8, not JSON, has a NaN or an infinite number, or is nested too deeply.
    """
    try:
        value: object = json.loads(raw, parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if _too_deep(value):
        raise ValueError("nested too deeply")
    return value


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _finite(written: str) -> float:
    number = float(written)
    if math.isinf(number):  # 1e999
        raise ValueError("a number is too large")
    return number


def _too_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            item
            for node in level
            if isinstance(node, dict | list)
            for item in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return False
    return True
