"""How far a runbook has come, in the form that survives a pause and a restart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from aof.agents.written.runbook import Runbook, Step

State = Literal["done", "failed", "unknown", "withheld"]

MOST_KEPT = 3_000
"""Characters of what a step printed; no more is ever shown."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step."""

    step: str
    argv: tuple[str, ...]
    state: State
    text: str = ""
    """What it printed; of a withheld one why, and empty where the runbook had stopped before it."""
    exit_code: int | None = None
    """None where it did not run, or did not end by itself."""
    is_kept: bool = False
    """It is not asked for again on going on: a look, or what was refused. The rest the ledger knows."""

    def lets_go_on(self, step: Step) -> bool:
        """Whether the steps behind it may run; never where nobody knows what it did."""
        return self.state == "done" or (self.state != "unknown" and step.goes_on_after_failure)


@dataclass(frozen=True, slots=True)
class Progress:
    """One run of a runbook between two of its steps."""

    runbook: Runbook
    values: Mapping[str, str]
    outcomes: tuple[Outcome, ...] = ()
    edited: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By step: what an approver made of its arguments."""

    def kept(self, step: str) -> Outcome | None:
        return next((each for each in self.outcomes if each.step == step and each.is_kept), None)

    def and_then(self, outcome: Outcome) -> "Progress":
        """With one more outcome; it takes the place of an earlier one of its step."""
        others = tuple(each for each in self.outcomes if each.step != outcome.step)
        short = replace(outcome, text=outcome.text[:MOST_KEPT])
        return replace(self, outcomes=(*others, short))

    def dump(self) -> str:
        """As JSON, for a pause."""
        return json.dumps(
            {
                "runbook": self.runbook.name,
                "version": self.runbook.version,
                "values": dict(self.values),
                "edited": {step: dict(arguments) for step, arguments in self.edited.items()},
                "outcomes": [
                    {
                        "step": one.step,
                        "argv": one.argv,
                        "state": one.state,
                        "text": one.text,
                        "exit": one.exit_code,
                        "kept": one.is_kept,
                    }
                    for one in self.outcomes
                ],
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True)
class Paused:
    """What `dump` wrote; of which runbook, the reader finds out."""

    name: str
    version: str
    values: Mapping[str, str]
    edited: Mapping[str, Mapping[str, Any]]
    outcomes: tuple[Outcome, ...]

    def of(self, runbook: Runbook) -> Progress:
        return Progress(runbook, self.values, self.outcomes, self.edited)


def load(state: str) -> Paused | None:
    """None where another kind of agent wrote it."""
    try:
        written = json.loads(state)
        outcomes = tuple(
            Outcome(one["step"], tuple(one["argv"]), one["state"], one["text"], one["exit"], one["kept"])
            for one in written["outcomes"]
        )
        return Paused(written["runbook"], written["version"], written["values"], written["edited"], outcomes)
    except (ValueError, KeyError, TypeError):
        return None
