"""Commands that look like less than they do. None may be lower than what the program itself would make of them."""

from pathlib import Path

import pytest

from aof.domain.risk import Risk
from aof.tools.classify import Tables, split

TABLES = Tables.built_in()

LINES = (Path(__file__).parent / "disguised.txt").read_text(encoding="utf-8").splitlines()
ROWS = [line.encode("ascii", "backslashreplace").decode("unicode_escape").split(maxsplit=1) for line in LINES]


@pytest.mark.parametrize(("said", "line"), ROWS, ids=[line.encode("ascii", "replace").decode() for _, line in ROWS])
def test_a_disguise_changes_nothing(said: str, line: str) -> None:
    found = TABLES.classify(split(line))
    assert ("refused" if found.refused else found.risk) == said, found


def test_there_are_many() -> None:
    assert len({line for _, line in ROWS}) == len(ROWS) > 200
    assert {said for said, _ in ROWS} == {*Risk, "refused"}
