"""Requests compared with a machine-readable Bot API: types, required and unknown fields, lengths, enumerations.

What the file only says in prose is added here: rows of keyboards, and what may stand instead of what.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_LENGTH = re.compile(r"(?<![\d-])(\d+)-(\d+) (characters|bytes)")
_ENUMERATION = re.compile(
    r"(?:Must be one of|can be one of|must be|always) ((?:[\"“][^\"”]+[\"”](?: \([a-z]+\))?(?:, | or )?)+)"
)
_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
_PLAIN_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "String": str,
    "Boolean": bool,
    "Integer": int,
    "Float": (int, float),
}
_PARSED = re.compile(r"after entit(?:y|ies) parsing")


class BotApi:
    """The Bot API as a file describes it."""

    def __init__(self, path: Path) -> None:
        described = json.loads(path.read_text(encoding="utf-8"))
        self.methods: dict[str, Any] = described["methods"]
        self.types: dict[str, Any] = described["types"]

    def problems(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """What is wrong with a request, a line each; empty where nothing is."""
        if method not in self.methods:
            return [f"{method} is no method"]
        found = list(self._fields(method, self.methods[method]["fields"], params))
        if method == "editMessageText" and ("text" in params) == ("rich_message" in params):
            found.append("editMessageText needs text or rich_message, and not both")
        return found

    def _fields(self, where: str, fields: list[dict[str, Any]], given: Mapping[str, Any]) -> Iterator[str]:
        known = {field["name"]: field for field in fields}
        yield from (f"{where}.{name} is no field" for name in given if name not in known)
        for name, field in known.items():
            if name not in given:
                if field["required"]:
                    yield f"{where}.{name} is missing"
                continue
            yield from self._value(f"{where}.{name}", field["types"], given[name], given)
            yield from _prose(f"{where}.{name}", field["description"], given[name], given)

    def _value(self, where: str, types: list[str], value: Any, beside: Mapping[str, Any]) -> Iterator[str]:
        tried = [list(self._of_type(where, each, value)) for each in types]
        if not any(problems == [] for problems in tried):
            yield from min(tried, key=len)

    def _of_type(self, where: str, name: str, value: Any) -> Iterator[str]:
        if name.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{where} is no list"
                return
            if where.endswith("inline_keyboard"):
                yield from _keyboard(where, value)
            for index, item in enumerate(value):
                yield from self._of_type(f"{where}[{index}]", name.removeprefix("Array of "), item)
        elif name in _PLAIN_TYPES:
            if not isinstance(value, _PLAIN_TYPES[name]) or (isinstance(value, bool) and name != "Boolean"):
                yield f"{where} is no {name}"
        elif name == "InputFile":
            if not isinstance(value, bytes):
                yield f"{where} is no file"
        elif not isinstance(value, dict):
            yield f"{where} is no {name}"
        elif subtypes := self.types[name].get("subtypes"):
            yield from self._value(where, subtypes, value, value)
        else:
            yield from self._fields(where, self.types[name].get("fields", []), value)
            if name == "InlineKeyboardButton" and len(value.keys() - {"text", "style", "icon_custom_emoji_id"}) != 1:
                yield f"{where} has to do one thing"
            if name == "InputRichMessage" and len(value.keys() & {"html", "markdown", "blocks"}) != 1:
                yield f"{where} needs one of html, markdown and blocks"


def _keyboard(where: str, rows: list[Any]) -> Iterator[str]:
    sizes = [len(row) if isinstance(row, list) else 0 for row in rows]
    if any(not 1 <= size <= 8 for size in sizes):
        yield f"{where} has a row of none or of more than eight"
    if sum(sizes) > 100:
        yield f"{where} has more than 100 buttons"


def _prose(where: str, description: str, value: Any, beside: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(value, str):
        return
    # what is parsed is measured afterwards, which nobody here does
    if (length := _LENGTH.search(description)) and not (_PARSED.search(description) and "parse_mode" in beside):
        least, most, unit = int(length[1]), int(length[2]), length[3]
        size = len(value.encode()) if unit == "bytes" else len(value.encode("utf-16-le")) // 2
        if not least <= size <= most:
            yield f"{where} has {size} {unit}, not {least} to {most}"
    if enumeration := _ENUMERATION.search(description):
        allowed = _QUOTED.findall(enumeration[1])
        if value not in allowed:
            yield f"{where} is none of {allowed}"
