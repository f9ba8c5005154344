"""The guide's runbook, typed at as its table says."""

import re

import pytest
import yaml

from aof.agents.written.choosing import Choosing, Chosen
from aof.agents.written.inputs import Input
from aof.agents.written.runbook import Runbook, Step
from aof.texts.language import Language
from tests.docs.pages.source import ROOT
from tests.docs.reading import file_of

PAGE = ROOT / "docs" / "guides" / "runbooks.md"
_ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def _runbook() -> Runbook:
    written = yaml.safe_load(file_of(PAGE, "restart-api.yaml"))
    spec = written["spec"]
    return Runbook(
        name=written["metadata"]["name"],
        phrases={Language(code): tuple(said) for code, said in spec["phrases"].items()},
        inputs=tuple(
            Input(name, kind=each["type"], choices=tuple(each["choices"]), default=each["default"])
            for name, each in spec["inputs"].items()
        ),
        steps=tuple(Step(step["id"], tuple(step["run"])) for step in spec["steps"]),
    )


_TYPED = PAGE.read_text(encoding="utf-8").partition("## What starts it")[2].partition("\n## ")[0]


@pytest.mark.parametrize(("typed", "told"), _ROW.findall(_TYPED))
def test_what_the_table_says_starts_it_does(typed: str, told: str) -> None:
    found = Choosing([_runbook()]).read(typed)
    assert isinstance(found, Chosen) is not told.startswith("Nothing")
    if isinstance(found, Chosen):
        assert dict(found.typed).get("namespace", "prod") == ("staging" if "staging" in typed else "prod")


def test_the_table_is_read() -> None:
    assert len(_ROW.findall(_TYPED)) == 7
