"""A table as lines of a mono font."""

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

import regex

_RIGHT_TO_LEFT = regex.compile(r"[\p{Arabic}\p{Hebrew}]")


def in_columns(rows: Sequence[Sequence[str]], widest: int) -> str | None:
    """Header and rows in columns of `widest` characters together; None where they take more, or would not be read well:
    right to left no column stays in its place, and code holds no address that can be opened.
    """
    widths = [max(_columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    text = "".join(cell for row in rows for cell in row)
    if sum(widths) + 2 * (len(widths) - 1) > widest or _RIGHT_TO_LEFT.search(text) or "://" in text:
        return None
    lines = (
        "  ".join(cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def _columns(cell: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 0 if combining(sign) else 1 for sign in cell)
