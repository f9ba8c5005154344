"""The page on testing names every fault of the stand-in for a model."""

import re

from aof.simulator.model.faults import KINDS
from tests.docs.pages.source import ROOT

PAGE = (ROOT / "docs/guides/test-your-bot-with-the-simulator.md").read_text(encoding="utf-8")


def test_every_fault_is_named() -> None:
    told = PAGE.partition("\nThe faults are ")[2].partition(";")[0]
    assert tuple(re.findall(r"`(\w+)`", told)) == KINDS
