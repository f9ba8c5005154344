"""Taking single values out of JSON whose shape nobody may trust."""

import hashlib
import json
import math
import re
from datetime import UTC, datetime
from typing import Any

Node = dict[str, Any]

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_LATEST = 253_402_300_799  # the last second of the year 9999
_LONGEST_ID = 512
_LONGEST_INTEGER = 64


class Misshapen(ValueError):
    """One item of a webhook is not what its type says; the text names the field, never its value."""


def read_json(payload: bytes) -> Any:
    """The JSON value in `payload`; numbers that Python could not write back are kept as their text.

    Raises:
        ValueError: It is no JSON, or not in a Unicode encoding.
        RecursionError: It is nested too deeply.
    """
    return parse_json(payload.decode(json.detect_encoding(payload), "surrogatepass"))


def parse_json(text: str) -> Any:
    """As `read_json`, of what is text already."""
    return _READER.decode(text)


def _integer(text: str) -> int | str:
    # Python refuses to convert thousands of digits; that would lose the whole webhook for one absurd field
    return int(text) if len(text) <= _LONGEST_INTEGER else text


def _fraction(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text


# json.loads and json.dumps would make these anew for every call
_READER = json.JSONDecoder(parse_int=_integer, parse_float=_fraction, parse_constant=str)
_WRITER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def ascii_json(value: object) -> str:
    """`value` as JSON without a character that a store or a terminal could stumble over."""
    return _WRITER.encode(value)


def digest(*values: object) -> str:
    """A short name for what has no id of its own: the same content, the same name."""
    canonical = json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:32]


def clean(text: str) -> str:
    """`text` with a replacement character where NUL or half a surrogate pair stood; no store takes those."""
    return _UNSTORABLE.sub("\ufffd", text) if _is_unstorable(text) else text


def _is_unstorable(text: str) -> bool:
    # of ASCII, which most ids and many texts are, only one character is
    return "\x00" in text if text.isascii() else _UNSTORABLE.search(text) is not None


def text_at(node: Node, key: str) -> str:
    """An optional text: empty when it is absent or something else."""
    value = node.get(key)
    return clean(value) if isinstance(value, str) else ""


def needed_text(node: Node, key: str) -> str:
    """A text that makes no sense without.

    Raises:
        Misshapen: It is absent or something else.
    """
    value = node.get(key)
    if not isinstance(value, str):
        raise Misshapen(f"{key} is no text")
    return clean(value)


def id_at(node: Node, key: str) -> str | None:
    """An optional id: None when it is absent, empty, too long, or holds what no id holds."""
    value = node.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_ID or _is_unstorable(value):
        return None
    return value


def needed_id(node: Node, key: str) -> str:
    """An id that makes no sense without.

    Raises:
        Misshapen: It is absent, empty, longer than 512 characters, or no text.
    """
    found = id_at(node, key)
    if found is None:
        raise Misshapen(f"{key} is no usable id")
    return found


def node_at(node: Node, key: str) -> Node:
    """An optional object: empty when it is absent or something else."""
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def needed_node(node: Node, key: str) -> Node:
    """An object that makes no sense without.

    Raises:
        Misshapen: It is absent or something else.
    """
    value = node.get(key)
    if not isinstance(value, dict):
        raise Misshapen(f"{key} is no object")
    return value


def nodes_at(node: Node, key: str) -> list[Node]:
    """The objects of an optional list, without what is no object."""
    value = node.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def whole_at(node: Node, key: str) -> int:
    """An optional whole number of at most 18 digits, also where it is written as text; else 0."""
    return whole(node.get(key))


def whole(value: object) -> int:
    """A value as a whole number of at most 18 digits, also where it is written as text; else 0."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    # stores take 64 bits, which 18 digits never need in full
    return value if isinstance(value, int) and abs(value) < 10**18 else 0


def moment_at(node: Node, key: str) -> datetime | None:
    """Unix seconds, as text or number, as an aware time; None when they are absent, unreadable or out of range."""
    seconds = whole_at(node, key)
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds <= _LATEST else None


def shortened(text: str, most: int) -> str:
    """`text` on one line, and no longer than `most` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
