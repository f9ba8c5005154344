"""What a file says about a tool that runs programs, and what it makes of a command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aof.tools.base import CallRefused, Context
from aof.tools.programs.words import Words, covers, may_name, names


@dataclass(frozen=True, slots=True)
class Verbs:
    """Which verbs of a program an agent may use; a blocked one stays blocked though it is allowed too."""

    allowed: tuple[str, ...] | None = None
    """Verbs as they are written, `get` or `rollout status`; None: all."""
    blocked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Of one tool."""

    allowed_commands: tuple[str, ...] | None = None
    blocked_commands: tuple[str, ...] = ()
    working_directory: str = ""
    timeout_seconds: float = 60.0
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    verbs: Mapping[str, Verbs] = field(default_factory=dict)
    """By the name of a tool or of a program."""


def check(argv: Sequence[str], words: Words, settings: Settings, context: Context, *, tool: str) -> None:
    """Refuse what a file does not let this agent, or anybody in this context, run.

    Raises:
        CallRefused: With the sentence.
    """
    shown = " ".join((words.program, *words.sure[:2]))
    for name in dict.fromkeys((tool, words.program)):
        rule = settings.verbs.get(name)
        if rule is None:
            continue
        if any(may_name(entry, words) or covers(entry, argv, words, surely=False) for entry in rule.blocked):
            raise CallRefused(f"{shown} is blocked by tool_restrictions")
        if rule.allowed is not None and not any(
            names(entry, words) or covers(entry, argv, words, surely=True) for entry in rule.allowed
        ):
            raise CallRefused(f"tool_restrictions allow only {_listed(rule.allowed)} of {name}, with the verb in front")
    for allowed, blocked, owner in (
        (settings.allowed_commands, settings.blocked_commands, "this agent"),
        (context.allowed_commands, context.blocked_commands, f"context {context.name}"),
    ):
        if any(covers(entry, argv, words, surely=False) for entry in blocked):
            raise CallRefused(f"{shown} is blocked for {owner}")
        if allowed is not None and not any(covers(entry, argv, words, surely=True) for entry in allowed):
            raise CallRefused(f"{shown} is not among the commands of {owner}: {_listed(allowed)}")


def _listed(entries: Sequence[str]) -> str:
    return ", ".join(entries) or "nothing"
