"""Which calls run, which are asked for, and which are refused: by class, person, tool and place, never by words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Literal

import regex

from aof.domain.approval import Approvers
from aof.domain.risk import Risk
from aof.tools.base import Plan, Scope

Does = Literal["run", "ask", "refuse"]

ASK_FOR = timedelta(minutes=30)
"""How long a question stays open where no file says it."""
PATTERN_SECONDS = 0.02
"""For one pattern on one command."""


@dataclass(frozen=True, slots=True)
class Classes:
    """What a platform, or a context, does with each class; a class in no list is refused."""

    runs: frozenset[Risk] = frozenset()
    asks: frozenset[Risk] = frozenset()
    refuses: frozenset[Risk] = frozenset()
    message: str = ""
    """Said instead of the daemon's own sentence where a call is refused."""
    ask_for: timedelta | None = None

    def does(self, risk: Risk) -> Does:
        if risk in self.refuses:
            return "refuse"
        if risk in self.asks:
            return "ask"
        if risk in self.runs or (risk is Risk.SENSITIVE and self._reads_freely()):
            return "run"
        if risk is Risk.SENSITIVE and Risk.READ in self.asks:
            return "ask"
        return "refuse"

    @property
    def only_looks(self) -> bool:
        return all(self.does(risk) == "refuse" for risk in (Risk.WRITE, Risk.DELETE, Risk.DANGEROUS))

    def _reads_freely(self) -> bool:
        return Risk.READ in self.runs and Risk.READ not in self.asks | self.refuses


READS_ONLY = Classes(runs=frozenset({Risk.READ}), refuses=frozenset({Risk.WRITE, Risk.DELETE, Risk.DANGEROUS}))
"""Phones, and whatever no person started, until a file says otherwise."""
ASKS = Classes(
    runs=frozenset({Risk.READ}), asks=frozenset({Risk.WRITE, Risk.DELETE}), refuses=frozenset({Risk.DANGEROUS})
)
"""A phone whose `safety.read_only` is false."""


@dataclass(frozen=True, slots=True)
class ContextRules:
    """What a context adds."""

    by_platform: Mapping[str, Classes] = field(default_factory=dict)
    """Replaces the platform's own classes."""
    asks_always: bool = False
    """Whatever is more than a look is asked for, where it is not refused."""
    asks_for: tuple[regex.Pattern[str], ...] = ()
    """Of these commands only; searched in the rendered command."""
    guarded_namespaces: frozenset[str] = frozenset()
    """Whatever is more than a look in one of these is asked for."""
    reads_only: bool = False
    approvers: Approvers | None = None
    needed: int | None = None
    """How many have to approve, where the context says so and leaves it to others who they are."""
    self_approval: frozenset[Risk] | None = None
    ask_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of `spec.rules`: the first one that fits a call decides about it, within what is never allowed."""

    does: Does
    name: str
    people: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    tools: frozenset[str] | None = None
    risks: frozenset[Risk] | None = None
    contexts: frozenset[str] | None = None

    def fits(self, plan: Plan, scope: Scope) -> bool:
        who = scope.requester
        return (
            (self.people is None or who.name in self.people)
            and (self.roles is None or not self.roles.isdisjoint(who.roles))
            and (self.tools is None or plan.tool in self.tools)
            and self._names(plan.risk)
            and (self.contexts is None or scope.context.name in self.contexts)
        )

    def _names(self, risk: Risk) -> bool:
        if self.risks is None:
            # what is dangerous is let through by no rule that does not say so
            return risk is not Risk.DANGEROUS or self.does == "refuse"
        return risk in self.risks


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is to be done with a call."""

    does: Does
    rule: str
    """Which rule said so, for the ledger."""
    approvers: Approvers = field(default_factory=Approvers)
    ask_for: timedelta = ASK_FOR
    message: str = ""
    """A refusal in the words of a file; empty: the daemon's own."""
    only_looks: bool = True
    """Nothing that is more than a look is ever done here; False: some changes may be."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All rules of one configuration."""

    platforms: Mapping[str, Classes] = field(default_factory=dict)
    """By name; one that is not here only reads."""
    contexts: Mapping[str, ContextRules] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    approvers: Mapping[str, Approvers] = field(default_factory=dict)
    """By platform; `""` is for all others."""
    asks_for: tuple[str, ...] = ()
    """Globs of commands that are asked for whatever their class."""
    self_approval: frozenset[Risk] = frozenset()
    """The classes that whoever asked may approve too."""
    ask_for: timedelta | None = None

    def rule_on(self, plan: Plan, scope: Scope) -> Ruling:
        """Decide about a call; nothing of it has been done yet."""
        ours = self.contexts.get(scope.context.name, ContextRules())
        if not scope.attended or scope.looks_only:
            does: Does = "run" if plan.risk is Risk.READ else "refuse"
            return Ruling(does, "nobody is there to ask" if not scope.attended else "another run waits")
        classes = ours.by_platform.get(scope.platform) or self.platforms.get(scope.platform, READS_ONLY)
        named = f"context {scope.context.name}" if scope.platform in ours.by_platform else f"platform {scope.platform}"
        does, rule = classes.does(plan.risk), named
        if plan.risk is Risk.SENSITIVE and scope.is_group and does == "run":
            does, rule = "ask", "secrets in a group"
        chosen = next((one for one in self.rules if one.fits(plan, scope)), None)
        if chosen is not None:
            does, rule = chosen.does, f"rule {chosen.name}"
        does, rule = self._stricter(does, rule, plan, ours)
        approvers = ours.approvers or self.approvers_on(scope.platform)
        return Ruling(
            does=does,
            rule=rule,
            approvers=approvers.model_copy(
                update={"allows_self": self._allows_self(ours, plan.risk), "needed": ours.needed or approvers.needed}
            ),
            ask_for=ours.ask_for or classes.ask_for or self.ask_for or ASK_FOR,
            message=classes.message if does == "refuse" else "",
            only_looks=ours.reads_only or classes.only_looks,
        )

    def approvers_on(self, platform: str) -> Approvers:
        """Who approves on a platform where no context says otherwise."""
        return self.approvers.get(platform) or self.approvers.get("") or Approvers()

    def _stricter(self, does: Does, rule: str, plan: Plan, ours: ContextRules) -> tuple[Does, str]:
        """What may only make a ruling stricter."""
        is_look = plan.risk in {Risk.READ, Risk.SENSITIVE}
        if ours.reads_only and not is_look:
            return "refuse", "read-only context"
        if does != "run":
            return does, rule
        rendered = " ".join(plan.argv)
        if any(fnmatchcase(rendered, glob) for glob in self.asks_for):
            return "ask", "approval.require_for"
        if is_look:
            return does, rule
        if ours.asks_always or any(_found(pattern, rendered) for pattern in ours.asks_for):
            return "ask", "the context's approval"
        # `*` is every namespace, those that are guarded too
        if ours.guarded_namespaces and plan.target.get("namespace", "") in {"*", *ours.guarded_namespaces}:
            return "ask", "a guarded namespace"
        return does, rule

    def _allows_self(self, ours: ContextRules, risk: Risk) -> bool:
        return risk in (self.self_approval if ours.self_approval is None else ours.self_approval)


def _found(pattern: regex.Pattern[str], rendered: str) -> bool:
    try:
        return pattern.search(rendered, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        # whether it should be asked for is not known, so it is
        return True
