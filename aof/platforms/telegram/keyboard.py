"""Choices as an inline keyboard."""

from collections.abc import Iterator, Sequence
from typing import Any
from unicodedata import east_asian_width

from aof.domain.errors import SendRefused
from aof.domain.response import Choice, Style
from aof.platforms.telegram.limits import BUTTONS_A_ROW, LIMITS

_ROW_WIDTH = 36
"""Letters that a narrow phone shows in a row, the room between the buttons counted; known from use."""
_AROUND = 2
"""Letters' worth of room around a title."""
_STYLES: dict[Style, str] = {"good": "success", "danger": "danger"}


def keyboard(choices: Sequence[Choice]) -> dict[str, Any]:
    """The choices in their order; none of them takes a keyboard away.

    Raises:
        SendRefused: There are more than Telegram takes.
    """
    if LIMITS.buttons is not None and len(choices) > LIMITS.buttons.most:
        raise SendRefused(f"Telegram shows at most {LIMITS.buttons.most} buttons under a message")
    return {"inline_keyboard": [[_button(choice) for choice in row] for row in _rows(choices)]}


def _rows(choices: Sequence[Choice]) -> Iterator[list[Choice]]:
    row: list[Choice] = []
    widest = 0
    for choice in choices:
        # the buttons of a row are all as wide as its widest
        needed = max(widest, _width(choice.title) + _AROUND)
        if row and (needed * (len(row) + 1) > _ROW_WIDTH or len(row) == BUTTONS_A_ROW):
            yield row
            row, needed = [], _width(choice.title) + _AROUND
        row.append(choice)
        widest = needed
    if row:
        yield row


def _width(title: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in title)


def _button(choice: Choice) -> dict[str, str]:
    button = {"text": choice.title, "callback_data": choice.id}
    style = _STYLES.get(choice.style)
    return {**button, "style": style} if style else button
