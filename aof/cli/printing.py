"""What may be shown on a terminal: nothing secret, and nothing that a terminal obeys."""

import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel


def visible(text: str) -> str:
    """A text from outside with its lines, and with every other control character written out."""
    return "".join(sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text)


def visible_line(text: str) -> str:
    """The same on one line, so that no value in it can look like a line of ours."""
    return visible(text).replace("\n", "\\n")


def json_text(value: object) -> str:
    """JSON on several lines, readable in every language."""
    shown = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in shown)


def redacted(value: Any, redact: Callable[[str], str]) -> Any:
    """What JSON can hold, with secrets taken out of each text in it."""
    if isinstance(value, dict):
        return {redact(key): redacted(inner, redact) for key, inner in value.items()}
    if isinstance(value, list):
        return [redacted(inner, redact) for inner in value]
    return redact(value) if isinstance(value, str) else value


def plain(value: object) -> object:
    """For `json.dumps`: what it can't write itself."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
