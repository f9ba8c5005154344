"""The few forms of Markdown that the pages use."""

from collections.abc import Sequence

GENERATED = "<!-- Written by `make docs` from the code. Change the code, then run it. -->"
"""The first line of every page that a program writes."""


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; every cell stays on its line."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("|" + "".join(f" {_cell(cell)} |".replace("  |", " |") for cell in line) for line in lines)


def code(text: str) -> str:
    """A word of a program; nothing for an empty one."""
    return f"`{text}`" if text else ""


def listed(words: Sequence[str]) -> str:
    """Words of a program, one after the other."""
    return ", ".join(code(word) for word in words)


def joined(*blocks: str) -> str:
    """A page of blocks, with an empty line between them."""
    return "\n\n".join(block.strip("\n") for block in blocks if block) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
