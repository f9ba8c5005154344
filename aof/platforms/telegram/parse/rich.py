"""The text of a rich message: its blocks as CommonMark, near enough to be read."""

from dataclasses import dataclass

from aof.platforms.fields import Node, clean, node_at, nodes_at, text_at, whole_at
from aof.platforms.telegram.parse.origin import Bot

_DEEPEST = 32
"""Twice what Telegram takes. Source: https://core.telegram.org/bots/api#inputrichmessage."""


@dataclass(slots=True)
class Rich:
    """The reader of one message's blocks."""

    bot: Bot
    for_us: bool = False
    """The bot is named in it; the name is left out of the text."""
    _depth: int = 0

    def text(self, blocks: list[Node]) -> str:
        """The blocks, an empty line between two."""
        if self._depth >= _DEEPEST:
            return ""
        self._depth += 1
        said = [self._block(block) for block in blocks]
        self._depth -= 1
        return "\n\n".join(one for one in said if one.strip())

    def _block(self, block: Node) -> str:
        match text_at(block, "type"):
            case "heading":
                return self._heading(block)
            case "pre":
                return self._pre(block)
            case "list":
                return self._list(block)
            case "blockquote" | "pullquote" | "expandable_blockquote":
                return self._quote(block)
            case "table":
                return self._table(block)
            case "mathematical_expression":
                return text_at(block, "expression")
            case _:
                # a kind that nobody knows yet may hold words where most kinds have them
                return self._summed(block)

    def words(self, rich: object) -> str:
        """A text with marks within marks, without the marks."""
        if isinstance(rich, str):
            return clean(rich)
        if self._depth >= _DEEPEST:
            return ""
        self._depth += 1
        if isinstance(rich, list):
            said = "".join(self.words(each) for each in rich)
        elif isinstance(rich, dict):
            said = self._marked(rich)
        else:
            said = ""
        self._depth -= 1
        return said

    def _marked(self, node: Node) -> str:
        kind = text_at(node, "type")
        said = self.words(node.get("text"))
        match kind:
            case "code":
                return f"`{said}`"
            case "url":
                url = text_at(node, "url")
                return said if said == url or not url else f"{said} ({url})"
            case "custom_emoji":
                return text_at(node, "alternative_text")
            case "mathematical_expression":
                return text_at(node, "expression")
            case "mention" | "text_mention":
                if self._is_us(node, said):
                    self.for_us = True
                    return ""
        return said

    def _is_us(self, node: Node, said: str) -> bool:
        if user := node_at(node, "user"):
            return whole_at(user, "id") == self.bot.id
        return self.bot.is_named(text_at(node, "username") or said)

    def _heading(self, block: Node) -> str:
        level = min(6, max(1, whole_at(block, "size")))
        return f"{'#' * level} {self.words(block.get('text'))}"

    def _pre(self, block: Node) -> str:
        return f"```{text_at(block, 'language')}\n{self.words(block.get('text'))}\n```"

    def _list(self, block: Node) -> str:
        lines = []
        for item in nodes_at(block, "items"):
            box = "" if item.get("has_checkbox") is not True else "[x] " if item.get("is_checked") is True else "[ ] "
            label = text_at(item, "label")
            lead = f"{label} " if label[:1].isalnum() else "- "
            lines.append(lead + box + self.text(nodes_at(item, "blocks")).replace("\n", "\n  "))
        return "\n".join(lines)

    def _quote(self, block: Node) -> str:
        said = self.text(nodes_at(block, "blocks")) or self.words(block.get("text"))
        return "\n".join(f"> {line}" for line in said.split("\n"))

    def _table(self, block: Node) -> str:
        rows = block.get("cells")
        lines = []
        for row in rows if isinstance(rows, list) else ():
            cells = [each for each in row if isinstance(each, dict)] if isinstance(row, list) else []
            said = [self.words(cell.get("text")).replace("\n", " ") for cell in cells]
            lines.append(f"| {' | '.join(said)} |")
            if len(lines) == 1:
                lines.append(f"|{'---|' * max(1, len(said))}")
        return "\n".join(lines)

    def _summed(self, block: Node) -> str:
        """Whatever words a block has: those that are always shown, its own, those of its blocks, its caption."""
        caption = block.get("caption")
        said = (
            self.words(block.get("summary")),
            self.words(block.get("text")),
            self.text(nodes_at(block, "blocks")),
            self.words(caption.get("text") if isinstance(caption, dict) and "type" not in caption else caption),
        )
        return "\n\n".join(filter(None, said))
