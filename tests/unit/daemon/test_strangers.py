"""Where anybody is let in, nothing may be changed: such a configuration is refused before it starts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aof.daemon import read
from aof.domain.errors import ConfigError
from tests.unit.daemon.test_assembly import ENVIRON

MAIN = """\
kind: DaemonConfig
spec:
  contexts: {directory: places}
  platforms:
    whatsapp:
      phone_number_id_env: WHATSAPP_PHONE_NUMBER_ID
      access_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
      allow_everyone: true
"""
CONTEXT = "kind: Context\nmetadata: {name: production}\nspec:\n  platform_policies:\n"

Told = Callable[..., list[str]]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.chdir(tmp_path)
    Path("places").mkdir()

    def told(main: str = MAIN, context: str = "") -> list[str]:
        Path("daemon.yaml").write_text(main)
        if context:
            Path("places/production.yaml").write_text(CONTEXT + context)
        try:
            read(Path("daemon.yaml"), ENVIRON)
        except ConfigError as refused:
            return str(refused).splitlines()
        return []

    return told


def test_everybody_may_look(told: Told) -> None:
    assert told() == []
    assert told(MAIN + "      safety: {read_only: true}\n") == []


def test_everybody_may_not_ask_for_changes(told: Told) -> None:
    assert told(MAIN + "      safety: {read_only: false}\n") == [
        (
            "daemon.yaml:10: spec.platforms.whatsapp.allow_everyone: lets in anybody, and safety.read_only is false, "
            "so anybody could ask for changes. List who may talk in its place, or write safety: {read_only: true}."
        )
    ]


def test_changes_may_be_asked_for_by_those_who_are_listed(told: Told) -> None:
    listed = MAIN.replace("allow_everyone: true", 'allowed_numbers: ["+4915112345678"]')
    assert told(listed + "      safety: {read_only: false}\n") == []
    assert told(listed + "  rules: [{name: all, then: run, classes: [write]}]\n") == []


@pytest.mark.parametrize(
    "rule",
    [
        "then: run, classes: [write]",
        "then: ask, classes: [read, dangerous]",
        "then: ask",
        "then: run, tools: [kubectl]",
    ],
)
def test_no_rule_lets_everybody_change_something(told: Told, rule: str) -> None:
    rules = f"  rules:\n    - {{name: reads, then: run, classes: [read]}}\n    - {{name: all, {rule}}}\n"
    assert told(MAIN + rules) == [
        (
            "daemon.yaml:13: spec.rules[1]: lets anybody have something changed, since "
            "spec.platforms.whatsapp.allow_everyone is true. Name people or roles in the rule, or classes that "
            "only look, or list who may talk."
        )
    ]


@pytest.mark.parametrize(
    "rule",
    ["then: refuse", "then: run, classes: [read, sensitive]", "then: run, roles: [lead]", "then: ask, people: [Omar]"],
)
def test_a_rule_for_known_people_or_for_looking_is_kept(told: Told, rule: str) -> None:
    people = "  people: [{name: Omar, whatsapp: '+4915112345678', roles: [lead]}]\n"
    assert told(f"{MAIN}{people}  rules: [{{name: all, {rule}}}]\n") == []


@pytest.mark.parametrize("key", ["allowed_classes", "approval_classes"])
def test_no_context_lets_everybody_change_something(told: Told, key: str) -> None:
    assert told(context=f"    whatsapp: {{{key}: [read, delete]}}\n") == [
        (
            "places/production.yaml:1: spec.platform_policies.whatsapp: lets anybody have something changed, since "
            "spec.platforms.whatsapp.allow_everyone is true. Leave only read and sensitive in it, or list who may talk."
        )
    ]


@pytest.mark.parametrize(
    "policy",
    ["whatsapp: {allowed_classes: [read]}", "whatsapp: {approval_classes: [write], blocked_classes: [write]}",
     "cli: {allowed_classes: [write]}"],
)  # fmt: skip
def test_a_context_that_lets_them_only_look_is_kept(told: Told, policy: str) -> None:
    assert told(context=f"    {policy}\n") == []
