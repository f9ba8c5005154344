"""Whom a text is meant for: commands and mentions, by what Telegram marked in it."""

import re
from dataclasses import dataclass

from aof.platforms.fields import Node, node_at, text_at, whole_at
from aof.platforms.telegram.parse.origin import Bot

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,64}(?:@(?P<bot>[A-Za-z0-9_]{1,64}))?(?=\s|$)")


@dataclass(slots=True)
class Words:
    """A text without the bot's name in it."""

    text: str
    for_us: bool = False
    """It is a command, or it names the bot."""
    for_another: bool = False
    """It is a command of another bot."""


def words_of(text: str, marks: list[Node], bot: Bot) -> Words:
    """What a text says, and to whom. `marks` count in UTF-16 units, as Telegram counts."""
    spans = {span for mark in marks if (span := _naming(text, mark, bot))}
    command = _COMMAND.match(text)
    if command and command["bot"]:
        if not bot.is_named(command["bot"]):
            return Words(text, for_another=True)
        spans.add((command.start("bot") - 1, command.end("bot")))
    # the name alone is a word to the bot as well
    said = (_without(text, spans) or text) if spans else text
    return Words(said, for_us=bool(command or spans))


def _naming(text: str, mark: Node, bot: Bot) -> tuple[int, int] | None:
    """The piece of a text that is the bot's name."""
    kind = text_at(mark, "type")
    if kind not in {"mention", "text_mention", "bot_command"}:
        return None
    start, end = _span(text, mark)
    if kind == "text_mention":
        return (start, end) if whole_at(node_at(mark, "user"), "id") == bot.id else None
    marked = text[start:end]
    at = marked.find("@")
    return (start + at, end) if at >= 0 and bot.is_named(marked[at:]) else None


def _span(text: str, mark: Node) -> tuple[int, int]:
    """Where a mark begins and ends, in characters."""
    offset, length = max(0, whole_at(mark, "offset")), max(0, whole_at(mark, "length"))
    if text.isascii():
        return offset, offset + length
    units = text.encode("utf-16-le", "surrogatepass")

    def characters(most_units: int) -> int:
        return len(units[: 2 * most_units].decode("utf-16-le", "replace"))

    return characters(offset), characters(offset + length)


def _without(text: str, spans: set[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        before, after = text[:start], text[end:]
        if not before or before[-1].isspace():
            after = after.lstrip(" ,:")
        if after[:1] in {"", "\n"}:
            before = before.rstrip(" ")
        text = before + after
    return text.strip()
