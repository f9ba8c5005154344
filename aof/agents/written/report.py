"""What a person reads about a runbook: one line a step, and short pieces of what was printed."""

from collections.abc import Sequence

from aof.agents.written.progress import Outcome, Progress
from aof.agents.written.runbook import replaced
from aof.domain.response import Response, Status
from aof.texts import runbooks as texts
from aof.texts.language import Language
from aof.texts.machine_words import fenced, named

MOST_CHARACTERS = 3_000
"""Of all that programs printed; WhatsApp takes 4,096 a message, and the lines need room."""

NOTHING = "it printed nothing"
"""What tools say of an empty output; the sign before the line says as much."""


def report(progress: Progress, language: Language) -> Response:
    """When no step is left to take."""
    runbook, outcomes = progress.runbook, progress.outcomes
    title = runbook.title(language)
    steps = {step.id: step for step in runbook.steps}
    failing = [one for one in outcomes if one.state != "done"]
    stops = next((one for one in failing if not one.lets_go_on(steps[one.step])), None)
    if stops is not None:
        first, status = texts.stopped(language, title, step=stops.step), Status.FAILED
    elif failing:
        failed = [one.step for one in failing]
        first, status = texts.went_through(language, title, failed=failed), Status.WARNING
    else:
        first, status = texts.went_well(language, title, steps=len(outcomes)), Status.OK
    own = "" if stops else replaced(runbook.response, lambda name: named(language, progress.values[name]))
    text = "\n\n".join(filter(None, (first, own, told(outcomes, language))))
    offered = (offer.action(progress.values) for offer in runbook.actions)
    return Response(text=text, status=status, actions=tuple(filter(None, offered)))


def told(outcomes: Sequence[Outcome], language: Language) -> str:
    """One line a step. Steps with nothing to show stand together, the others with their output below them."""
    shown = _shares([_printed(one) for one in outcomes])
    blocks: list[str] = []
    lines: list[str] = []
    for one, piece in zip(outcomes, shown, strict=True):
        lines.append(texts.line(language, one.state, step=one.step, argv=one.argv, how=_how(one, language)))
        if piece:
            blocks += ["\\\n".join(lines), fenced(piece)]
            lines = []
    return "\n\n".join([*blocks, "\\\n".join(lines)] if lines else blocks)


def _printed(outcome: Outcome) -> str:
    text = outcome.text.strip() if outcome.state in {"done", "failed"} else ""
    return "" if text == NOTHING else text


def _how(outcome: Outcome, language: Language) -> str:
    match outcome.state:
        case "unknown":
            return texts.unknown(language)
        case "withheld":
            return texts.not_run(language, outcome.text)
        case _ if outcome.exit_code is None:
            return texts.failed(language)
        case _:
            return texts.exited(language, outcome.exit_code)


def _shares(printed: Sequence[str]) -> list[str]:
    """Each as long as it is where that fits; else the long ones get the same room, and show their ends."""
    left, open_ = MOST_CHARACTERS, len(printed)
    room = {}
    for at in sorted(range(len(printed)), key=lambda at: len(printed[at])):
        room[at] = min(len(printed[at]), left // open_)
        left, open_ = left - room[at], open_ - 1
    return [
        text if len(text) <= room[at] else "…" + text[len(text) - room[at] + 1 :] for at, text in enumerate(printed)
    ]
