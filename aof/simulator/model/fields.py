"""Checks of one value each, with OpenAI's words for what is wrong."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from aof.simulator.model.errors import Refused, invalid

NAME = re.compile(r"[a-zA-Z0-9_-]+")
NAME_MOST = 64
"""Characters of a function's name. Source: OpenAI's API reference, `tools[].function.name`."""

_KINDS: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


def wrong_type(where: str, expected: str, value: Any) -> Refused:
    got = _KINDS.get(type(value), "something else")
    got = got if value is None else f"{got} instead"
    return invalid(f"Invalid type for '{where}': expected {expected}, but got {got}.", param=where, code="invalid_type")


def wrong_value(where: str, value: Any, supported: Collection[str]) -> Refused:
    words = [f"'{word}'" for word in supported]
    listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, and {words[-1]}"
    return invalid(f"Invalid value: '{value}'. Supported values are: {listed}.", param=where, code="invalid_value")


def missing(where: str) -> Refused:
    return invalid(f"Missing required parameter: '{where}'.", param=where, code="missing_required_parameter")


def only(value: Mapping[str, Any], known: Collection[str], where: str = "") -> None:
    """Refuse the first key that is not known."""
    for key in value:
        if key not in known:
            at = f"{where}.{key}" if where else key
            raise invalid(f"Unknown parameter: '{at}'.", param=at, code="unknown_parameter")


def an_object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise wrong_type(where, "an object", value)
    return value


def a_list(value: Any, where: str) -> list[Any]:
    """A list with something in it."""
    if not isinstance(value, list):
        raise wrong_type(where, "an array of objects", value)
    if not value:
        raise invalid(
            f"Invalid '{where}': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            param=where,
            code="empty_array",
        )
    return value


def a_text(of: Mapping[str, Any], key: str, where: str) -> str:
    """The string that must stand under `key` of what stands at `where`."""
    at = f"{where}.{key}" if where else key
    if key not in of:
        raise missing(at)
    value = of[key]
    if not isinstance(value, str):
        raise wrong_type(at, "a string", value)
    return value


def one_of(of: Mapping[str, Any], key: str, supported: Collection[str], where: str) -> str:
    value = a_text(of, key, where)
    if value not in supported:
        raise wrong_value(f"{where}.{key}" if where else key, value, supported)
    return value


def a_name(of: Mapping[str, Any], where: str) -> str:
    """The name of a function."""
    name = a_text(of, "name", where)
    at = f"{where}.name"
    if len(name) > NAME_MOST:
        raise invalid(
            f"Invalid '{at}': string too long. Expected a string with maximum length {NAME_MOST}, "
            f"but got a string with length {len(name)} instead.",
            param=at,
            code="string_above_max_length",
        )
    if not NAME.fullmatch(name):
        raise invalid(
            f"Invalid '{at}': string does not match pattern. Expected a string that matches the pattern "
            f"'^{NAME.pattern}$'.",
            param=at,
            code="invalid_value",
        )
    return name


def a_number(value: Any, where: str, least: float, most: float | None, *, whole: bool) -> None:
    """Refuse what is no number from `least` to `most`."""
    kind = "integer" if whole else "decimal"
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise wrong_type(where, "an integer" if whole else "a decimal", value)
    if value < least:
        raise _out_of_range(where, kind, "below", "minimum", f">= {least:g}", value)
    if most is not None and value > most:
        raise _out_of_range(where, kind, "above", "maximum", f"<= {most:g}", value)


def _out_of_range(where: str, kind: str, side: str, end: str, expected: str, value: float) -> Refused:
    return invalid(
        f"Invalid '{where}': {kind} {side} {end} value. Expected a value {expected}, but got {value} instead.",
        param=where,
        code=f"{kind}_{side}_{end[:3]}_value",
    )
