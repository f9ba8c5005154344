"""Whoever is let in without a list or a code only looks: changes are for people whom the configuration knows."""

from collections.abc import Iterator
from typing import get_args

from aof.config.context import ORIGINS, ContextFile, Origin, PlatformPolicy
from aof.config.daemon import DaemonConfig
from aof.config.platform import PlatformConfig
from aof.config.problem import Findings, Place, dotted
from aof.config.read import Reader
from aof.config.rules import RuleConfig
from aof.domain.risk import Risk

_CHANGES = frozenset({Risk.WRITE, Risk.DELETE, Risk.DANGEROUS})
_PLATFORMS: Place = ("spec", "platforms")
_RULES: Place = ("spec", "rules")


def refuse_strangers(config: DaemonConfig, reader: Reader) -> None:
    """Refuse what would let a stranger have something changed, in the main file."""
    for name in _open_to_everyone(config):
        platform = config.spec.platforms[name]
        here = (*_PLATFORMS, name)
        if isinstance(platform, PlatformConfig) and not platform.safety.read_only:
            key = (*here, "allow_everyone")
            problem = "lets in anybody, and safety.read_only is false, so anybody could ask for changes"
            remedy = "List who may talk in its place, or write safety: {read_only: true}."
            reader.refuse(reader.lines.get(key, reader.lines[()]), key, problem, remedy)
        for number, rule in enumerate(config.spec.rules):
            if _lets_change(rule):
                key = (*_RULES, number)
                problem = f"lets anybody have something changed, since {dotted((*here, 'allow_everyone'))} is true"
                remedy = "Name people or roles in the rule, or classes that only look, or list who may talk."
                reader.refuse(reader.lines.get(key, reader.lines[()]), key, problem, remedy)


def refuse_strangers_in(context: ContextFile, config: DaemonConfig, findings: Findings) -> None:
    """Refuse the same in a context: its policy takes the place of the platform's."""
    for name in _open_to_everyone(config):
        origin = ORIGINS.get(name, name)
        policy = next((context.spec.platform_policies.get(one) for one in get_args(Origin) if one == origin), None)
        if policy is not None and _let_by(policy):
            key = f"spec.platform_policies.{origin}"
            problem = (
                f"lets anybody have something changed, since {dotted((*_PLATFORMS, name, 'allow_everyone'))} is true"
            )
            findings.refuse(context.line, key, problem, "Leave only read and sensitive in it, or list who may talk.")


def _open_to_everyone(config: DaemonConfig) -> Iterator[str]:
    for name, platform in config.spec.platforms.items():
        if getattr(platform, "allow_everyone", False) and getattr(platform, "enabled", True):
            yield name


def _lets_change(rule: RuleConfig) -> bool:
    is_for_anybody = rule.people is None and rule.roles is None
    return is_for_anybody and rule.then != "refuse" and (rule.classes is None or not _CHANGES.isdisjoint(rule.classes))


def _let_by(policy: PlatformPolicy) -> frozenset[Risk]:
    return (_CHANGES & {*policy.allowed_classes, *policy.approval_classes}) - set(policy.blocked_classes)
