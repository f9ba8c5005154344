"""Next steps that an agent offers inside its text."""

from collections.abc import Iterator, Sequence
from itertools import count

import regex

from aof.domain.response import Action, Response
from aof.formatting.characters import one_line
from aof.formatting.markup import Markup, blocks_of_code, convert

_LABEL = r"(?<!\\)\[(?!\^)(?P<label>[^\[\]\n]+)\](?![(:])"
_LABELS = regex.compile(rf"[ ]{{0,3}}(?:{_LABEL}[ \t]*)+")
_BLOCK_TITLE = regex.compile(r"[ ]{0,3}[*_]{0,2}actions:[*_]{0,2}[ \t]*", regex.IGNORECASE)
_BLOCK_LINE = regex.compile(r"\s*(?:[-*+][ \t]+)?`?(?P<id>[\w./-]*\w)`?:[ \t]+(?P<label>\S.*)")
_DEFINITION = regex.compile(r"^ {0,3}\[(?P<label>[^\[\]\n]+)\]:[ \t]*\S", regex.MULTILINE)
_LETTER = regex.compile(r"\p{L}")
_NO_WORD = regex.compile(r"[^\p{L}\p{N}\p{M}]+")
_CHECKBOXES = frozenset({"", "x"})

_MOST_OFFERED = 100
"""Nobody offers more next steps than that; what looks like more stays text, as it was written."""


def with_offered_actions(response: Response) -> Response:
    """The response with its text's last line `[View Logs] [Describe Pod]`, or the `id: Label` lines under a last
    `actions:`, as actions. Without such lines, or with actions of its own, it stays as it is.

    Ids of labels are slugs (`view_logs`), distinct by a number. An offered id has no colon, so it is never one of
    the daemon's own (`appr:`, `menu:`). Code, links, references and checkboxes are no offers.
    """
    if response.actions:
        return response
    lines = response.text.rstrip().split("\n")
    offered, first = _block(lines) or _last_line(lines, response.text) or ((), len(lines))
    if not offered or any(start < len(lines) and end > first for start, end in blocks_of_code(response.text)):
        return response
    return response.model_copy(update={"text": "\n".join(lines[:first]).rstrip(), "actions": _actions(offered)})


Offered = tuple[tuple[str, str], ...]
"""Pairs of id and title."""


def _last_line(lines: Sequence[str], text: str) -> tuple[Offered, int] | None:
    line = lines[-1]
    match = _LABELS.fullmatch(line)
    if match is None:
        return None
    labels = [label.strip() for label in match.captures("label")]
    if len(labels) > _MOST_OFFERED:
        return None
    defined = {definition["label"].strip().casefold() for definition in _DEFINITION.finditer(text)}
    if any(label.casefold() in _CHECKBOXES | defined or not _LETTER.search(label) for label in labels):
        return None
    titles = [convert(label, Markup.PLAIN) for label in labels]
    return tuple((_slug(title), title) for title in titles), len(lines) - 1


def _block(lines: Sequence[str]) -> tuple[Offered, int] | None:
    offered: list[tuple[str, str]] = []
    for index in range(len(lines) - 1, -1, -1):
        if offered and _BLOCK_TITLE.fullmatch(lines[index]):
            return tuple(reversed(offered)), index
        match = _BLOCK_LINE.fullmatch(lines[index])
        if match is None or len(offered) == _MOST_OFFERED:
            return None
        offered.append((match["id"], convert(match["label"], Markup.PLAIN)))
    return None


def _slug(title: str) -> str:
    return _NO_WORD.sub("_", title.casefold()).strip("_")


def _actions(offered: Offered) -> tuple[Action, ...]:
    actions: dict[str, Action] = {}
    for wanted, title in offered:
        distinct = next(name for name in _numbered(wanted) if name not in actions)
        actions[distinct] = Action(id=distinct, title=one_line(title) or distinct)
    return tuple(actions.values())


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        yield f"{name}_{number}"
