"""What parts found, kept until the page is written of it."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.table import Row, table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "performance.md"
_LOCKS = ROOT / "requirements"
_PYWA = ("bench.txt", ("pywa", "fastapi", "starlette", "uvicorn", "uvloop", "httpx"))
_OF_TELEGRAM = ("oracle.txt", ("aiogram", "python-telegram-bot", "pydantic", "aiohttp", "tornado", "uvloop"))
FIGURES = (
    ("<!-- figures: written by make bench ARGS=--write -->", "<!-- end of figures -->"),
    ("<!-- figures of agents: written by make bench ARGS=--write -->", "<!-- end of figures of agents -->"),
    ("<!-- figures of parking: written by make bench ARGS=--write -->", "<!-- end of figures of parking -->"),
    ("<!-- figures of the page: written by make bench ARGS=--write -->", "<!-- end of figures of the page -->"),
    ("<!-- figures of Telegram: written by make bench ARGS=--write -->", "<!-- end of figures of Telegram -->"),
)
"""Between them the page is written by the program, one table for each group of parts; the rest by hand."""


class NotOneRun(RuntimeError):
    """What would be written was not measured together."""


def keep(scratch: Path, part: str, rows: Sequence[Row], facts: Mapping[str, str], *, quick: bool) -> None:
    """Keep what a part found."""
    found = {"commit": _commit(), "quick": quick, "facts": dict(facts), "rows": [asdict(row) for row in rows]}
    (scratch / f"{part}.json").write_text(json.dumps(found, indent=1))


def kept(scratch: Path, parts: Sequence[str]) -> list[Row]:
    """The rows of these parts."""
    return [Row(**row) for part in parts for row in _read(scratch, part)["rows"]]


def shown(facts: Mapping[str, str], rows: Sequence[Row], parts: Sequence[str]) -> str:
    """The machine, and the table."""
    machine = "\n".join(f"- {name}: {fact}" for name, fact in {**facts, "Theirs": _theirs(parts)}.items())
    return f"{machine}\n\n{table(rows)}"


def write(scratch: Path, group: int, parts: Sequence[str]) -> None:
    """Put the figures of a group of parts into the page.

    Raises:
        NotOneRun: A part is missing, was measured quickly, or at another commit.
    """
    found = [_read(scratch, part) for part in parts]
    if any(one["quick"] for one in found) or len({one["commit"] for one in found}) != 1:
        raise NotOneRun("the parts were measured at different commits, or quickly; run them all again")
    shows = shown(found[0]["facts"], kept(scratch, parts), parts)
    figures = f"Measured at {found[0]['commit']} with `make bench`:\n\n{shows}"
    page = PAGE.read_text(encoding="utf-8")
    begin, end = FIGURES[group]
    before, _, rest = page.partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n\n{figures}\n\n{end}{after}", encoding="utf-8")


def _read(scratch: Path, part: str) -> Any:
    file = scratch / f"{part}.json"
    if not file.exists():
        raise NotOneRun(f"{part} was not measured")
    return json.loads(file.read_text())


def _theirs(parts: Sequence[str]) -> str:
    """The versions that `make bench` installs for whom these parts are measured beside."""
    locks = [_OF_TELEGRAM] if list(parts) == ["telegram"] else [_PYWA, *([_OF_TELEGRAM] if "telegram" in parts else [])]
    return "; ".join(", ".join(f"{name} {_locked(file)[name]}" for name in names) for file, names in locks)


def _locked(file: str) -> dict[str, str]:
    text = (_LOCKS / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w-]+)(?:\[.*?\])?==(\S+)", text, re.MULTILINE))


def _commit() -> str:
    asked = subprocess.run(
        [shutil.which("git") or "git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or "unknown"
