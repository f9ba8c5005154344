"""Telegram's HTML, read as strictly as Telegram reads it."""

import re
from dataclasses import dataclass
from typing import Any

from aof.simulator.telegram.entities import units
from aof.simulator.telegram.refusals import bad

Json = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"\s+([a-zA-Z0-9_-]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>/]+))?")
_HARMLESS_URL = re.compile(
    r"(https?|tg|ton|mailto|tel)://?\S+|[\w-]+(\.[\w-]+)+(/\S*)?|mailto:\S+|tel:\S+", re.IGNORECASE
)


@dataclass(slots=True)
class _Open:
    """A tag that has begun."""

    name: str
    offset: int
    """In UTF-16 code units of the text so far."""
    position: int
    """In the text so far."""
    attributes: dict[str, str]


def read_html(written: str) -> tuple[str, list[Json]]:
    """The text without its tags, and the entities that they were.

    Raises:
        Refused: A tag is unknown, wrong, unclosed or crossed.
    """
    text = ""
    size = 0
    entities: list[Json] = []
    tags: list[_Open] = []
    at = 0
    while at < len(written):
        mark = min(
            (found for found in (written.find("<", at), written.find("&", at)) if found >= 0), default=len(written)
        )
        text, size = text + written[at:mark], size + units(written[at:mark])
        at = mark
        if at == len(written):
            break
        if written[at] == "&":
            sign, at = _reference(written, at)
            text, size = text + sign, size + units(sign)
        elif written.startswith("</", at):
            at = _end(written, at, text, size, tags, entities)
        else:
            at = _start(written, at, text, size, tags)
    if tags:
        raise _wrong(f'Can\'t find end tag corresponding to start tag "{tags[-1].name}"')
    return text, _within_rules(entities)


def _wrong(words: str) -> Exception:
    return bad(f"can't parse entities: {words}", "text")


def _place(written: str, at: int) -> int:
    return len(written[:at].encode("utf-8", "surrogatepass"))


def _reference(written: str, at: int) -> tuple[str, int]:
    found = _REFERENCE.match(written, at)
    if found is None:
        return "&", at + 1
    decimal, hexadecimal, named = found.groups()
    if named:
        return _NAMED[named], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if not 0 < code < 0x10FFFF or 0xD800 <= code < 0xE000:
        return "&", at + 1
    return chr(code), found.end()


def _start(written: str, at: int, text: str, size: int, tags: list[_Open]) -> int:
    place = _place(written, at)
    named = _NAME.match(written, at + 1)
    name = named[0].lower() if named else ""
    if name not in _KINDS:
        raise _wrong(f'Unsupported start tag "{name}" at byte offset {place}')
    end = at + 1 + len(name)
    attributes: dict[str, str] = {}
    while (found := _ATTRIBUTE.match(written, end)) is not None:
        value = found[2] or ""
        if value[:1] in {'"', "'"}:
            value = value[1:-1]
        attributes[found[1].lower()] = _REFERENCE.sub(lambda one: _reference(one[0], 0)[0], value)
        end = found.end()
    end += len(written[end:]) - len(written[end:].lstrip())
    if not written.startswith(">", end):
        raise _wrong(f"Unclosed start tag at byte offset {place}")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {place}')
    if name == "tg-emoji" and not attributes.get("emoji-id", "").isdecimal():
        raise _wrong(f'Tag "tg-emoji" must have a valid "emoji-id" at byte offset {place}')
    tags.append(_Open(name, size, len(text), attributes))
    return end + 1


def _end(written: str, at: int, text: str, size: int, tags: list[_Open], entities: list[Json]) -> int:
    place = _place(written, at)
    if not tags:
        raise _wrong(f"Unexpected end tag at byte offset {place}")
    close = written.find(">", at)
    name = written[at + 2 : close if close >= 0 else None].strip().lower()
    if close < 0:
        raise _wrong(f"Unclosed end tag at byte offset {place}")
    tag = tags.pop()
    if name and name != tag.name:
        raise _wrong(f'Unmatched end tag at byte offset {place}, expected "</{tag.name}>", found "</{name}>"')
    if size > tag.offset:
        entity = _entity(tag, text[tag.position :])
        if entity is not None:
            entities.append(entity | {"offset": tag.offset, "length": size - tag.offset})
    return close + 1


def _entity(tag: _Open, inside: str) -> Json | None:
    kind = _KINDS[tag.name]
    match tag.name:
        case "a":
            url = tag.attributes.get("href") or inside
            return {"type": kind, "url": url} if _HARMLESS_URL.fullmatch(url) else None
        case "tg-emoji":
            return {"type": kind, "custom_emoji_id": tag.attributes["emoji-id"]}
        case "tg-time":
            seconds = tag.attributes.get("unix", "")
            return {"type": kind, "unix_time": int(seconds)} if seconds.isdecimal() else None
        case "blockquote" if "expandable" in tag.attributes:
            return {"type": "expandable_blockquote"}
        case "code" if (named := tag.attributes.get("class", "")).startswith("language-"):
            return {"type": kind, "language": named.removeprefix("language-")}
    return {"type": kind}


def _within_rules(entities: list[Json]) -> list[Json]:
    """`pre` takes the language of the code in it, and neither it nor code has anything else inside; quotes have no
    quotes in them.
    """
    kept: list[Json] = []
    for one in sorted(entities, key=lambda one: (one["offset"], -one["length"], one["type"] != "pre")):
        around = [
            outer
            for outer in kept
            if outer["offset"] <= one["offset"] and one["offset"] + one["length"] <= outer["offset"] + outer["length"]
        ]
        pre = next((outer for outer in around if outer["type"] == "pre"), None)
        if pre is not None:
            if one["type"] == "code" and "language" in one and one["length"] == pre["length"]:
                pre["language"] = one["language"]
            continue
        if any(outer["type"] == "code" for outer in around):
            continue
        quotes = {"blockquote", "expandable_blockquote"}
        if one["type"] in quotes and any(outer["type"] in quotes for outer in around):
            continue
        kept.append({key: value for key, value in one.items() if key != "language" or one["type"] == "pre"})
    return [{key: one[key] for key in ("type", "offset", "length", *one) if key in one} for one in kept]
