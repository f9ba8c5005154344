"""Text with entities, as Telegram keeps it: offsets and lengths in UTF-16 code units."""

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?\b")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}\b")),
    ("url", re.compile(r"(?<![\w@])https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}']")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("email", re.compile(r"(?<![\w@])[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b")),
)
"""What Telegram finds in any text by itself, but for phone numbers and the like."""
ALL_KINDS = frozenset(
    {
        *_TAGS,
        *(kind for kind, _ in _FOUND),
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "cashtag",
        "phone_number",
        "date_time",
    }
)


def units(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sliced(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def found_in(text: str, taken: Iterable[Json] = ()) -> list[Json]:
    """The entities of a text: those given, and commands, mentions, addresses and hashtags beside them."""
    entities = list(taken)
    covered = [(one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in _CLOSED]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match[0])
            if all(start + length <= begin or start >= end for begin, end in covered):
                covered.append((start, start + length))
                entities.append({"type": kind, "offset": start, "length": length})
    return ordered(entities)


_CLOSED = frozenset({"code", "pre", "text_link", "text_mention"})
"""Kinds in which nothing is found."""


def ordered(entities: Iterable[Json]) -> list[Json]:
    """The outer one before the inner."""
    return sorted(entities, key=lambda one: (one["offset"], -one["length"]))


def trimmed(text: str, entities: Sequence[Json]) -> tuple[str, list[Json]]:
    """Without white space at both ends, which Telegram takes away."""
    lead = units(text[: len(text) - len(text.lstrip())])
    stripped = text.strip()
    size = units(stripped)
    kept = []
    for one in entities:
        start = max(0, one["offset"] - lead)
        end = min(size, one["offset"] + one["length"] - lead)
        if end > start:
            kept.append(one | {"offset": start, "length": end - start})
    return stripped, kept


def as_html(text: str, entities: Sequence[Json]) -> str:
    """The text with its markup; sound by itself whatever the entities are."""
    raw = text.encode("utf-16-le", "surrogatepass")
    size = len(raw) // 2
    cuts = {0, size}
    for one in entities:
        cuts |= {min(one["offset"], size), min(one["offset"] + one["length"], size)}
    points = sorted(cuts)
    written: list[str] = []
    open_now: list[Json] = []
    for start, end in itertools.pairwise(points):
        wanted = [one for one in ordered(entities) if one["offset"] <= start and one["offset"] + one["length"] >= end]
        shared = 0
        while shared < min(len(open_now), len(wanted)) and open_now[shared] is wanted[shared]:
            shared += 1
        written += [_tags(one)[1] for one in reversed(open_now[shared:])]
        written += [_tags(one)[0] for one in wanted[shared:]]
        open_now = wanted
        written.append(html.escape(raw[2 * start : 2 * end].decode("utf-16-le", "replace"), quote=False))
    written += [_tags(one)[1] for one in reversed(open_now)]
    return "".join(written)


def _tags(one: Json) -> tuple[str, str]:
    kind = one["type"]
    if kind in _TAGS:
        return f"<{_TAGS[kind]}>", f"</{_TAGS[kind]}>"
    if kind == "pre":
        language = one.get("language")
        if language:
            return f'<pre><code class="language-{html.escape(language)}">', "</code></pre>"
        return "<pre>", "</pre>"
    if kind == "text_link":
        return f'<a href="{html.escape(one.get("url", ""))}">', "</a>"
    return "", ""
