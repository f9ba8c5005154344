"""What a model refuses, said as problems with a line and a word on what to write."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aof.config.problem import Place
from aof.config.read import Reader

_PROBLEM_ENDS = re.compile(r"(?<=\.)\s+(?=[A-Z])|;\s+")
"""What follows the first sentence, or a semicolon, of a validator's words is what to write."""
_WRONG_FORM = frozenset(
    {
        "string_type", "list_type", "tuple_type", "set_type", "frozen_set_type", "dict_type", "mapping_type",
        "model_type", "bool_type",
    }
)  # fmt: skip
_OWN_WORDS = frozenset({"value_error", "assertion_error"})

_SAID: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", "Add it."),
    "int_parsing": ("wants a whole number", "Write digits only."),
    "int_type": ("wants a whole number", "Write digits only."),
    "int_from_float": ("wants a whole number", "Write digits only."),
    "int_parsing_size": ("is too large", "Write a smaller number."),
    "float_parsing": ("wants a number", "Write digits, with a point if need be."),
    "float_type": ("wants a number", "Write digits, with a point if need be."),
    "finite_number": ("wants a finite number", "Write digits, with a point if need be."),
    "greater_than_equal": ("is too small", "Write {ge} or more."),
    "greater_than": ("is too small", "Write more than {gt}."),
    "less_than_equal": ("is too large", "Write {le} or less."),
    "less_than": ("is too large", "Write less than {lt}."),
    "string_too_short": ("is too short", "Write at least {min_length} characters."),
    "string_too_long": ("is too long", "Write at most {max_length} characters."),
    "too_short": ("has too few entries", "Write at least {min_length}."),
    "too_long": ("has too many entries", "Write at most {max_length}."),
    "string_pattern_mismatch": ("is not written as it has to be", "It has to match {pattern}"),
    "string_type": ("wants one text", "Write one value, not a list or a mapping."),
    "string_unicode": ("is not valid Unicode", "Write it anew."),
    "bool_type": ("wants true or false", "Write true or false."),
    "path_type": ("wants a path", "Write one value, not a list or a mapping."),
    "list_type": ("wants a list", "Write [first, second]."),
    "tuple_type": ("wants a list", "Write [first, second]."),
    "dict_type": ("wants keys with values", "Write key: value below."),
    "mapping_type": ("wants keys with values", "Write key: value below."),
    "model_type": ("wants keys with values", "Write key: value below."),
}


def refuse_all(error: ValidationError, base: Place, reader: Reader) -> None:
    """Add to the reader's findings what a model says about the values at and below `base`, each place once."""
    told: set[Place] = set()
    for place, detail in _telling(list(_placed(error, base, reader))):
        refused_before = any(place[:length] in reader.failed for length in range(len(place) + 1))
        if place in told or refused_before:
            continue
        told.add(place)
        reader.findings.refuse(_line(place, reader), place, *_words(place, detail, reader))


def _placed(error: ValidationError, base: Place, reader: Reader) -> Iterator[tuple[Place, ErrorDetails]]:
    for detail in error.errors(include_input=False, include_url=False):
        place = base
        for step in detail["loc"]:
            if (*place, step) in reader.lines:
                place = (*place, step)
        if detail["type"] == "missing" and detail["loc"]:
            place = (*place, detail["loc"][-1])
        yield place, detail


def _telling(found: list[tuple[Place, ErrorDetails]]) -> Iterator[tuple[Place, ErrorDetails]]:
    """Without the alternatives of a union that were not meant: a list that is wrong inside is not "no text"."""
    exact = [place for place, detail in found if detail["type"] not in _WRONG_FORM]
    for place, detail in found:
        if detail["type"] not in _WRONG_FORM or not any(other[: len(place)] == place for other in exact):
            yield place, detail


def _line(place: Place, reader: Reader) -> int:
    for length in range(len(place), -1, -1):
        if line := reader.lines.get(place[:length]):
            return line
    return 1


def _words(place: Place, detail: ErrorDetails, reader: Reader) -> tuple[str, str]:
    context: dict[str, Any] = detail.get("ctx", {})
    if place in reader.empty:
        return "is empty", "Give it a value, or remove the key."
    if unset := reader.unset.get(place):
        return f"{unset} is not set", f"Export it, or write ${{{unset}:-a default}}."
    if detail["type"] in _OWN_WORDS:
        problem, *rest = _PROBLEM_ENDS.split(str(context["error"]), maxsplit=1)
        remedy = f"{rest[0][:1].upper()}{rest[0][1:].rstrip('.')}." if rest else ""
        remedy = remedy.removesuffix(".") if remedy.endswith("?.") else remedy
        return problem.rstrip("."), remedy
    if detail["type"] in _SAID:
        said, write = _SAID[detail["type"]]
        bounds = {
            name: int(bound) if isinstance(bound, float) and bound.is_integer() else bound
            for name, bound in context.items()
        }
        return said, write.format_map(bounds)
    message = detail["msg"].rstrip(".")
    return message[:1].lower() + message[1:], ""
