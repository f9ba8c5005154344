"""As much of JSON Schema as our schemas use."""

import re
from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,), "null": (type(None),),
}  # fmt: skip


def misfits(value: Any, schema: dict[str, Any], root: dict[str, Any], place: str = "") -> Iterator[str]:
    """The places where a value does not fit its schema."""
    if "$ref" in schema:
        yield from misfits(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, place)
    if "anyOf" in schema and all(any(misfits(value, one, root, place)) for one in schema["anyOf"]):
        yield f"{place}: {[list(misfits(value, one, root, place)) for one in schema['anyOf']]}"
    for one in schema.get("allOf", ()):
        yield from misfits(value, one, root, place)
    kinds = schema.get("type", [])
    if kinds and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{place}: is no {kinds}"
    elif ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        yield f"{place}: another word"
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{place}: another pattern"
    elif isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{place}: out of bounds"
    if isinstance(value, dict):
        yield from (f"{place}.{key} is missing" for key in schema.get("required", ()) if key not in value)
        for key, one in value.items():
            further = schema.get("additionalProperties", True)
            inner = schema.get("properties", {}).get(key, further)
            if inner is False:
                yield f"{place}.{key}: unknown"
            elif isinstance(inner, dict):
                yield from misfits(one, inner, root, f"{place}.{key}")
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from misfits(one, schema.get("items", {}), root, f"{place}[{number}]")


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
