"""A file that no longer fits in one look is about more than one thing."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = 400


@pytest.mark.parametrize("directory", ["aof", "bench", "tests"])
def test_no_file_is_longer_than_one_look(directory: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / directory).rglob("*.py")}
    assert len(lengths) > 5
    assert {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines >= MOST_LINES} == {}
