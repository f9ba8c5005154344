"""Actions become the choices of one form: buttons, rows, or numbered lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import count

from aof.domain.limits import ChoiceLimits, Limit
from aof.domain.response import Action, Choice
from aof.formatting.characters import balanced, one_line

_SUBSTITUTE = "~"
_DIGITS = 20
_BETWEEN = " — "
_AROUND = 12
"""Bytes around a title and a description on one line, at most."""
_LEAST_OF_A_DESCRIPTION = 8
"""A shorter rest of a description says nothing."""


def buttons(actions: Sequence[Action], limits: ChoiceLimits | None) -> tuple[Choice, ...] | None:
    """The actions as buttons, or None where one of them doesn't fit with its whole title. Descriptions don't show."""
    if limits is None or not 0 < len(actions) <= limits.most:
        return None
    if not all(limits.title.allows(title_of(action)) for action in actions):
        return None
    titles = _distinct([title_of(action) for action in actions], limits.title)
    ids = _wire_ids(actions, limits.id)
    if ids is None:
        return None
    return tuple(
        Choice(id=wire_id, title=title, action_id=action.id, style=action.style)
        for wire_id, title, action in zip(ids, titles, actions, strict=True)
    )


def rows(actions: Sequence[Action], limits: ChoiceLimits | None) -> tuple[Choice, ...] | None:
    """The actions as rows, or None where one doesn't fit. A cut title stands whole in the row's description."""
    if limits is None or not 0 < len(actions) <= limits.most:
        return None
    ids = _wire_ids(actions, limits.id)
    titles = _distinct([title_of(action) for action in actions], limits.title)
    if ids is None:
        return None
    choices = []
    for wire_id, title, action in zip(ids, titles, actions, strict=True):
        description = _row_description(title, action, limits.description)
        if description is None:
            return None
        choices.append(
            Choice(id=wire_id, title=title, description=description, action_id=action.id, style=action.style)
        )
    return tuple(choices)


def numbered(actions: Sequence[Action]) -> tuple[Choice, ...]:
    """The actions as lines that show everything whole."""
    ids = _wire_ids(actions, None) or []
    return tuple(
        Choice(
            id=wire_id,
            title=title_of(action),
            description=one_line(action.description),
            action_id=action.id,
            style=action.style,
        )
        for wire_id, action in zip(ids, actions, strict=True)
    )


def described(actions: Sequence[Action], limit: Limit, said: str) -> list[tuple[str, str]]:
    """Titles and descriptions for lines above buttons, which show none: of those actions that have one, but for what is
    said in the text already. None at all where they would take more than half of the limit.
    """
    pairs = [(title_of(action), one_line(action.description)) for action in actions]
    pairs = [(title, words) for title, words in pairs if words and words != title and words not in said]
    room = limit.most // 2 // len(pairs) - _AROUND if pairs else 0
    if any(room - limit.size(title) < min(_LEAST_OF_A_DESCRIPTION, limit.size(words)) for title, words in pairs):
        return []
    return [(title, _cut(words, replace(limit, most=room - limit.size(title)))) for title, words in pairs]


def title_of(action: Action) -> str:
    """The title as plain text on one line; an action whose title shows nothing is called by its id."""
    return one_line(action.title) or one_line(action.id) or "?"


def line_of(choice: Choice) -> str:
    """Title and description of a numbered line."""
    return f"{choice.title}{_BETWEEN}{choice.description}" if choice.description else choice.title


def _row_description(title: str, action: Action, limit: Limit | None) -> str | None:
    """None where a title that was cut can't be shown whole beside it."""
    whole, own = title_of(action), one_line(action.description)
    is_whole = title == whole or title.startswith(f"{whole} ")
    if limit is None:
        return "" if is_whole else None
    if is_whole:
        return _cut(own, limit)
    if not limit.allows(whole):
        return None
    room = limit.most - limit.size(whole + _BETWEEN)
    if not own or (room < _LEAST_OF_A_DESCRIPTION and limit.size(own) > room):
        return whole
    return f"{whole}{_BETWEEN}{_cut(own, replace(limit, most=room))}"


def _distinct(titles: Sequence[str], limit: Limit) -> list[str]:
    """The titles cut to the limit; one that is equal to an earlier title has a number behind it."""
    distinct: list[str] = []
    for whole in titles:
        title = _cut(whole, limit)
        for number in count(2):
            if title not in distinct:
                break
            ending = f" {number}"
            title = _cut(whole, replace(limit, most=limit.most - limit.size(ending))) + ending
        distinct.append(title)
    return distinct


def _cut(text: str, limit: Limit) -> str:
    return text if limit.allows(text) else balanced(limit.cut(text))


def _wire_ids(actions: Sequence[Action], limit: Limit | None) -> list[str] | None:
    """What travels for each action: its own id, else a token of it. None where the limit is too short even for tokens.

    Two actions with one id are two choices that mean the same; the second one travels as a token. An id that looks
    like a token becomes one itself, so that none can pass for another's.
    """
    ids: list[str] = []
    for action in actions:
        wire_id = action.id
        if not _travels(wire_id, limit) or wire_id in ids:
            wire_id = next(token for token in _tokens(action.id) if token not in ids)
            if limit is not None and not limit.allows(wire_id):
                return None
        ids.append(wire_id)
    return ids


def _travels(wire_id: str, limit: Limit | None) -> bool:
    fits = limit is None or limit.allows(wire_id)
    return fits and wire_id == wire_id.strip() and wire_id.isprintable() and not wire_id.startswith(_SUBSTITUTE)


def _tokens(action_id: str) -> Iterator[str]:
    for number in count():
        source = f"{action_id}\0{number}" if number else action_id
        yield _SUBSTITUTE + sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
