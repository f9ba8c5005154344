"""The form in which choices stand under a text, and what room it leaves for the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aof.domain.limits import Limit, PlatformLimits
from aof.domain.response import Action, ButtonsPart, Choice, ListPart, Part, TextPart
from aof.formatting.choices import buttons, described, line_of, numbered, rows
from aof.formatting.markup import Markup, item, literal, shown
from aof.texts import rendering
from aof.texts.language import Language

_LONGEST_LINE = 1 / 6
"""Of a message. Longer numbered lines are cut, so that a message has room for some of them."""


@dataclass(frozen=True, slots=True)
class Form:
    """A part but for its text."""

    room: Limit
    """What the text may take."""
    choices: tuple[Choice, ...]
    part: Callable[[str], Part]
    """The part with this text, which may be empty where there are choices."""
    stands_alone: bool = True
    """Whether the choices fit into one part, be it without text."""
    is_crowded: bool = False
    """Whether the choices take most of a message."""


def form_for(
    actions: Sequence[Action],
    limits: PlatformLimits,
    markup: Markup,
    language: Language,
    *,
    said: str = "",
    only_lines: bool = False,
) -> Form:
    """Buttons where all actions fit on them, else rows, else numbered lines: every action is a choice.

    A platform without rows shows what is said of its buttons above them, but for what `said` says already.
    """
    if not actions:
        return Form(limits.text, (), lambda text: TextPart(text=text))
    heading = rendering.choose_below(language)
    if not only_lines:
        pressed = buttons(actions, limits.buttons)
        block = _above(actions, limits, markup, said) if pressed is not None else ""
        if pressed is not None and block:
            return Form(
                replace(limits.body, most=limits.body.most - limits.body.size(shown(f"\n\n{block}", markup))),
                pressed,
                lambda text: ButtonsPart(text=f"{text}\n\n{block}" if text else f"{heading}\n{block}", buttons=pressed),
            )
        if pressed is not None:
            return Form(limits.body, pressed, lambda text: ButtonsPart(text=text or heading, buttons=pressed))
        chosen = rows(actions, limits.rows)
        if chosen is not None and limits.list_label is not None:
            label = limits.list_label.cut(rendering.choose(language))
            return Form(limits.body, chosen, lambda text: ListPart(text=text or heading, label=label, rows=chosen))
    return _lines(actions, limits.text, markup, language)


def _above(actions: Sequence[Action], limits: PlatformLimits, markup: Markup, said: str) -> str:
    if limits.rows is not None:
        return ""
    lines = [item(title, text, markup) for title, text in described(actions, limits.body, said)]
    block = "\n".join(lines)
    return block if limits.body.size(shown(block, markup)) <= limits.body.most * 2 // 3 else ""


def _lines(actions: Sequence[Action], limit: Limit, markup: Markup, language: Language) -> Form:
    choices = numbered(actions)
    longest = replace(limit, most=int(limit.most * _LONGEST_LINE))
    lines = [rendering.answer_with_a_number(language)]
    for number, choice in enumerate(choices, start=1):
        start = f"{number}. "
        lines.append(start + _cut_line(line_of(choice), replace(longest, most=longest.most - len(start)), markup))
    block = "\n".join(lines)
    size = limit.size(shown(f"\n\n{block}", markup))
    return Form(
        room=replace(limit, most=limit.most - size),
        choices=choices,
        part=lambda text: TextPart(text=f"{text}\n\n{block}" if text else block, numbered=choices),
        stands_alone=limit.allows(shown(block, markup)),
        is_crowded=size > limit.most * 2 // 3,
    )


def _cut_line(line: str, limit: Limit, markup: Markup) -> str:
    """The line in the platform's signs; what keeps signs from being marks counts too."""
    room = limit
    while (size := limit.size(shown(written := literal(room.cut(line), markup), markup))) > limit.most:
        room = replace(room, most=room.most - max(1, size - limit.most))
    return written
