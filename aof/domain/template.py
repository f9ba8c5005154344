"""Templates, which a platform approves beforehand: their states, and what may stand in their places. Pure."""

import re
from typing import Literal

TemplateState = Literal["approved", "pending", "paused", "disabled", "rejected", "deleted"]
CLOSED: frozenset[TemplateState] = frozenset({"pending", "paused", "disabled", "rejected", "deleted"})
"""In one of these nothing of a template is sent."""
_UNFIT = re.compile(r"[\n\r\t\v\f\x85\u2028\u2029]| {4,}")


def misfit(parameter: str) -> str:
    """Why a text can't stand in a template's place; empty where it can."""
    if not parameter.strip():
        return "is empty"
    if _UNFIT.search(parameter):
        return "has a line break, a tab, or four spaces in a row"
    return ""
