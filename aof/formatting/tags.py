"""Telegram's HTML: what it shows, and the tags over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import regex

from aof.formatting.inline import LINKED

_TOKEN = regex.compile(
    r'(?P<opener><pre><code class="language-[A-Za-z0-9_+#.-]+">'
    r'|<a href="(?P<address>(?:[^"<>&]|&(?:amp|lt|gt|quot);)*)">'
    r"|<(?:b|i|u|s|code|pre|blockquote)>)"
    r"|(?P<closer></code></pre>|</(?:a|b|i|u|s|code|pre|blockquote)>)"
    r"|(?P<entity>&(?:amp|lt|gt);)"
    r"|[<>&]"
)
_TAG = regex.compile(r"</?(?:a|b|i|u|s|code|pre|blockquote)(?: [^<>]*)?>")
_SIGNS = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


def escaped(text: str) -> str:
    """Plain text, none of whose signs opens a tag or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def opener_of_link(address: str) -> str:
    """The tag of a link."""
    return '<a href="{}">'.format(escaped(address).replace('"', "&quot;"))


def closer_of(opener: str) -> str:
    """The end of what a tag opened."""
    if opener.startswith("<pre><code"):
        return "</code></pre>"
    return "</a>" if opener.startswith("<a ") else f"</{opener[1:]}"


def untagged(text: str) -> str:
    """What a well-formed text shows."""
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text


@dataclass(slots=True)
class Tag:
    """A tag over some of what is shown."""

    start: int
    end: int
    opener: str

    @property
    def is_code(self) -> bool:
        """Whether it holds text alone."""
        return self.opener.startswith(("<pre", "<code"))


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a text shows, and its tags from the outermost to the innermost."""

    text: str
    tags: tuple[Tag, ...]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The text as Telegram reads it; None where it would refuse it, or drop a tag or an address from it."""
        shown: list[str] = []
        tags: list[Tag] = []
        opened: list[Tag] = []
        size = end = 0
        for token in _TOKEN.finditer(text):
            shown.append(text[end : token.start()])
            size += token.start() - end
            end = token.end()
            if token["entity"]:
                shown.append(_SIGNS[token["entity"]])
                size += 1
            elif token["opener"]:
                tag = Tag(size, -1, token["opener"])
                if not _may_open(tag, token["address"], opened):
                    return None
                tags.append(tag)
                opened.append(tag)
            elif not token["closer"] or not opened or closer_of(opened[-1].opener) != token["closer"]:
                return None
            else:
                opened.pop().end = size
        shown.append(text[end:])
        return None if opened else cls("".join(shown), tuple(tags))

    def between(self, start: int, end: int) -> str:
        """What is shown between two positions, with the tags over it."""
        return "".join(self._written(start, end))

    def _written(self, start: int, end: int) -> Iterator[str]:
        opened: list[Tag] = []
        at = start
        for tag in self.tags:
            first, last = max(tag.start, start), min(tag.end, end)
            if first >= last:
                continue
            while opened and opened[-1].end <= first:
                yield escaped(self.text[at : min(opened[-1].end, end)])
                at = min(opened[-1].end, end)
                yield closer_of(opened.pop().opener)
            yield escaped(self.text[at:first])
            yield tag.opener
            at = first
            opened.append(tag)
        while opened:
            last = min(opened[-1].end, end)
            yield escaped(self.text[at:last])
            yield closer_of(opened.pop().opener)
            at = last
        yield escaped(self.text[at:end])


def _may_open(tag: Tag, address: str | None, opened: list[Tag]) -> bool:
    if any(around.is_code for around in opened):
        return False
    if address is not None and not LINKED.match(address):
        return False
    if tag.opener.startswith("<pre") and opened:
        return False
    if tag.opener == "<code>" and any(around.opener != "<blockquote>" for around in opened):
        return False
    alone = ("<a", "<blockquote")
    return not any(
        tag.opener.startswith(kind) and around.opener.startswith(kind) for kind in alone for around in opened
    )
