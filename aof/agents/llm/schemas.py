"""JSON Schema: what does not fit, in words that a model can mend it by."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

_MOST = 5
"""Problems that are told at once."""
_PATTERN_SECONDS = 0.05
"""For one pattern on one text."""


def _pattern(_: object, pattern: str, instance: object, __: object) -> Iterator[ValidationError]:
    if not isinstance(instance, str):
        return
    try:
        fits = regex.search(pattern, instance, timeout=_PATTERN_SECONDS) is not None
    except (TimeoutError, regex.error):
        # whoever wrote the schema may not hold up everybody else
        fits = False
    if not fits:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


_Validator: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # the library says no types


class Schema:
    """One schema, ready to be used. References that lead out of it are never fetched."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises jsonschema.SchemaError where it is no schema."""
        Draft202012Validator.check_schema(schema)
        self._validator = _Validator(schema, registry=Registry())

    def problems(self, value: object) -> list[str]:
        """What does not fit, the shallowest first; empty where all does."""
        try:
            found = sorted(self._validator.iter_errors(value), key=lambda error: len(error.path))
        except Unresolvable as error:
            return [f"the schema refers to {error.ref}, which is not in it"]
        return [f"{_place(error)}: {error.message}" for error in found[:_MOST]]


def _place(error: ValidationError) -> str:
    return error.json_path.removeprefix("$").lstrip(".") or "the whole"
