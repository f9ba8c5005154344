"""How values look on the page: times, texts from outside, the marks of a message."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from aof.formatting.tags import Tagged
from aof.web.operator.words import Words

_TURNS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e]")
"""Controls, and what turns the direction of the text behind it. Isolates end with their element and may stay."""
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_MARKS = (
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "b"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "i"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)
_TAGGED = "telegram:"
"""How the accounts begin whose messages have tags for marks."""
_TAGS = (
    (re.compile(r'\n?<pre>(?:<code class="[^"]*">)?'), "<code class=block>"),
    (re.compile(r"(?:</code>)?</pre>\n?"), "</code>"),
    (re.compile(r"\n?<blockquote>"), "<span class=quote>"),
    (re.compile(r"</blockquote>\n?"), "</span>"),
    (re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL), r"\2 (\1)"),
)
"""No link of a message leads away from the page: its address stands behind it."""
RECENT = timedelta(days=1)


def spelled(text: object) -> str:
    """A text from outside, in which no sign turns what stands around it."""
    return _TURNS.sub(lambda found: f"[U+{ord(found.group()):04X}]", str(text))


def line(text: object) -> str:
    """The same on one line, such as a name."""
    return _ISOLATES.sub("", " ".join(spelled(text).split()))


def marked(text: str, account: str = "") -> Markup:
    """A message with the marks that the phone shows where the account sends it; everything else in it is text."""
    if account.startswith(_TAGGED):
        return _tagged(text)
    pieces = []
    for number, piece in enumerate(_FENCE.split(spelled(text))):
        # a block stands on lines of its own
        kept = piece.strip("\n")
        pieces.append(f"<code class=block>{escape(kept)}</code>" if number % 2 else _inline(kept))
    return Markup("".join(pieces))  # noqa: S704 -- each piece of it was escaped


def _tagged(text: str) -> Markup:
    written = spelled(text)
    if Tagged.read(written) is None:
        return escape(written)
    for tag, instead in _TAGS:
        written = tag.sub(instead, written)
    return Markup(written)  # noqa: S704 -- its tags were read one by one, and it has no others


def _inline(text: str) -> str:
    pieces = []
    for number, piece in enumerate(_CODE.split(text)):
        written = str(escape(piece))
        if number % 2:
            pieces.append(f"<code>{written}</code>")
            continue
        for mark, tag in _MARKS:
            written = mark.sub(rf"<{tag}>\1</{tag}>", written)
        pieces.append(written)
    return "".join(pieces)


def moment(words: Words, now: datetime, at: datetime | None) -> Markup:
    """A time: relative where it is recent, and whole when it is pointed at."""
    if at is None:
        return Markup("")
    whole = f"{at:%Y-%m-%d %H:%M:%S} UTC"
    said = ago(words, now - at) if timedelta() <= now - at < RECENT else f"{at:%Y-%m-%d %H:%M} UTC"
    shape = Markup('<time datetime="{}" title="{}"><bdi>{}</bdi></time>')
    return shape.format(at.isoformat(timespec="seconds"), whole, said)


def ago(words: Words, span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for length, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= length:
            return str(getattr(words, f"ago_{unit}")(seconds // length))
    return words.ago_seconds(seconds)


def left(words: Words, span: timedelta) -> str:
    minutes = max(0, int(span.total_seconds()) // 60)
    return words.left_hours(minutes // 60) if minutes >= 120 else words.left_minutes(minutes)


def span(of: timedelta) -> str:
    """A short time, as a figure."""
    seconds = max(0.0, of.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


FILTERS: Mapping[str, Callable[..., Any]] = {"spelled": spelled, "line": line, "marked": marked, "span": span}
