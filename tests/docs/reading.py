"""The pages as a reader meets them: their links, headings and code blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.docs.pages.source import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
"""Every page of the project."""

_MARK = re.compile(r"<!-- (not run|file): (.+?) -->\s*")
_NO_LETTER = re.compile(r"[^\w\- ]")
_ANCHOR = re.compile(r'<a (?:id|name)="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block."""

    page: Path
    line: int
    language: str
    text: str
    file: str = ""
    """The file that it stands for, from `<!-- file: NAME -->` before it."""
    not_run: str = ""
    """Why no test can do what it says, from `<!-- not run: REASON -->` before it."""

    @property
    def commands(self) -> list[str]:
        """What is typed at a prompt, one command a line; what a program prints is left out."""
        joined = self.text.replace("\\\n", " ")
        return [line.removeprefix("$ ") for line in joined.splitlines() if line.startswith("$ ")]


def name(page: Path) -> str:
    """How tests call a page."""
    return str(page.relative_to(ROOT))


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """The page, parsed as CommonMark with tables."""
    return tuple(MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8")))


def blocks(page: Path) -> Iterator[Block]:
    """Every fenced block, with the mark that stands before it."""
    marks: dict[str, str] = {}
    for token in tokens(page):
        if token.type == "html_block":
            marks = dict(_MARK.findall(token.content))
        elif token.type == "fence":
            assert token.map is not None
            yield Block(
                page,
                token.map[0] + 1,
                token.info.strip(),
                token.content,
                file=marks.get("file", ""),
                not_run=marks.get("not run", ""),
            )
            marks = {}
        elif token.nesting >= 0 and token.type != "inline":
            marks = {}


def every_block() -> list[Block]:
    """Of all pages."""
    return [block for page in PAGES for block in blocks(page)]


def file_of(page: Path, called: str) -> str:
    """The text of the block that stands for a file."""
    (found,) = [block.text for block in blocks(page) if block.file == called]
    return found


def links(page: Path) -> Iterator[str]:
    """Where the links and images of a page lead, in code blocks none."""
    for token in tokens(page):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target is not None:
                yield str(target)


@cache
def anchors(page: Path) -> frozenset[str]:
    """What may stand behind `#` in a link to a page, by the rules of GitHub."""
    found = set(_ANCHOR.findall(page.read_text(encoding="utf-8")))
    seen: dict[str, int] = {}
    parsed = tokens(page)
    for opening, inline in pairwise(parsed):
        if opening.type == "heading_open":
            slug = _slug("".join(child.content for child in inline.children or ()))
            times = seen[slug] = seen.get(slug, -1) + 1
            found.add(f"{slug}-{times}" if times else slug)
    return frozenset(found)


def _slug(heading: str) -> str:
    return _NO_LETTER.sub("", heading.lower()).replace(" ", "-")
