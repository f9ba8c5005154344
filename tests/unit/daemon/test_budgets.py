"""`spec.budgets` in the files: what is refused, and what agents are kept to by it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aof.clock import SteppedClock
from aof.daemon import Assembly, read
from aof.daemon.budgets import budgeting_of
from aof.daemon.limits import limits_of
from aof.domain.errors import ConfigError
from aof.metrics import Metrics
from aof.pipeline.budget import Asking, Price

MAIN = """\
kind: DaemonConfig
spec:
  agents: {directory: crew}
  platforms:
    whatsapp:
      phone_number_id_env: ID
      access_token_env: TOKEN
      verify_token_env: WORD
      app_secret_env: SECRET
      allow_everyone: true
"""
"""Ten lines: what a test adds begins on line 11."""
ENVIRON = {"ID": "106540352242922", "TOKEN": "planted-token", "WORD": "planted-word", "SECRET": "planted-secret"}
OPS = "kind: Agent\nmetadata: {name: ops}\nspec:\n  model: openai:big\n  fallback_models: [openai:small]\n"
BIG = "{model: 'openai:big', input: 0.25, output: 2}"
SMALL = "{model: 'openai:small', input: 0.075, output: 0.3}"
TOTAL, PER_AGENT = (f"daemon.yaml: spec.budgets.{key}.cost_per_day" for key in ("total", "per_agent"))
WRITE_IT = "Write it under spec.budgets.prices."
MEANT = 'Is "openai:smal" under spec.budgets.prices meant?'

Assembles = Callable[..., Assembly]


@pytest.fixture
def assembles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assembles:
    monkeypatch.chdir(tmp_path)

    def assembles(budgets: str, agent: str = OPS) -> Assembly:
        Path("crew").mkdir(exist_ok=True)
        Path("crew/ops.yaml").write_text(agent, encoding="utf-8")
        Path("daemon.yaml").write_text(f"{MAIN}  budgets: {budgets}\n", encoding="utf-8")
        return read(Path("daemon.yaml"), ENVIRON)

    return assembles


def asking(assembly: Assembly) -> Asking:
    store: Any = None  # which is not asked
    return budgeting_of(assembly, store, SteppedClock(datetime(2026, 3, 1, tzinfo=UTC)), Metrics()).agents["ops"]


def test_limits_are_kept_by_scope(assembles: Assembles) -> None:
    assembly = assembles(
        "{per_person: {runs_per_day: 3, tool_calls_per_day: 9}, total: {cost_per_day: 0.1, tokens_per_day: 7},"
        f" prices: [{BIG}, {SMALL}]}}"
    )
    assert limits_of(assembly) == {
        "person": {"runs": 3, "tool_calls": 9},
        "conversation": {},
        "agent": {},
        "total": {"tokens": 7, "cost": 100_000_000},
    }


def test_nothing_is_limited_where_nothing_is_written(assembles: Assembles) -> None:
    assembly = assembles("{}")
    assert not any(limits_of(assembly).values())
    assert asking(assembly) == Asking(tokens=50_000, tool_calls=50, prices={})


def test_an_agents_own_limits_are_its_worst_case(assembles: Assembles) -> None:
    own = f"{OPS}  limits: {{max_tokens_per_run: 900, max_tool_calls: 0}}\n"
    assert asking(assembles("{}", own)) == Asking(tokens=900, tool_calls=0, prices={})


def test_a_token_costs_as_much_as_a_million_say(assembles: Assembles) -> None:
    made = asking(assembles(f"{{prices: [{BIG}, {SMALL}], per_run: {{tokens: 10, tool_calls: 2}}}}"))
    assert made.prices == {"big": Price(250, 2_000), "small": Price(75, 300)}
    assert (made.tokens, made.tool_calls, made.worst(1).price) == (10, 2, 2_000)
    assert made.cost("small", 100, 10) == 100 * 75 + 10 * 300
    assert made.cost("big-2026-01-01", 100, 10) == made.cost("", 100, 10) == 100 * 250 + 10 * 2_000


@pytest.mark.parametrize(
    ("budgets", "problems"),
    [
        (
            "{total: {cost_per_day: 5}}",
            [
                f"{TOTAL}: ops may ask openai:{model}, which has no price, so costs can't be limited. {WRITE_IT}"
                for model in ("big", "small")
            ],
        ),
        (
            f"{{per_agent: {{cost_per_day: 5}}, prices: [{BIG}, {SMALL.replace('small', 'smal')}]}}",
            [f"{PER_AGENT}: ops may ask openai:small, which has no price, so costs can't be limited. {MEANT}"],
        ),
        (
            f"{{prices: [{BIG}, {BIG}]}}",
            ["daemon.yaml:11: spec.budgets.prices: openai:big has two prices. Keep one of them."],
        ),
        (
            "{per_incident: {runs_per_day: 5}}",
            ["daemon.yaml:11: spec.budgets.per_incident: is not supported yet. Remove it."],
        ),
    ],
    ids=["no price", "a misspelt price", "two prices", "incidents"],
)
def test_a_limit_that_could_not_be_kept_is_refused(assembles: Assembles, budgets: str, problems: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        assembles(budgets)
    assert str(refused.value).splitlines() == problems


@pytest.mark.parametrize("key", ["runs_per_day", "tokens_per_day", "tool_calls_per_day", "cost_per_day"])
@pytest.mark.parametrize("value", ["0", "-1", "many", ".inf"])
def test_a_limit_is_a_number_above_nothing(assembles: Assembles, key: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"daemon.yaml:11: spec.budgets.total.{key}: "):
        assembles(f"{{total: {{{key}: {value}}}}}")


def test_a_price_for_each_model_is_enough(assembles: Assembles) -> None:
    assert assembles(f"{{total: {{cost_per_day: 5}}, prices: [{BIG}, {SMALL}]}}").agent_files["ops"].settings
