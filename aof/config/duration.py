"""Lengths of time as files write them: `500ms`, `30s`, `5m`, `1h`, `90d`, or a number of seconds."""

import re
from typing import Annotated

from pydantic import AfterValidator

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds_of(text: str) -> float:
    """A length of time in seconds.

    Raises:
        ValueError: It is none.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError("is no length of time. Write a number and ms, s, m, h or d, such as 30s.")
    return float(found[1]) * _SECONDS[found[2] or "s"]


def _checked(text: str) -> str:
    seconds_of(text)
    return text


Duration = Annotated[str, AfterValidator(_checked)]
