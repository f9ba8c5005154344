"""What people read while a long run is under way."""

from collections.abc import Sequence
from datetime import timedelta

from aof.texts.calls import exactly
from aof.texts.language import Language, isolated, said

MOST_COMMAND = 200
"""Characters of a command: what decides about it shows it whole, this tells only that it runs."""


def doing(language: Language, commands: Sequence[str], passed: timedelta, *, thinks: bool) -> str:
    """What a run is doing now and how long it has taken; plain text.

    Args:
        commands: What runs now, as it is shown; none: the agent itself is at work.
        thinks: A model is.
    """
    shown = ", ".join(command if language is Language.ENGLISH else isolated(command) for command in commands)
    time = _time(language, passed)
    if shown:
        return said(language, en=f"⏳ Running: {shown} · {time}", ar=f"⏳ قيد التنفيذ: {shown} · {time}")
    if thinks:
        return said(language, en=f"⏳ Thinking · {time}", ar=f"⏳ أفكّر · {time}")
    return said(language, en=f"⏳ Working on it · {time}", ar=f"⏳ قيد العمل · {time}")


def command(argv: Sequence[str]) -> str:
    """A command in a line of progress."""
    shown = exactly(argv)
    return shown if len(shown) <= MOST_COMMAND else shown[: MOST_COMMAND - 1] + "…"


def _time(language: Language, passed: timedelta) -> str:
    minutes, seconds = divmod(int(passed.total_seconds()), 60)
    if not minutes:
        return said(language, en=f"{seconds} s", ar=f"{seconds} ث")
    return said(
        language,
        en=f"{minutes} min {seconds} s" if seconds else f"{minutes} min",
        ar=f"{minutes} د {seconds} ث" if seconds else f"{minutes} د",
    )
