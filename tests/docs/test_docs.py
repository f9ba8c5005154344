"""What the documentation says is so."""

import re
from types import ModuleType

import pytest

from aof.simulator import control, faults
from aof.simulator.telegram import control as telegram_control
from aof.simulator.telegram import faults as telegram_faults
from tests.docs.pages.source import ROOT


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in folder.glob("0*.md")}


def test_every_part_that_a_test_may_lack_is_told_to_contributors() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = page.partition("### Parts that may be missing\n")[2].partition("\n## ")[0]
    lacking = {
        part
        for file in (ROOT / "tests").rglob("*.py")
        for part in re.findall(r"\babsent\(\s*\"(\w+)\"", file.read_text(encoding="utf-8"))
    }
    assert lacking >= {"samples", "nginx"}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == lacking


@pytest.mark.parametrize("module", [control, faults, telegram_control, telegram_faults])
def test_the_simulator_page_is_what_the_code_says(module: ModuleType) -> None:
    page = (ROOT / "docs" / "reference" / "simulator-api.md").read_text(encoding="utf-8")
    assert module.__doc__ is not None
    assert module.__doc__.strip() in page
