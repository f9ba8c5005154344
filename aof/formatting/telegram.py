"""How Telegram writes styles, links, code and quotes: its HTML."""

from collections.abc import Sequence
from typing import ClassVar

import regex

from aof.formatting.columns import in_columns
from aof.formatting.inline import BOLD, CODE, ITALIC, LINK, STRIKE, Line
from aof.formatting.tags import Tagged, closer_of, escaped, opener_of_link

WIDEST_TABLE_COLUMNS = 35
"""What a phone shows of a mono line before it wraps."""

_TAGS = {BOLD: "<b>", ITALIC: "<i>", STRIKE: "<s>"}
_LANGUAGE = regex.compile(r"[\w+#.-]{1,40}", regex.ASCII)
_QUOTE, _END_OF_QUOTE = "<blockquote>", "</blockquote>"
_BLOCKS = (_QUOTE, "<pre>")


class TelegramMarks:
    """Tags around what is shown, none of them open at the end of a line but those of code and quotes."""

    bullets: ClassVar[tuple[str, str]] = ("•", "◦")
    has_links: ClassVar[bool] = True

    def line(self, runs: Line) -> str:
        written: list[str] = []
        opened: list[str] = []
        link = blanks = ""
        for text, style in runs:
            if style == LINK:
                link = opener_of_link(text) if text else ""
                continue
            wanted = _wanted(style, link)
            while any(tag not in wanted for tag in opened):
                written.append(closer_of(opened.pop()))
            core = text.strip()
            if not core:
                blanks += text
                continue
            # blanks stand outside of what they part, and none at the edges of the line
            start = text.index(core)
            written += [blanks, text[:start]] if written else []
            opening = [tag for tag in wanted if tag not in opened]
            written += [*opening, escaped(core)]
            opened += opening
            blanks = text[start + len(core) :]
        written += [closer_of(tag) for tag in reversed(opened)]
        return "".join(written)

    def block(self, code: str, language: str) -> str:
        opener = f'<pre><code class="language-{language}">' if _LANGUAGE.fullmatch(language) else "<pre>"
        return f"{opener}{escaped(code)}{closer_of(opener)}"

    def table(self, rows: Sequence[Sequence[str]]) -> str | None:
        columns = in_columns(rows, WIDEST_TABLE_COLUMNS)
        return None if columns is None else self.block(columns, "")

    def quote(self, lines: Sequence[str]) -> list[str]:
        """Quotes for the lines between blocks of code; a quote within is a part of the one around it."""
        quoted: list[str] = []
        open_lines: list[str] = []
        for line in (*lines, None):
            if line is not None and not line.startswith("<pre>"):
                open_lines.append(line.removeprefix(_QUOTE).removesuffix(_END_OF_QUOTE))
                continue
            if any(open_lines):
                content = "\n".join(open_lines).strip("\n")
                quoted.append(f"{_QUOTE}{content}{_END_OF_QUOTE}")
            open_lines = []
            quoted += [] if line is None else [line]
        return quoted

    def is_block(self, line: str) -> bool:
        return line.startswith(_BLOCKS)

    def verbatim(self, text: str) -> str:
        return escaped(text)

    def kept(self, text: str) -> str:
        # what only looks like a text that was converted must not open a tag
        return text if Tagged.read(text) is not None else escaped(text)


def _wanted(style: int, link: str) -> list[str]:
    """The tags of a run. Telegram shows no code inside a link, and a link is worth more."""
    if style & CODE and not link:
        return ["<code>"]
    return [*([link] if link else []), *(tag for bit, tag in _TAGS.items() if style & bit)]
