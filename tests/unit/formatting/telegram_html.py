"""Telegram's HTML, read as strictly as it can be: what it would refuse, drop or show otherwise is an error here."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)([a-z]+)((?: [^<>]*)?)>")
_RUN = re.compile(r"[^<>&]+")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_PLAIN = frozenset({"b", "i", "s", "u", "code", "pre", "blockquote"})
_ADDRESS = re.compile(r' href="((?:https?|mailto|tel|tg):(?:[^"<>&]|&(?:amp|lt|gt|quot);)*)"', re.IGNORECASE)
_LANGUAGE = re.compile(r' class="language-([A-Za-z0-9_+#.-]+)"')


class Malformed(AssertionError):
    """Telegram answers 400 to it, or shows something else."""


@dataclass(frozen=True)
class Entity:
    """A tag over some of what is shown."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Html:
    """What is shown, and the tags over it in the order in which they end."""

    text: str
    entities: tuple[Entity, ...]

    def under(self, kind: str) -> list[str]:
        """The texts under each tag of a kind, in order."""
        found = sorted((entity for entity in self.entities if entity.kind == kind), key=lambda one: one.start)
        return [self.text[entity.start : entity.end] for entity in found]


def read_html(html: str) -> Html:
    """The text and its entities.

    Raises:
        Malformed: It is not what the platform takes.
    """
    shown = ""
    opened: list[tuple[str, int, str]] = []
    entities: list[Entity] = []
    position = 0
    while position < len(html):
        sign = html[position]
        if sign == "<":
            tag = _TAG.match(html, position)
            if tag is None:
                raise Malformed(f"a bare < at {position}: {html!r}")
            position = tag.end()
            closes, name, attributes = tag.groups()
            if closes:
                if attributes or not opened or opened[-1][0] != name:
                    raise Malformed(f"{tag.group()} closes nothing: {html!r}")
                kind, start, value = opened.pop()
                if not shown[start:].strip():
                    raise Malformed(f"{name} shows nothing: {html!r}")
                entities.append(Entity(kind, start, len(shown), value))
            else:
                value = _value(name, attributes, [around for around, *_ in opened], html)
                if name == "code" and opened and opened[-1][0] == "pre" and opened[-1][1] != len(shown):
                    raise Malformed(f"code inside pre: {html!r}")
                opened.append((name, len(shown), value))
        elif sign == "&":
            entity = html[position : html.find(";", position) + 1]
            if entity not in _ENTITIES:
                raise Malformed(f"a bare & at {position}: {html!r}")
            shown += _ENTITIES[entity]
            position += len(entity)
        elif sign == ">":
            raise Malformed(f"a bare > at {position}: {html!r}")
        else:
            run = _RUN.match(html, position)
            assert run is not None
            shown += run.group()
            position = run.end()
    if opened:
        raise Malformed(f"{opened} is never closed: {html!r}")
    return Html(shown, tuple(entities))


def _value(name: str, attributes: str, around: list[str], html: str) -> str:
    inside_pre = bool(around) and around[-1] == "pre"
    if "code" in around or (inside_pre and name != "code") or (name == "pre" and around):
        raise Malformed(f"{name} inside {around}: {html!r}")
    if name == "code" and not inside_pre and any(one != "blockquote" for one in around):
        raise Malformed(f"code inside {around}: {html!r}")
    if name in ("a", "blockquote") and name in around:
        raise Malformed(f"{name} inside {around}: {html!r}")
    if name == "a":
        address = _ADDRESS.fullmatch(attributes)
        if address is None:
            raise Malformed(f"no address: {attributes}")
        return address[1]
    if name == "code" and inside_pre:
        language = _LANGUAGE.fullmatch(attributes)
        if language is None:
            raise Malformed(f"no language: {attributes}")
        return language[1]
    if name not in _PLAIN or attributes:
        raise Malformed(f"unknown tag {name}{attributes}: {html!r}")
    return ""
