"""CommonMark for platforms that show more of it than their marks can: tables and headings."""

from collections.abc import Iterator, Sequence

import regex

from aof.formatting.characters import clean
from aof.formatting.dialect import Edit, common, edited, without_code
from aof.formatting.markup import has_structure, is_as_it_is, reaches_out

_MAY_HAVE_STRUCTURE = regex.compile(r"^[ >]{0,8}#|^[ >]{0,8}(?:=|-)+[ ]*$|\|", regex.MULTILINE)
_AUTOLINK = r"(?!(?:https?|mailto|tel):[^\s<>]+>)"
# What GFM's heirs take for a tag, a formula, a highlight or a spoiler, and CommonMark for nothing
_OTHERS = regex.compile(rf"<{_AUTOLINK}|(?<!\\)\$|(?<![=\\])==(?!=)|(?<!\\)\|\|")
_PUNCTUATION = regex.compile(r"[!-/:-@\[-`{-~]")
_ROW = regex.compile(r"[ >]{0,8}\|")
_LINE_END = regex.compile(r"(?<=[^\s\0])\n(?=[^\n])")
_HARD_BREAK = "  \n"


def source_of(text: str) -> str:
    """The text as CommonMark in which nothing acts but CommonMark and tables, and each line break is kept; empty where
    it has neither table nor heading, was converted already, or would reach out to somebody once it is shown.
    """
    if is_as_it_is(text) or not _MAY_HAVE_STRUCTURE.search(text):
        return ""
    text = common(clean(text)).strip()
    if not has_structure(text) or reaches_out(text):
        return ""
    return edited(text, _edits(without_code(text)))


def items_of(described: Sequence[tuple[str, str]]) -> str:
    """A list of titles and what is said of them, all of it plain."""
    return "\n".join(f"- **{_spelled(title)}** — {_spelled(text)}" for title, text in described)


def _spelled(text: str) -> str:
    return _PUNCTUATION.sub(lambda sign: f"&#{ord(sign.group())};", text)


def _edits(outside_code: str) -> Iterator[Edit]:
    for found in _OTHERS.finditer(outside_code):
        sign = found.group()
        if sign == "||" and _ROW.match(outside_code, outside_code.rfind("\n", 0, found.start()) + 1):
            continue  # an empty cell
        yield found.start(), found.end(), "&lt;" if sign == "<" else "".join(f"\\{character}" for character in sign)
    for end in _LINE_END.finditer(outside_code):
        yield end.start(), end.end(), _HARD_BREAK
