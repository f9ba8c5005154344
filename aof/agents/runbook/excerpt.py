"""Other people's lines, as many as a phone can take."""

import re

from aof.texts.language import Language
from aof.texts.machine_programs import cut_at_the_cap, cut_to
from aof.texts.machine_words import fenced

MOST_LINES = 40
MOST_CHARACTERS = 2500
"""Of a block; WhatsApp takes 4,096 a message, and the rest of the answer needs room."""
_MOST_OF_A_LINE = 400

_ENVIRONMENT = re.compile(r"^(?P<indent> +)Environment:\s*$")
_VALUE = re.compile(r"^(?P<before> +[^\s:]+:\s+)(?!<set to the key |<none>)\S.*$")


def excerpt(language: Language, text: str, *, newest: bool, cut: bool, program: str = "kubectl") -> str:
    """A fenced block of the last (`newest`) or first lines, and a note where some are left out.

    `cut`: `program` wrote more than was read, so the end was missing already.
    """
    lines = text.strip("\n").split("\n")
    kept = [line if len(line) <= _MOST_OF_A_LINE else line[: _MOST_OF_A_LINE - 1] + "…" for line in lines]
    kept = kept[-MOST_LINES:] if newest else kept[:MOST_LINES]
    while len(kept) > 1 and sum(len(line) + 1 for line in kept) > MOST_CHARACTERS:
        del kept[0 if newest else -1]
    notes = []
    if len(kept) < len(lines):
        notes.append(cut_to(language, shown=len(kept), lines=len(lines), newest=newest))
    if cut:
        notes.append(cut_at_the_cap(language, program=program))
    return "\n".join([fenced("\n".join(kept)), *notes])


def without_environment(description: str) -> tuple[str, bool]:
    """A pod's description with the values of its environment hidden, and whether there were any."""
    shown: list[str] = []
    indent: int | None = None
    hidden = False
    for line in description.split("\n"):
        depth = len(line) - len(line.lstrip(" "))
        if indent is not None and line.strip() and depth <= indent:
            indent = None
        if (heading := _ENVIRONMENT.match(line)) is not None:
            indent = len(heading["indent"])
        elif indent is not None and line.strip():
            match = _VALUE.match(line)
            masked = f"{match['before']}•••" if match else line if _is_reference(line) else " " * depth + "•••"
            hidden = hidden or masked != line
            line = masked  # noqa: PLW2901 -- the line as it will be shown
        shown.append(line)
    return "\n".join(shown), hidden


def _is_reference(line: str) -> bool:
    return "<set to the key " in line or line.rstrip().endswith((":", "<none>"))
