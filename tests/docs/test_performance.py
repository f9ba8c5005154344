"""The page of figures is what one run wrote, with a row for every part that there is."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BESIDE_PYWA, GROUPS, PARTS
from bench.pages import FIGURES, PAGE, ROOT

TEXT = PAGE.read_text(encoding="utf-8")
IN_THE_TABLE = {
    "ingest": "Durable ingest, against bare aiohttp",
    "loop": "Whole durable loop, against pywa's echo",
    "offered": "4,000 webhooks a second offered",
    "latency": "Webhook → Graph call, instant agent",
    "start": "Start → first 200",
    "memory": "Memory, idle",
    "gate": "A look through the gate",
    "agents": "A turn of an agent, instant model",
    "parked": "Each of 1,000 parked parts, released in order",
    "page": "The page's first screen, 10,000 conversations",
    "telegram": "Telegram's updates stored and acknowledged, against aiogram",
}


def test_every_module_that_measures_is_a_part() -> None:
    assert {file.stem for file in (ROOT / "bench" / "parts").glob("*.py")} - {"__init__"} == set(PARTS)


def test_the_table_has_a_row_for_every_part() -> None:
    assert set(IN_THE_TABLE) == set(PARTS)
    for (begin, end), group in zip(FIGURES, GROUPS, strict=True):
        written = TEXT.partition(begin)[2].partition(end)[0]
        for part in group:
            assert f"\n| {IN_THE_TABLE[part]} | " in written, part
        assert "PRAGMA synchronous = FULL, journal_mode = wal" in written


def test_every_part_stands_in_one_table() -> None:
    assert sorted(part for group in GROUPS for part in group) == sorted(PARTS)
    assert set(PARTS) >= BESIDE_PYWA


def test_the_page_names_the_command_and_explains_every_part() -> None:
    assert "make bench ARGS=--write" in TEXT
    for part in PARTS:
        assert f"`{part}`" in TEXT


def test_a_scratch_directory_in_memory_is_refused() -> None:
    in_memory = Path("/dev/shm")
    if not in_memory.is_dir():
        pytest.skip("this system has no directory in memory")
    ended = subprocess.run(
        [sys.executable, "-m", "bench", "start", "--quick", "--scratch", str(in_memory)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "lies on tmpfs: a commit costs nothing there" in ended.stderr


def test_make_bench_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^# make bench ", makefile, re.MULTILINE)
    assert "requirements/bench.txt" in makefile
    assert "requirements/oracle.txt" in makefile
