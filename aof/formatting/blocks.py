"""A document's blocks, written line by line."""

from collections.abc import Sequence

import regex
from markdown_it.token import Token

from aof.formatting.inline import BOLD, LINK, NO_STYLE, Line, Marks, plain, runs

_TASK = regex.compile(r"\[([ xX])\]\s")
_RULE = "─" * 10
_BETWEEN_CELLS = " · "
_NOTHING = "–"


def write(tokens: Sequence[Token], source: Sequence[str], marks: Marks) -> str:
    """The whole document. `source` are its lines: blocks that a blank line parts there stay parted."""
    return "\n".join(_Writer(tokens, source, marks).blocks("", NO_STYLE)).strip("\n")


class _Writer:
    """Walks the tokens once. A block is a list of lines; code is one entry of many lines, which nothing may indent."""

    def __init__(self, tokens: Sequence[Token], source: Sequence[str], marks: Marks) -> None:
        self._tokens = tokens
        self._source = source
        self._marks = marks
        self._next = 0
        self._depth = 0

    def blocks(self, end: str, style: int, *, loose: bool = True) -> list[str]:
        """The lines up to the token of type `end`, which is taken too. Not `loose`: no blank lines between."""
        lines: list[str] = []
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            self._next += 1
            if token.type == end:
                break
            block = self._block(token, style)
            if lines and block and loose and self._is_parted(token):
                lines.append("")
            lines += block
        return lines

    def _is_parted(self, token: Token) -> bool:
        before = token.map[0] - 1 if token.map else -1
        return before >= 0 and not self._source[before].strip(" \t>")

    def _block(self, token: Token, style: int) -> list[str]:
        match token.type:
            case "heading_open":
                return self.blocks("heading_close", style | BOLD)
            case "inline":
                written = (
                    self._marks.line(line)
                    for line in runs(token.children or (), style, has_links=self._marks.has_links)
                )
                return [line for line in written if line]
            case "paragraph_open":
                return self.blocks("paragraph_close", style)
            case "fence" | "code_block":
                code = token.content.strip("\n")
                return [self._marks.block(code, token.info.strip().partition(" ")[0])] if code.strip() else []
            case "blockquote_open":
                return self._marks.quote(self.blocks("blockquote_close", style))
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token, style)
            case "table_open":
                return self._table()
            case "hr":
                return [_RULE]
            case _:
                return [self._marks.verbatim(token.content)] if token.content else []

    def _list(self, opening: Token, style: int) -> list[str]:
        bullet = self._marks.bullets[self._depth % len(self._marks.bullets)]
        number = int(opening.attrs.get("start", 1)) if opening.type == "ordered_list_open" else None
        lines: list[str] = []
        self._depth += 1
        while self._tokens[self._next].type == "list_item_open":
            self._next += 1
            task = self._task()
            item = self.blocks("list_item_close", style, loose=False)
            mark = bullet if number is None else f"{number}."
            lines += self._item(item, f"{mark} {task}" if task and number is not None else task or mark)
            number = None if number is None else number + 1
        self._next += 1
        self._depth -= 1
        return lines

    def _item(self, lines: list[str], mark: str) -> list[str]:
        if not lines:
            return [mark]
        is_block = self._marks.is_block
        first, *others = lines
        opening = [mark, first] if is_block(first) else [f"{mark} {first}"]
        return opening + [line if is_block(line) or not line else f"  {line}" for line in others]

    def _task(self) -> str:
        """The box of the item that begins here, taken off its text; empty where it is no task."""
        ahead = self._tokens[self._next + 1 : self._next + 2]
        children = ahead[0].children if ahead and ahead[0].type == "inline" else None
        match = _TASK.match(children[0].content) if children else None
        if not children or match is None:
            return ""
        children[0].content = children[0].content[match.end() :]
        return "☐" if match[1] == " " else "☑"

    def _table(self) -> list[str]:
        rows: list[list[list[Line]]] = []
        while (token := self._tokens[self._next]).type != "table_close":
            self._next += 1
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(runs(token.children or (), has_links=self._marks.has_links))
        self._next += 1
        is_linked = any(style == LINK for row in rows for cell in row for line in cell for _, style in line)
        columns = None if is_linked else self._marks.table([[plain(cell) for cell in row] for row in rows])
        return [columns] if columns else self._rows(rows)

    def _rows(self, rows: list[list[list[Line]]]) -> list[str]:
        bullet = self._marks.bullets[0]
        names = [plain(cell) for cell in rows[0]]
        if len(rows) == 1:
            shown = self._marks.verbatim(_BETWEEN_CELLS.join(name for name in names if name))
            return [f"{bullet} {shown}"] if shown else []
        lines: list[str] = []
        for row in rows[1:]:
            cells = []
            for name, cell in zip(names, row, strict=True):
                value = self._marks.line([run for line in cell for run in (*line, (" ", NO_STYLE))])
                label = self._marks.line([(f"{name}:", BOLD)]) if name else ""
                cells += [f"{label} {value or _NOTHING}".strip()] if value or label else []
            lines.append(f"{bullet} {_BETWEEN_CELLS.join(cells)}")
        return lines
