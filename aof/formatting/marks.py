"""How each platform writes styles, code and columns."""

from collections.abc import Sequence
from typing import ClassVar

import regex

from aof.formatting.columns import in_columns
from aof.formatting.inline import BOLD, CODE, ITALIC, STRIKE, VERBATIM, Line

_WORD_JOINER = "\u2060"
_INVISIBLE_SPACE = "\u200b"
_FENCE = "```"
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}]")
_MARKS = {BOLD: "*", ITALIC: "_", STRIKE: "~"}
_SIGNS = frozenset("*_~`")
_STYLED = BOLD | ITALIC | STRIKE | CODE

WIDEST_TABLE_COLUMNS = 32
"""What a phone shows of a mono line before it wraps; WhatsApp's reference, section 5 rule 6."""


class _LineMarks:
    """What all have in common that mark no more than lines and words."""

    bullets: ClassVar[tuple[str, str]] = ("-", "◦")
    has_links: ClassVar[bool] = False

    def quote(self, lines: Sequence[str]) -> list[str]:
        return [line if self.is_block(line) or line.startswith("> ") else f"> {line}".rstrip() for line in lines]

    def is_block(self, line: str) -> bool:
        return "\n" in line

    def verbatim(self, text: str) -> str:
        return text

    def kept(self, text: str) -> str:
        return text


class PlainMarks(_LineMarks):
    """Text without any mark."""

    def line(self, runs: Line) -> str:
        return "".join(text for text, _ in runs).strip()

    def block(self, code: str, language: str) -> str:
        return code

    def table(self, rows: Sequence[Sequence[str]]) -> str | None:
        return None


class WhatsAppMarks(_LineMarks):
    """`*bold*`, `_italic_`, `~strike~`, `` `code` ``. A mark counts only at a word's edge, and only within its line."""

    def line(self, runs: Line) -> str:
        text = "".join(part for part, _ in runs)
        if not any(style & _STYLED for _, style in runs) and not any(text.count(sign) > 1 for sign in _SIGNS):
            return text.strip()
        styles = [style for part, style in runs for _ in part]
        for style in (CODE, *_MARKS):
            _keep_where_it_counts(style, text, styles)
        return _written(text, styles).strip()

    def block(self, code: str, language: str) -> str:
        return f"{_FENCE}\n{_unfenced(code)}\n{_FENCE}"

    def table(self, rows: Sequence[Sequence[str]]) -> str | None:
        columns = in_columns(rows, WIDEST_TABLE_COLUMNS)
        return None if columns is None else self.block(columns, "")


def _keep_where_it_counts(style: int, text: str, styles: list[int]) -> None:
    """Take the style off blanks at its edges, and off a span that begins or ends inside a word."""
    position = 0
    while position < len(text):
        if not styles[position] & style:
            position += 1
            continue
        start = position
        while position < len(text) and styles[position] & style:
            position += 1
        first, last = start, position
        if style is not CODE:
            while first < last and text[first].isspace():
                first += 1
            while last > first and text[last - 1].isspace():
                last -= 1
        inside_word = (first > 0 and _is_word(text[first - 1])) or (last < len(text) and _is_word(text[last]))
        kept = range(0) if inside_word else range(first, last)
        for index in range(start, position):
            if index not in kept:
                styles[index] &= ~style


def _written(text: str, styles: list[int]) -> str:
    literal = "".join(sign for sign, style in zip(text, styles, strict=True) if not style & (CODE | VERBATIM))
    spans = {"`": CODE, **{mark: style for style, mark in _MARKS.items()}}
    # A single sign can't be the pair that a mark needs, and stays as it is: "rm *.log" is to be copied
    unsafe = {sign for sign in _SIGNS if literal.count(sign) + 2 * any(style & spans[sign] for style in styles) > 1}
    written: list[str] = []
    opened: list[int] = []
    position = 0
    while position < len(text):
        style = styles[position]
        wanted = [mark for mark in _MARKS if style & mark]
        while any(mark not in wanted for mark in opened):
            written.append(_MARKS[opened.pop()])
        for mark in wanted:
            if mark not in opened:
                written.append(_MARKS[mark])
                opened.append(mark)
        if style & CODE:
            end = position
            while end < len(text) and styles[end] & CODE:
                end += 1
            written.append(_code(text[position:end]))
            position = end
            continue
        written.append(text[position])
        if text[position] in unsafe and not style & VERBATIM and _could_be_a_mark(text, position):
            written.append(_WORD_JOINER)
        position += 1
    written += [_MARKS[mark] for mark in reversed(opened)]
    return "".join(written)


def _could_be_a_mark(text: str, position: int) -> bool:
    """Whether a sign stands at the edge of something. `snake_case` and "2 * 3" are safe; backticks need no edge."""
    if text[position] == "`":
        return True
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    return not (_is_word(before) and _is_word(after)) and not (before.isspace() and after.isspace())


def _code(text: str) -> str:
    if "`" not in text:
        return f"`{text}`" if text.strip() else text
    edges = (_INVISIBLE_SPACE if text.startswith("`") else "", _INVISIBLE_SPACE if text.endswith("`") else "")
    return f"{_FENCE}{edges[0]}{_unfenced(text)}{edges[1]}{_FENCE}"


def _unfenced(code: str) -> str:
    """The code with every run of three backticks broken, so that none of them ends the block."""
    while _FENCE in code:
        code = code.replace(_FENCE, f"``{_INVISIBLE_SPACE}`")
    return code


def _is_word(character: str) -> bool:
    return character.isalnum() or _WORD.match(character) is not None
