"""JSON Schema: what does not fit, in words that a model can mend it by."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

_MOST = 5
"""Problems that are told at once."""


class Schema:
    """One schema, ready to be used. References that lead out of it are never fetched."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises jsonschema.SchemaError where it is no schema."""
        Draft202012Validator.check_schema(schema)
        self._validator = Draft202012Validator(schema, registry=Registry())

    def problems(self, value: object) -> list[str]:
        """What does not fit, the shallowest first; empty where all does."""
        try:
            found = sorted(self._validator.iter_errors(value), key=lambda error: len(error.path))
        except Unresolvable as error:
            return [f"the schema refers to {error.ref}, which is not in it"]
        return [f"{_place(error)}: {error.message}" for error in found[:_MOST]]


def _place(error: ValidationError) -> str:
    return error.json_path.removeprefix("$").lstrip(".") or "the whole"
