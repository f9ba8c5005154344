"""The cards of the platforms say what is so."""

import ast
import tomllib
from typing import Any, cast

import pytest

from aof.plugins import Installed
from tests.docs.pages.quality import CARDS, RULES, Rule, standing
from tests.docs.pages.source import ROOT

OURS = sorted(CARDS)
SHOWN = [pytest.param(platform, rule, id=f"{platform}-{rule.name}") for platform in OURS for rule in RULES]


def test_every_platform_of_this_package_has_a_card() -> None:
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(OURS) == set(package["project"]["entry-points"]["aof.platforms"])


@pytest.mark.parametrize("platform", OURS)
def test_a_card_names_every_rule_once(platform: str) -> None:
    assert list(CARDS[platform]) == [rule.name for rule in RULES if not rule.proof]


@pytest.mark.parametrize(("platform", "rule"), SHOWN)
def test_what_is_done_is_shown_and_what_is_not_has_a_reason(platform: str, rule: Rule) -> None:
    found = standing(platform, rule)
    if found.state != "done":
        assert len(found.why) > 10
        return
    file, _, test = found.why.partition("::")
    path = ROOT / file
    assert path.is_file()
    if test:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        assert test in {function.name for function in functions}


@pytest.mark.parametrize(("platform", "rule"), [one for one in SHOWN if cast("Any", one.values[1]).has])
def test_a_capability_is_done_where_the_adapter_has_it_and_nowhere_else(platform: str, rule: Rule) -> None:
    assert rule.has is not None
    adapter = Installed("aof.platforms")[platform]
    assert rule.has(adapter) == (standing(platform, rule).state == "done")
