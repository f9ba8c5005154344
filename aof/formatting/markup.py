"""CommonMark as agents write it, in the marks of a platform."""

from collections.abc import Mapping
from enum import StrEnum

import regex
from markdown_it import MarkdownIt

from aof.formatting.blocks import write
from aof.formatting.characters import clean
from aof.formatting.dialect import common
from aof.formatting.inline import BOLD, LINKED, NO_STYLE, Marks
from aof.formatting.marks import PlainMarks, WhatsAppMarks
from aof.formatting.tags import untagged
from aof.formatting.telegram import TelegramMarks


class Markup(StrEnum):
    """The marks a platform shows."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    """Telegram's HTML."""
    PLAIN = "plain"


_MARKS: Mapping[Markup, Marks] = {
    Markup.WHATSAPP: WhatsAppMarks(),
    Markup.TELEGRAM: TelegramMarks(),
    Markup.PLAIN: PlainMarks(),
}

_DEEPEST = 100
"""Levels of nesting; beyond them the parser drops text, so such a text is shown as it was written."""

# Without the rule for blocks of HTML, their tags come one by one and what they hold is still read as CommonMark
_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
_PARSER.enable(["strikethrough", "table"]).disable("html_block")
# The insides of paragraphs are what costs time, and they hold no block of code
_BLOCK_PARSER = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table").disable(["html_block", "inline"])

_MARKED = regex.compile(r"[*_~`#\[\]<>&|\\$]|^(?: {4}|[ ]*\t|[ ]*(?:[-+=]|\d+[.)]))", regex.MULTILINE)
_BLANK_LINES = regex.compile(r"\n{3,}")

_AS_IT_IS = regex.compile(r"(?P<fence>~{3,}) as-it-is\n(?P<text>.*)\n(?P=fence)", regex.DOTALL)


def convert(text: str, markup: Markup) -> str:
    """The text in the platform's marks; no mark is left open, and no word is lost but those of HTML tags.

    What `as_it_is` made comes out as it went in.
    """
    kept = _AS_IT_IS.fullmatch(text)
    if kept is not None:
        # anybody's text may look like it: what no phone should get goes all the same
        return _MARKS[markup].kept(clean(kept["text"]))
    text = clean(text)
    if _MARKED.search(text) is None:
        return _BLANK_LINES.sub("\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()
    text = common(text)
    tokens = _PARSER.parse(text)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return _MARKS[markup].verbatim(text.strip())
    return write(tokens, text.split("\n"), _MARKS[markup])


def as_it_is(converted: str) -> str:
    """CommonMark, a fenced block, that `convert` gives back as `converted`: text for later is never converted twice."""
    fence = "~~~"
    while fence in converted:
        fence += "~"
    return f"{fence} as-it-is\n{converted}\n{fence}"


def item(title: str, text: str, markup: Markup) -> str:
    """A line of a list: a title that stands out, and what is said of it, both plain and clean."""
    marks = _MARKS[markup]
    return f"{marks.bullets[0]} {marks.line([(title, BOLD), (f' — {text}', NO_STYLE)])}"


def is_as_it_is(text: str) -> bool:
    """Whether `as_it_is` may have made the text."""
    return _AS_IT_IS.fullmatch(text) is not None


def has_structure(text: str) -> bool:
    """Whether a CommonMark text has a table or a heading."""
    return any(token.type in ("table_open", "heading_open") for token in _BLOCK_PARSER.parse(text))


def reaches_out(text: str) -> bool:
    """Whether a CommonMark text has a picture, which a platform fetches before anybody sees it, or a link to what is no
    page, address or number: somebody of the chat, say.
    """
    return any(
        child.type == "image" or (child.type == "link_open" and not LINKED.match(str(child.attrs.get("href", ""))))
        for token in _PARSER.parse(text)
        for child in token.children or ()
    )


def shown(converted: str, markup: Markup) -> str:
    """What a reader sees of a converted text where its marks are no signs of the text; a platform counts that."""
    return untagged(converted) if markup is Markup.TELEGRAM else converted


def verbatim(text: str, markup: Markup) -> str:
    """A clean text as it leaves where it is not to be converted: it shows what the platform makes of its signs."""
    return _MARKS[markup].verbatim(text)


def literal(text: str, markup: Markup) -> str:
    """One line of plain text, written so that none of its signs acts as a mark."""
    return _MARKS[markup].line([(clean(text).replace("\n", " "), NO_STYLE)])


def blocks_of_code(text: str) -> list[tuple[int, int]]:
    """The lines, first and behind the last, of each block of code in a CommonMark text."""
    tokens = _BLOCK_PARSER.parse(text)
    return [(token.map[0], token.map[1]) for token in tokens if token.type in ("fence", "code_block") and token.map]
