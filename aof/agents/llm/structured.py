"""Answers that have to be JSON of a given form: demanded, read, checked, and shown as lists."""

import json
import re
from collections.abc import Mapping
from typing import Any

from aof.agents.llm.schemas import Schema
from aof.agents.llm.settings import OutputForm

MARK = "_validation_error"
"""Stands before what is wrong with an answer that is passed on all the same (AOF)."""
_FENCED = re.compile(r"```(?:json)?[ \t]*\n(?P<inside>.*?)\n?```", re.DOTALL | re.IGNORECASE)
_TITLE = "summary"
"""A text of this name is said first, without its name."""


class NotJson(ValueError):
    """The answer holds no JSON."""


class Form:
    """The form of one agent's answers."""

    def __init__(self, output: OutputForm) -> None:
        """Raises jsonschema.SchemaError where there is no schema in it."""
        self._coerces = output.mode == "coerce"
        self._written = dict(output.schema)
        self._schema = Schema(_closed(self._written) if output.mode == "strict" else self._written)

    def demand(self) -> str:
        """What the model is told."""
        written = json.dumps(self._written, ensure_ascii=False)
        return (
            f"Your answer is one JSON value and nothing else, no words around it. It fits this JSON Schema:\n{written}"
        )

    def read(self, text: str) -> tuple[Any, list[str]]:
        """The value of an answer, and what of it does not fit."""
        try:
            value = _json(text)
        except NotJson as error:
            return None, [str(error)]
        if self._coerces:
            value = _coerced(value, self._written)
        return value, self._schema.problems(value)


def shown(value: object) -> str:
    """A value as CommonMark that is read on a phone."""
    if isinstance(value, Mapping):
        title = value.get(_TITLE)
        rest = {key: item for key, item in value.items() if key != _TITLE or not isinstance(title, str)}
        listed = "\n".join(_lines(rest, 0))
        return "\n\n".join(part for part in (title if isinstance(title, str) else "", listed) if part)
    return "\n".join(_lines(value, 0)) if isinstance(value, list) else _plain(value)


def _lines(value: object, depth: int) -> list[str]:
    before = "  " * depth + "- "
    if isinstance(value, Mapping):
        found: list[str] = []
        for key, item in value.items():
            name = f"**{_named(str(key))}**"
            if _nests(item):
                found += [f"{before}{name}:", *_lines(item, depth + 1)]
            else:
                found.append(f"{before}{name}: {_plain(item)}")
        return found
    if isinstance(value, list):
        found = []
        for item in value:
            if _nests(item):
                nested = _lines(item, depth + 1)
                # the first line of what is nested takes the place of a bullet without words
                found += [before + nested[0].strip().removeprefix("- "), *nested[1:]]
            else:
                found.append(before + _plain(item))
        return found
    return [before + _plain(value)]


def _nests(item: object) -> bool:
    return isinstance(item, Mapping | list) and bool(item)


def _named(key: str) -> str:
    words = key.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value.replace("\n", " ").strip() or "–"
    return json.dumps(value, ensure_ascii=False) if value not in (None, [], {}) else "–"


def _json(text: str) -> Any:
    inside = _FENCED.search(text)
    candidate = (inside["inside"] if inside else text).strip()
    try:
        return json.loads(candidate, parse_constant=_refused)
    except ValueError:
        begins = re.search(r"[\[{]", candidate)
        if begins is None:
            raise NotJson("the answer is not JSON") from None
    try:
        return json.JSONDecoder(parse_constant=_refused).raw_decode(candidate, begins.start())[0]
    except ValueError as error:
        raise NotJson(f"the answer is not JSON: {error}") from None


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _closed(schema: Any) -> Any:
    """The schema with no room for properties that it does not name."""
    if not isinstance(schema, Mapping):
        return schema
    inner = dict(schema)
    if isinstance(inner.get("properties"), Mapping):
        inner["properties"] = {name: _closed(item) for name, item in inner["properties"].items()}
        inner.setdefault("additionalProperties", False)
    if "items" in inner:
        inner["items"] = _closed(inner["items"])
    return inner


def _coerced(value: Any, schema: Any) -> Any:
    """The value with each plain part turned into the type that is wanted there, where that loses nothing."""
    if not isinstance(schema, Mapping):
        return value
    if isinstance(value, dict) and isinstance(properties := schema.get("properties"), Mapping):
        return {name: _coerced(item, properties.get(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [_coerced(item, schema.get("items")) for item in value]
    wanted = schema.get("type")
    if isinstance(value, str) and isinstance(wanted, str):
        return _from_text(value.strip(), wanted, value)
    if wanted == "string" and isinstance(value, int | float):
        return json.dumps(value)
    if wanted == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _from_text(text: str, wanted: str, value: str) -> Any:
    if wanted == "boolean" and text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if wanted == "integer" and re.fullmatch(r"[+-]?\d{1,300}", text):
        return int(text)
    if wanted == "number" and re.fullmatch(r"[+-]?\d{1,300}(\.\d{1,300})?([eE][+-]?\d{1,2})?", text):
        return float(text) if re.search(r"[.eE]", text) else int(text)
    return value
